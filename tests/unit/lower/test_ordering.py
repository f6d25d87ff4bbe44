"""Ordering by reference."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from apigen.lower.ordering import targets_first

GRAPHS = st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 12), max_size=4), max_size=10)


@given(GRAPHS)
def test_every_node_comes_once_and_after_its_targets(graph: dict[int, list[int]]) -> None:
    order = targets_first(graph, lambda node: graph[node])

    assert sorted(order.nodes) == sorted(graph)
    place = {node: number for number, node in enumerate(order.nodes)}
    if not order.circles:
        for node, targets in graph.items():
            assert all(place[t] < place[node] for t in targets if t in graph)
    for circle in order.circles:
        assert circle[0] == circle[-1]
        assert all(b in graph[a] for a, b in pairwise(circle))


def test_without_references_the_order_stays() -> None:
    assert targets_first("cab", lambda _: ()).nodes == ("c", "a", "b")
