"""Chains of one operator, `a | b | c` and `a and b`, as the list of their operands."""

import ast
from collections.abc import Callable

from apigen.merge.python.arrangement import arranged, rows
from apigen.merge.python.findings import Clash
from apigen.merge.python.matching import Pairs, by_key, in_order, likeness
from apigen.merge.python.slot import Slot
from apigen.merge.python.source import Source
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """Operands, and what stands between them."""

    source: Source
    operands: tuple[ast.expr, ...]
    spans: tuple[tuple[int, int], ...]
    """Parentheses around an operand included."""
    operator: str

    def text(self, index: int) -> str:
        """Give an operand as written."""
        start, end = self.spans[index]
        return self.source.text[start:end]

    def norm(self, index: int) -> tuple[str, ...]:
        """Give the forms of an operand."""
        return self.source.norm(*self.spans[index])

    def between(self, index: int) -> str:
        """Give what stands in front of an operand."""
        return self.source.text[self.spans[index - 1][1] : self.spans[index][0]]


def chain(source: Source, node: ast.AST, start: int, end: int) -> Chain | None:
    """Give the operands of an expression, None when it is no chain or has comments in it."""
    if source.comments_in(start, end):
        return None
    if isinstance(node, ast.BoolOp):
        operands = list(node.values)
        operator = "and" if isinstance(node.op, ast.And) else "or"
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        operands = [node.right]
        left = node.left
        while (
            isinstance(left, ast.BinOp)
            and isinstance(left.op, ast.BitOr)
            and source.start(left) == start
        ):
            operands.append(left.right)
            left = left.left
        operands = [left, *reversed(operands)]
        operator = "|"
    else:
        return None
    spans: list[tuple[int, int]] = []
    position = start
    for index, operand in enumerate(operands):
        if index + 1 == len(operands):
            spans.append((source.solid_span(position, end)[0], end))
            continue
        # The operator is the last token before the next operand that is no bracket.
        after = source.text.rfind(operator, source.end(operand), source.start(operands[index + 1]))
        first, last = source.solid_span(position, after)
        spans.append((first, last))
        position = after + len(operator)
    return Chain(source=source, operands=tuple(operands), spans=tuple(spans), operator=operator)


def written(mine: Chain, parts: list[tuple[str, int | None]]) -> str:
    """Write operands in the owner's layout.

    Args:
        mine: The owner's chain.
        parts: Text of each operand, and its index in mine if it is there.
    """
    breaks = next(
        (mine.between(at) for at in range(1, len(mine.operands)) if "\n" in mine.between(at)), None
    )
    text = ""
    for position, (operand, index) in enumerate(parts):
        if position == 0:
            text = operand
        elif index is not None and index > 0:
            text += mine.between(index) + operand
        else:
            text += (breaks or f" {mine.operator} ") + operand
    return text


def merge_chains(
    base: Chain, mine: Chain, theirs: Chain, merge: Callable[[Slot, Slot, Slot], str]
) -> str:
    """Merge the operands of one operator as a list.

    Args:
        base: In base.
        mine: The owner's.
        theirs: The generated one.
        merge: Merges one operand.

    Raises:
        Clash: Both sides changed one operand.
    """
    norms = [
        [cut.norm(index) for index in range(len(cut.operands))] for cut in (base, mine, theirs)
    ]

    def pairs(cut: Chain, other_norms: list[tuple[str, ...]]) -> Pairs:
        def score(a: int, b: int) -> float:
            alike = likeness(norms[0][a], other_norms[b])
            alone = len(cut.operands) == len(base.operands)
            return alike + 0.01 if alone or alike > 0.5 else 0.0

        return in_order(norms[0], other_norms, score, moved_from=2)

    def added(left: list[int], right: list[int]) -> Pairs:
        own, new = [norms[1][index] for index in left], [norms[2][index] for index in right]
        return {left[a]: right[b] for a, b in by_key(own, new, own, new).items()}

    table = rows(
        (len(norms[0]), len(norms[1]), len(norms[2])),
        pairs(mine, norms[1]),
        pairs(theirs, norms[2]),
        added,
    )
    texts: dict[int, str] = {}
    for row in table:
        slots_of_row = [
            None
            if index is None
            else Slot(
                source=cut.source,
                name="operand",
                start=cut.spans[index][0],
                end=cut.spans[index][1],
                node=cut.operands[index],
            )
            for cut, index in ((base, row.base), (mine, row.mine), (theirs, row.theirs))
        ]
        old, own, new = slots_of_row
        if old and own and new:
            texts[id(row)] = merge(old, own, new)
        elif left := own or new:
            if old is None:
                texts[id(row)] = left.text
            elif left.norm != old.norm:
                raise Clash
    order = arranged(table, lambda row: id(row) in texts)
    if not order:
        raise Clash
    return written(mine, [(texts[id(row)], row.mine) for row in order])
