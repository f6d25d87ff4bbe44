"""Prove cheaply that a run would change nothing.

After a run that left the project up to date, apigen notes a hash of everything that went in (the
spec files, the files their patterns match, apigen itself, Python and ruff) and of the state it
left behind. When all of that is the same again, neither parsing nor rendering can give another
result. The note is of one machine and not committed; without it the long way is taken.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import apigen
from apigen.disk.notes import write_note
from apigen.disk.paths import (
    CONFLICTS,
    FINGERPRINT,
    LOCK,
    MANIFEST,
    SCHEMA,
    VERSIONS,
    ProjectError,
    target,
)
from apigen.disk.snapshot import snapshot
from apigen.merge.manifest import Manifest
from apigen.merge.worktree import digest
from apigen.render.ruff_program import ruff_identity
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a run read below the project's folder."""

    files: tuple[str, ...]
    """Posix paths relative to it."""
    patterns: tuple[tuple[str, str], ...]
    """Folder (relative, posix) and glob in it: a file that begins to match is a change."""


def remember(root: Path, inputs: Inputs, manifest: Manifest) -> None:
    """Write the note after a run; `manifest` is the one it left behind."""
    note = {
        "tool": tool_hash(),
        "inputs": list(inputs.files),
        "patterns": [list(pattern) for pattern in inputs.patterns],
        "read": _read_hash(root, inputs),
        "state": _state_hash(root, manifest),
    }
    write_note(root, FINGERPRINT, note)


def is_up_to_date(root: Path, manifest: Manifest) -> bool:
    """Whether nothing changed since the note was written; False when in doubt."""
    try:
        note = json.loads(target(root, FINGERPRINT).read_bytes())
        inputs = Inputs(
            files=tuple(note["inputs"]),
            patterns=tuple((str(folder), str(glob)) for folder, glob in note["patterns"]),
        )
        return bool(
            note["tool"] == tool_hash()
            and note["read"] == _read_hash(root, inputs)
            and note["state"] == _state_hash(root, manifest)
        )
    except (OSError, ValueError, KeyError, TypeError, ProjectError):
        return False


@cache  # apigen does not change while it runs
def tool_hash() -> str:
    """Hash apigen's own files and the versions of what decides about the bytes it writes."""
    package = Path(apigen.__file__).parent
    roots = (
        [package] if (package / "_templates").is_dir() else [package, package.parent / "templates"]
    )
    hasher = hashlib.sha256(
        f"{apigen.__version__} {sys.version_info[:2]} {ruff_identity()}".encode()
    )
    for root in roots:
        for place in sorted(_sources(root)):
            hasher.update(place.name.encode())
            hasher.update(hashlib.sha256(place.read_bytes()).digest())
    return hasher.hexdigest()


def _sources(root: Path) -> Iterable[Path]:
    for folder, folders, names in root.walk():
        if "__pycache__" in folders:
            folders.remove("__pycache__")
        yield from (folder / name for name in names)


def _read_hash(root: Path, inputs: Inputs) -> str:
    matched = sorted(
        found.relative_to(root).as_posix()
        for folder, glob in inputs.patterns
        for found in (root / folder).glob(glob)
    )
    contents = [digest((root / file).read_bytes()) for file in inputs.files]
    return digest(json.dumps([matched, contents]).encode())


def _state_hash(root: Path, manifest: Manifest) -> str:
    # An owner's revision is in no manifest, and can be a second head, which a run joins.
    revisions = {f"{VERSIONS}/{place.name}" for place in (root / VERSIONS).glob("*.py")}
    paths = sorted({*manifest.entries, *revisions, MANIFEST, LOCK, SCHEMA, CONFLICTS})
    found = snapshot(root, paths)
    return digest(json.dumps([[path, repr(found.entries[path])] for path in paths]).encode())
