"""`.apigen/manifest.json`: every file apigen answers for, one line each.

Written sorted by path, so that a change of one file is a diff of one line.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from apigen.disk.paths import MANIFEST, ProjectError, target
from apigen.plan.file import FileClass

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """One file as apigen wrote it last."""

    path: str
    file_class: FileClass
    sha256: str
    elements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All files apigen wrote, by path."""

    entries: Mapping[str, ManifestEntry]


EMPTY = Manifest(entries={})


def is_project(root: Path) -> bool:
    """Whether apigen made a project in this folder."""
    return target(root, MANIFEST).is_file()


def read_manifest(root: Path) -> Manifest:
    """Read the manifest of a project; an absent one is empty.

    Raises:
        ProjectError: it was damaged.
    """
    place = target(root, MANIFEST)
    try:
        content = place.read_bytes()
    except FileNotFoundError:
        return EMPTY
    try:
        document = json.loads(content)
        if document["format"] != FORMAT:
            raise ProjectError(
                f"{place} has format {document['format']}: it was written by another apigen"
            )
        entries = [_entry(row) for row in document["files"]]
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ProjectError(
            f"{place} can not be read ({problem}): restore it from version control"
        ) from problem
    return Manifest(entries={found.path: found for found in entries})


def print_manifest(entries: Iterable[ManifestEntry]) -> bytes:
    """Return the text of a manifest."""
    rows = [
        json.dumps(
            {
                "path": found.path,
                "class": found.file_class.value,
                "sha256": found.sha256,
                "elements": list(found.elements),
            },
            ensure_ascii=False,
        )
        for found in sorted(entries, key=lambda found: found.path)
    ]
    body = ",\n".join(rows)
    return f'{{"format": {FORMAT}, "files": [\n{body}\n]}}\n'.encode()


def _entry(row: Mapping[str, object]) -> ManifestEntry:
    elements = row["elements"]
    if not isinstance(elements, list):
        raise TypeError("elements is no list")
    return ManifestEntry(
        path=str(row["path"]),
        file_class=FileClass(str(row["class"])),
        sha256=str(row["sha256"]),
        elements=tuple(str(element) for element in elements),
    )
