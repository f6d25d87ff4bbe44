"""What formatting made of each file last time, so that a run formats only what is different.

The note holds hashes alone: of the text that went in and of what came out. What came out is the
base of the file, and a base with another hash is not used. The note is of one machine and not
committed; without it everything is formatted.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from apigen.disk.notes import write_note
from apigen.disk.paths import FORMATTED, ProjectError, base_path, target
from apigen.merge.worktree import digest


class FormattedBefore:
    """The note of one project: asked and told by a rendering, written when the run has written."""

    def __init__(self, root: Path) -> None:
        """Read the note; one that is missing or damaged knows nothing."""
        self._root = root
        self._formatter = ""
        self._known: Mapping[str, tuple[str, str]] = {}
        self._kept: dict[str, tuple[str, str]] = {}
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, ProjectError):
            note = json.loads(target(root, FORMATTED).read_bytes())
            self._known = {
                str(path): (str(before), str(after))
                for path, (before, after) in note["files"].items()
            }
            self._formatter = str(note["formatter"])

    def formatted(self, path: str, text: str, *, formatter: str) -> bytes | None:
        """Return what `text` became, None when that is not known.

        Args:
            path: Where the file stands in the project.
            text: As the template made it.
            formatter: Everything that decides about the result.
        """
        known = self._known.get(path)
        if formatter != self._formatter or known is None or known[0] != digest(text.encode()):
            return None
        try:
            content = target(self._root, base_path(path)).read_bytes()
        except (OSError, ProjectError):
            return None
        if digest(content) != known[1]:
            return None
        self._kept[path] = known
        return content

    def keep(self, path: str, text: str, content: bytes, *, formatter: str) -> None:
        """Take note of what became of a text."""
        if formatter != self._formatter:
            self._formatter, self._known = formatter, {}
        self._kept[path] = (digest(text.encode()), digest(content))

    def save(self) -> None:
        """Write what was used and kept; a folder that can not be written is no harm."""
        if not self._kept:
            return
        note = {"formatter": self._formatter, "files": dict(sorted(self._kept.items()))}
        with suppress(OSError):
            write_note(self._root, FORMATTED, note)
