"""Blank lines between the units of a merged body."""

from collections.abc import Sequence

from apigen.merge.python.units import Kind, Unit
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A unit of the result."""

    text: str
    mine: int | None
    theirs: int | None
    unit: Unit


def joined(
    sequence: Sequence[Laid],
    own: Sequence[Unit],
    new: Sequence[Unit],
    *,
    is_module: bool,
    is_symbols: bool,
) -> str:
    """Give the text of a sequence of units, with blank lines as one of the versions has them."""
    parts: list[str] = []
    before: Laid | None = None
    for laid in sequence:
        if not laid.text:
            continue
        parts += [
            _spacing(before, laid, own, new, most=2 if is_module else 1, is_symbols=is_symbols),
            laid.text,
        ]
        before = laid
    return "".join(parts)


def _lead(unit: Unit) -> str:
    return unit.source.text[unit.lead : unit.top]


def _spacing(
    before: Laid | None,
    laid: Laid,
    own: Sequence[Unit],
    new: Sequence[Unit],
    *,
    most: int,
    is_symbols: bool,
) -> str:
    """Give the blank lines above a unit: as in a version where the same unit stands before it."""
    if before is None:
        if laid.mine == 0:
            return _lead(own[0])
        return _lead(new[0]) if laid.theirs == 0 and laid.mine is None else ""
    if before.mine is not None and laid.mine == before.mine + 1:
        return _lead(own[laid.mine])
    if before.theirs is not None and laid.theirs == before.theirs + 1:
        return _lead(new[laid.theirs])
    blanks = _lead(laid.unit)
    count = blanks.count("\n")
    kinds = {before.unit.kind, laid.unit.kind}
    if Kind.DEFINITION in kinds:
        count = max(count, most)
    elif Kind.IMPORTS in kinds or Kind.DOCSTRING in kinds:
        count = max(count, 1)
    elif before.unit.kind is laid.unit.kind is Kind.ASSIGNMENT and most == 1:
        count = min(count, 0 if is_symbols else 1)
    return "\n" * min(count, most)
