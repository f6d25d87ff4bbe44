"""Point into a scalar: from an offset in its text to a place in the file."""

from apigen.diagnostics import Span
from apigen.source.node import ScalarNode


def text_span(node: ScalarNode) -> Span:
    """Return the span of the text itself, without quotes, when columns map to it one to one.

    Otherwise (block scalars, escapes, several lines, aliases) the span of the whole value.
    """
    span = node.span
    if not node.quoted or span.line != span.end_line:
        return span
    if span.end_column - span.column != len(node.raw) + 2:
        return span
    return Span(
        file=span.file,
        line=span.line,
        column=span.column + 1,
        end_line=span.line,
        end_column=span.end_column - 1,
    )


def part(span: Span, text: str, start: int, end: int) -> Span:
    """Return the span of `text[start:end]`, or all of `span` when it is not `text` one to one."""
    if span.line != span.end_line or span.end_column - span.column != len(text):
        return span
    return Span(
        file=span.file,
        line=span.line,
        column=span.column + start,
        end_line=span.line,
        end_column=span.column + end,
    )


def end_of(span: Span) -> Span:
    """Return the empty span after `span`."""
    return Span(
        file=span.file,
        line=span.end_line,
        column=span.end_column,
        end_line=span.end_line,
        end_column=span.end_column,
    )


def file_start(file: str) -> Span:
    """Return the empty span at the start of a file."""
    return Span(file=file, line=1, column=1, end_line=1, end_column=1)
