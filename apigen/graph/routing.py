"""Lead every edge through the gutters: x of the columns, a track for each net, points of each line.

Tracks of a gutter are ordered so that few lines cross and none runs on top of another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field

from apigen.graph.columns import Cell
from apigen.graph.diagram import Diagram
from apigen.graph.measures import Size, row_offset
from apigen.graph.nets import NetKey, Trip, port_offsets
from apigen.graph.placement import Placement
from apigen.values import dataclass

type Point = tuple[int, int]

TRACK_WIDTH = 11
GUTTER_SIDE = 34
OUTER_SIDE = 42
"""Room beside a column for the symbols at the ends of lines and the frame of its group."""
_ON_TOP_COST = 20
_NEAR = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Position and size of a box."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The points of one edge, from source to target, all turns at right angles."""

    trip: Trip
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Everything in its place; `column_edges` has left and right of every column."""

    frames: Mapping[str, Frame]
    lines: tuple[Line, ...]
    column_edges: tuple[tuple[int, int], ...]
    width: int


@dataclass(slots=True, kw_only=True)
class _Crossing:
    """What one net does in one gutter: the heights at which it comes in on either side."""

    left: set[int] = field(default_factory=set)
    right: set[int] = field(default_factory=set)

    @property
    def low(self) -> int:
        return min(self.left | self.right)

    @property
    def high(self) -> int:
        return max(self.left | self.right)

    @property
    def is_straight(self) -> bool:
        return self.low == self.high and bool(self.left) and bool(self.right)


def route(
    diagram: Diagram,
    cells: Mapping[str, Cell],
    sizes: Mapping[str, Size],
    trips: Sequence[Trip],
    placement: Placement,
) -> Drawing:
    """Return the drawing; x starts at 0 with the first gutter."""
    column_count = max(cell.column for cell in cells.values()) + 1
    ports = port_offsets(trips)
    heights = [_heights(trip, placement, ports) for trip in trips]
    gutters: list[dict[NetKey, _Crossing]] = [{} for _ in range(column_count + 1)]
    for trip, marks in zip(trips, heights, strict=True):
        for index, gutter in enumerate(trip.gutters):
            crossing = gutters[gutter].setdefault(trip.net, _Crossing())
            enters, leaves = marks[index], marks[index + 1]
            if trip.net.on_left:
                crossing.left.add(enters)
                crossing.right.add(leaves)
            elif trip.leaves_right:
                crossing.left.update((enters, leaves))
            else:
                crossing.right.add(enters)
                crossing.left.add(leaves)
    tracks = [_tracks(nets) for nets in gutters]
    column_edges: list[tuple[int, int]] = []
    starts: list[int] = []
    x = 0
    for column in range(column_count + 1):
        starts.append(x)
        used = max(tracks[column].values(), default=-1) + 1
        is_outer_and_free = not used and column in {0, column_count}
        x += OUTER_SIDE if is_outer_and_free else 2 * GUTTER_SIDE + max(used - 1, 0) * TRACK_WIDTH
        if column < column_count:
            inside = [sizes[key].width for key, cell in cells.items() if cell.column == column]
            column_edges.append((x, x + max(inside, default=0)))
            x = column_edges[-1][1]
    frames = _frames(diagram, cells, sizes, placement, column_edges)
    lines = tuple(
        Line(trip=trip, points=_points(trip, marks, frames, tracks, starts))
        for trip, marks in zip(trips, heights, strict=True)
    )
    return Drawing(frames=frames, lines=lines, column_edges=tuple(column_edges), width=x)


def _heights(trip: Trip, placement: Placement, ports: Mapping[NetKey, int]) -> tuple[int, ...]:
    """Return y at the source, in each corridor, and at the target."""
    return (
        placement.tops[trip.edge.source] + row_offset(trip.edge.row),
        *(placement.tops[(trip.net, column)] for column in trip.passed),
        placement.tops[trip.edge.target] + ports[trip.net],
    )


def _frames(
    diagram: Diagram,
    cells: Mapping[str, Cell],
    sizes: Mapping[str, Size],
    placement: Placement,
    column_edges: Sequence[tuple[int, int]],
) -> dict[str, Frame]:
    frames: dict[str, Frame] = {}
    for box in diagram.boxes:
        left, right = column_edges[cells[box.key].column]
        frames[box.key] = Frame(
            x=left,
            y=placement.tops[box.key],
            # All boxes of a column are as wide as the widest: lines then end where it ends.
            width=right - left,
            height=sizes[box.key].height,
        )
    return frames


def _points(
    trip: Trip,
    marks: Sequence[int],
    frames: Mapping[str, Frame],
    tracks: Sequence[Mapping[NetKey, int]],
    starts: Sequence[int],
) -> tuple[Point, ...]:
    source, target = frames[trip.edge.source], frames[trip.edge.target]
    points: list[Point] = [(source.x + source.width * trip.leaves_right, marks[0])]
    for index, gutter in enumerate(trip.gutters):
        enters, leaves = marks[index], marks[index + 1]
        if enters != leaves:
            x = starts[gutter] + GUTTER_SIDE + tracks[gutter][trip.net] * TRACK_WIDTH
            points += [(x, enters), (x, leaves)]
    points.append((target.x + target.width * (not trip.net.on_left), marks[-1]))
    return tuple(points)


def _tracks(nets: Mapping[NetKey, _Crossing]) -> dict[NetKey, int]:
    """Return the track of every net that turns in a gutter, 0 at the left."""
    turning = sorted(key for key, crossing in nets.items() if not crossing.is_straight)
    order = _fewest_crossings(turning, nets)
    tracks: dict[NetKey, int] = {}
    for index, key in enumerate(order):
        taken = [tracks[before] for before in order[:index] if _meet(nets[before], nets[key])]
        tracks[key] = max(taken, default=-1) + 1
    return tracks


def _meet(one: _Crossing, other: _Crossing) -> bool:
    return one.low <= other.high + _NEAR and other.low <= one.high + _NEAR


def _fewest_crossings(keys: Sequence[NetKey], nets: Mapping[NetKey, _Crossing]) -> list[NetKey]:
    """Return an order that no exchange of two neighbours makes better."""
    order = list(keys)
    for _ in range(len(order)):
        is_better = False
        for index in range(len(order) - 1):
            here, there = nets[order[index]], nets[order[index + 1]]
            if _clashes(there, here) < _clashes(here, there):
                order[index], order[index + 1] = order[index + 1], order[index]
                is_better = True
        if not is_better:
            break
    return order


def _clashes(left: _Crossing, right: _Crossing) -> int:
    """Return what it costs to have one net on a track left of another."""
    crossings = sum(right.low < y < right.high for y in left.right)
    crossings += sum(left.low < y < left.high for y in right.left)
    on_top = sum(abs(y - other) < _NEAR for y in left.right for other in right.left)
    return crossings + _ON_TOP_COST * on_top
