"""Servers as processes: one worker of uvicorn each, all started in the same way."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.benchmarks.serving.client import HOST, Client
from tests.benchmarks.serving.cores import pinned

DATABASE_VARIABLE = "SERVING_DATABASE_URL"
"""Where the hand-written servers find their database."""

_OPTIONS = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning")
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
    """More than one stand behind a process that only watches over them."""


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
        command = [sys.executable, "-m", "uvicorn", *_OPTIONS, "--host", HOST]
        command += ["--port", str(self.port), *(["--factory"] if program.is_factory else [])]
        if program.workers > 1:
            command += ["--workers", str(program.workers)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, program.target],
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
        """Return what the worker holds in memory now; None where the system does not tell."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.exists():
            return None
        lines = status.read_text("ascii").splitlines()
        kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
        return int(kilobytes) / 1024

    def cpu_s(self) -> float | None:
        """Return what the worker has used of its core so far; None where no system tells."""
        status = Path(f"/proc/{self._process.pid}/stat")
        if not status.exists():
            return None
        fields = status.read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
