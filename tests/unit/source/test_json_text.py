"""JSON as nodes with places: the same tree as the standard reader, and the text behind each."""

import json
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from apigen.source.json_text import json_node
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.positions import Positions

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def _data(node: Node | None) -> object:
    match node:
        case ScalarNode(value=value):
            return value
        case SequenceNode(items=items):
            return [_data(item) for item in items]
        case MappingNode(entries=entries):
            return {entry.key: _data(entry.value) for entry in entries}
        case None:
            return None


@given(VALUES, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_the_tree_says_what_the_text_says(
    value: object, indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    assert _data(json_node(text, file="a.json")) == value


@given(st.dictionaries(st.text(), st.integers(), min_size=1), st.sampled_from([None, 2]))
def test_a_key_stands_where_its_span_says(value: dict[str, int], indent: int | None) -> None:
    text = json.dumps([value], indent=indent)
    root = cast("SequenceNode", json_node(text, file="a.json"))
    positions = Positions(text)

    for entry in cast("MappingNode", root.items[0]).entries:
        start, end = positions.bounds(entry.key_span)
        assert json.loads(text[start:end]) == entry.key


def test_what_is_no_json_has_no_tree() -> None:
    assert json_node("[1, 2", file="a.json") is None
