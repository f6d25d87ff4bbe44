"""Which file of one rendering became which of another that differs in names only.

A file is known by the spec elements it came from; of several from the same elements, the one at
the same path, else the one whose path differs least, is the same file.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from apigen.evolve.record import Rename
from apigen.render.renderer import RenderedFile, Rendering
from apigen.values import dataclass

REVISIONS = "migrations/versions/"
"""Written once, named by the schema: never the same file under another name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A file before and after the renames."""

    old: RenderedFile
    new: RenderedFile


def pairs(old: Rendering, renamed: Rendering, renames: Sequence[Rename]) -> tuple[Pair, ...]:
    """Return the files of both renderings that are the same file, sorted by old path."""
    names = {rename.old: rename.new for rename in renames}
    candidates: defaultdict[tuple[object, ...], list[RenderedFile]] = defaultdict(list)
    for file in renamed.files:
        candidates[_kind(file, file.elements)].append(file)
    groups: defaultdict[tuple[object, ...], list[RenderedFile]] = defaultdict(list)
    for file in old.files:
        elements = tuple(_renamed(element, names) for element in file.elements)
        groups[_kind(file, elements)].append(file)
    found = [pair for key, files in groups.items() for pair in _matched(files, candidates[key])]
    # An element whose name follows another's (the class of a child) is not among the renames.
    known, taken = {pair.old.path for pair in found}, {pair.new.path for pair in found}
    folders: defaultdict[tuple[object, ...], tuple[list[RenderedFile], list[RenderedFile]]]
    folders = defaultdict(lambda: ([], []))
    for file in old.files:
        if file.path not in known:
            folders[_folder(file)][0].append(file)
    for file in renamed.files:
        if file.path not in taken:
            folders[_folder(file)][1].append(file)
    found += [pair for left, right in folders.values() for pair in _matched(left, right)]
    return tuple(sorted(found, key=lambda pair: pair.old.path))


def _folder(file: RenderedFile) -> tuple[object, ...]:
    folder, _, name = file.path.rpartition("/")
    return file.file_class, folder, name.rpartition(".")[2]


def _kind(file: RenderedFile, elements: Sequence[str]) -> tuple[object, ...]:
    """Return what a file keeps when names change; elements in sets, as their order may change."""
    suffix = file.path.rpartition(".")[2]
    return file.file_class, suffix, file.path.count("/"), frozenset(elements)


def _matched(old: list[RenderedFile], new: list[RenderedFile]) -> list[Pair]:
    left = {file.path: file for file in new if not file.path.startswith(REVISIONS)}
    rest = [file for file in old if not file.path.startswith(REVISIONS)]
    found: list[Pair] = []
    for file in list(rest):
        same = left.pop(file.path, None)
        if same is not None:
            rest.remove(file)
            found.append(Pair(old=file, new=same))
    ranked = sorted(
        ((_likeness(a.path, b.path), a.path, b.path) for a in rest for b in left.values()),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    by_path = {file.path: file for file in rest}
    for _, before, after in ranked:
        if before in by_path and after in left:
            found.append(Pair(old=by_path.pop(before), new=left.pop(after)))
    return found


def _likeness(old: str, new: str) -> float:
    """Return how alike two paths are; parts that are equal count most."""
    parts = list(zip(old.split("/"), new.split("/"), strict=True))
    equal = sum(a == b for a, b in parts)
    return equal + SequenceMatcher(None, old, new, autojunk=False).ratio()


def _renamed(element: str, names: Mapping[str, str]) -> str:
    """Return an element's name after the renames: its own, or that of what it stands in."""
    prefix, rest = element, ""
    while prefix:
        if prefix in names:
            return names[prefix] + rest
        prefix, dot, last = prefix.rpartition(".")
        rest = f"{dot}{last}{rest}"
    return element
