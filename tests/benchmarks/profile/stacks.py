"""Sampled stacks, and which part of a service each of them is in.

Takes what py-spy writes as `raw`: a line a stack with the number of its samples,
`<frame>;<frame>;… <samples>`, each frame `<function> (<file>:<line>)`, the innermost last.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SOCKETS = "sockets: reading, writing"
LOOP = "event loop"
OTHER = "interpreter, and what is nobody's"

PARTS: Mapping[str, Sequence[str]] = {
    SOCKETS: (),
    LOOP: ("loop.c", "_asynciomodule.c", "asyncio/", "uvloop/"),
    "HTTP server": ("uvicorn/", "parser.c", "httptools/"),
    "FastAPI, Starlette": ("fastapi/", "starlette/"),
    "interface: context, headers, routes, replies": (
        "PROJECT/support/interface/",
        "PROJECT/interface/",
    ),
    "application: queries, commands, validation": (
        "PROJECT/support/application/",
        "PROJECT/application/",
        "PROJECT/support/domain/",
        "PROJECT/domain/",
        "pydantic",
    ),
    "infrastructure: statements, rows, transactions": (
        "PROJECT/support/infrastructure/",
        "PROJECT/infrastructure/",
        "sqlalchemy/",
    ),
    "driver": ("asyncpg/", "protocol.c", "pgproto.c", "aiosqlite/"),
    "JSON": ("orjson/",),
    "log": ("structlog/", "PROJECT/support/core/logging.py"),
    "ids, context, clock": ("PROJECT/support/core/", "PROJECT/core/", "PROJECT/shared/"),
    OTHER: (),
}
"""What the names of files begin with, `PROJECT` being the package of the service."""

_FRAME = re.compile(r"(?P<function>.*) \((?P<file>[^()]*?)(?::\d+)?\)")
_TO_KERNEL = frozenset({"read", "recv", "send", "write", "writev"})
"""Functions of the C library that only pass on to the kernel."""
_IDLE = frozenset({"epoll_pwait", "epoll_wait"})
"""Where the event loop waits for something to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Samples of one operation."""

    parts: Mapping[str, int]
    """Of each part of `PARTS` that has any."""
    functions: Mapping[str, int]
    """By function and file: of Python functions, with what they call that is no Python."""

    @property
    def total(self) -> int:
        """All samples."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    function: str
    file: str


def profile(lines: Iterable[str], *, package: str, within: str) -> Profile:
    """Count the samples of the event loop's thread.

    Others are left out: whether they run or wait, py-spy does not tell well.

    Args:
        lines: As py-spy writes them.
        package: Of the service.
        within: The file of a function that the thread is in.

    Raises:
        ValueError: A line is none of py-spy.
    """
    parts: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rstrip("\n").rpartition(" ")
        frames = [_frame(text) for text in stack.split(";")]
        is_other = all(frame.file != within for frame in frames)
        if is_other or any(frame.function in _IDLE for frame in frames[-4:]):
            continue
        parts[_part(frames, package)] += int(count)
        own = next((one for one in reversed(frames) if one.file.endswith(".py")), None)
        if own is not None:
            functions[f"{own.function} ({own.file})"] += int(count)
    return Profile(parts=parts, functions=functions)


def _frame(text: str) -> _Frame:
    found = _FRAME.fullmatch(text)
    # Of what has no name there is an address only.
    return _Frame(function=text, file="") if found is None else _Frame(**found.groupdict())


def _part(frames: Sequence[_Frame], package: str) -> str:
    """Return the part of the innermost frame that is of any."""
    for frame in reversed(frames):
        file = frame.file.replace(f"{package}/", "PROJECT/", 1)
        for part, beginnings in PARTS.items():
            if file.startswith(tuple(beginnings)):
                is_socket = part == LOOP and frames[-1].function in _TO_KERNEL
                return SOCKETS if is_socket else part
    return OTHER
