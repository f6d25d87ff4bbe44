"""Which unit of one version of a body is which unit of another."""

from collections.abc import Sequence

from apigen.merge.python.matching import Pairs, best_in_order, by_key, in_order, likeness
from apigen.merge.python.named_results import named_result
from apigen.merge.python.units import Kind, Unit

_LIKE = 0.75
"""Share of tokens from which on a deleted and an added definition are one that was renamed."""
_LONG = 12
"""Tokens from which on an assignment can be known again under another name."""


def _bare(unit: Unit) -> tuple[str, ...]:
    return tuple(form for form in unit.norm if form != unit.name)


def match_symbols(one: Sequence[Unit], other: Sequence[Unit]) -> Pairs:
    """Pair units by name, and what has none by likeness."""
    pairs = by_key(
        [each.key for each in one],
        [each.key for each in other],
        [each.norm for each in one],
        [each.norm for each in other],
    )
    taken = set(pairs.values())
    left = [index for index in range(len(one)) if index not in pairs]
    right = [index for index in range(len(other)) if index not in taken]

    def score(a: int, b: int) -> float:
        mine, theirs = one[a], other[b]
        if mine.kind is not theirs.kind or mine.kind is Kind.COMMENT:
            return 0.0
        if mine.kind in {Kind.COMPOUND, Kind.SIMPLE} and type(mine.node) is type(theirs.node):
            alike = likeness(mine.norm, theirs.norm)
            return alike if alike > 0.5 else 0.0
        return 0.0

    pairs.update(best_in_order(left, right, score))
    return pairs


def match_with_renames(one: Sequence[Unit], other: Sequence[Unit]) -> Pairs:
    """Pair units of base with those of mine, the ones that the owner renamed too.

    What apigen renames undeclared is not paired: it may as well be another thing that looks alike.
    """
    pairs = match_symbols(one, other)
    return pairs | renamed(one, other, pairs)


def renamed(one: Sequence[Unit], other: Sequence[Unit], pairs: Pairs) -> Pairs:
    """Pair definitions that are the same but for their name, the likest first."""
    taken = set(pairs.values())
    found = []
    for a, mine in enumerate(one):
        if a in pairs or mine.kind not in {Kind.DEFINITION, Kind.ASSIGNMENT}:
            continue
        for b, theirs in enumerate(other):
            if (
                b in taken
                or type(mine.node) is not type(theirs.node)
                or mine.key[2:] != theirs.key[2:]
            ):
                continue
            if mine.kind is Kind.ASSIGNMENT and min(len(mine.norm), len(theirs.norm)) < _LONG:
                continue
            alike = likeness(_bare(mine), _bare(theirs))
            if alike > _LIKE:
                found.append((-alike, a, b))
    result: Pairs = {}
    for _alike, a, b in sorted(found):
        if a not in result and b not in result.values():
            result[a] = b
    return result


def match_statements(
    one: Sequence[Unit], other: Sequence[Unit], *, is_owners: bool = False
) -> Pairs:
    """Pair equal statements in their order, and between them those of one kind and purpose.

    Args:
        one: The statements as they were.
        other: And as they are.
        is_owners: Whether the owner made these of those, and may have named a result.
    """

    def score(a: int, b: int) -> float:
        mine, theirs = one[a], other[b]
        if is_owners and (alike := named_result(mine, theirs)):
            return 2.0 + alike
        if mine.kind is not theirs.kind or type(mine.node) is not type(theirs.node):
            return 0.0
        if mine.kind is Kind.COMMENT:
            return 0.0
        alike = likeness(mine.norm, theirs.norm)
        if mine.key == theirs.key and mine.key[0] != "line":
            return 1.0 + alike
        return alike if alike > 0.5 else 0.0

    return in_order([each.norm for each in one], [each.norm for each in other], score)
