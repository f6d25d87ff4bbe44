"""How a new value is written: on lines of its own, or inside braces; quoted when it must be."""

import json
from collections.abc import Iterator, Mapping

type Value = str | Mapping[str, Value]
"""A scalar that is a text, or a mapping. The keys are names, which need no quotes."""


def scalar_texts(text: str) -> Iterator[str]:
    """Yield ways to write a text, the plainest first. Not each reads as the text everywhere."""
    # Signs at the start mean something to one reader or another, such as `=` in YAML 1.1.
    if text and text == text.strip() and (text[0].isalnum() or text[0] in "/_."):
        yield text
    if text.isprintable():
        yield "'" + text.replace("'", "''") + "'"
    yield json.dumps(text, ensure_ascii=False)


def block_lines(key: str, value: Value, *, step: int) -> Iterator[list[str]]:
    """Yield ways to write an entry on lines of its own; all scalars in one style."""
    for style in range(3):
        lines = _lines(key, value, step, style)
        if lines is not None:
            yield lines


def _lines(key: str, value: Value, step: int, style: int) -> list[str] | None:
    if isinstance(value, str):
        text = _styled(value, style)
        return None if text is None else [f"{key}: {text}"]
    if not value:
        return [f"{key}: {{}}"]
    lines = [f"{key}:"]
    for inner, item in value.items():
        # A value that is fine plainly is not quoted because its neighbour must be.
        below = _lines(inner, item, step, _own_style(item, style))
        if below is None:
            return None
        lines += (f"{' ' * step}{line}" for line in below)
    return lines


def _own_style(value: Value, style: int) -> int:
    if isinstance(value, str) and style and _is_plain(value):
        return 0
    return style


def _is_plain(text: str) -> bool:
    """Whether a text surely needs no quotes in block style."""
    return bool(text) and text[0].isalpha() and not any(sign in text for sign in (": ", " #", "\n"))


def _styled(text: str, style: int) -> str | None:
    ways = list(scalar_texts(text))
    if style == 0 and ways[0] != text:
        return None
    return ways[-1] if style == 2 else ways[min(style, len(ways) - 1)]


def flow_texts(key: str, value: Value) -> Iterator[str]:
    """Yield ways to write an entry inside braces."""
    for style in range(3):
        text = _flow(value, style)
        if text is not None:
            yield f"{key}: {text}"


def _flow(value: Value, style: int) -> str | None:
    if isinstance(value, str):
        if style and value.replace("_", "").isalnum() and value[0].isalpha():
            return value
        return _styled(value, style)
    inner = [_flow(item, style) for item in value.values()]
    if any(item is None for item in inner):
        return None
    entries = ", ".join(f"{key}: {item}" for key, item in zip(value, inner, strict=True))
    return f"{{ {entries} }}" if entries else "{}"
