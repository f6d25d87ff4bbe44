"""YAML to nodes: values by YAML 1.2, spans, aliases, and what a hostile file may not do."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.diagnostics import Diagnostic
from apigen.diagnostics.collector import Collector
from apigen.source.loader import MAX_BYTES, load_text, name_of, read_text
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode


def _load(text: str) -> tuple[MappingNode | None, tuple[Diagnostic, ...]]:
    outcome = load_text(text, file="a.yaml")
    return outcome.value, outcome.diagnostics


def _read(path: Path) -> tuple[str | None, tuple[Diagnostic, ...]]:
    found = Collector()
    return read_text(path, file=path.name, found=found), found.found


def _root(text: str) -> MappingNode:
    root, found = _load(text)
    assert found == ()
    assert root is not None
    return root


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("n", "n"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("12", 12),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1.10", 1.1),
        ("1e3", 1000.0),
        ("2026-01-31", "2026-01-31"),
        ("12:30", "12:30"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("9" * 200, "9" * 200),
    ],
)
def test_scalars_follow_the_core_schema(written: str, value: object) -> None:
    node = _root(f"a: {written}\n").get("a")

    assert isinstance(node, ScalarNode)
    assert node.value == value
    assert type(node.value) is type(value)


def test_spans_count_characters_from_one() -> None:
    root = _root("é: ü\nlist:\n  - 'a b'\n")

    first, second = root.entries
    assert (first.key_span.line, first.key_span.column, first.key_span.end_column) == (1, 1, 2)
    assert (first.value.span.column, first.value.span.end_column) == (4, 5)
    assert isinstance(second.value, SequenceNode)
    item = second.value.items[0].span
    assert (item.line, item.column, item.end_column) == (3, 5, 10)
    assert (second.value.span.line, second.value.span.end_line) == (3, 3)


def test_a_byte_order_mark_does_not_shift_spans(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfapigen: 1\n")

    text, found = _read(path)

    assert found == ()
    root = _root(text or "")
    assert root.entries[0].key == "apigen"
    assert root.entries[0].key_span.column == 1


def test_an_alias_stands_where_it_is_used() -> None:
    root = _root("a: &x { b: 1 }\nc: *x\n")

    node = root.get("c")
    assert isinstance(node, MappingNode)
    assert (node.span.line, node.span.column, node.span.end_column) == (2, 4, 6)
    assert node.get("b") is not None


def test_own_keys_win_over_merged_ones() -> None:
    root = _root("a: &x { b: 1, c: 2 }\nd: &y { c: 3, e: 4 }\nf: { <<: [*x, *y], b: 9 }\n")

    node = root.get("f")
    assert isinstance(node, MappingNode)
    values = {e.key: e.value.value for e in node.entries if isinstance(e.value, ScalarNode)}
    assert values == {"b": 9, "c": 2, "e": 4}


def test_a_quoted_merge_key_is_a_key() -> None:
    assert _root('"<<": 1\n').get("<<") is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2\n", "AG004"),
        ("a: !x 1\n", "AG008"),
        ("a: !!python/object:os.system {}\n", "AG008"),
        ("a: *x\n", "AG008"),
        ("a: [\n", "AG003"),
        ("a: 'x\n", "AG003"),
        ("a: \x00\n", "AG003"),
        ("a: \ufffe\n", "AG003"),
        ("a: &x [*x]\n", "AG003"),
        ("a: 1\n---\nb: 2\n", "AG003"),
        ("? [a]\n: 1\n", "AG006"),
        ("- a\n", "AG006"),
        ("just text\n", "AG006"),
        ("", "AG001"),
        ("# nothing\n", "AG001"),
        ("%YAML 9.9\n---\na: 1\n", "AG003"),
    ],
)
def test_each_problem_has_one_code(text: str, code: str) -> None:
    _, found = _load(text)

    assert [one.code for one in found] == [code]


def test_a_duplicate_key_shows_both_places() -> None:
    _, found = _load("entities:\n  A: 1\n  A: 2\n")

    assert found[0].message == "`A` appears twice in `entities`"
    assert found[0].span.line == 3
    assert found[0].labels[0].span.line == 2


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_depth_is_limited(opening: str) -> None:
    _, found = _load(opening * 5_000)

    assert [one.code for one in found] == ["AG003"]


def test_an_alias_bomb_is_refused_quickly() -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    start = time.process_time()

    _, found = _load("\n".join(lines))

    assert [one.code for one in found] == ["AG003"]
    assert time.process_time() - start < 1


def test_a_merge_bomb_is_refused_quickly() -> None:
    lines = ["a0: &a0 {" + ", ".join(f"k{n}: 1" for n in range(1_000)) + "}"]
    lines += [f"b{n}: {{ <<: *a0 }}" for n in range(2_000)]
    start = time.process_time()

    _, found = _load("\n".join(lines))

    assert [one.code for one in found] == ["AG003"]
    assert time.process_time() - start < 5


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))

    text, found = _read(path)

    assert text is None
    assert [one.code for one in found] == ["AG003"]


def test_other_encodings_are_refused_at_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")

    _, found = _read(path)

    assert [(one.code, one.span.line, one.span.column) for one in found] == [("AG003", 2, 7)]


def test_files_are_named_from_the_root(tmp_path: Path) -> None:
    root = load_text("a: 1\n", file=name_of(tmp_path / "contexts/a.yaml", root=tmp_path)).value

    assert root is not None
    assert root.span.file == "contexts/a.yaml"


def _nodes(node: Node) -> list[Node]:
    match node:
        case ScalarNode():
            return [node]
        case SequenceNode(items=items):
            return [node, *(inner for item in items for inner in _nodes(item))]
        case MappingNode(entries=entries):
            return [node, *(inner for entry in entries for inner in _nodes(entry.value))]


YAMLISH = st.lists(
    st.sampled_from(
        [
            *("a", "b: ", "- ", "\n", "  ", "{", "}", "[", "]", ", ", "'", '"', "|", ">", "#"),
            *("&x ", "*x", "<<: ", "!t ", "? ", ": ", "\t", "---\n", "%", "\\", "é", "1", "~"),
        ]
    ),
    max_size=30,
).map("".join)


@given(st.one_of(YAMLISH, st.text(max_size=60)))
def test_no_text_makes_the_loader_raise(text: str) -> None:
    root, found = _load(text)

    assert root is not None or found
    for node in [] if root is None else _nodes(root):
        span = node.span
        assert (span.line, span.column) <= (span.end_line, span.end_column)
