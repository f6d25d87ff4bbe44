"""The measurements as a picture: one bar a server, grouped by operation, in times of the baseline.

Plain SVG that reads on white and on black, because a README is shown on both.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from tests.benchmarks.serving.catalogue import BASELINE, Server
from tests.benchmarks.serving.operations import Operation
from tests.benchmarks.serving.results import Measured
from tests.benchmarks.serving.table import TITLES, ratio

_WIDTH = 880
_LEFT = 190
_RIGHT = 60
_BAR = 11
_GAP = 18
_TOP = 34
_LINE = 18

_COLOURS = {
    "a": "#8a8f98", "b": "#b0b5bd", "c": "#a58f6f", "d": "#7d9a86",
    "e": "#6f8fb5", "f": "#4d6a8f", "g": "#e39a3b", "h": "#d9622b",
}  # fmt: skip


def write_chart(
    path: Path,
    measured: Mapping[str, Measured],
    *,
    servers: Sequence[Server],
    operations: Sequence[Operation],
) -> None:
    """Write the chart of all databases, one below the other."""
    path.write_text(chart(measured, servers=servers, operations=operations), encoding="utf-8")


def chart(
    measured: Mapping[str, Measured],
    *,
    servers: Sequence[Server],
    operations: Sequence[Operation],
) -> str:
    """Return the chart as SVG; what has no ratio to the baseline has no bar."""
    parts: list[str] = []
    y = _legend(parts, servers)
    for name, found in measured.items():
        y = _panel(parts, y, TITLES[name], found, servers, operations)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#808890">\n'
        f"<title>Requests per second, in times of the server written by hand</title>\n{body}\n"
        "</svg>\n"
    )


def _legend(parts: list[str], servers: Sequence[Server]) -> int:
    """Draw what the colours mean, two a line; return where it ends."""
    for number, server in enumerate(servers):
        x = 10 + number % 2 * _WIDTH // 2
        y = 10 + number // 2 * _LINE
        parts.append(_rectangle(x, y, 12, 12, _COLOURS[server.letter]))
        parts.append(_text(x + 18, y + 10, f"({server.letter}) {server.title}"))
    return 10 + -(-len(servers) // 2) * _LINE + 10


def _panel(
    parts: list[str],
    top: int,
    title: str,
    measured: Measured,
    servers: Sequence[Server],
    operations: Sequence[Operation],
) -> int:
    """Draw one database; return where it ends."""
    ratios = {
        (server.letter, operation.name): found
        for server in servers
        for operation in operations
        if (found := ratio(measured, server.letter, operation.name)) is not None
    }
    most = max(ratios.values(), default=1.0)
    unit = (_WIDTH - _LEFT - _RIGHT) / most
    parts.append(_text(10, top + 16, title, weight="bold"))
    y = top + _TOP
    begin = y
    for operation in operations:
        drawn = [server for server in servers if (server.letter, operation.name) in ratios]
        if not drawn:
            continue
        middle = y + len(drawn) * _BAR // 2 + 4
        parts.append(_text(_LEFT - 10, middle, operation.title, anchor="end"))
        for server in drawn:
            times = ratios[server.letter, operation.name]
            width = times * unit
            parts.append(_rectangle(_LEFT, y, width, _BAR - 2, _COLOURS[server.letter]))
            parts.append(_text(_LEFT + width + 5, y + 9, f"{times:.2f}", size=10))
            y += _BAR
        y += _GAP
    if any(letter == BASELINE for letter, _ in ratios):
        x = _LEFT + unit
        parts.append(
            f'<line x1="{x:.1f}" y1="{begin - 6}" x2="{x:.1f}" y2="{y - _GAP + 4}" '
            'stroke="#808890" stroke-dasharray="3 3"/>'
        )
    return y


def _rectangle(x: float, y: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="1.5" '
        f'fill="{colour}"/>'
    )


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal", size: int = 12
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'font-size="{size}">{escape(text)}</text>'
    )
