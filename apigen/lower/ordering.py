"""Order things so that what is referred to comes first, and find the circles in the way.

Without recursion, as a spec may refer through thousands of steps.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator

from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Order[T]:
    """Nodes, a target before what refers to it, and each circle that made this impossible."""

    nodes: tuple[T, ...]
    circles: tuple[tuple[T, ...], ...]
    """Each closed: the first node is repeated at the end."""


def targets_first[T: Hashable](nodes: Iterable[T], targets: Callable[[T], Iterable[T]]) -> Order[T]:
    """Return the nodes in order; those of equal standing keep the order they are given in."""
    known = dict.fromkeys(nodes)
    done: dict[T, None] = {}
    circles: list[tuple[T, ...]] = []
    for start in known:
        if start in done:
            continue
        path: dict[T, Iterator[T]] = {start: iter(tuple(targets(start)))}
        while path:
            node, pending = next(reversed(path.items()))
            step = next((target for target in pending if target in known), None)
            if step is None:
                del path[node]
                done[node] = None
            elif step in path:
                nodes_on_path = list(path)
                circles.append((*nodes_on_path[nodes_on_path.index(step) :], step))
            elif step not in done:
                path[step] = iter(tuple(targets(step)))
    return Order(nodes=tuple(done), circles=tuple(circles))
