"""Both sides changed one statement: take it apart until each part was changed by one side only.

A part that both changed raises `Clash`, and the statement around it becomes the conflict; an item
that stands on a line of its own becomes one by itself.
"""

import ast
from itertools import pairwise

from apigen.merge.python.chains import chain, merge_chains
from apigen.merge.python.findings import Clash, Findings
from apigen.merge.python.items import Element, Placed
from apigen.merge.python.list_merge import merge_items
from apigen.merge.python.slot import Slot
from apigen.merge.python.slots import element_slots, slots
from apigen.merge.python.source import Source
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A span cut into slots."""

    source: Source
    start: int
    end: int
    slots: tuple[Slot, ...]
    is_call: bool = False


def shape(source: Source, node: ast.AST, start: int, end: int) -> Shape:
    """Cut the span of a node, which may be longer than the node."""
    found = slots(source, node)
    if any(one.end > other.start for one, other in pairwise(found)):
        found = ()
    if any(each.start < start or each.end > end for each in found):
        found = ()
    return Shape(
        source=source, start=start, end=end, slots=found, is_call=isinstance(node, ast.Call)
    )


def _glue(cut: Shape, name: str | None) -> tuple[int, int]:
    """Give the span between a slot and the one before; of None, that after the last."""
    before = cut.start
    for slot in cut.slots:
        if slot.name == name:
            return before, slot.start
        before = slot.end
    return before, cut.end


def _merged_glue(base: Shape, mine: Shape, theirs: Shape, name: str | None) -> str:
    spans = [(cut, *_glue(cut, name)) for cut in (base, mine, theirs)]
    norms = [cut.source.norm(start, end) for cut, start, end in spans]
    if norms[0] == norms[2] or norms[1] == norms[2]:
        cut, start, end = spans[1]
    elif norms[0] == norms[1]:
        text = theirs.source.text[spans[2][1] : spans[2][2]]
        if theirs.source.line_start(spans[2][1]) == spans[2][1]:
            return mine.source.indent(spans[1][1]) + text.lstrip(" \t")
        return text
    else:
        raise Clash
    return cut.source.text[start:end]


def merge_shapes(
    base: Shape, mine: Shape, theirs: Shape, *, findings: Findings, symbol: str
) -> str:
    """Give the text of a span that both sides changed, in the owner's layout.

    Raises:
        Clash: Both sides changed the same part.
    """
    if not (base.slots or mine.slots or theirs.slots):
        return _merged_glue(base, mine, theirs, None)
    of_base, of_mine, of_theirs = (
        {slot.name: slot for slot in cut.slots} for cut in (base, mine, theirs)
    )
    names = list(of_mine)
    before: str | None = None
    for name in of_theirs:
        if name not in of_mine:
            names.insert(names.index(before) + 1 if before is not None else 0, name)
        before = name
    parts: list[str] = []
    for name in names:
        old, own, new = of_base.get(name), of_mine.get(name), of_theirs.get(name)
        if old and own and new:
            parts.append(_merged_glue(base, mine, theirs, name))
            parts.append(merge_slots(old, own, new, base, findings=findings, symbol=symbol))
            continue
        if any(slot is not None and not slot.optional for slot in (old, own, new)):
            raise Clash
        if own and not old:
            if new and new.norm != own.norm:
                if not (own.items and new.items):
                    raise Clash
                parts.append(mine.source.text[_glue(mine, name)[0] : own.start])
                parts.append(
                    _merge_lists(None, own, new, is_call=False, findings=findings, symbol=symbol)
                )
                continue
            parts.append(mine.source.text[_glue(mine, name)[0] : own.end])
        elif new and not old:
            parts.append(new.prefix + new.text)
        elif own and old:
            if own.norm != old.norm:
                raise Clash
        elif new and old and new.norm != old.norm:
            raise Clash
    start, end = _glue(mine, None)
    if set(of_base) == set(of_mine) == set(of_theirs) or _tail(base) != _tail(theirs):
        parts.append(_merged_glue(base, mine, theirs, None))
    else:
        parts.append(mine.source.text[start:end])
    return "".join(parts)


def _tail(cut: Shape) -> tuple[str, ...]:
    return cut.source.norm(*_glue(cut, None))


def merge_slots(
    base: Slot, mine: Slot, theirs: Slot, parent: Shape, *, findings: Findings, symbol: str
) -> str:
    """Give the text of one part.

    Raises:
        Clash: Both sides changed the same leaf.
    """
    if theirs.norm == base.norm or mine.norm == theirs.norm:
        return mine.text
    if mine.text == base.text:
        return theirs.text

    def operand(old: Slot, own: Slot, new: Slot) -> str:
        return merge_slots(old, own, new, parent, findings=findings, symbol=symbol)

    try:
        if base.items and mine.items and theirs.items:
            return _merge_lists(
                base, mine, theirs, is_call=parent.is_call, findings=findings, symbol=symbol
            )
        if (
            base.node
            and mine.node
            and theirs.node
            and type(base.node) is type(mine.node) is type(theirs.node)
        ):
            chains = [
                chain(slot.source, slot.node, slot.start, slot.end)
                for slot in (base, mine, theirs)
                if slot.node
            ]
            old, own, new = chains
            if old and own and new and old.operator == own.operator == new.operator:
                return merge_chains(old, own, new, operand)
            shapes = [
                shape(slot.source, slot.node, slot.start, slot.end)
                for slot in (base, mine, theirs)
                if slot.node
            ]
            if all(cut.slots for cut in shapes):
                return merge_shapes(*shapes, findings=findings, symbol=symbol)
    except Clash:
        if mine.norm == base.norm:
            return theirs.text
        raise
    if mine.norm == base.norm:
        return theirs.text
    raise Clash


def _merge_lists(
    base: Slot | None, mine: Slot, theirs: Slot, *, is_call: bool, findings: Findings, symbol: str
) -> str:
    assert mine.items
    assert theirs.items

    def descend(old: Element, own: Element, new: Element) -> Placed:
        return _descended(old, own, new, findings=findings, symbol=symbol)

    inner = merge_items(
        base.items if base else None,
        mine.items,
        theirs.items,
        is_call=is_call,
        descend=descend,
        findings=findings,
        symbol=symbol,
    )
    text = mine.source.text
    return text[mine.start : mine.items.start] + inner + text[mine.items.end : mine.end]


def _descended(
    old: Element, own: Element, new: Element, *, findings: Findings, symbol: str
) -> Placed:
    if old.comments_above != new.comments_above or old.comment_after != new.comment_after:
        mine = (own.comments_above, own.comment_after)
        if mine != (old.comments_above, old.comment_after) and mine != (
            new.comments_above,
            new.comment_after,
        ):
            raise Clash
        carrier = new
    else:
        carrier = own
    cuts = [
        Shape(source=each.source, start=each.start, end=each.end, slots=element_slots(each))
        for each in (old, own, new)
    ]
    text = merge_shapes(*cuts, findings=findings, symbol=symbol)
    return Placed(text=text, element=carrier, is_mine=carrier is own)
