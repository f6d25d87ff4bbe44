"""The steps of a transaction, and how they are written down: in the journal, and to be undone.

Written, they are one line of JSON that lists them, then the contents back to back.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from apigen.disk.paths import ProjectError
from apigen.merge.worktree import digest
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Put `content` at `path`. `before` is the hash of what it replaces, None for nothing."""

    path: str
    content: bytes
    before: str | None
    executable: bool | None = None
    """None: as the file that is replaced, for a new one no."""
    mode: int | None = None
    """Permissions of a file that comes back or moves; `executable` comes on top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Delete the file at `path`, whose hash is `before`."""

    path: str
    before: str


type Step = Write | Remove


def print_steps(steps: Sequence[Step]) -> bytes:
    """Return the steps as bytes."""
    rows = [_row(step) for step in steps]
    contents = [step.content for step in steps if isinstance(step, Write)]
    return b"".join((json.dumps(rows).encode(), b"\n", *contents))


def parse_steps(content: bytes, place: Path) -> tuple[Step, ...]:
    """Read what `print_steps` made.

    Raises:
        ProjectError: it is damaged; the text names `place`.
    """
    try:
        return tuple(_steps(content))
    except (ValueError, KeyError, TypeError) as problem:
        raise ProjectError(f"{place} is damaged: move it away and run again") from problem


def _row(step: Step) -> dict[str, object]:
    row: dict[str, object] = {"path": step.path, "before": step.before}
    if isinstance(step, Write):
        row |= {"size": len(step.content), "sha256": digest(step.content)}
        row |= {"x": step.executable, "mode": step.mode}
    return row


def _steps(content: bytes) -> Iterator[Step]:
    head, _, rest = content.partition(b"\n")
    for row in json.loads(head):
        if "size" not in row:
            yield Remove(path=row["path"], before=row["before"])
            continue
        part, rest = rest[: row["size"]], rest[row["size"] :]
        if digest(part) != row["sha256"]:
            raise ValueError("a content is not what was written")
        yield Write(
            path=row["path"],
            content=part,
            before=row["before"],
            executable=row["x"],
            mode=row.get("mode"),
        )
