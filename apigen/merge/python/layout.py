"""Indentation and blank lines of text that moves from one version to another."""

import textwrap

from apigen.merge.python.source import Source


def moved(source: Source, start: int, end: int, *, indent: str, unit: str = "    ") -> str:
    """Give the lines of a span, indented as in another place.

    Lines within a string stay as they are, unless the string is a docstring: its lines are
    compared without indentation and move along.

    Args:
        source: Where the lines are.
        start: Where the first begins.
        end: After the last.
        indent: The indentation that the first line is to have.
        unit: One step of indentation at the new place.
    """
    text = source.text[start:end]
    old = (
        source.indent(source.solid_span(start, end)[0])
        if source.solid_span(start, end)[0] < end
        else source.indent(start)
    )
    if old == indent and (unit == "    " or "\t" not in unit):
        return text
    inside: set[int] = set()
    for first, last in source.strings:
        if first >= start and last <= end and not _is_statement(source, first, last):
            inside.update(
                range(text.count("\n", 0, first - start) + 1, text.count("\n", 0, last - start) + 1)
            )
    lines = text.split("\n")
    return "\n".join(
        line if number in inside or not line.strip() else _indented(line, old, indent, unit)
        for number, line in enumerate(lines)
    )


def _is_statement(source: Source, start: int, end: int) -> bool:
    return not source.text[source.line_start(start) : start].strip() and source.text[
        end : end + 1
    ] in {"\n", ""}


def _indented(line: str, old: str, new: str, unit: str) -> str:
    if not line.startswith(old):
        return new + line.lstrip(" \t")
    rest = line[len(old) :]
    content = rest.lstrip(" \t")
    extra = rest[: len(rest) - len(content)]
    if "\t" in unit and extra:
        steps, left = divmod(len(extra.expandtabs(4)), 4)
        extra = unit * steps + " " * left
    return new + extra + content


def dedented(text: str) -> str:
    """Give a statement at the left edge, to be parsed alone."""
    return textwrap.dedent(text)
