"""Draw how many stand at the end of a line: crow's feet, bars and rings."""

from apigen.graph.diagram import End
from apigen.graph.routing import Point
from apigen.graph.svg import PAPER, element

_FOOT = 11
_HALF = 5
_RING = 4


def line_end(end: End, point: Point, side: int, colour: str) -> str:
    """Return the symbol of `end` at `point`, where the line goes on towards `side` (1 or -1).

    Empty for an end that is not counted.
    """
    x, y = point
    match end:
        case End.NONE:
            return ""
        case End.ONE:
            return _stroke(_bar(x + 6 * side, y) + _bar(x + 10 * side, y), colour)
        case End.ZERO_OR_ONE:
            return _stroke(_bar(x + 6 * side, y), colour) + _ring(x + 13 * side, y, colour)
        case End.MANY:
            return _stroke(_foot(x, y, side), colour) + _ring(x + 15 * side, y, colour)
        case End.ONE_OR_MORE:
            bar = _bar(x + (_FOOT + 3) * side, y)
            return _stroke(_foot(x, y, side) + bar, colour)


def _bar(x: int, y: int) -> str:
    return f"M{x} {y - _HALF}V{y + _HALF}"


def _foot(x: int, y: int, side: int) -> str:
    return f"M{x} {y - _HALF}L{x + _FOOT * side} {y}L{x} {y + _HALF}"


def _ring(x: int, y: int, colour: str) -> str:
    return element("circle", cx=x, cy=y, r=_RING, fill=PAPER, stroke=colour, stroke_width=1.4)


def _stroke(path: str, colour: str) -> str:
    return element("path", d=path, fill="none", stroke=colour, stroke_width=1.6)
