"""`.apigen/conflicts.json`: files that hold markers until their owner has decided.

While a file is in it, no run touches the file, and its base stays what it was. Today's rendering
waits in `.apigen/pending/`; when the conflict is closed it becomes the base.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from apigen.disk.paths import CONFLICTS, ProjectError, target
from apigen.merge.manifest import ManifestEntry
from apigen.plan.file import FileClass
from apigen.values import dataclass

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConflict:
    """One file that waits for a decision."""

    entry: ManifestEntry
    """What the manifest will say of the file when the conflict is closed."""
    symbols: tuple[str, ...]
    """In the order of the text; empty names for what has none."""
    staged: str | None = None
    """What git's index had before apigen put three stages there: `mode hash`."""

    @property
    def is_of_own_file(self) -> bool:
        """Whether apigen writes no such file: a symbol that its owner linked went there."""
        return self.entry.file_class is FileClass.SEED

    @property
    def path(self) -> str:
        """Where the file stands."""
        return self.entry.path


def read_conflicts(root: Path) -> tuple[OpenConflict, ...]:
    """Return the open conflicts by path; none when there is no such record.

    Raises:
        ProjectError: the record is damaged.
    """
    place = target(root, CONFLICTS)
    try:
        rows = json.loads(place.read_bytes())
    except FileNotFoundError:
        return ()
    except ValueError as problem:
        raise _damaged(place, problem) from problem
    try:
        return tuple(_conflict(row) for row in rows[1:])
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise _damaged(place, problem) from problem


def print_conflicts(conflicts: Iterable[OpenConflict]) -> bytes | None:
    """Return the text of the record, None when nothing is open."""
    rows = [_row(found) for found in sorted(conflicts, key=lambda found: found.path)]
    if not rows:
        return None
    lines = [json.dumps(row, ensure_ascii=False) for row in ({"format": FORMAT}, *rows)]
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _row(found: OpenConflict) -> Mapping[str, object]:
    return {
        "path": found.path,
        "class": found.entry.file_class.value,
        "sha256": found.entry.sha256,
        "elements": list(found.entry.elements),
        "executable": found.entry.executable,
        "ejected": found.entry.ejected,
        "symbols": list(found.symbols),
        "staged": found.staged,
    }


def _conflict(row: Mapping[str, object]) -> OpenConflict:
    elements, symbols, staged = row["elements"], row["symbols"], row["staged"]
    if not isinstance(elements, list) or not isinstance(symbols, list):
        raise TypeError("a list was expected")
    return OpenConflict(
        entry=ManifestEntry(
            path=str(row["path"]),
            file_class=FileClass(str(row["class"])),
            sha256=str(row["sha256"]),
            elements=tuple(str(element) for element in elements),
            executable=bool(row["executable"]),
            ejected=bool(row["ejected"]),
        ),
        symbols=tuple(str(symbol) for symbol in symbols),
        staged=None if staged is None else str(staged),
    )


def _damaged(place: Path, problem: Exception) -> ProjectError:
    return ProjectError(f"{place} can not be read ({problem}): restore it from version control")
