"""The few shapes that drawings are made of, as SVG text; every text and attribute is escaped.

Colours and lettering are here too, so that all drawings look alike. Nothing in a file refers to
anything outside it.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

SANS = "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, 'DejaVu Sans', sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

INK = "#1f2937"
DIM = "#6b7280"
PAPER = "#ffffff"
CORNER = 7


def element(tag: str, *inner: str, **attributes: str | int | float) -> str:
    """Return one element; `_` in an attribute's name is written `-`, a last `_` is dropped."""
    named = "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(legal(str(value)))}"
        for name, value in attributes.items()
    )
    if not inner:
        return f"<{tag}{named}/>"
    return f"<{tag}{named}>{''.join(inner)}</{tag}>"


def text(content: str, *, x: int, y: int, **attributes: str | int | float) -> str:
    """Return a line of text whose baseline is at `y`."""
    return element("text", escape(legal(content)), x=x, y=y, **attributes)


def title(content: str) -> str:
    """Return what a viewer shows when the pointer rests on the shape around it."""
    return element("title", escape(legal(content)))


def legal(content: str) -> str:
    """Return `content` without the characters that XML cannot hold, each shown as U+FFFD."""
    return "".join(char if _is_legal(ord(char)) else "\ufffd" for char in content)


def _is_legal(code: int) -> bool:
    return (
        code in {0x9, 0xA, 0xD}
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or code >= 0x10000
    )


def rounded_path(points: Sequence[tuple[int, int]]) -> str:
    """Return path data along right-angled `points`, with round corners."""
    x, y = points[0]
    steps = [f"M{x} {y}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(CORNER, _distance(before, corner) // 2, _distance(corner, after) // 2)
        start = _towards(corner, before, radius)
        end = _towards(corner, after, radius)
        steps.append(f"L{start[0]} {start[1]}Q{corner[0]} {corner[1]} {end[0]} {end[1]}")
    x, y = points[-1]
    steps.append(f"L{x} {y}")
    return "".join(steps)


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(start: tuple[int, int], goal: tuple[int, int], length: int) -> tuple[int, int]:
    across, down = goal[0] - start[0], goal[1] - start[1]
    return (
        start[0] + (length if across > 0 else -length if across < 0 else 0),
        start[1] + (length if down > 0 else -length if down < 0 else 0),
    )


def document(*body: str, width: int, height: int, name: str, description: str, style: str) -> str:
    """Return a whole drawing, with a name for those who cannot see it."""
    parts = (title(name), element("desc", escape(legal(description))), element("style", style))
    # The size limits let a page scale the drawing down, never up.
    inner = "\n".join((*parts, element("rect", width=width, height=height, fill=PAPER), *body))
    return (
        element(
            "svg",
            f"\n{inner}\n",
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {height}",
            width=width,
            height=height,
            role="img",
        )
        + "\n"
    )
