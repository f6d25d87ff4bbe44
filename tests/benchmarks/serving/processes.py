"""Servers as processes: one worker each unless more are asked for, all started in the same way."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.benchmarks.serving.client import HOST, Client
from tests.benchmarks.serving.cores import pinned

DATABASE_VARIABLE = "SERVING_DATABASE_URL"
"""Where the hand-written servers find their database."""

type Arguments = Callable[["Program", int], list[str]]
"""What follows `python -m`, of a program and its port."""


def _uvicorn(program: "Program", port: int) -> list[str]:
    arguments = ["uvicorn", "--loop", "uvloop", "--http", "httptools", "--log-level", "warning"]
    arguments += ["--no-access-log", "--host", HOST, "--port", str(port)]
    if program.workers > 1:
        arguments += ["--workers", str(program.workers)]
    return [*arguments, *(["--factory"] if program.is_factory else []), program.target]


def _granian(program: "Program", port: int) -> list[str]:
    arguments = ["granian", "--interface", "asgi", "--loop", "uvloop", "--http", "1"]
    arguments += ["--no-ws", "--log-level", "warning", "--host", HOST, "--port", str(port)]
    arguments += ["--workers", str(program.workers)]
    return [*arguments, *(["--factory"] if program.is_factory else []), program.target]


def _hypercorn(program: "Program", port: int) -> list[str]:
    arguments = ["hypercorn", "--worker-class", "uvloop", "--log-level", "warning"]
    arguments += ["--bind", f"{HOST}:{port}", "--workers", str(program.workers)]
    # A factory is told from an application by its brackets.
    return [*arguments, program.target + ("()" if program.is_factory else "")]


RUNNERS: Mapping[str, Arguments] = {
    "uvicorn": _uvicorn,
    "granian": _granian,
    "hypercorn": _hypercorn,
}
"""What runs an application, by name."""
_START_S = 30.0


class ServerFailed(RuntimeError):
    """A server does not start, or stops by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What is to be started."""

    name: str
    target: str
    environment: Mapping[str, str]
    folder: Path
    is_factory: bool = False
    workers: int = 1
    runner: str = "uvicorn"
    """A name of `RUNNERS`."""


class Running:
    """A server that runs until the block ends."""

    def __init__(self, program: Program, *, core: int | None, log: Path) -> None:
        """Prepare; what the server says goes to a file."""
        self._program = program
        self._core = core
        self._log = log
        self.port = _free_port()

    def __enter__(self) -> Self:
        """Start it.

        Raises:
            ServerFailed: It does not answer in time.
        """
        program = self._program
        arguments = RUNNERS[program.runner](program, self.port)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=program.folder,
                env=dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=pinned(self._core),
            )
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop it."""
        self._stop()

    @property
    def client(self) -> Client:
        """Talks to it."""
        return Client(self.port)

    @property
    def process_id(self) -> int:
        """Tells the kernel, and a profiler, which process it is."""
        return self._process.pid

    def memory_mib(self) -> float | None:
        """Return what the largest worker holds in memory now; None where no system tells."""
        held = []
        for process in self._family():
            lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
            held.append(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")))
        return max(held) / 1024 if held else None

    def cpu_s(self) -> float | None:
        """Return what its processes have used of their cores; None where no system tells."""
        ticks = [sum(_stat(Path(f"/proc/{one}/stat"))[1:]) for one in self._family()]
        return sum(ticks) / os.sysconf("SC_CLK_TCK") if ticks else None

    def threads_cpu_s(self) -> tuple[float, float]:
        """Return what its first thread has used, and all others; zeros where no system tells."""
        main = self._process.pid
        used = {
            int(path.name): sum(_stat(path / "stat")[1:])
            for path in Path(f"/proc/{main}/task").glob("[0-9]*")
        }
        first = used.pop(main, 0)
        ticks = os.sysconf("SC_CLK_TCK")
        return first / ticks, sum(used.values()) / ticks

    def _family(self) -> list[int]:
        """Return the process that was started and its children, some servers' workers."""
        known = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
        own = self._process.pid
        return [one for one in known if own in (one, _stat(Path(f"/proc/{one}/stat"))[0])]

    def said(self) -> str:
        """Return the end of what it has said."""
        return self._log.read_text("utf-8", errors="replace")[-4000:]

    def cut_log(self) -> None:
        """Forget what it said so far: an access log grows fast."""
        os.truncate(self._log, 0)

    def _wait(self) -> None:
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            with socket.socket() as attempt:
                if attempt.connect_ex((HOST, self.port)) == 0:
                    return
            time.sleep(0.05)
        raise ServerFailed(f"{self._program.name} does not start:\n{self.said()}")

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _stat(path: Path) -> tuple[int, int, int]:
    """Return the parent of a process or thread, and its ticks, own and the kernel's; or zeros."""
    try:
        fields = path.read_text("utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0, 0, 0
    return int(fields[1]), int(fields[11]), int(fields[12])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
