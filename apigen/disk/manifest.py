"""`.apigen/manifest.json`: every file apigen answers for, one line each.

Written sorted by path, so that a change of one file is a diff of one line, and so that git can
unite the lines of two branches (`merge=union`): one value a line, a comma after each, `null` last.
Two lines for one path then mean that both branches wrote it.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import apigen
from apigen.disk.paths import MANIFEST, ProjectError, target
from apigen.merge.manifest import EMPTY, Link, Manifest, ManifestEntry
from apigen.plan.file import FileClass

FORMAT = 2
_FIRST_VERSION = "0.1"
"""The apigen that wrote format 1, which did not say."""


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
        return _manifest(json.loads(content), place)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as problem:
        raise ProjectError(
            f"{place} can not be read ({problem}): restore it from version control"
        ) from problem


def print_manifest(entries: Iterable[ManifestEntry], links: Iterable[Link] = ()) -> bytes:
    """Return the text of a manifest."""
    rows: list[Mapping[str, object]] = [{"format": FORMAT, "apigen": apigen.__version__}]
    rows.extend(_row(found) for found in sorted(entries, key=lambda found: found.path))
    rows.extend(
        {"link": f"{link.path}::{link.symbol}", "at": f"{link.at}::{link.at_symbol}"}
        for link in sorted(links, key=lambda link: (link.path, link.symbol))
    )
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)},\n" for row in rows)
    return f"[\n{lines}null\n]\n".encode()


def _row(entry: ManifestEntry) -> Mapping[str, object]:
    row: dict[str, object] = {
        "path": entry.path,
        "class": entry.file_class.value,
        "sha256": entry.sha256,
        "elements": list(entry.elements),
    }
    if entry.executable:
        row["executable"] = True
    if entry.ejected:
        row["ejected"] = True
    if entry.others:
        row["others"] = list(entry.others)
    return row


def _manifest(document: object, place: Path) -> Manifest:
    if isinstance(document, dict):
        if document["format"] != 1:
            raise _of_another(document["format"], place)
        rows, version = document["files"], _FIRST_VERSION
    elif isinstance(document, list):
        heads = [row for row in document if row is not None and "format" in row]
        for head in heads:
            if head["format"] != FORMAT:
                raise _of_another(head["format"], place)
        version = str(heads[0]["apigen"])
        rows = [row for row in document if row is not None and "format" not in row]
    else:
        raise TypeError("neither list nor object")
    entries: dict[str, ManifestEntry] = {}
    for row in rows:
        if "link" not in row:
            entry = _entry(row, is_first_format=isinstance(document, dict))
            known = entries.get(entry.path)
            entries[entry.path] = entry if known is None else _united(known, entry)
    links = {_link(row): None for row in rows if "link" in row}
    return Manifest(entries=entries, links=tuple(links), version=version)


def _of_another(number: object, place: Path) -> ProjectError:
    return ProjectError(f"{place} has format {number}: it was written by another apigen")


def _entry(row: Mapping[str, object], *, is_first_format: bool) -> ManifestEntry:
    elements, others = row["elements"], row.get("others", [])
    if not isinstance(elements, list) or not isinstance(others, list):
        raise TypeError("a list was expected")
    return ManifestEntry(
        path=str(row["path"]),
        file_class=FileClass(str(row["class"])),
        sha256=str(row["sha256"]),
        elements=tuple(str(element) for element in elements),
        executable=None if is_first_format else bool(row.get("executable", False)),
        ejected=bool(row.get("ejected", False)),
        others=tuple(str(other) for other in others),
    )


def _united(one: ManifestEntry, other: ManifestEntry) -> ManifestEntry:
    """Return one entry of the lines of two branches."""
    hashes = dict.fromkeys((one.sha256, *one.others, other.sha256, *other.others))
    first, *rest = hashes
    return ManifestEntry(
        path=one.path,
        file_class=one.file_class,
        sha256=first,
        elements=tuple(dict.fromkeys((*one.elements, *other.elements))),
        executable=one.executable or other.executable,
        ejected=one.ejected or other.ejected,
        others=tuple(rest),
    )


def _link(row: Mapping[str, object]) -> Link:
    path, _, symbol = str(row["link"]).partition("::")
    at, _, at_symbol = str(row["at"]).partition("::")
    return Link(path=path, symbol=symbol, at=at, at_symbol=at_symbol)
