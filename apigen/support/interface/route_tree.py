"""Find the route of a request by the segments of its path, in one walk.

FastAPI asks every route of every included router whether it matches, and then once more. Of the
routes that match, the first that was added counts: here as there.

Source: requirement 84.1.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from sys import maxsize

type _Order = tuple[int, int]
"""Of what was added to the tree, and of what came of it."""

_NEVER: _Order = (maxsize, 0)


@dataclass(frozen=True)
class _End[RouteT]:
    route: RouteT
    order: _Order


@dataclass(slots=True)
class _Node[RouteT]:
    """What follows after some segments."""

    words: dict[str, "_Node[RouteT]"] = field(default_factory=dict)
    any: "_Node[RouteT] | None" = None
    ends: dict[str, _End[RouteT]] = field(default_factory=dict)
    """The first route that ends here, by method."""
    hidden: _Order = _NEVER
    """Place in the order of the first route somewhere below that the tree can not hold."""
    unknown: list[tuple[_Order, Callable[[], None]]] = field(default_factory=list)
    """What adds routes below, when somebody comes by."""


class RouteTree[RouteT]:
    """Routes, in the order in which they are asked."""

    def __init__(self) -> None:
        """Begin without routes."""
        self._root = _Node[RouteT]()
        self._order: _Order = (0, 0)
        self._is_growing = False

    def add(self, path: str, methods: Sequence[str], route: RouteT) -> None:
        """Add a route.

        Args:
            path: Each segment is a word, or one parameter: `/orders/{id}/lines`.
            methods: Those that it serves.
            route: What `find` returns.
        """
        node = self._node(path)
        order = self._next()
        for method in methods:
            node.ends.setdefault(method, _End(route, order))

    def hide(self, path: str) -> None:
        """Take notice of a route of another kind: whatever it may match, `find` does not find.

        Args:
            path: May have anything after its first brace.
        """
        node = self._root
        for segment in path.split("/"):
            if "{" in segment:
                break
            node = node.words.setdefault(segment, _Node())
        node.hidden = min(node.hidden, self._next())

    def postpone(self, prefix: str, grow: Callable[[], None]) -> None:
        """Let `grow` add routes, as if it did now, when a path below `prefix` is looked for first.

        Args:
            prefix: What the paths of all of them begin with; plain.
            grow: Adds and hides.
        """
        self._node(prefix).unknown.append((self._next(), grow))

    def find(self, segments: Sequence[str], method: str) -> RouteT | None:
        """Return the route of a path; None when there is none, or another one may be meant."""
        nodes = [self._root]
        hidden = _NEVER
        for segment in segments:
            following = []
            for node in nodes:
                self._grow(node)
                hidden = min(hidden, node.hidden)
                if (word := node.words.get(segment)) is not None:
                    following.append(word)
                if node.any is not None and segment:
                    following.append(node.any)
            nodes = following
        found: _End[RouteT] | None = None
        for node in nodes:
            self._grow(node)
            hidden = min(hidden, node.hidden)
            end = node.ends.get(method)
            if end is not None and (found is None or end.order < found.order):
                found = end
        return None if found is None or hidden < found.order else found.route

    def _node(self, path: str) -> _Node[RouteT]:
        node = self._root
        for segment in path.split("/"):
            if _is_parameter(segment):
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.words.setdefault(segment, _Node())
        return node

    def _next(self) -> _Order:
        first, second = self._order
        self._order = (first, second + 1) if self._is_growing else (first + 1, 0)
        return self._order

    def _grow(self, node: _Node[RouteT]) -> None:
        while node.unknown:
            order, grow = node.unknown[0]
            last = self._order
            self._order, self._is_growing = order, True
            try:
                grow()
            finally:
                self._order, self._is_growing = last, False
            del node.unknown[0]


def is_plain(path: str) -> bool:
    """Tell whether each segment of a path is a word or one parameter."""
    return all("{" not in segment or _is_parameter(segment) for segment in path.split("/"))


def _is_parameter(segment: str) -> bool:
    return segment[:1] == "{" and segment.find("}") == len(segment) - 1
