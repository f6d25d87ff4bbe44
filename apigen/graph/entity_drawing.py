"""Draw an entity diagram as SVG: groups behind, lines between, boxes in front, a legend below.

Ends of lines follow the crow's-foot notation; a filled diamond is composition.
"""

from collections.abc import Sequence

from apigen.graph.columns import Cell, assign_cells
from apigen.graph.diagram import Box, BoxKind, Diagram, Edge, EdgeKind, End
from apigen.graph.line_ends import line_end
from apigen.graph.measures import (
    FONT_SIZE,
    HEADER_HEIGHT,
    NOTE_HEIGHT,
    PADDING,
    TITLE_SIZE,
    box_size,
    row_offset,
    shown_row,
    shown_title,
    text_width,
    title_width,
)
from apigen.graph.nets import plan_trips
from apigen.graph.placement import Placement, place
from apigen.graph.routing import Drawing, Frame, Line, Point, route
from apigen.graph.svg import (
    DIM,
    INK,
    MONO,
    PAPER,
    SANS,
    document,
    element,
    rounded_path,
    text,
    title,
)

_MARGIN = 24
_TITLE_BOTTOM = 52
_GROUP_PADDING = 18

_HEADER_FILL = {
    BoxKind.AGGREGATE: "#1e3a5f",
    BoxKind.CHILD: "#4a7ba6",
    BoxKind.VALUE: "#4d7c5b",
    BoxKind.UNION: "#7a5a8c",
}
_LINE_COLOUR = {
    EdgeKind.REF: "#1e3a5f",
    EdgeKind.MANY: "#a1491f",
    EdgeKind.CHILD: "#4a7ba6",
    EdgeKind.VALUE: "#4d7c5b",
    EdgeKind.ID: "#6b7280",
}
_GROUP_FILLS = ("#f1f5f9", "#faf5ec", "#eef6f0", "#f6f0f8", "#fdf1f0", "#eff7f9")

_STYLE = (
    f"text{{font-family:{SANS};fill:{INK}}}"
    f".mono{{font-family:{MONO};font-size:{FONT_SIZE}px;white-space:pre}}"
    f".dim{{fill:{DIM}}}.light{{fill:{PAPER}}}.line{{fill:none;stroke-width:1.6}}"
    + "".join(f".{kind}{{stroke:{colour}}}" for kind, colour in _LINE_COLOUR.items())
    + ".value{stroke-width:1}.id{stroke-dasharray:7 4}"
)

_LEGEND = (
    (EdgeKind.REF, End.MANY, End.ONE, "many to one"),
    (EdgeKind.REF, End.MANY, End.ZERO_OR_ONE, "many to one, optional"),
    (EdgeKind.MANY, End.MANY, End.MANY, "many to many"),
    (EdgeKind.CHILD, End.NONE, End.ONE_OR_MORE, "owns"),
    (EdgeKind.VALUE, End.NONE, End.NONE, "has a value"),
    (EdgeKind.ID, End.MANY, End.ONE, "knows by id"),
)


def draw_entities(diagram: Diagram) -> str:
    """Return the drawing of `diagram`; one without boxes is an empty page with its title."""
    sizes = {box.key: box_size(box) for box in diagram.boxes}
    cells = assign_cells(diagram, sizes)
    trips = plan_trips(diagram, cells)
    shapes: list[str] = []
    width, bottom = 0, _TITLE_BOTTOM
    if cells:
        placement = place(diagram, cells, sizes, trips, top=_TITLE_BOTTOM)
        drawing = route(diagram, cells, sizes, trips, placement)
        width, bottom = drawing.width, placement.shelves[-1].bottom
        shapes += _groups(diagram, cells, drawing, placement)
        shapes += [_line(line) for line in drawing.lines]
        shapes += _ends(drawing.lines)
        shapes += [
            _box(box, drawing.frames[box.key], type_x=sizes[box.key].type_x)
            for box in diagram.boxes
        ]
    legend, legend_width, legend_height = _legend(diagram.edges, bottom, max(width, 640))
    name = f"{diagram.title}: entities"
    heading = text(diagram.title, x=_MARGIN, y=34, font_size=20, font_weight=700)
    return document(
        heading,
        *shapes,
        *legend,
        width=max(width, legend_width, title_width(diagram.title, size=20) + 2 * _MARGIN),
        height=bottom + legend_height,
        name=name,
        description=f"{len(diagram.boxes)} boxes and {len(diagram.edges)} relations",
        style=_STYLE,
    )


def _groups(
    diagram: Diagram, cells: dict[str, Cell], drawing: Drawing, placement: Placement
) -> list[str]:
    shapes: list[str] = []
    for index, group in enumerate(diagram.groups):
        inside = [cells[box.key] for box in diagram.boxes if box.group == group.key]
        shelf = placement.shelves[inside[0].shelf]
        left = drawing.column_edges[min(cell.column for cell in inside)][0] - _GROUP_PADDING
        right = drawing.column_edges[max(cell.column for cell in inside)][1] + _GROUP_PADDING
        back = element(
            "rect",
            x=left,
            y=shelf.top,
            width=right - left,
            height=shelf.bottom - shelf.top,
            rx=12,
            fill=_GROUP_FILLS[index % len(_GROUP_FILLS)],
            stroke="#d5dbe3",
        )
        label = text(
            group.title, x=left + 16, y=shelf.top + 25, class_="dim", font_size=13, font_weight=600
        )
        tip = [title(group.doc)] if group.doc else []
        shapes.append(element("g", *tip, back, label))
    return shapes


def _line(line: Line) -> str:
    edge = line.trip.edge
    tip = title(f"{edge.source}.{edge.label} → {edge.target}")
    return element("path", tip, d=rounded_path(line.points), class_=f"line {edge.kind}")


def _ends(lines: Sequence[Line]) -> list[str]:
    shapes: dict[str, None] = {}
    for line in lines:
        edge = line.trip.edge
        colour = _LINE_COLOUR[edge.kind]
        to_right = 1 if line.trip.leaves_right else -1
        at_target = -1 if line.trip.net.on_left else 1
        for point, side, end in (
            (line.points[0], to_right, edge.source_end),
            (line.points[-1], at_target, edge.target_end),
        ):
            shapes[line_end(end, point, side, colour)] = None
        if edge.kind is EdgeKind.CHILD:
            shapes[_diamond(line.points[0], to_right, colour)] = None
    return [shape for shape in shapes if shape]


def _diamond(point: Point, side: int, colour: str) -> str:
    x, y = point
    path = f"M{x} {y}l{7 * side} -5l{7 * side} 5l{-7 * side} 5z"
    return element("path", d=path, fill=colour)


def _box(box: Box, frame: Frame, *, type_x: int) -> str:
    fill = _HEADER_FILL[box.kind]
    x, y, right = frame.x, frame.y, frame.x + frame.width
    shapes = [title(box.doc)] if box.doc else []
    shapes.append(
        element(
            "rect",
            x=x,
            y=y,
            width=frame.width,
            height=frame.height,
            rx=7,
            fill=PAPER,
            stroke=fill,
            stroke_width=1.4,
        )
    )
    head = (
        f"M{x} {y + HEADER_HEIGHT}V{y + 7}Q{x} {y} {x + 7} {y}"
        f"H{right - 7}Q{right} {y} {right} {y + 7}V{y + HEADER_HEIGHT}z"
    )
    shapes.append(element("path", d=head, fill=fill))
    shapes.append(
        text(
            shown_title(box),
            x=x + PADDING,
            y=y + 24,
            class_="light",
            font_size=TITLE_SIZE,
            font_weight=700,
        )
    )
    if box.kind is not BoxKind.AGGREGATE:
        shapes.append(
            text(
                f"«{box.kind}»",
                x=right - PADDING,
                y=y + 23,
                class_="light",
                font_size=10,
                text_anchor="end",
            )
        )
    for index, row in enumerate(box.rows):
        shown = shown_row(row)
        base = y + row_offset(index) + 4
        shapes.append(text(shown.name, x=x + PADDING, y=base, class_="mono"))
        shapes.append(text(shown.type, x=x + type_x, y=base, class_="mono dim"))
        if shown.mark:
            shapes.append(
                text(
                    shown.mark,
                    x=right - PADDING,
                    y=base,
                    text_anchor="end",
                    font_size=9,
                    font_weight=700,
                    class_="dim",
                )
            )
    if box.note:
        base = y + frame.height - NOTE_HEIGHT + 11
        shapes.append(
            text(box.note, x=x + PADDING, y=base, class_="dim", font_size=10, font_style="italic")
        )
    return element("g", *shapes)


def _legend(edges: Sequence[Edge], top: int, width: int) -> tuple[list[str], int, int]:
    """Return its shapes, and the width and height it needs; it explains what is drawn."""
    kinds = {edge.kind for edge in edges}
    ref_ends = {edge.target_end for edge in edges if edge.kind is EdgeKind.REF}
    shapes: list[str] = []
    x, y, widest = _MARGIN, top + 30, 0
    for kind, source_end, target_end, label in _LEGEND:
        if kind not in kinds or (kind is EdgeKind.REF and target_end not in ref_ends):
            continue
        length = 60 + 8 + text_width(label, size=11) + 26
        if x > _MARGIN and x + length > width:
            x, y = _MARGIN, y + 24
        colour = _LINE_COLOUR[kind]
        shapes.append(element("path", d=f"M{x} {y}H{x + 60}", class_=f"line {kind}"))
        if kind is EdgeKind.CHILD:
            shapes.append(_diamond((x, y), 1, colour))
        shapes.append(line_end(source_end, (x, y), 1, colour))
        shapes.append(line_end(target_end, (x + 60, y), -1, colour))
        shapes.append(text(label, x=x + 68, y=y + 4, class_="dim", font_size=11))
        x += length
        widest = max(widest, x)
    return [shape for shape in shapes if shape], widest, (y if shapes else top) - top + 24
