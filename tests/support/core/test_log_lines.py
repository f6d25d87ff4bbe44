"""Lines of a log hold nobody up, whatever becomes of what they are written to."""

import errno
import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from apigen.support.core.log_lines import LogLines


def loss(count: int) -> bytes:
    return b"lost %d" % count


class Disk(io.BytesIO):
    """Holds so many bytes, and then says that it is full."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data: memoryview, /) -> int:  # type: ignore[override]  # what lines are written as
        taken = bytes(data[: self.room])
        if not taken:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.room -= len(taken)
        return super().write(taken)

    @property
    def lines(self) -> list[bytes]:
        return self.getvalue().splitlines()


class Gate(Disk):
    """Takes nothing until it is opened."""

    def __init__(self) -> None:
        super().__init__(room=10**9)
        self.opened = threading.Event()

    def write(self, data: memoryview, /) -> int:  # type: ignore[override]  # what lines are written as
        assert self.opened.wait(20)
        return super().write(data)


def until(fact: object, *, within_s: float = 10) -> None:
    assert callable(fact)
    end = time.monotonic() + within_s
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_a_line_is_written_at_once_where_nobody_serves() -> None:
    disk = Disk(100)
    lines = LogLines(disk, loss)

    lines.write(b"one")

    assert disk.getvalue() == b"one\n"


def test_lines_of_many_threads_are_all_written_each_in_its_order() -> None:
    disk = Disk(10**9)
    lines = LogLines(disk, loss)

    def write(name: int) -> None:
        for number in range(2000):
            lines.write(b"%d %d" % (name, number))

    with lines.gathering():
        threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lines.write(b"end")

    assert disk.lines[-1] == b"end"
    for name in range(4):
        own = [line for line in disk.lines[:-1] if line.startswith(b"%d " % name)]
        assert own == [b"%d %d" % (name, number) for number in range(2000)]


def test_who_writes_does_not_wait_for_who_reads_and_what_does_not_fit_is_counted() -> None:
    gate = Gate()
    lines = LogLines(gate, loss, most_bytes=1000)

    with lines.gathering():
        lines.write(b"first")
        until(lambda: not lines._gathered)
        for _ in range(150):
            lines.write(b"123456789.")
        gate.opened.set()

    assert gate.lines == [b"first", b"lost 50", *[b"123456789."] * 100]


def test_the_end_does_not_wait_for_ever_for_who_reads() -> None:
    gate = Gate()
    lines = LogLines(gate, loss, patience_s=0.2)

    began = time.monotonic()
    with lines.gathering():
        lines.write(b"first")
    lines.write(b"last")

    assert time.monotonic() - began < 5
    gate.opened.set()
    until(lambda: gate.lines == [b"first", b"last"])


def test_a_full_disk_stops_nobody_and_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    disk = Disk(7)
    lines = LogLines(disk, loss)

    for line in (b"one", b"two", b"three", b"four"):
        lines.write(line)
    disk.room = 100
    lines.write(b"five")

    # What there was room for of the second line stays a line of its own.
    assert disk.lines == [b"one", b"two", b"lost 3", b"five"]
    assert capsys.readouterr().err.count("No space left on device") == 1


def test_what_is_lost_twice_is_counted_once() -> None:
    disk = Disk(0)
    lines = LogLines(disk, loss)

    with lines.gathering():
        for _ in range(5):
            lines.write(b"lost")
            until(lambda: not lines._gathered)
    disk.room = 100
    lines.write(b"kept")

    assert disk.lines == [b"lost 5", b"kept"]


def test_a_stream_that_was_closed_stops_nobody() -> None:
    sink = io.BytesIO()
    lines = LogLines(sink, loss)
    sink.close()

    lines.write(b"lost")

    assert lines._lost == 1


def test_lines_are_gathered_as_long_as_anybody_serves() -> None:
    gate = Gate()
    lines = LogLines(gate, loss)

    with lines.gathering():
        with lines.gathering():
            lines.write(b"one")
        lines.write(b"two")
        gate.opened.set()

    assert gate.lines == [b"one", b"two"]


def test_a_pipe_that_is_full_for_a_while_gets_everything(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with os.fdopen(writer, "wb", buffering=0) as sink, os.fdopen(reader, "rb") as source:
        lines = LogLines(sink, loss)
        found: list[bytes] = []
        with lines.gathering():
            for _ in range(1000):
                lines.write(b"x" * 999)
            thread = threading.Thread(target=lambda: found.append(source.read(1_000_000)))
            thread.start()
        thread.join(20)

    assert found == [(b"x" * 999 + b"\n") * 1000]


PROGRAM = """
import os, sys
from apigen.support.core.logging import configure_logging
from apigen.support.core.settings import LogSettings
import structlog

lines = configure_logging(LogSettings())
with lines.gathering():
    for number in range(500):
        structlog.get_logger("own").info("hello", number=number)
    {end}
"""


@pytest.mark.parametrize(
    "end", ["raise SystemExit(3)", "raise RuntimeError", "sys.exit()", "lines._users += 1"]
)
def test_nothing_is_lost_when_a_program_ends(end: str) -> None:
    """Of whatever is logged before a crash is the most interesting."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(end=end)], capture_output=True, check=False
    )

    assert done.stdout.count(b"hello") == 500


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_process_writes_its_own_lines() -> None:
    end = "pid = os.fork() or structlog.get_logger('own').info('child') or os._exit(0); os.wait()"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(end=end)], capture_output=True, check=True
    )

    assert done.stdout.count(b"child") == 1
    assert done.stdout.count(b"hello") == 500


def test_a_line_may_be_written_in_the_midst_of_another() -> None:
    """A finalizer logs wherever the collector happens to run, a signal's handler anywhere."""
    disk = Disk(10**9)
    lines = LogLines(disk, loss)
    stopped = False

    def interrupt(number: int, frame: object) -> None:
        lines.write(b"signal")

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0005)
    try:
        with lines.gathering():
            end = time.monotonic() + 1
            while time.monotonic() < end:
                lines.write(b"line")
                time.sleep(0)
        stopped = True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    assert stopped
    assert set(disk.lines) == {b"line", b"signal"}
