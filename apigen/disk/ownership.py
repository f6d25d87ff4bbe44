"""Make what is in a project its owner's: code kept without use, vendored files, moved symbols."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from apigen.disk.apply import record_steps
from apigen.disk.git import blob_with_hash
from apigen.disk.last_run import read_lock
from apigen.disk.manifest import print_manifest, read_manifest
from apigen.disk.paths import LOCK, MANIFEST, ProjectError, base_path, target
from apigen.disk.undo import commit_undoably
from apigen.evolve.lock import print_lock
from apigen.merge.manifest import Link, Manifest, ManifestEntry
from apigen.merge.orphans import has_symbol, symbols_of
from apigen.merge.text import NotText, text_of
from apigen.merge.worktree import digest
from apigen.plan.file import FileClass
from apigen.plan.vendor import support_root


def adopt(root: Path, names: Sequence[str]) -> tuple[Link, ...]:
    """Make code its owner's that is kept without use, or say where a symbol went.

    Args:
        root: The project's folder, held by `run_lock`.
        names: `path` or `path::symbol`.

    Returns:
        The links made for symbols that were moved.

    Raises:
        ProjectError: a name is neither an orphan nor a symbol that was moved; nothing was done.
    """
    lock, manifest = read_lock(root), read_manifest(root)
    if lock is None:
        raise ProjectError(f"{target(root, LOCK)} is missing: restore it from version control")
    orphans, entries = list(lock.orphans), dict(manifest.entries)
    links: list[Link] = []
    wanted: dict[str, bytes | None] = {}
    for name in names:
        path, _, symbol = name.partition("::")
        if name in orphans:
            orphans.remove(name)
            if not symbol:
                entries.pop(path, None)
                wanted[base_path(path)] = None
        elif symbol:
            links.append(_link(root, manifest, path, symbol))
        else:
            raise ProjectError(f"{name} is not kept without use: there is nothing to adopt")
    wanted[LOCK] = print_lock(replace(lock, orphans=tuple(orphans)))
    kept = [link for link in manifest.links if _key(link) not in {_key(one) for one in links}]
    wanted[MANIFEST] = print_manifest(entries.values(), [*kept, *links])
    commit_undoably(root, list(record_steps(root, wanted)))
    return tuple(links)


def eject(root: Path, paths: Sequence[str]) -> None:
    """Make vendored files merged ones from now on.

    Raises:
        ProjectError: a file is not vendored, or what apigen wrote last can not be found.
    """
    manifest = read_manifest(root)
    entries = dict(manifest.entries)
    wanted: dict[str, bytes | None] = {}
    for path in paths:
        entry = entries.get(path)
        if entry is None:
            raise ProjectError(f"{path} is not a file that apigen wrote")
        if entry.file_class is not FileClass.VENDORED:
            raise ProjectError(f"{path} is yours already: edit it, and regenerating merges")
        base = _as_written(root, entry)
        if base is None:
            raise ProjectError(
                f"what apigen wrote last at {path} can not be found: restore the file from "
                "version control, eject it, then edit it"
            )
        entries[path] = replace(
            entry, file_class=FileClass.MERGED, ejected=True, sha256=digest(base), others=()
        )
        wanted[base_path(path)] = base
    wanted[MANIFEST] = print_manifest(entries.values(), manifest.links)
    commit_undoably(root, list(record_steps(root, wanted)))


def _as_written(root: Path, entry: ManifestEntry) -> bytes | None:
    """Look for what apigen wrote last of a vendored file: there, in apigen, in git."""
    place = target(root, entry.path)
    if place.is_file() and digest(content := place.read_bytes()) in entry.hashes:
        return content
    for copy in support_root().rglob(place.name):
        if copy.is_file() and digest(content := copy.read_bytes()) in entry.hashes:
            return content
    return blob_with_hash(root, entry.path, entry.hashes)


def _link(root: Path, manifest: Manifest, at: str, at_symbol: str) -> Link:
    """Find where apigen writes the symbol that its owner has at `at`."""
    if not has_symbol(at, _text(target(root, at)), at_symbol):
        raise ProjectError(f"{at} has no `{at_symbol}`")
    name = at_symbol.rpartition(".")[2]
    found = [
        (path, symbol)
        for path, entry in sorted(manifest.entries.items())
        if entry.file_class is FileClass.MERGED and path != at and path.endswith(".py")
        for symbol in _gone(root, path, name)
    ]
    same = [one for one in found if one[1] == at_symbol]
    match same or found:
        case [(path, symbol)]:
            return Link(path=path, symbol=symbol, at=at, at_symbol=at_symbol)
        case []:
            raise ProjectError(f"no file of apigen's lost a `{name}`: nothing to link {at} with")
        case several:
            places = ", ".join(f"{path}::{symbol}" for path, symbol in several)
            raise ProjectError(f"`{at_symbol}` could be any of {places}: keep only one of them")


def _gone(root: Path, path: str, name: str) -> list[str]:
    """Return the symbols of this name that apigen wrote in a file and its owner took out."""
    base, mine = _text(target(root, base_path(path))), _text(target(root, path))
    if base is None:
        return []
    try:
        lost = symbols_of(base) - symbols_of(mine or "")
    except SyntaxError:
        return []
    return sorted(symbol for symbol in lost if symbol.rpartition(".")[2] == name)


def _text(place: Path) -> str | None:
    try:
        return text_of(place.read_bytes())
    except (OSError, NotText):
        return None


def _key(link: Link) -> tuple[str, str]:
    return link.path, link.symbol
