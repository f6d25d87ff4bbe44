"""Where entries stand in a merged container, by their keys alone."""

from collections.abc import Sequence

from apigen.merge.data.tree import Shape


def placed(
    base: Sequence[str],
    mine: Sequence[str],
    theirs: Sequence[str],
    kept: frozenset[str],
    *,
    shape: Shape,
) -> list[str]:
    """Return the keys to keep in their order.

    The order is the owner's; of a sequence that only the other side reordered, theirs. What the
    leading side does not have stands after its nearest predecessor in the side that brought it.
    """
    leading, following = mine, theirs
    if shape is Shape.SEQUENCE:
        shared = set(base) & set(mine) & set(theirs)
        older, ours, other = ([k for k in keys if k in shared] for keys in (base, mine, theirs))
        if ours == older != other:
            leading, following = theirs, mine
    order = [key for key in leading if key in kept]
    present = set(order)
    for index, key in enumerate(following):
        if key in kept and key not in present:
            before = next((k for k in reversed(following[:index]) if k in present), None)
            order.insert(0 if before is None else order.index(before) + 1, key)
            present.add(key)
    return order


def is_torn(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], *, is_ordered: bool
) -> bool:
    """Whether both sides put different items into the place of the same one.

    Where the place of an item has a meaning, two different items at one place are enough.
    """
    if tuple(mine) == tuple(base) or tuple(theirs) == tuple(base):
        return False
    from merge3 import Merge3

    known = set(base)
    for region in Merge3(list(base), list(mine), list(theirs)).merge_regions():
        if region[0] != "conflict":
            continue
        _, start, end, ours, ours_end, other, other_end = region
        brought = set(mine[ours:ours_end]) - known
        other_brought = set(theirs[other:other_end]) - known
        if not brought - other_brought or not other_brought - brought:
            continue
        gone = [key for key in base[start:end] if key not in mine and key not in theirs]
        if is_ordered or gone:
            return True
    return False
