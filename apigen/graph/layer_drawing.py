"""Draw the layers as SVG: one floor above the other, arrows to what a floor may import."""

from apigen.graph.layers import Cell, Layer, Layering
from apigen.graph.measures import columns, shortened, text_width, title_width
from apigen.graph.svg import DIM, INK, MONO, PAPER, SANS, document, element, text, title

_MARGIN = 24
_TITLE_BOTTOM = 56
_HEAD = 46
_ARROW = 34
_GAP = 14
_CELL_GAP = 12
_CELL_TOP = 30
_LINE = 17
_CELLS_A_ROW = 4
_LONGEST_LINE = 34
_SUPPORT_WIDTH = 210
_DUTY_X = 160

_FILLS = {
    "main": "#334155",
    "interface": "#1e3a5f",
    "infrastructure": "#2f5d7c",
    "application": "#4a7ba6",
    "domain": "#4d7c5b",
    "core": "#7a6a4a",
}

_STYLE = (
    f"text{{font-family:{SANS};fill:{INK}}}"
    f".mono{{font-family:{MONO};font-size:11.5px;white-space:pre}}"
    f".dim{{fill:{DIM}}}.light{{fill:{PAPER}}}.arrow{{fill:none;stroke:{DIM};stroke-width:1.8}}"
)


def draw_layers(layering: Layering) -> str:
    """Return the drawing of `layering`."""
    cell_width = max(
        (_cell_width(cell) for layer in layering.layers for cell in layer.cells), default=180
    )
    most = max((len(layer.cells) for layer in layering.layers), default=0)
    columns_used = min(max(most, 1), _CELLS_A_ROW)
    inner = columns_used * cell_width + (columns_used - 1) * _CELL_GAP
    inner = max(inner, *(_head_width(layer) for layer in layering.layers))
    cell_width = (inner - (columns_used - 1) * _CELL_GAP) // columns_used
    width = inner + 2 * _GAP
    support_x = _MARGIN + width + 28
    shapes: list[str] = []
    y = _TITLE_BOTTOM
    for index, layer in enumerate(layering.layers):
        if index:
            shapes.append(_arrow(_MARGIN + width // 2, y - _ARROW, y))
        floor, height = _floor(layer, y, width, cell_width)
        shapes += floor
        if layer.support:
            shapes += _support(layer.support, support_x, y, height, floor_right=_MARGIN + width)
        y += height + _ARROW
    note = text(
        "Arrows point to what may be imported; main sees every floor.",
        x=_MARGIN,
        y=y - 6,
        class_="dim",
        font_size=11,
    )
    heading = text(layering.title, x=_MARGIN, y=34, font_size=20, font_weight=700)
    return document(
        heading,
        *shapes,
        note,
        width=max(
            support_x + _SUPPORT_WIDTH + _MARGIN,
            title_width(layering.title, size=20) + 2 * _MARGIN,
        ),
        height=y + 14,
        name=f"{layering.title}: layers",
        description=", ".join(layer.name for layer in layering.layers),
        style=_STYLE,
    )


def _cell_width(cell: Cell) -> int:
    longest = max(columns(shortened(line, _LONGEST_LINE)) for line in cell.lines)
    heading = title_width(shortened(cell.title, _LONGEST_LINE), size=12)
    return max(round(longest * 7.1), heading) + 2 * _GAP


def _head_width(layer: Layer) -> int:
    return _DUTY_X + text_width(layer.duty) + _GAP


def _floor(layer: Layer, y: int, width: int, cell_width: int) -> tuple[list[str], int]:
    rows = [
        layer.cells[start : start + _CELLS_A_ROW]
        for start in range(0, len(layer.cells), _CELLS_A_ROW)
    ]
    heights = [max(_CELL_TOP + len(cell.lines) * _LINE for cell in row) + 6 for row in rows]
    height = _HEAD + sum(row + _CELL_GAP for row in heights)
    x = _MARGIN
    shapes = [
        element("rect", x=x, y=y, width=width, height=height, rx=10, fill=_FILLS[layer.name]),
        text(layer.name, x=x + _GAP, y=y + 28, class_="light", font_size=15, font_weight=700),
        text(
            layer.duty,
            x=x + _DUTY_X,
            y=y + 28,
            class_="light",
            font_size=12,
        ),
    ]
    top = y + _HEAD
    for row, row_height in zip(rows, heights, strict=True):
        for index, cell in enumerate(row):
            left = x + _GAP + index * (cell_width + _CELL_GAP)
            shapes.append(_cell(cell, left, top, cell_width, row_height))
        top += row_height + _CELL_GAP
    return shapes, height


def _cell(cell: Cell, x: int, y: int, width: int, height: int) -> str:
    shapes = [
        title(cell.title),
        element("rect", x=x, y=y, width=width, height=height, rx=6, fill=PAPER),
        text(
            shortened(cell.title, _LONGEST_LINE),
            x=x + _GAP,
            y=y + 19,
            class_="dim",
            font_size=12,
            font_weight=600,
        ),
    ]
    shapes += [
        text(
            shortened(line, _LONGEST_LINE),
            x=x + _GAP,
            y=y + _CELL_TOP + 8 + index * _LINE,
            class_="mono",
        )
        for index, line in enumerate(cell.lines)
    ]
    return element("g", *shapes)


def _support(name: str, x: int, y: int, height: int, *, floor_right: int) -> list[str]:
    middle = y + height // 2
    return [
        element(
            "rect",
            x=x,
            y=y,
            width=_SUPPORT_WIDTH,
            height=height,
            rx=10,
            fill="#f1f5f9",
            stroke="#94a3b8",
            stroke_dasharray="6 4",
        ),
        text(name, x=x + _GAP, y=middle - 3, class_="mono"),
        text("vendored by apigen", x=x + _GAP, y=middle + 14, class_="dim", font_size=11),
        element(
            "path",
            d=f"M{floor_right + 2} {middle}H{x - 3}m-7 -5l7 5l-7 5",
            class_="arrow",
        ),
    ]


def _arrow(x: int, top: int, bottom: int) -> str:
    return element("path", d=f"M{x} {top + 3}V{bottom - 4}m-5 -7l5 7l5 -7", class_="arrow")
