"""Bundle edges: those that end at the same place in the same way share one line to it.

A net runs through gutters, the empty strips beside the columns: gutter 0 is left of column 0,
gutter n right of column n - 1. Where it must pass a column it needs a corridor through it.
"""

from collections.abc import Mapping, Sequence

from apigen.graph.columns import Cell
from apigen.graph.diagram import Diagram, Edge, EdgeKind, End
from apigen.graph.measures import HEADER_HEIGHT
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class NetKey:
    """What edges of one net have in common."""

    target: str
    on_left: bool
    """Whether it reaches the left side of its target."""
    kind: EdgeKind
    target_end: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One edge on its way: gutters and passed columns, from source to target."""

    edge: Edge
    net: NetKey
    gutters: tuple[int, ...]
    passed: tuple[int, ...]
    """One fewer than the gutters: the column between each two."""

    leaves_right: bool
    """Whether it leaves its source on the right side."""


def plan_trips(diagram: Diagram, cells: Mapping[str, Cell]) -> tuple[Trip, ...]:
    """Return the way of every edge, in the order of the edges."""
    return tuple(_trip(edge, cells) for edge in diagram.edges)


def _trip(edge: Edge, cells: Mapping[str, Cell]) -> Trip:
    start, goal = cells[edge.source].column, cells[edge.target].column
    if start < goal:
        gutters = tuple(range(start + 1, goal + 1))
        passed = tuple(range(start + 1, goal))
    elif start > goal:
        gutters = tuple(range(start, goal, -1))
        passed = tuple(range(start - 1, goal, -1))
    else:
        gutters = (start + 1,)
        passed = ()
    net = NetKey(
        target=edge.target,
        on_left=start < goal,
        kind=edge.kind,
        target_end=edge.target_end,
    )
    return Trip(
        edge=edge,
        net=net,
        gutters=gutters,
        passed=passed,
        leaves_right=start <= goal,
    )


def port_offsets(trips: Sequence[Trip]) -> dict[NetKey, int]:
    """Return how far below the top of its target each net arrives, within the header."""
    sides: dict[tuple[str, bool], list[NetKey]] = {}
    for trip in trips:
        ports = sides.setdefault((trip.net.target, trip.net.on_left), [])
        if trip.net not in ports:
            ports.append(trip.net)
    return {
        net: HEADER_HEIGHT * (index + 1) // (len(ports) + 1)
        for ports in sides.values()
        for index, net in enumerate(sorted(ports))
    }
