"""Notes below `.apigen/cache`: what one machine remembers so that a run has less to do.

None is committed, and a run without them gives the same result.
"""

import json
from pathlib import Path

from apigen.disk.paths import target


def read_note(root: Path, path: str) -> object:
    """Return what a note says.

    Raises:
        OSError: it is not there.
        ValueError: it is damaged.
        ProjectError: its place is outside of the project.
    """
    return json.loads(target(root, path).read_bytes())


def write_note(root: Path, path: str, note: object) -> None:
    """Write a note in one step, so that nobody reads half of it.

    Raises:
        OSError: its folder can not be written.
        ProjectError: its place is outside of the project.
    """
    place = target(root, path)
    place.parent.mkdir(exist_ok=True)
    temporary = place.with_suffix(".new")
    temporary.write_text(json.dumps(note, indent=0) + "\n", encoding="utf-8")
    temporary.replace(place)
