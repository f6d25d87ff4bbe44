"""Which merger a file gets, by its name."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Protocol

from apigen.merge.merged import Merged


class _KeyedMerge(Protocol):
    def __call__(self, base: str, mine: str, theirs: str, *, restore: frozenset[str]) -> Merged: ...


_LINE_SETS = frozenset({".gitignore", ".dockerignore", ".gitattributes"})
"""Files in which every line stands for itself."""


def merge_file(
    path: str, base: str, mine: str, theirs: str, *, restore: frozenset[str] = frozenset()
) -> Merged:
    """Merge three versions of a file, without line ends of their own and without a BOM.

    Args:
        path: Where it stands in the project; its name decides on the merger.
        base: What apigen wrote last; empty when it never did.
        mine: What stands there.
        theirs: What apigen would write.
        restore: Symbols that the owner deleted and wants back.

    Raises:
        Unmergeable: It does not parse; merging by lines is left.
    """
    keyed = _KEYED.get(PurePosixPath(path).suffix)
    if keyed is not None:
        return keyed()(base, mine, theirs, restore=restore)
    from apigen.merge import lines

    if PurePosixPath(path).name in _LINE_SETS:
        return lines.merge_line_set(base, mine, theirs)
    return lines.merge_lines(base, mine, theirs)


def _python() -> _KeyedMerge:
    from apigen.merge.python.module import merge_python

    return merge_python


def _toml() -> _KeyedMerge:
    from apigen.merge.data.toml import merge_toml

    return merge_toml


def _yaml() -> _KeyedMerge:
    from apigen.merge.data.yaml import merge_yaml

    return merge_yaml


def _json() -> _KeyedMerge:
    from apigen.merge.data.json import merge_json

    return merge_json


_KEYED: dict[str, Callable[[], _KeyedMerge]] = {
    ".py": _python,
    ".toml": _toml,
    ".yaml": _yaml,
    ".yml": _yaml,
    ".json": _json,
}
"""Each imports its library only when a file needs it."""
