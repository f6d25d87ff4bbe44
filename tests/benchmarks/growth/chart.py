"""Lines that grow from left to right, as SVG that reads on white and on black."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 440
_HEIGHT = 260
_LEFT = 62
_RIGHT = 14
_TOP = 34
_COLOURS = ("#d9622b", "#4d6a8f", "#7d9a86", "#a58f6f", "#8a8f98")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: a value for each place of the panel, None where nothing was measured."""

    title: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One picture: places from left to right, evenly apart, and lines from zero up."""

    title: str
    """What grows, and the unit of the values."""
    places: Sequence[str]
    lines: Sequence[Line]


def chart(panels: Sequence[Panel]) -> str:
    """Return the panels, two beside each other."""
    parts: list[str] = []
    tall = max((len(one.lines) for one in panels), default=0) * 15 + _HEIGHT
    for number, panel in enumerate(panels):
        parts += _panel(panel, number % 2 * _WIDTH, number // 2 * tall)
    height = -(-len(panels) // 2) * tall
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * _WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="11" fill="#808890">\n'
        f"<title>What a generated service costs as it grows</title>\n{body}\n</svg>\n"
    )


def _panel(panel: Panel, left: int, top: int) -> list[str]:
    bottom = top + _HEIGHT - 40
    high = bottom - top - _TOP
    most = _round(max((v for line in panel.lines for v in line.values if v), default=1.0))
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(panel.places) - 1)
    parts = [_text(left + 10, top + 16, panel.title, weight="bold")]
    for part in (0.0, 0.5, 1.0):
        y = bottom - part * high
        parts.append(
            f'<line x1="{left + _LEFT}" y1="{y:.1f}" x2="{left + _WIDTH - _RIGHT}" y2="{y:.1f}" '
            'stroke="#808890" stroke-width="0.4"/>'
        )
        parts.append(_text(left + _LEFT - 6, y + 4, f"{part * most:,.4g}", anchor="end"))
    for number, place in enumerate(panel.places):
        parts.append(_text(left + _LEFT + number * step, bottom + 15, place, anchor="middle"))
    for number, line in enumerate(panel.lines):
        colour = _COLOURS[number % len(_COLOURS)]
        points = [
            f"{left + _LEFT + place * step:.1f},{bottom - value / most * high:.1f}"
            for place, value in enumerate(line.values)
            if value is not None
        ]
        parts.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" '
            'stroke-width="2"/>'
        )
        y = bottom + 32 + number * 15
        parts.append(
            f'<rect x="{left + _LEFT}" y="{y - 8}" width="10" height="10" fill="{colour}"/>'
        )
        parts.append(_text(left + _LEFT + 16, y + 1, line.title))
    return parts


def _round(most: float) -> float:
    """Return the next number of one digit and zeros, so that the scale reads well."""
    unit = 10 ** math.floor(math.log10(most))
    return float(math.ceil(most / unit) * unit)


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">'
        f"{escape(text)}</text>"
    )
