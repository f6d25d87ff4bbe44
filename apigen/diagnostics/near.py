"""Names that are probably meant: the closest by edit distance, of a given kind only."""

from collections.abc import Iterable


def distance(left: str, right: str, *, limit: int) -> int:
    """Return the Damerau distance (optimal string alignment), or `limit + 1` when it is greater."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        last, row, before = row, [i], row if i == 1 else before
        for j, b in enumerate(right, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = last
        if min(row) > limit:
            return limit + 1
    return row[-1]


def nearest(name: str, known: Iterable[str], *, limit: int = 2) -> tuple[str, ...]:
    """Return up to three of `known` within `limit` edits, the closest first, ties in order.

    Case does not count as an edit. Names of three letters or fewer allow one edit only, as
    otherwise everything is near to everything.
    """
    allowed = min(limit, 1) if len(name) <= 3 else limit
    wanted = name.lower()
    ranked = sorted(
        (
            (found, position, candidate)
            for position, candidate in enumerate(dict.fromkeys(known))
            if (found := distance(wanted, candidate.lower(), limit=allowed)) <= allowed
        ),
    )
    return tuple(candidate for _, _, candidate in ranked[:3])


def is_certain(name: str, near: tuple[str, ...]) -> bool:
    """Whether one name is near, and so near that writing it in place is safe."""
    if len(near) != 1:
        return False
    return distance(name.lower(), near[0].lower(), limit=1) <= 1


def did_you_mean(names: tuple[str, ...]) -> str:
    """Return "did you mean `a` or `b`?", or nothing for no names."""
    if not names:
        return ""
    return f"did you mean {one_of(names)}?"


def one_of(names: Iterable[str]) -> str:
    """Return "`a`, `b` or `c`"."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) == 1:
        return quoted[0]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
