"""Which lines of a file are its owner's: those that are not in today's rendering of it."""

import ast
from difflib import SequenceMatcher


def own_lines(text: str, rendered: str | None) -> frozenset[int]:
    """Return the numbers of the owner's lines, from 1.

    Args:
        text: The file as it stands.
        rendered: What apigen makes of it today; None when it makes no such file.
    """
    lines = [line.rstrip() for line in text.splitlines()]
    if rendered is None:
        return frozenset(range(1, len(lines) + 1))
    theirs = [line.rstrip() for line in rendered.splitlines()]
    shared: set[int] = set()
    for block in SequenceMatcher(None, lines, theirs, autojunk=False).get_matching_blocks():
        shared.update(range(block.a + 1, block.a + block.size + 1))
    return frozenset(range(1, len(lines) + 1)) - shared


def statement_lines(text: str, line: int) -> range:
    """Return the lines of the statement that `line` is in; of a block only its head.

    An argument on a line of its own makes mypy complain about the line where the call begins.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return range(line, line + 1)
    best = range(line, line + 1)
    size = None
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        lines = _head(node)
        if line in lines and (size is None or len(lines) < size):
            best, size = lines, len(lines)
    return best


def _head(node: ast.stmt) -> range:
    body = getattr(node, "body", None)
    last = node.end_lineno or node.lineno
    if isinstance(body, list) and body:
        last = max(node.lineno, body[0].lineno - 1)
    return range(node.lineno, last + 1)
