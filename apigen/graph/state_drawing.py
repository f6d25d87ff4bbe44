"""Draw lifecycles as SVG: the states of an entity one below the other, arrows beside them.

All arrows to one state share a lane: they leave their states to the right, below their labels,
and come back in one line. A dot begins the first state, final ones have two borders.
"""

from apigen.graph.lifecycles import Lifecycles, StateChart, StateMark, Transition
from apigen.graph.measures import PADDING, shortened, text_width, title_width
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
from apigen.values import dataclass

_MARGIN = 24
_TITLE_BOTTOM = 52
_CHART_GAP = 22
_CHART_TOP = 44
_CHART_PADDING = 18
_STATE_GAP = 16
_ROW = 24
_DOT_ROOM = 34
_LANE = 16
_ARROW = 7
_LONGEST_NAME = 30
_LONGEST_LABEL = 40
_LANE_COLOURS = ("#1e3a5f", "#a1491f", "#4d7c5b", "#7a5a8c", "#4a7ba6", "#7a6a4a")
_GROUND = "#f1f5f9"
_FRAME = "#1e3a5f"

_STYLE = (
    f"text{{font-family:{SANS};fill:{INK}}}"
    f".mono{{font-family:{MONO};font-size:11px;white-space:pre}}"
    f".dim{{fill:{DIM}}}.line{{fill:none;stroke-width:1.6}}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a state is drawn."""

    top: int
    height: int
    entry: int
    """Height at which arrows come in."""
    exits: tuple[int, ...]
    """Heights at which arrows leave, one each."""


def draw_lifecycles(found: Lifecycles) -> str:
    """Return the drawing; one without lifecycles is an empty page with its title."""
    shapes: list[str] = []
    y, width = _TITLE_BOTTOM, 0
    for chart in found.charts:
        drawn, right, bottom = _chart(chart, y)
        shapes += drawn
        y, width = bottom + _CHART_GAP, max(width, right)
    heading = text(found.title, x=_MARGIN, y=34, font_size=20, font_weight=700)
    return document(
        heading,
        *shapes,
        width=max(width, title_width(found.title, size=20) + _MARGIN) + _MARGIN,
        height=y + 2,
        name=f"{found.title}: lifecycles",
        description=f"{len(found.charts)} lifecycles",
        style=_STYLE,
    )


def _chart(chart: StateChart, top: int) -> tuple[list[str], int, int]:
    """Return the shapes of a chart, and where it ends on the right and below."""
    leaving = {
        state.name: [one for one in chart.transitions if one.source == state.name]
        for state in chart.states
    }
    reached = {one.target for one in chart.transitions}
    places: dict[str, _Place] = {}
    y = top + _CHART_TOP
    for state in chart.states:
        place = _place(y, len(leaving[state.name]), is_reached=state.name in reached)
        places[state.name] = place
        y += place.height + _STATE_GAP
    bottom = y - _STATE_GAP + _CHART_PADDING
    left = _MARGIN + _CHART_PADDING + _DOT_ROOM
    names = [shortened(state.name, _LONGEST_NAME) for state in chart.states]
    right = left + max(title_width(name, size=13) for name in names) + 2 * PADDING
    labels = [shortened(one.label, _LONGEST_LABEL) for one in chart.transitions]
    first_lane = right + max((text_width(label, size=11) for label in labels), default=0) + 34
    lanes = _lanes(chart, places)
    end = first_lane + max(len(lanes) - 1, 0) * _LANE + _CHART_PADDING if lanes else right
    end = max(end, _MARGIN + title_width(chart.title) + text_width(chart.group) + 70)
    shapes = [_ground(chart, top, end, bottom)]
    for state in chart.states:
        for one, exit_ in zip(leaving[state.name], places[state.name].exits, strict=True):
            lane = first_lane + lanes[one.target] * _LANE
            colour = _colour(lanes[one.target])
            shapes += _arrow(one, right, exit_, lane, places[one.target].entry, colour)
    shapes += [_head(right, places[name].entry, _colour(lane)) for name, lane in lanes.items()]
    for state in chart.states:
        shapes += _state(state, places[state.name], left, right)
    return shapes, end, bottom


def _place(top: int, leaving: int, *, is_reached: bool) -> _Place:
    rows = leaving + is_reached
    middle = top + _ROW // 2 + 2
    first = middle + _ROW if is_reached else middle
    return _Place(
        top=top,
        height=max(rows, 1) * _ROW + 6,
        entry=middle,
        exits=tuple(first + _ROW * number for number in range(leaving)),
    )


def _lanes(chart: StateChart, places: dict[str, _Place]) -> dict[str, int]:
    """Return the lane of each state that is reached; the nearest is for the shortest way."""
    spans: dict[str, int] = {}
    for state in chart.states:
        ends = [places[state.name].entry]
        for source in (one.source for one in chart.transitions if one.target == state.name):
            ends += [places[source].top]
        if len(ends) > 1:
            spans[state.name] = max(ends) - min(ends)
    order = sorted(spans, key=lambda name: spans[name])
    return {name: number for number, name in enumerate(order)}


def _colour(lane: int) -> str:
    return _LANE_COLOURS[lane % len(_LANE_COLOURS)]


def _ground(chart: StateChart, top: int, right: int, bottom: int) -> str:
    x = _MARGIN + 16
    return element(
        "g",
        element(
            "rect",
            x=_MARGIN,
            y=top,
            width=right - _MARGIN,
            height=bottom - top,
            rx=12,
            fill=_GROUND,
            stroke="#d5dbe3",
        ),
        text(chart.title, x=x, y=top + 26, font_size=14, font_weight=700),
        text(
            chart.group,
            x=x + title_width(chart.title) + 10,
            y=top + 26,
            class_="dim",
            font_size=11,
        ),
    )


def _arrow(
    one: Transition, right: int, exit_: int, lane: int, entry: int, colour: str
) -> list[str]:
    points = [(right, exit_), (lane, exit_), (lane, entry), (right + _ARROW, entry)]
    tip = title(f"{one.source} → {one.target}: {one.label}")
    label = shortened(one.label, _LONGEST_LABEL)
    return [
        element("path", tip, d=rounded_path(points), class_="line", stroke=colour),
        text(label, x=right + 12, y=exit_ - 4, class_="mono dim"),
    ]


def _head(right: int, entry: int, colour: str) -> str:
    return element("path", d=f"M{right} {entry}l{_ARROW} -5v10z", fill=colour)


def _state(state: StateMark, place: _Place, left: int, right: int) -> list[str]:
    shapes = [_border(left, place.top, right - left, place.height, radius=10)]
    if state.is_final:
        inner = right - left - 6
        shapes.append(_border(left + 3, place.top + 3, inner, place.height - 6, radius=8))
    name = shortened(state.name, _LONGEST_NAME)
    x, middle = left + PADDING, place.top + place.height // 2
    shapes.append(text(name, x=x, y=middle + 5, font_size=13, font_weight=600))
    if state.is_initial:
        dot = left - _DOT_ROOM + 8
        shapes.append(element("circle", cx=dot, cy=middle, r=6, fill=_FRAME))
        shapes.append(
            element("path", d=f"M{dot} {middle}H{left - _ARROW}", class_="line", stroke=_FRAME)
        )
        shapes.append(element("path", d=f"M{left} {middle}l{-_ARROW} -5v10z", fill=_FRAME))
    return shapes


def _border(x: int, y: int, width: int, height: int, *, radius: int) -> str:
    return element(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        rx=radius,
        fill=PAPER,
        stroke=_FRAME,
        stroke_width=1.4,
    )
