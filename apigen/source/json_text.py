"""Read JSON into nodes that remember where everything stood.

Seed files are JSON and may be large: reading them as YAML would be slow, and YAML has no surrogate
pairs.
"""

import json
import re

from apigen.diagnostics import Span
from apigen.source.node import Entry, MappingNode, Node, ScalarNode, ScalarValue, SequenceNode
from apigen.source.positions import Positions

_PIECE = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+)', re.DOTALL)


def json_node(text: str, *, file: str) -> Node | None:
    """Return the tree of a JSON text, None when it is none."""
    try:
        json.loads(text)
    except ValueError:
        return None
    return _Reader(text, file).read()


class _Reader:
    """Reads a text that is known to be JSON."""

    def __init__(self, text: str, file: str) -> None:
        self._positions = Positions(text)
        self._text = text
        self._file = file

    def read(self) -> Node | None:
        """Return the outermost value."""
        # An open collection: where it began, its items, and the key that waits for a value.
        stack: list[tuple[int, list[Node | Entry], ScalarNode | None, bool]] = []
        at = 0
        while True:
            match = _PIECE.match(self._text, at)
            if match is None:
                return None
            at = match.end()
            word = match[1]
            node: Node
            if word in "{[":
                stack.append((match.start(1), [], None, word == "{"))
                continue
            if word in ",:":
                continue
            if word in "}]":
                start, items, _, is_object = stack.pop()
                span = self._span(start, at)
                if is_object:
                    entries = tuple(item for item in items if isinstance(item, Entry))
                    node = MappingNode(entries=entries, span=span)
                else:
                    values = tuple(item for item in items if not isinstance(item, Entry))
                    node = SequenceNode(items=values, span=span)
            else:
                node = self._scalar(word, match.start(1), at)
            if not stack:
                return node
            start, items, key, is_object = stack.pop()
            if not is_object:
                items.append(node)
            elif key is None:
                assert isinstance(node, ScalarNode)
                stack.append((start, items, node, is_object))
                continue
            else:
                items.append(Entry(key=key.raw, key_node=key, value=node))
            stack.append((start, items, None, is_object))

    def _scalar(self, word: str, start: int, end: int) -> ScalarNode:
        value: ScalarValue = json.loads(word)
        quoted = word.startswith('"')
        return ScalarNode(
            value=value,
            raw=value if isinstance(value, str) else word,
            quoted=quoted,
            block=False,
            span=self._span(start, end),
        )

    def _span(self, start: int, end: int) -> Span:
        line, column = self._positions.place(start)
        end_line, end_column = self._positions.place(end)
        return Span(
            file=self._file, line=line, column=column, end_line=end_line, end_column=end_column
        )
