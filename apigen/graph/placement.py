"""Place boxes and corridors: who stands above whom in a column, and how far down.

Order comes from sweeps over the columns that pull every item to the middle of its neighbours;
the best order seen is kept. Heights then follow by isotonic regression: each item goes as near to
where its lines want it as its neighbours in the column let it, so lines become straight.
"""

from collections.abc import Iterable, Mapping, Sequence

from apigen.graph.columns import Cell
from apigen.graph.diagram import Diagram
from apigen.graph.measures import Size, row_offset
from apigen.graph.nets import NetKey, Trip, port_offsets
from apigen.values import dataclass

type ItemKey = str | tuple[NetKey, int]
"""A box by its key, or the corridor of a net through a column."""

SHELF_TOP = 28
SHELF_BOTTOM = 6
SHELF_GAP = 28
_BOX_MARGIN = 15
_CORRIDOR_MARGIN = 7
_SWEEPS = 12
_SETTLINGS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two points that a straight line should join: an item, and how far below its top."""

    first: ItemKey
    first_offset: int
    second: ItemKey
    second_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A row of groups: from its title to the bottom of its boxes."""

    top: int
    bottom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The top of every item, and the shelves."""

    tops: Mapping[ItemKey, int]
    shelves: tuple[Shelf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stack:
    """The items of one column on one shelf, top first."""

    column: int
    shelf: int
    items: tuple[ItemKey, ...]


def place(
    diagram: Diagram,
    cells: Mapping[str, Cell],
    sizes: Mapping[str, Size],
    trips: Sequence[Trip],
    *,
    top: int,
) -> Placement:
    """Return where everything stands; the first shelf begins at `top`."""
    heights: dict[ItemKey, int] = {box.key: sizes[box.key].height for box in diagram.boxes}
    stacks = _first_stacks(diagram, cells, trips)
    for stack in stacks:
        for item in stack.items:
            heights.setdefault(item, 0)
    shelves = _shelves(stacks, heights, top)
    links = links_of(trips)
    around = _neighbours(links)
    best, best_cost = stacks, float("inf")
    for sweep in range(_SWEEPS):
        tops = _settle(stacks, heights, shelves, around)
        cost = _strain(links, tops)
        if cost < best_cost:
            best, best_cost = stacks, cost
        stacks = _reordered(stacks, heights, shelves, around, tops, backwards=bool(sweep % 2))
    return Placement(tops=_settle(best, heights, shelves, around), shelves=shelves)


def links_of(trips: Sequence[Trip]) -> tuple[Link, ...]:
    """Return the straight pieces that the trips would like to be made of."""
    ports = port_offsets(trips)
    links: dict[Link, None] = {}
    for trip in trips:
        here: ItemKey = trip.edge.source
        offset = row_offset(trip.edge.row)
        for column in trip.passed:
            corridor = (trip.net, column)
            links[Link(first=here, first_offset=offset, second=corridor, second_offset=0)] = None
            here, offset = corridor, 0
        end = Link(
            first=here,
            first_offset=offset,
            second=trip.edge.target,
            second_offset=ports[trip.net],
        )
        links[end] = None
    return tuple(links)


def _first_stacks(
    diagram: Diagram, cells: Mapping[str, Cell], trips: Sequence[Trip]
) -> tuple[_Stack, ...]:
    found: dict[tuple[int, int], dict[ItemKey, None]] = {}
    for box in diagram.boxes:
        cell = cells[box.key]
        found.setdefault((cell.column, cell.shelf), {})[box.key] = None
    for trip in trips:
        # A corridor on its target's shelf keeps the long part of a shared line in one place.
        shelf = cells[trip.net.target].shelf
        for column in trip.passed:
            found.setdefault((column, shelf), {})[(trip.net, column)] = None
    return tuple(
        _Stack(column=column, shelf=shelf, items=tuple(items))
        for (column, shelf), items in sorted(found.items(), key=lambda entry: entry[0])
    )


def _margin(item: ItemKey) -> int:
    return _BOX_MARGIN if isinstance(item, str) else _CORRIDOR_MARGIN


def _extent(items: Iterable[ItemKey], heights: Mapping[ItemKey, int]) -> int:
    return sum(heights[item] + 2 * _margin(item) for item in items)


def _shelves(
    stacks: Sequence[_Stack], heights: Mapping[ItemKey, int], top: int
) -> tuple[Shelf, ...]:
    tallest: dict[int, int] = {}
    for stack in stacks:
        tallest[stack.shelf] = max(tallest.get(stack.shelf, 0), _extent(stack.items, heights))
    shelves: list[Shelf] = []
    for shelf in sorted(tallest):
        bottom = top + SHELF_TOP + tallest[shelf] + SHELF_BOTTOM
        shelves.append(Shelf(top=top, bottom=bottom))
        top = bottom + SHELF_GAP
    return tuple(shelves)


def _neighbours(
    links: Sequence[Link],
) -> dict[ItemKey, list[tuple[ItemKey, int]]]:
    """Return for each item its neighbours, with the distance that would keep the line straight."""
    around: dict[ItemKey, list[tuple[ItemKey, int]]] = {}
    for link in links:
        if link.first == link.second:
            continue
        drop = link.second_offset - link.first_offset
        around.setdefault(link.first, []).append((link.second, drop))
        around.setdefault(link.second, []).append((link.first, -drop))
    return around


def _wish(
    item: ItemKey,
    around: Mapping[ItemKey, Sequence[tuple[ItemKey, int]]],
    tops: Mapping[ItemKey, int],
) -> float:
    found = around.get(item)
    if not found:
        return float(tops[item])
    return sum(tops[other] + drop for other, drop in found) / len(found)


def _settle(
    stacks: Sequence[_Stack],
    heights: Mapping[ItemKey, int],
    shelves: Sequence[Shelf],
    around: Mapping[ItemKey, Sequence[tuple[ItemKey, int]]],
) -> dict[ItemKey, int]:
    """Return tops for the given order, moved to where the lines are straightest."""
    tops: dict[ItemKey, int] = {}
    for stack in stacks:
        y = shelves[stack.shelf].top + SHELF_TOP
        for item in stack.items:
            tops[item] = y + _margin(item)
            y += heights[item] + 2 * _margin(item)
    for turn in range(_SETTLINGS):
        for stack in stacks if turn % 2 else reversed(stacks):
            wishes = [_wish(item, around, tops) for item in stack.items]
            tops.update(_spread(stack, wishes, heights, shelves[stack.shelf]))
    return tops


def _spread(
    stack: _Stack, wishes: Sequence[float], heights: Mapping[ItemKey, int], shelf: Shelf
) -> dict[ItemKey, int]:
    """Return the tops nearest to `wishes` that keep order, distances and the shelf's bounds."""
    shifts: list[int] = []
    used = 0
    for item in stack.items:
        shifts.append(used + _margin(item))
        used += heights[item] + 2 * _margin(item)
    blocks: list[tuple[float, int]] = []
    for wish, shift in zip(wishes, shifts, strict=True):
        mean, count = wish - shift, 1
        while blocks and blocks[-1][0] > mean:
            before, size = blocks.pop()
            mean = (before * size + mean * count) / (size + count)
            count += size
        blocks.append((mean, count))
    low = shelf.top + SHELF_TOP
    high = shelf.bottom - SHELF_BOTTOM - used
    bases = [base for base, count in blocks for _ in range(count)]
    return {
        item: round(min(max(base, low), high)) + shift
        for item, base, shift in zip(stack.items, bases, shifts, strict=True)
    }


def _reordered(
    stacks: Sequence[_Stack],
    heights: Mapping[ItemKey, int],
    shelves: Sequence[Shelf],
    around: Mapping[ItemKey, Sequence[tuple[ItemKey, int]]],
    tops: Mapping[ItemKey, int],
    *,
    backwards: bool,
) -> tuple[_Stack, ...]:
    """Return the stacks, each in the order that its neighbours on one side ask for."""
    column_of = {item: stack.column for stack in stacks for item in stack.items}
    moved = dict(tops)
    done: list[_Stack] = []
    for stack in reversed(stacks) if backwards else stacks:
        wishes: dict[ItemKey, float] = {}
        for item in stack.items:
            settled = [
                (other, drop)
                for other, drop in around.get(item, ())
                if (column_of[other] > stack.column) == backwards
                and column_of[other] != stack.column
            ]
            wishes[item] = _wish(item, {item: settled}, moved) + heights[item] / 2
        items = tuple(sorted(stack.items, key=lambda item: wishes[item]))
        ordered = _Stack(column=stack.column, shelf=stack.shelf, items=items)
        asked = [wishes[item] - heights[item] / 2 for item in items]
        moved.update(_spread(ordered, asked, heights, shelves[stack.shelf]))
        done.append(ordered)
    return tuple(sorted(done, key=lambda stack: (stack.column, stack.shelf)))


def _strain(links: Sequence[Link], tops: Mapping[ItemKey, int]) -> int:
    """Return how far the lines are from straight, all together."""
    return sum(
        abs(tops[link.first] + link.first_offset - tops[link.second] - link.second_offset)
        for link in links
    )
