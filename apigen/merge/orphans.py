"""Code that is kept without use: the spec has no use for it any more, and its owner edited it.

Files are found anew by every run; symbols are remembered, for as long as they are there.
"""

import ast
import re
from collections.abc import Sequence

from apigen.merge.afterwards import new_orphans
from apigen.merge.changes import Change, Create, Delete, Merge, Move, Rewrite, Update
from apigen.merge.text import NotText, text_of
from apigen.merge.worktree import OnDisk, Worktree


def orphans_after(
    before: Sequence[str], changes: Sequence[Change], worktree: Worktree
) -> tuple[str, ...]:
    """Return `path` or `path::symbol` of all orphans once the changes are made, sorted.

    Args:
        before: Those the lock has.
        changes: All changes of a run.
        worktree: The project before it.
    """
    found = set(new_orphans(changes))
    moved = {change.source: change.path for change in changes if isinstance(change, Move)}
    by_path = {change.path: change for change in changes}
    for orphan in before:
        path, _, symbol = orphan.partition("::")
        path = moved.get(path, path)
        if symbol and has_symbol(path, _text(by_path.get(path), path, worktree), symbol):
            found.add(f"{path}::{symbol}")
    return tuple(sorted(found))


def has_symbol(path: str, text: str | None, symbol: str) -> bool:
    """Whether a file has a symbol; a text that can not be read as Python is taken at its word."""
    if text is None:
        return False
    if path.endswith((".py", ".pyi")):
        try:
            return symbol in symbols_of(text)
        except SyntaxError:
            pass
    last = re.split(r"[.\[\]]", symbol.rstrip("]"))[-1]
    return re.search(rf"(?<!\w){re.escape(last)}(?!\w)", text) is not None


def symbols_of(text: str) -> frozenset[str]:
    """Return the dotted names of everything a Python text defines.

    Raises:
        SyntaxError: it does not parse.
    """
    return frozenset(_symbols(ast.parse(text), ""))


def _symbols(tree: ast.Module | ast.ClassDef, prefix: str) -> set[str]:
    found: set[str] = set()
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                found |= {f"{prefix}{name}"} | _symbols(node, f"{prefix}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(f"{prefix}{name}")
            case ast.Assign(targets=targets):
                found |= {f"{prefix}{one.id}" for one in targets if isinstance(one, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(f"{prefix}{name}")
            case _:
                pass
    return found


def _text(change: Change | None, path: str, worktree: Worktree) -> str | None:
    """Return the text of a file after a change, None when it is gone."""
    inner = change.change if isinstance(change, Move) else change
    match inner:
        case Create(file=file) | Update(file=file):
            content = file.content
        case Merge(content=content) | Rewrite(content=content):
            pass
        case Delete():
            return None
        case _:
            if not isinstance(worktree.entry(path), OnDisk):
                return None
            content = worktree.content(path)
    try:
        return text_of(content)
    except NotText:
        return None
