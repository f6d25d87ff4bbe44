"""Write the lines of a log without holding up whoever writes them.

While a program serves, lines gather and a thread writes what has come, some twenty times a second:
a disk that is full, a pipe that nobody reads, are no concern of requests. Before and after, each
line is written at once, so that none is left when the process ends. Nobody is told that a line
could not be written but the log itself, which says how many those were as soon as it can.

Source: requirement 71.
"""

import atexit
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import accumulate
from queue import SimpleQueue
from select import select
from threading import Event, RLock, Thread
from typing import Protocol
from weakref import WeakSet

_MOST_BYTES = 8 * 1024 * 1024
"""So much may wait to be written; what comes then is lost."""
_PAUSE_S = 0.05
"""How long lines gather."""
_PATIENCE_S = 2.0
"""How long the end of a program waits for lines that nobody takes."""


class Sink(Protocol):
    """What bytes are written to: a raw stream, which takes as much as it can."""

    def write(self, data: memoryview, /) -> int | None:
        """Return how many bytes were taken; None when it would have to wait."""
        ...

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        ...


class LogLines:
    """Where the lines of a log go."""

    def __init__(
        self,
        sink: Sink,
        loss: Callable[[int], bytes],
        *,
        most_bytes: int = _MOST_BYTES,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """Write to `sink`, each line at once until `gathering`.

        Args:
            sink: Takes bytes.
            loss: Returns the line that says how many were lost.
            most_bytes: So much may wait to be written.
            patience_s: How long the end of `gathering` waits for it to be.
        """
        self._sink = sink
        self._loss = loss
        self._most_bytes = most_bytes
        self._patience_s = patience_s
        # Reentrant: whoever writes at once holds it, and counts what was lost.
        self._lock = RLock()
        self._gathered: list[bytes] = []
        self._size = 0
        self._lost = 0
        self._is_torn = False
        self._is_failing = False
        self._users = 0
        self._thread: Thread | None = None
        # Not an event: a line may be written in the midst of waking, by a finalizer or a signal.
        self._wakes = SimpleQueue[None]()
        self._ending = Event()
        _all.add(self)

    def write(self, line: bytes) -> None:
        """Write a line, which has no line break at its end; never raises."""
        with self._lock:
            if self._thread is None:
                self._put((line,))
                return
            if self._size + len(line) > self._most_bytes:
                self._lost += 1
                return
            self._gathered.append(line)
            self._size += len(line)
            is_first = len(self._gathered) == 1
        if is_first:
            self._wakes.put(None)

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Have lines written by a thread, as long as the block runs."""
        self._begin()
        try:
            yield
        finally:
            self._end()

    def _begin(self) -> None:
        with self._lock:
            self._users += 1
            self._ending.clear()
            if self._thread is None or not self._thread.is_alive():
                # A thread that must not keep the process alive: what it waits for may never come.
                self._thread = Thread(target=self._run, name="log-lines", daemon=True)
                self._thread.start()
                atexit.register(self._finish)

    def _end(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users:
                return
        self._finish()

    def _finish(self) -> None:
        """Have everything written; then lines are written at once, unless nobody takes them."""
        thread = self._thread
        if thread is None:
            return
        self._ending.set()
        self._wakes.put(None)
        thread.join(self._patience_s)
        if thread.is_alive():
            return
        atexit.unregister(self._finish)
        with self._lock:
            self._thread = None
            self._put(self._taken())

    def _run(self) -> None:
        while self._gathered or not self._ending.is_set():
            # Whoever writes the first line since some were taken wakes us once.
            self._wakes.get()
            self._ending.wait(_PAUSE_S)
            self._put(self._taken())

    def _taken(self) -> Sequence[bytes]:
        with self._lock:
            lines, self._gathered, self._size = self._gathered, [], 0
        return lines

    def _put(self, lines: Sequence[bytes]) -> None:
        with self._lock:
            lost, self._lost = self._lost, 0
        if lost:
            lines = (self._loss(lost), *lines)
        if not lines:
            return
        # What a line that broke off has left stays a line of its own.
        start = b"\n" if self._is_torn else b""
        data = b"".join((start, b"\n".join(lines), b"\n"))
        written = self._written(data)
        if written == len(data):
            self._is_torn = False
            return
        ends = tuple(accumulate((len(line) + 1 for line in lines), initial=len(start)))
        self._is_torn = written not in ends
        whole = sum(end <= written for end in ends[1:])
        with self._lock:
            self._lost += len(lines) - whole
            if lost and not whole:
                # The first line was about them, and is not lost itself.
                self._lost += lost - 1

    def _written(self, data: bytes) -> int:
        """Write as much as can be, and return how many bytes that was."""
        left = memoryview(data)
        try:
            while left:
                count = self._sink.write(left)
                if count is None:
                    select((), (self._sink,), (), 1.0)
                else:
                    left = left[count:]
        # A stream that was closed is a ValueError.
        except (OSError, ValueError) as error:
            if not self._is_failing:
                self._is_failing = True
                _complain(error)
        else:
            self._is_failing = False
        return len(data) - len(left)

    def forget_thread(self) -> None:
        """Write at once: threads do not come along into a forked process."""
        self._lock = RLock()
        self._thread = None
        self._taken()


def _complain(error: Exception) -> None:
    """Say on the other stream, if there is one, why the log stops."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"The log can not be written, its lines are lost: {error}\n")
        sys.stderr.flush()


_all: WeakSet[LogLines] = WeakSet()


def _forget_threads() -> None:
    for lines in _all:
        lines.forget_thread()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_threads)
