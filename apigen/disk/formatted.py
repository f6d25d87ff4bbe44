"""What became of each file and each part last time, so that a run makes only what is different.

The note holds hashes alone: of a text that went into formatting, of everything that went into the
files of a context (apigen itself included), and of what came out. What came out is the base of the
file, and a base with another hash is not used. The note is of one machine and not committed;
without it everything is planned, rendered and formatted.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from apigen.disk.fingerprint import tool_hash
from apigen.disk.notes import write_note
from apigen.disk.paths import FORMATTED, ProjectError, base_path, target
from apigen.merge.worktree import digest
from apigen.plan.file import FileClass, ProjectFile
from apigen.render.renderer import RenderedFile

type _Part = tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]
"""A key, and path and spec elements of each file."""


class FormattedBefore:
    """The note of one project: asked and told by a rendering, written when the run has written."""

    def __init__(self, root: Path) -> None:
        """Read the note; one that is missing or damaged knows nothing."""
        self._root = root
        self._formatter = ""
        self._known: Mapping[str, tuple[str, str]] = {}
        self._kept: dict[str, tuple[str, str]] = {}
        self._parts: Mapping[str, _Part] = {}
        self._kept_parts: dict[str, _Part] = {}
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, ProjectError):
            note = json.loads(target(root, FORMATTED).read_bytes())
            self._known = {
                str(path): (str(before), str(after))
                for path, (before, after) in note["files"].items()
            }
            self._formatter = str(note["formatter"])
            if note["tool"] == tool_hash():
                self._parts = {
                    str(name): (
                        str(key),
                        tuple((str(path), tuple(map(str, elements))) for path, elements in files),
                    )
                    for name, (key, files) in note["parts"].items()
                }

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
        content = self._made(path)
        if content is not None:
            self._kept[path] = known
        return content

    def keep(self, path: str, text: str, content: bytes, *, formatter: str) -> None:
        """Take note of what became of a text."""
        if formatter != self._formatter:
            self._formatter, self._known = formatter, {}
        self._kept[path] = (digest(text.encode()), digest(content))

    def part(self, name: str, key: str) -> tuple[RenderedFile, ...] | None:
        """Return the files of a context, None when they are not known for this key."""
        known = self._parts.get(name)
        if known is None or known[0] != key:
            return None
        found = {path: self._made(path) for path, _ in known[1]}
        if None in found.values():
            return None
        self._kept |= {path: self._known[path] for path in found}
        self._kept_parts[name] = known
        return tuple(
            RenderedFile(
                path=path,
                content=found[path] or b"",
                file_class=FileClass.MERGED,
                elements=elements,
                executable=False,
            )
            for path, elements in known[1]
        )

    def keep_part(self, name: str, key: str, files: Sequence[ProjectFile]) -> None:
        """Take note of the files of a context; those of an unusual one are made by every run."""
        if any(file.file_class is not FileClass.MERGED or file.executable for file in files):
            return
        self._kept_parts[name] = (key, tuple((file.path, file.elements) for file in files))

    def _made(self, path: str) -> bytes | None:
        """Return what came out last time when it is still the base of that file."""
        try:
            content = target(self._root, base_path(path)).read_bytes()
        except (OSError, ProjectError):
            return None
        known = self._known.get(path)
        return content if known is not None and digest(content) == known[1] else None

    def save(self) -> None:
        """Write what was used and kept; a folder that can not be written is no harm."""
        if not self._kept:
            return
        note = {
            "formatter": self._formatter,
            "files": dict(sorted(self._kept.items())),
            "tool": tool_hash(),
            "parts": dict(sorted(self._kept_parts.items())),
        }
        with suppress(OSError):
            write_note(self._root, FORMATTED, note)
