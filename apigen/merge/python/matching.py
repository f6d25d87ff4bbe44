"""Which element of one version is which element of another.

Elements are matched by key, then by content, then by likeness in their order. Nothing here knows
what an element is: units of a block and items of a list are both matched here.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher

type Pairs = dict[int, int]
"""Index in the one to index in the other."""
type Norm = tuple[str, ...]

_MOST_COMPARISONS = 4000
"""Above this many pairs in a gap, elements are compared with their neighbours only."""


def likeness(one: Norm, other: Norm) -> float:
    """Give the share of tokens that two elements have in common, 0 to 1."""
    if not one or not other:
        return 0.0
    common = sum((Counter(one) & Counter(other)).values())
    return 2 * common / (len(one) + len(other))


def equal_runs(one: Sequence[Hashable], other: Sequence[Hashable]) -> Pairs:
    """Give the pairs of a longest common subsequence."""
    pairs: Pairs = {}
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for start, other_start, size in matcher.get_matching_blocks():
        pairs.update((start + step, other_start + step) for step in range(size))
    return pairs


def best_in_order(
    one: Sequence[int], other: Sequence[int], score: Callable[[int, int], float]
) -> Pairs:
    """Pair two sequences without crossing so that the scores add up to the most; 0 never pairs."""
    if not one or not other:
        return {}
    if len(one) * len(other) > _MOST_COMPARISONS:
        return {a: b for a, b in zip(one, other, strict=False) if score(a, b) > 0}
    best = [[0.0] * (len(other) + 1) for _ in range(len(one) + 1)]
    scores = [[score(a, b) for b in other] for a in one]
    for row in range(len(one) - 1, -1, -1):
        for column in range(len(other) - 1, -1, -1):
            value = scores[row][column]
            best[row][column] = max(
                best[row + 1][column],
                best[row][column + 1],
                best[row + 1][column + 1] + value if value > 0 else 0,
            )
    pairs: Pairs = {}
    row = column = 0
    while row < len(one) and column < len(other):
        value = scores[row][column]
        if value > 0 and best[row][column] == best[row + 1][column + 1] + value:
            pairs[one[row]] = other[column]
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs


def gaps(pairs: Pairs, length: int, other_length: int) -> Iterable[tuple[range, range]]:
    """Give the runs that pairs in order leave unmatched on both sides."""
    row = column = 0
    for a, b in [*sorted(pairs.items()), (length, other_length)]:
        if row < a and column < b:
            yield range(row, a), range(column, b)
        row, column = a + 1, b + 1


def by_key(
    one: Sequence[Hashable],
    other: Sequence[Hashable],
    norms: Sequence[Norm],
    other_norms: Sequence[Norm],
) -> Pairs:
    """Pair elements of equal keys; among several of one key equal ones first, then the likest."""
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(other):
        places[key].append(index)
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(one):
        groups[key].append(index)
    pairs: Pairs = {}
    for key, mine in groups.items():
        theirs = places.get(key, [])
        if len(mine) == 1 and len(theirs) == 1:
            pairs[mine[0]] = theirs[0]
            continue
        equal = equal_runs([norms[a] for a in mine], [other_norms[b] for b in theirs])
        pairs.update((mine[a], theirs[b]) for a, b in equal.items())
        for rows, columns in gaps(equal, len(mine), len(theirs)):
            pairs.update(
                best_in_order(
                    [mine[a] for a in rows],
                    [theirs[b] for b in columns],
                    lambda a, b: 0.01 + likeness(norms[a], other_norms[b]),
                )
            )
    return pairs


def in_order(
    norms: Sequence[Norm],
    other_norms: Sequence[Norm],
    score: Callable[[int, int], float],
    *,
    moved_from: int = 4,
) -> Pairs:
    """Pair equal elements in their order, then the likest between them, then what was moved.

    Args:
        norms: Of the one.
        other_norms: Of the other.
        score: How much an element of the one is like one of the other; 0 never pairs.
        moved_from: How many tokens an element needs to be known again at another place.
    """
    pairs = equal_runs(norms, other_norms)
    for rows, columns in list(gaps(pairs, len(norms), len(other_norms))):
        pairs.update(best_in_order(list(rows), list(columns), score))
    taken = set(pairs.values())
    left: defaultdict[Norm, list[int]] = defaultdict(list)
    for index, norm in enumerate(other_norms):
        if index not in taken and len(norm) >= moved_from:
            left[norm].append(index)
    for index, norm in enumerate(norms):
        if index not in pairs and left.get(norm):
            pairs[index] = left[norm].pop(0)
    return pairs
