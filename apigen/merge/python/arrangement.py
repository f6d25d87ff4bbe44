"""The rows of a three-way merge, and the order of what is left of them."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from apigen.merge.python.matching import Pairs
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One element by its index in base, mine and theirs; None where it is missing."""

    base: int | None
    mine: int | None
    theirs: int | None


def rows(
    lengths: tuple[int, int, int],
    base_to_mine: Pairs,
    base_to_theirs: Pairs,
    added: Callable[[list[int], list[int]], Pairs],
) -> tuple[Row, ...]:
    """Give a row for every element of the three versions.

    Args:
        lengths: Of base, mine and theirs.
        base_to_mine: Pairs of base and mine.
        base_to_theirs: Pairs of base and theirs.
        added: Pairs what both sides added, given the indexes of each.
    """
    count, mine_count, theirs_count = lengths
    old_mine = set(base_to_mine.values())
    old_theirs = set(base_to_theirs.values())
    mine_added = [index for index in range(mine_count) if index not in old_mine]
    theirs_added = [index for index in range(theirs_count) if index not in old_theirs]
    both = added(mine_added, theirs_added) if mine_added and theirs_added else {}
    taken = set(both.values())
    return (
        *(
            Row(base=index, mine=base_to_mine.get(index), theirs=base_to_theirs.get(index))
            for index in range(count)
        ),
        *(Row(base=None, mine=index, theirs=both.get(index)) for index in mine_added),
        *(Row(base=None, mine=None, theirs=index) for index in theirs_added if index not in taken),
    )


def _is_rising(numbers: Sequence[int]) -> bool:
    return all(one < other for one, other in pairwise(numbers))


def reordered(table: Sequence[Row]) -> bool:
    """Whether the owner changed the order of what apigen wrote."""
    return not _is_rising(
        [row.mine for row in table if row.base is not None and row.mine is not None]
    )


def arranged(
    table: Sequence[Row],
    kept: Callable[[Row], bool],
    passes: Callable[[Row, Row], bool] | None = None,
) -> list[Row]:
    """Put what is left in order: the owner's if they reordered, else that of theirs.

    What the one side lacks stands after its nearest predecessor. Where both sides added at one
    place, the generated comes first.

    Args:
        table: All rows.
        kept: Whether a row is in the result.
        passes: Whether the owner's row may stand after a generated one; without it, it may
            unless it is the owner's first.
    """
    left = [row for row in table if kept(row)]
    mine = sorted((row for row in left if row.mine is not None), key=lambda row: row.mine or 0)
    theirs = sorted(
        (row for row in left if row.theirs is not None), key=lambda row: row.theirs or 0
    )
    all_mine = sorted((row for row in table if row.mine is not None), key=lambda row: row.mine or 0)
    all_theirs = sorted(
        (row for row in table if row.theirs is not None), key=lambda row: row.theirs or 0
    )
    if reordered(table):
        order = list(mine)
        _insert(order, [row for row in theirs if row.mine is None], all_theirs, None)
    else:
        order = list(theirs)
        own = [row for row in mine if row.theirs is None]
        _insert(order, own, all_mine, passes or _stays_first(all_mine))
    # What neither side has any more is kept only as a conflict about base.
    order += [row for row in left if row.mine is None and row.theirs is None]
    return order


def _stays_first(sequence: Sequence[Row]) -> Callable[[Row, Row], bool]:
    return lambda row, _other: row is not sequence[0]


def _insert(
    order: list[Row],
    rows: Sequence[Row],
    sequence: Sequence[Row],
    passes: Callable[[Row, Row], bool] | None,
) -> None:
    place = {id(row): index for index, row in enumerate(sequence)}
    for row in rows:
        present = {id(each): index for index, each in enumerate(order)}
        earlier = reversed(sequence[: place[id(row)]])
        at = next((present[id(each)] + 1 for each in earlier if id(each) in present), 0)
        while passes and at < len(order) and order[at].mine is None and passes(row, order[at]):
            at += 1
        order.insert(at, row)
