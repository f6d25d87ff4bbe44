"""What was done to a database, when, and by which text: one row for each step of Alembic.

A row is written in the transaction of its step, so that a step that failed left none. `audited`
compares the rows with the revision files of today; it reads the files and runs none of them.

Source: requirement 68.4.
"""

import ast
import getpass
import hashlib
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from .column_types import UtcDateTime

TABLE = "migration_history"
_TABLE = sa.Table(
    TABLE,
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("revision", sa.String(255), nullable=False),
    sa.Column("direction", sa.String(4), nullable=False),
    sa.Column("is_stamp", sa.Boolean, nullable=False),
    sa.Column("applied_at", UtcDateTime(), nullable=False),
    sa.Column("duration_ms", sa.Integer, nullable=False),
    sa.Column("checksum", sa.String(64)),
    sa.Column("applied_by", sa.String(255), nullable=False),
)


class Direction(StrEnum):
    """Whether a revision was applied or undone."""

    UP = "up"
    DOWN = "down"


class FileState(StrEnum):
    """How the file of a revision compares with what was applied."""

    SAME = "as applied"
    CHANGED = "changed since"
    MISSING = "no file"
    NOT_KEPT = "no checksum"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One step."""

    revision: str
    direction: Direction
    is_stamp: bool
    """The database was only said to be at this revision: nothing ran."""
    applied_at: datetime
    duration_s: float
    checksum: str | None
    applied_by: str
    """user@host of the process that ran it."""
    state: FileState


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionFile:
    """A file of `versions/`."""

    path: Path
    checksum: str


def recorder(*, has_checksums: bool) -> Callable[..., None]:
    """Return the function that Alembic calls after each step, inside of its transaction."""
    began = time.monotonic()

    # `Any`: Alembic's classes are not imported with this module.
    def record(*, ctx: Any, step: Any, **_: object) -> None:
        nonlocal began
        took, began = time.monotonic() - began, time.monotonic()
        connection: Connection = ctx.connection
        _TABLE.create(connection, checkfirst=True)
        for revision in step.up_revisions:
            connection.execute(
                _TABLE.insert().values(
                    revision=revision.revision,
                    direction=Direction.UP if step.is_upgrade else Direction.DOWN,
                    is_stamp=step.is_stamp,
                    applied_at=datetime.now(UTC),
                    duration_ms=round(took * 1000),
                    checksum=checksum(Path(revision.path)) if has_checksums else None,
                    applied_by=_who(),
                )
            )

    return record


def read_history(connection: Connection, files: Mapping[str, RevisionFile]) -> list[HistoryEntry]:
    """Return every step, oldest first; none when the database never had one."""
    if not sa.inspect(connection).has_table(TABLE):
        return []
    rows = connection.execute(sa.select(_TABLE).order_by(_TABLE.c.id)).mappings()
    return [
        HistoryEntry(
            revision=row["revision"],
            direction=Direction(row["direction"]),
            is_stamp=row["is_stamp"],
            applied_at=row["applied_at"],
            duration_s=row["duration_ms"] / 1000,
            checksum=row["checksum"],
            applied_by=row["applied_by"],
            state=_state(files.get(row["revision"]), row["checksum"]),
        )
        for row in rows
    ]


def applied_revisions(connection: Connection) -> frozenset[str]:
    """Return the revisions whose last step was to apply them; none without a history."""
    entries = read_history(connection, {})
    last = {entry.revision: entry.direction for entry in entries}
    return frozenset(one for one, direction in last.items() if direction is Direction.UP)


def audited(
    entries: Sequence[HistoryEntry], heads: Iterable[str], files: Mapping[str, RevisionFile]
) -> tuple[str, ...]:
    """Return what is wrong with the revisions a database has, a line each.

    A revision that was applied before there was a history is not judged.

    Args:
        entries: Every step, oldest first.
        heads: The newest revisions the database says it has.
        files: The revision files by their revision.
    """
    last = {entry.revision: entry for entry in entries}
    applied = [entry for entry in last.values() if entry.direction is Direction.UP]
    found: list[str] = []
    for entry in applied:
        if entry.state is FileState.CHANGED:
            found.append(
                f"{entry.revision}: {files[entry.revision].path.name} was changed after it was "
                f"applied at {entry.applied_at:%Y-%m-%d %H:%M:%SZ}"
            )
        elif entry.state is FileState.MISSING:
            found.append(
                f"{entry.revision}: was applied at {entry.applied_at:%Y-%m-%d %H:%M:%SZ}, "
                "and its file is gone"
            )
    missing = {entry.revision for entry in applied if entry.state is FileState.MISSING}
    found += [
        f"{head}: the database is there, and no file has this revision"
        for head in sorted(set(heads) - set(files) - missing)
    ]
    return tuple(found)


def revision_files(directory: Path) -> dict[str, RevisionFile]:
    """Return the revision files of a folder, by the revision each one names."""
    found: dict[str, RevisionFile] = {}
    for path in sorted((directory / "versions").glob("*.py")):
        revision = _named(path)
        if revision is not None:
            found[revision] = RevisionFile(path=path, checksum=checksum(path))
    return found


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file in hex; line ends that git may change do not count."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _state(file: RevisionFile | None, kept: str | None) -> FileState:
    if file is None:
        return FileState.MISSING
    if kept is None:
        return FileState.NOT_KEPT
    return FileState.SAME if file.checksum == kept else FileState.CHANGED


def _named(path: Path) -> str | None:
    """Return the text that a module gives to `revision`; None when it does not parse."""
    try:
        module = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return None
    for statement in module.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id="revision")], value=ast.Constant(value=str(name)))
                | ast.AnnAssign(target=ast.Name(id="revision"), value=ast.Constant(value=str(name)))
            ):
                return name
    return None


def _who() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A container may run as a number without a name.
        user = "unknown"
    return f"{user}@{socket.gethostname()}"[:255]
