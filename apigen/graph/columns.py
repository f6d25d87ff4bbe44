"""Choose the column of every box: what is referred to stands to the right of what refers to it.

Each group gets columns of its own, and groups stand beside one another on shelves. A column that
would grow too tall goes on in the next, and a chain of references that would grow too long turns
back; of all arrangements the one is taken whose drawing best fits a 3:2 page with short lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import isqrt

from apigen.graph.diagram import Box, Diagram
from apigen.graph.measures import Size
from apigen.values import dataclass

_ASPECT = 1.5
_PAGE_WIDTH = 1300
"""Whatever is narrower fits a screen: there the lines alone decide."""
_GUTTER = 110
_BOX_GAP = 28
_GROUP_GAP = 90
_PASSED_COST = 0.015
"""Of a line passing a column, as a share of the page."""
_BACKWARD_COST = 0.025
"""Of a line that does not lead to the right."""
_SLACK = 1.12
"""How much taller than the average a column may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where a box stands, coarsely: shelves count downwards, columns to the right."""

    shelf: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrangement:
    cells: Mapping[str, Cell]
    cost: float


def assign_cells(diagram: Diagram, sizes: Mapping[str, Size]) -> dict[str, Cell]:
    """Return the cell of every box, by its key."""
    if not diagram.boxes:
        return {}
    orders = [_targets_first(diagram, group.key) for group in diagram.groups]
    heights = {key: size.height + _BOX_GAP for key, size in sizes.items()}
    tallest = max(heights.values(), default=0)
    total = sum(heights.values())
    best: _Arrangement | None = None
    # A page near 3:2 has about as many columns as rows: more need not be tried.
    most = 2 * isqrt(len(diagram.boxes)) + 4
    largest = max(sum(heights[key] for key, _ in order) for order in orders)
    for limit in range(1, most):
        # Levels may share the height of everything, of the largest group, or need no cap at all.
        caps = {round(total / limit * _SLACK), round(largest / limit * _SLACK), total}
        for cap in sorted({max(cap, tallest) for cap in caps}):
            blocks = [_levels(order, heights, cap=cap, limit=limit) for order in orders]
            for cells in _shelvings(blocks, most):
                found = _Arrangement(cells=cells, cost=_cost(diagram, cells, sizes))
                if best is None or found.cost < best.cost:
                    best = found
    return dict(best.cells) if best is not None else {}


def _targets_first(diagram: Diagram, group: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the boxes of a group with their targets in it, targets first, cycles cut."""
    members = [box for box in diagram.boxes if box.group == group]
    targets: dict[str, list[str]] = {box.key: [] for box in members}
    for edge in diagram.edges:
        known = targets.get(edge.source)
        if known is not None and edge.target in targets and edge.target not in known:
            known.append(edge.target)
    done: dict[str, tuple[str, ...]] = {}
    for box in members:
        _visit(box, targets, done)
    # Boxes that nothing touches fill what room is left, so they come last.
    touched = {key for key, found in done.items() if found}
    touched.update(target for found in done.values() for target in found)
    return tuple(sorted(done.items(), key=lambda item: item[0] not in touched))


def _visit(
    box: Box, targets: Mapping[str, Sequence[str]], done: dict[str, tuple[str, ...]]
) -> None:
    # Depth first by hand: a chain of references may be longer than Python's stack.
    path: list[tuple[str, list[str]]] = []
    open_keys: set[str] = set()

    def enter(key: str) -> None:
        path.append((key, list(targets[key])))
        open_keys.add(key)

    if box.key not in done:
        enter(box.key)
    while path:
        key, waiting = path[-1]
        if waiting:
            target = waiting.pop(0)
            if target not in done and target not in open_keys:
                enter(target)
            continue
        path.pop()
        open_keys.discard(key)
        done[key] = tuple(found for found in targets[key] if found in done)


def _levels(
    order: Sequence[tuple[str, tuple[str, ...]]],
    heights: Mapping[str, int],
    *,
    cap: int,
    limit: int,
) -> dict[str, int]:
    """Return the level of each box, 0 at the right: below `limit`, no taller than `cap` if it can.

    Args:
        order: Boxes with their targets, targets first.
        heights: Height of each box.
        cap: Height of a full level.
        limit: Number of levels.
    """
    levels: dict[str, int] = {}
    filled = [0] * limit
    for key, found in order:
        level = max((levels[target] + 1 for target in found), default=0)
        while level < limit and filled[level] and filled[level] + heights[key] > cap:
            level += 1
        if level >= limit:
            level = _nearest([levels[target] for target in found], filled, cap - heights[key])
        levels[key] = level
        filled[level] += heights[key]
    return levels


def _nearest(targets: Sequence[int], filled: Sequence[int], room: int) -> int:
    """Return the level nearest to `targets` that is filled up to `room`, else the emptiest."""
    fitting = [level for level, used in enumerate(filled) if used <= room]
    if not fitting:
        return min(range(len(filled)), key=lambda level: filled[level])
    return min(fitting, key=lambda level: (sum(abs(level - one) for one in targets), filled[level]))


def _breadth(levels: Mapping[str, int]) -> int:
    return max(levels.values(), default=0) + 1


def _shelvings(blocks: Sequence[Mapping[str, int]], most: int) -> Iterator[dict[str, Cell]]:
    """Yield the cells for every sensible number of columns of a shelf."""
    widths = [_breadth(block) for block in blocks]
    for shelf_columns in range(max(widths), min(sum(widths), max(widths) + most) + 1):
        yield _on_shelves(blocks, widths, shelf_columns)


def _on_shelves(
    blocks: Sequence[Mapping[str, int]], widths: Sequence[int], shelf_columns: int
) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    shelf, used = 0, 0
    for block, width in zip(blocks, widths, strict=True):
        if used and used + width > shelf_columns:
            shelf, used = shelf + 1, 0
        for key, level in block.items():
            cells[key] = Cell(shelf=shelf, column=used + width - 1 - level)
        used += width
    return cells


def _cost(diagram: Diagram, cells: Mapping[str, Cell], sizes: Mapping[str, Size]) -> float:
    widths: dict[int, int] = {}
    stacks: dict[tuple[int, int], int] = {}
    for key, cell in cells.items():
        size = sizes[key]
        widths[cell.column] = max(widths.get(cell.column, 0), size.width)
        place = (cell.shelf, cell.column)
        stacks[place] = stacks.get(place, 0) + size.height + _BOX_GAP
    shelves: dict[int, int] = {}
    for (shelf, _), height in stacks.items():
        shelves[shelf] = max(shelves.get(shelf, 0), height)
    width = sum(widths.values()) + _GUTTER * len(widths)
    height = sum(shelves.values()) + _GROUP_GAP * len(shelves)
    steps = [
        cells[edge.target].column - cells[edge.source].column
        for edge in diagram.edges
        if edge.source != edge.target
    ]
    passed = sum(max(abs(step) - 1, 0) for step in steps)
    backward = sum(step <= 0 for step in steps)
    page = max(width, height * _ASPECT, _PAGE_WIDTH)
    return page * (1 + _PASSED_COST * passed + _BACKWARD_COST * backward)
