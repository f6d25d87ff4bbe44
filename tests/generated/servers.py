"""A generated project served by uvicorn in a process of its own, and called over HTTP."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.generated.projects import environment

START_S = 60.0
_WRITTEN_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer; `body` is parsed JSON, or text when it is something else."""

    status: int
    headers: dict[str, str]
    body: Any  # JSON of any shape: tests take it apart.


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A served project."""

    process: subprocess.Popen[bytes]
    base: str
    log: Path

    def call(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Call the API; an error status is an answer, not an exception."""
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.base + path, data=data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return _answer(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return _answer(refusal.code, dict(refusal.headers), refusal.read())

    def said(self, event: str = "") -> str:
        """Return what it has logged; a line about an event is waited for.

        A thread of the server writes what has come, a moment after it was logged.
        """
        deadline = time.monotonic() + _WRITTEN_S
        while event not in self.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.02)
        # What was logged along with it.
        time.sleep(0.1)
        return self.log.read_text()

    def stop(self) -> int:
        """Ask the server to end, as an orchestrator does; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def _answer(status: int, headers: dict[str, str], raw: bytes) -> Answer:
    headers = {key.lower(): value for key, value in headers.items()}
    is_json = "json" in headers.get("content-type", "")
    return Answer(
        status=status, headers=headers, body=json.loads(raw) if raw and is_json else raw.decode()
    )


@contextlib.contextmanager
def served(
    project: Path, package: str, stdout: int | None = None, /, **settings: str
) -> Iterator[Server]:
    """Serve a project on a free port until the block ends; yields once it answers at all.

    Args:
        project: Its folder.
        package: Its name.
        stdout: Where standard output goes instead of the log.
        settings: Of its environment.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", f"{package}.main:create_app"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    # Tests ask more often than clients may.
    settings = {"RATE_LIMIT__ENABLED": "false", **settings}
    log = project / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=project,
            env=environment(**settings),
            stdout=output if stdout is None else stdout,
            stderr=output,
        )
        server = Server(process=process, base=f"http://127.0.0.1:{port}", log=log)
        try:
            _wait(server)
            yield server
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
            process.wait()


def _wait(server: Server) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(OSError):
            server.call("GET", "/live")
            return
        time.sleep(0.05)
    raise AssertionError(f"the server does not answer:\n{server.log.read_text()[-4000:]}")
