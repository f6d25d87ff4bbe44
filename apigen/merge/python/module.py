"""Merge three versions of a Python module."""

import re
from functools import cache

from apigen.diagnostics.internal_error import InternalError
from apigen.merge.conflict_text import MINE
from apigen.merge.invariant import check_nothing_lost, whole_file
from apigen.merge.merged import Merged, Unmergeable
from apigen.merge.python.bodies import Scope, merge_bodies
from apigen.merge.python.descent import descend
from apigen.merge.python.findings import Findings
from apigen.merge.python.names import used, used_in_lines
from apigen.merge.python.source import Source, parsed, read
from apigen.merge.python.units import Block, block

_WIDTH = 100
"""Of a line of generated code."""
_PLACEHOLDER = re.compile(r"(\n*)^[ \t]*\0(\d+)\0\n", re.MULTILINE)


def merge_python(
    base: str, mine: str, theirs: str, *, restore: frozenset[str] = frozenset()
) -> Merged:
    """Merge by symbol, and never lose a line: a result that would is a conflict over the file.

    Args:
        base: What apigen wrote last.
        mine: What is on disk.
        theirs: What apigen would write today.
        restore: Symbols that the owner deleted and wants back, as `Task.rename` or `rename`.

    Raises:
        Unmergeable: One of the texts is not Python; the text says which line.
    """
    try:
        return merge_symbols(base, mine, theirs, restore=restore)
    except InternalError:
        return whole_file(base, mine, theirs)


def merge_symbols(
    base: str, mine: str, theirs: str, *, restore: frozenset[str] = frozenset()
) -> Merged:
    """Merge by symbol.

    Raises:
        Unmergeable: As `merge_python`.
        InternalError: The result would lose what the owner wrote, or is not Python.
    """
    if mine == theirs or (base == theirs and not restore):
        return Merged(text=mine)
    if base == mine and not restore:
        return Merged(text=theirs)
    old, own, new = (
        read(text if text.endswith("\n") else text + "\n") for text in (base, mine, theirs)
    )
    if new.forms.forms in {own.forms.forms} or (new.forms.forms == old.forms.forms and not restore):
        return Merged(text=mine)
    longest = max((len(line) for line in mine.split("\n")), default=0)
    findings = Findings(
        restore=restore, limit=max(_WIDTH, min(longest, 120)), unit=_indentation(own)
    )
    scope = Scope(findings=findings, path="", is_symbols=True, is_module=True)
    text = merge_bodies(_block(old), _block(own), _block(new), scope, descend)
    text = _with_imports(text, findings)
    if mine and not mine.endswith("\n"):
        text = text.removesuffix("\n")
    merged = findings.merged(text)
    if not merged.conflicts:
        _check(merged)
    check_nothing_lost(base, mine, theirs, merged, withheld=findings.withheld)
    return merged


def _block(source: Source) -> Block:
    return block(source, source.tree.body, start=0, end=len(source.text))


def _indentation(source: Source) -> str:
    """Give one step of a text's indentation."""
    for line in source.text.split("\n"):
        if line.startswith("\t"):
            return "\t"
        if line.startswith("  ") and line.strip():
            return "    "
    return "    "


def _with_imports(text: str, findings: Findings) -> str:
    """Write the runs of imports, when it is known what the rest uses."""
    if not findings.waiting:
        return text
    rest = _PLACEHOLDER.sub(lambda found: found[0].partition("\0")[0] + "pass\n", text)

    @cache
    def names() -> frozenset[str]:
        if MINE in rest:
            return used_in_lines(rest)
        try:
            return used(parsed(rest))
        except Unmergeable:
            return used_in_lines(rest)

    def written(found: re.Match[str]) -> str:
        lines = findings.waiting[int(found[2])](names)
        return found[1] + lines if lines else found[1][:1]

    return _PLACEHOLDER.sub(written, text)


def _check(merged: Merged) -> None:
    try:
        parsed(merged.text)
    except Unmergeable as error:
        raise InternalError(f"the merged module is not Python: {error}") from error
