"""Whose turn it is, where several wait and some are to come more often than others.

Source: requirement 67.4.
"""

from collections.abc import Iterable, Mapping


class WeightedTurns:
    """Gives turns by weight: of those who wait, one of weight 4 has four for each of weight 1.

    Whoever has a weight comes to have a turn, however many others wait. Turns that somebody had no
    use for are not made up for later.
    """

    def __init__(self, weights: Mapping[str, float], *, usual: float = 1.0) -> None:
        """Give turns by these weights.

        Args:
            weights: By name; all above zero.
            usual: The weight of whoever has none.
        """
        self._weights = weights
        self._usual = usual
        self._passed: dict[str, float] = {}
        self._waiting: frozenset[str] = frozenset()
        self._now = 0.0

    def order(self, waiting: Iterable[str]) -> list[str]:
        """Return those who wait, whose turn it is first."""
        names = frozenset(waiting)
        for name in names - self._waiting:
            self._passed[name] = max(self._passed.get(name, 0.0), self._now)
        self._waiting = names
        return sorted(names, key=lambda name: (self._passed[name] + self._step(name), name))

    def taken(self, name: str) -> None:
        """Take notice that somebody had a turn."""
        begun = self._passed.get(name, self._now)
        self._now = max(self._now, begun)
        self._passed[name] = begun + self._step(name)

    def _step(self, name: str) -> float:
        return 1.0 / self._weights.get(name, self._usual)
