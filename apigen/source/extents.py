"""Where the text of a node ends. Readers end block scalars behind the blanks and comments below."""

from apigen.source.meaning import own_entries
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.positions import Positions


def content_end(positions: Positions, node: Node) -> int:
    """Return the offset behind the last letter of a node."""
    start, end = positions.bounds(node.span)
    text = positions.text
    last: Node | None = None
    match node:
        case ScalarNode(block=True) if text[start : start + 1] != "*":
            return _block_scalar_end(positions, start, end)
        case MappingNode():
            own = own_entries(node)
            last = own[-1].value if own else None
        case SequenceNode(items=items):
            last = items[-1] if items else None
        case _:
            pass
    if last is not None and positions.bounds(last.span)[1] == end:
        return content_end(positions, last)
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _block_scalar_end(positions: Positions, start: int, end: int) -> int:
    """Return the end of the last line that is as far in as the first one with letters."""
    text = positions.text
    last = positions.line_end(start)
    indent: int | None = None
    at = positions.next_line(start)
    while at < end:
        line = text[at : positions.line_end(at)]
        if line.strip():
            inset = len(line) - len(line.lstrip(" "))
            indent = inset if indent is None else indent
            if inset < indent:
                break
            last = at + len(line.rstrip())
        at = positions.next_line(at)
    return min(last, end)
