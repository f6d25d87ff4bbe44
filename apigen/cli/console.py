"""The only place that prints.

Results go to stdout, everything else to stderr. Colour adds and never tells: it is left out when
the stream is no terminal or `NO_COLOR` is set.
"""

import os
import sys
import threading
from types import TracebackType
from typing import TextIO

_PATIENCE_S = 1.0
"""How long a run is silent before it says what it is at."""


def result(text: str) -> None:
    """Print something a program could read, or what was asked for."""
    write(sys.stdout, text)


def note(text: str) -> None:
    """Print a remark for people."""
    write(sys.stderr, text)


def error(text: str) -> None:
    """Print what went wrong, on one line with a prefix as diagnostics have it."""
    write(sys.stderr, f"error: {text}")


def has_colour(stream: TextIO) -> bool:
    """Whether colour may be used on a stream."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def is_interactive() -> bool:
    """Whether a person can be asked something."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, default: str) -> str:
    """Ask on stderr; an empty answer is the default."""
    sys.stderr.write(f"{question} [{default}]: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() or default


class Activity:
    """Say on a terminal what a run is at, once it takes more than a second."""

    def __init__(self) -> None:
        self._step = ""
        self._shown = False
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def __enter__(self) -> "Activity":
        if sys.stderr.isatty():
            self._timer = threading.Timer(_PATIENCE_S, self._begin)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __call__(self, step: str) -> None:
        """Begin a step."""
        with self._lock:
            self._step = step
            if self._shown:
                self._print()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            if self._shown:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()

    def _begin(self) -> None:
        with self._lock:
            self._shown = True
            self._print()

    def _print(self) -> None:
        sys.stderr.write(f"\r\x1b[K{self._step} …")
        sys.stderr.flush()


def write(stream: TextIO, text: str) -> None:
    """Print `text` and an end of line; a character the terminal has not is no reason to fail."""
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    if not text.endswith("\n"):
        stream.write("\n")
    stream.flush()
