"""Symbols that their owner moved to another file and linked: changes reach them there.

The file they went to is merged as if apigen wrote the symbol in it: base and theirs are that file
with the last and today's version of the symbol in the place of the owner's. A conflict gets its
markers there, too, and is resolved like any other; of a file that is its owner's own nothing is
remembered afterwards.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import replace
from textwrap import dedent, indent

from apigen.merge.changes import Blocked, Change, Create, Keep, Kept, Merge, Move, Rewrite, Update
from apigen.merge.manifest import Link
from apigen.merge.merged import Happened, Unmergeable
from apigen.merge.text import NotText, laid_out, layout_of, text_of
from apigen.merge.worktree import OnDisk, Worktree
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile, Rendering
from apigen.values import dataclass

_GONE = (Happened.STAYS_DELETED, Happened.MOVED)


def with_links(
    changes: Sequence[Change], rendering: Rendering, links: Sequence[Link], worktree: Worktree
) -> tuple[Change, ...]:
    """Return the changes, with those of linked symbols made where their owner has them.

    Args:
        changes: What is decided about every file.
        rendering: Today's files.
        links: All of the project.
        worktree: The project.
    """
    today = {file.path: file for file in rendering.files}
    by_path = {change.path: change for change in changes}
    for link in links:
        file, base = today.get(link.path), worktree.base(link.path)
        if file is None or base is None or base == file.content:
            continue
        merged = _merged(link, base, file, by_path.get(link.at), worktree)
        if merged is not None:
            by_path[link.at] = merged
            by_path[link.path] = _without_remark(by_path[link.path], link.symbol)
    return tuple(sorted(by_path.values(), key=lambda change: change.path))


def _merged(
    link: Link, base: bytes, file: RenderedFile, decided: Change | None, worktree: Worktree
) -> Change | None:
    """Return what becomes of the file a symbol went to; None: nothing can or must be done."""
    present = worktree.entry(link.at)
    if (
        not isinstance(present, OnDisk)
        or present.is_read_only
        or isinstance(decided, Move | Blocked)
    ):
        return None
    content = _content(decided, link.at, worktree)
    from apigen.merge.python.module import merge_python

    try:
        mine = text_of(content)
        last, new = (_symbol(text_of(one), link.symbol) for one in (base, file.content))
        place = _symbol(mine, link.at_symbol)
        if last is None or new is None or place is None or last.text == new.text:
            return None
        theirs = _with(mine, place, new)
        merged = merge_python(_with(mine, place, last), mine, theirs)
    except (NotText, SyntaxError, Unmergeable):
        return None
    if merged.text == mine:
        return None
    result = laid_out(merged.text, layout_of(content), mine)
    if merged.conflicts and isinstance(decided, Rewrite | None):
        own = RenderedFile(
            path=link.at,
            content=laid_out(theirs, layout_of(content), mine),
            file_class=FileClass.SEED,
            elements=(),
            executable=False,
        )
        before = worktree.before(link.at) or present.sha256
        return Merge(path=link.at, file=own, before=before, content=result, merged=merged)
    match decided:
        case Merge():
            both = replace(decided.merged, text=merged.text, conflicts=merged.conflicts)
            return replace(decided, content=result, merged=both)
        case Keep(kept=Kept.EDITED | Kept.UNCHANGED, file=RenderedFile() as own):
            before = worktree.before(link.at) or present.sha256
            return Merge(path=link.at, file=own, before=before, content=result, merged=merged)
        case Rewrite():
            return replace(decided, content=result)
        case None:
            before = worktree.before(link.at) or present.sha256
            lines = tuple(range(place.start + 1, place.end + 1))
            return Rewrite(path=link.at, before=before, content=result, lines=lines)
        case _:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Symbol:
    """The lines of a definition with its decorators, without their indentation."""

    name: str
    text: str
    start: int
    """Index of its first line."""
    end: int
    margin: str


def _symbol(text: str, symbol: str) -> _Symbol | None:
    node: ast.AST = ast.parse(text)
    for name in symbol.split("."):
        inner = [
            one
            for one in getattr(node, "body", [])
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and one.name == name
        ]
        if not inner:
            return None
        node = inner[-1]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return None
    start = min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1
    end = node.end_lineno or node.lineno
    lines = text.split("\n")[start:end]
    margin = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    return _Symbol(
        name=node.name, text=dedent("\n".join(lines)), start=start, end=end, margin=margin
    )


def _with(text: str, place: _Symbol, symbol: _Symbol) -> str:
    """Return the text with another version of the symbol, under the name it has there."""
    head = rf"^(async def|def|class)(\s+){re.escape(symbol.name)}\b"
    named = re.sub(head, rf"\1\g<2>{place.name}", symbol.text, count=1, flags=re.MULTILINE)
    lines = text.split("\n")
    return "\n".join([*lines[: place.start], indent(named, place.margin), *lines[place.end :]])


def _content(decided: Change | None, path: str, worktree: Worktree) -> bytes:
    match decided:
        case Create(file=file) | Update(file=file):
            return file.content
        case Merge(content=content) | Rewrite(content=content):
            return content
        case _:
            return worktree.content(path)


def _without_remark(change: Change, symbol: str) -> Change:
    """Return the change without the remark that a symbol stays deleted: it is somewhere else."""
    if not isinstance(change, Merge):
        return change
    told = tuple(
        remark
        for remark in change.merged.remarks
        if remark.symbol != symbol or remark.happened not in _GONE
    )
    return replace(change, merged=replace(change.merged, remarks=told))
