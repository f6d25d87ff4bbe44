"""Edits of single nodes: nothing but the node changes, and the result reads as intended."""

import difflib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from apigen.source.loader import load_text
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.round_trip import (
    UneditableError,
    with_entry,
    with_scalar,
    without_entry,
)

TREE = """\
# the shop
apigen: 1   # format
entities:
  # what is to be done
  Task:
    fields:
      title: str(1..80)   # shown
      'done': bool = false
      # not yet: due

  Note:  { fields: { a: str, b: "int?" }, api: {} }  # n
  Multi:
    fields: {
      a: str, # note a
      b: int # note b
    }
last: &x |
  kept

# end
"""


def _lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that go and those that come, without blanks around them."""
    found = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    gone = [line[2:].strip() for line in found if line.startswith("- ")]
    return gone, [line[2:].strip() for line in found if line.startswith("+ ")]


@pytest.mark.parametrize("broken", ["\n", "\r\n"])
def test_a_field_comes_last_in_a_block(broken: str) -> None:
    text = TREE.replace("\n", broken)

    edited = with_entry(text, ("entities", "Task", "fields"), "due", "date?")

    line = f"      due: date?{broken}"
    after = f"      'done': bool = false{broken}"
    assert edited.text == text.replace(after, after + line)
    assert edited.text[edited.start : edited.end] == "due: date?"


def test_a_field_comes_last_in_braces() -> None:
    edited = with_entry(TREE, ("entities", "Note", "fields"), "c", "date")

    assert edited.text == TREE.replace('b: "int?" }', 'b: "int?", c: date }')


def test_braces_over_several_lines_get_a_line_more_and_keep_their_comments() -> None:
    edited = with_entry(TREE, ("entities", "Multi", "fields"), "c", "date")

    wanted = "      b: int, # note b\n      c: date\n    }"
    assert edited.text == TREE.replace("      b: int # note b\n    }", wanted)


def test_empty_braces_are_filled() -> None:
    edited = with_entry(TREE, ("entities", "Note", "api"), "path", "/n")

    assert edited.text == TREE.replace("api: {}", "api: { path: /n }")


def test_a_value_is_quoted_only_where_it_must_be() -> None:
    plain = with_entry("a: {x: 1}\nb:\n  x: 1\n", ("b",), "y", 'enum(a|b) = "c, d"').text
    quoted = with_entry("a: {x: 1}\nb:\n  x: 1\n", ("a",), "y", 'enum(a|b) = "c, d"').text
    comment = with_entry("a:\n  x: 1\n", ("a",), "y", "it's # one").text

    assert plain == 'a: {x: 1}\nb:\n  x: 1\n  y: enum(a|b) = "c, d"\n'
    assert quoted == "a: {x: 1, y: 'enum(a|b) = \"c, d\"'}\nb:\n  x: 1\n"
    assert comment == "a:\n  x: 1\n  y: 'it''s # one'\n"


def test_a_text_without_final_line_end_gets_none() -> None:
    assert with_entry("a:\n  b: c", ("a",), "d", "e").text == "a:\n  b: c\n  d: e"
    assert without_entry("a:\n  b: c\n  d: e", ("a", "d")) == "a:\n  b: c"


def test_the_first_entry_leaves_comments_with_the_entry_below_them() -> None:
    text = "a:  # of a\n  # of b\n  b: c\n"

    edited = with_entry(text, ("a",), "z", "1st", first=True).text

    assert edited == "a:  # of a\n  z: 1st\n  # of b\n  b: c\n"


def test_a_block_scalar_at_the_end_keeps_its_last_lines() -> None:
    edited = with_entry("a:\n  b: |+\n    text\n\n", ("a",), "c", "d").text

    assert edited == "a:\n  b: |+\n    text\n\n  c: d\n"


def test_an_entry_of_a_block_goes_with_the_comment_on_its_line() -> None:
    edited = without_entry(TREE, ("entities", "Task", "fields", "title"))

    assert edited == TREE.replace("      title: str(1..80)   # shown\n", "")


def test_a_mapping_left_empty_is_still_a_mapping() -> None:
    assert without_entry("a:\n  b: c\nd: e\n", ("a", "b")) == "a: {}\nd: e\n"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (("Note", "fields", "a"), '{ a: str, b: "int?" }', '{ b: "int?" }'),
        (("Note", "fields", "b"), '{ a: str, b: "int?" }', "{ a: str }"),
        (("Multi", "fields", "a"), "      a: str, # note a\n", ""),
        (
            ("Multi", "fields", "b"),
            "a: str, # note a\n      b: int # note b\n",
            "a: str # note a\n",
        ),
    ],
)
def test_an_entry_goes_out_of_braces(path: tuple[str, ...], old: str, new: str) -> None:
    assert without_entry(TREE, ("entities", *path)) == TREE.replace(old, new)


def test_a_scalar_keeps_its_quotes() -> None:
    edited = with_scalar(TREE, ("entities", "Note", "fields", "b"), "int?", "int? unique")

    assert edited == TREE.replace('"int?"', '"int? unique"')


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: &f\n  x: str\nb: *f\n", ("a",)),
        ("a: &f {x: str}\nb: *f\n", ("b",)),
        ("base: &f\n  x: {y: 1}\nb:\n  <<: *f\n", ("b", "x")),
    ],
)
def test_what_an_alias_shares_is_not_added_to(text: str, path: tuple[str, ...]) -> None:
    with pytest.raises(UneditableError):
        with_entry(text, path, "new", "int")


def test_an_anchor_that_is_used_elsewhere_is_not_removed() -> None:
    with pytest.raises(UneditableError):
        without_entry("a:\n  x: &t str\n  y: *t\n", ("a", "x"))


def test_an_entry_is_added_beside_a_merge_key() -> None:
    edited = with_entry("base: &f {x: str}\nb:\n  <<: *f\n", ("b",), "new", "int").text

    assert edited == "base: &f {x: str}\nb:\n  <<: *f\n  new: int\n"


# ------------------------------------------------------------------ any document at all


type Tree = str | list[str] | dict[str, "Tree"]

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True).filter(
    lambda name: name not in ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
)
VALUES = st.text(alphabet="abz09 ()|.,:#='\"?{}[]*&!%@-", min_size=1, max_size=12)
PLAIN = re.compile(r"[a-z][a-z0-9().|=? ]*[a-z0-9)?]|[a-z]")
TREES: st.SearchStrategy[Tree] = st.recursive(
    VALUES | st.lists(VALUES, max_size=3),
    lambda inner: st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
ROOTS = st.dictionaries(NAMES, TREES, min_size=1, max_size=4)


@dataclass
class Writer:
    """Writes a tree as YAML in styles that change at random."""

    draw: st.DrawFn
    anchors: int = 0

    def scalar(self, text: str) -> str:
        if PLAIN.fullmatch(text) and text not in ("null", "true", "false"):
            ways = [text, f"'{text}'", f'"{text}"']
            return self.draw(st.sampled_from(ways))
        return "'" + text.replace("'", "''") + "'"

    def comment(self) -> str:
        return self.draw(st.sampled_from(["", "", "  # c: {x}, [y]", "   "]))

    def flow(self, tree: Tree, indent: str) -> str:
        if isinstance(tree, str):
            return self.scalar(tree)
        items: Sequence[str]
        if isinstance(tree, list):
            items = [self.scalar(item) for item in tree]
            opening, closing = "[", "]"
        else:
            items = [f"{key}: {self.flow(value, indent + ' ')}" for key, value in tree.items()]
            opening, closing = "{", "}"
        if not items:
            return self.draw(st.sampled_from([f"{opening}{closing}", f"{opening} {closing}"]))
        comma = self.draw(st.sampled_from(["", ","]))
        if self.draw(st.booleans()):
            lines = [f"{indent} {item}," for item in items[:-1]]
            lines.append(f"{indent} {items[-1]}{comma}")
            body = "\n".join(line + self.comment() for line in lines)
            return f"{opening}\n{body}\n{indent} {closing}"
        pad = self.draw(st.sampled_from(["", " "]))
        return f"{opening}{pad}{', '.join(items)}{comma}{pad}{closing}"

    def block(self, tree: Mapping[str, Tree], indent: str) -> list[str]:
        lines: list[str] = []
        step = " " * self.draw(st.integers(1, 4))
        for key, value in tree.items():
            lines += self.draw(st.sampled_from([[], [], [""], [f"{indent}# about {key}"]]))
            name = self.draw(st.sampled_from([key, f"'{key}'", key]))
            below = indent + step
            if isinstance(value, dict) and value and self.draw(st.booleans()):
                self.anchors += 1
                anchor = self.draw(st.sampled_from(["", "", f" &a{self.anchors}"]))
                lines.append(f"{indent}{name}:{anchor}{self.comment()}")
                lines += self.block(value, below)
            elif isinstance(value, list) and value and self.draw(st.booleans()):
                lines.append(f"{indent}{name}:{self.comment()}")
                lines += [f"{below}- {self.scalar(item)}" for item in value]
            elif isinstance(value, str) and PLAIN.fullmatch(value) and self.draw(st.booleans()):
                lines.append(f"{indent}{name}: >-{self.draw(st.sampled_from(['', ' # c']))}")
                lines.append(f"{below}{value}")
            else:
                lines.append(f"{indent}{name}: {self.flow(value, indent)}{self.comment()}")
        return lines


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[str, Tree]]:
    """Return a text and what it says."""
    tree = draw(ROOTS)
    writer = Writer(draw)
    if draw(st.integers(0, 4)) == 0:
        text = writer.flow(tree, "") + "\n"
    else:
        lines = writer.block(tree, "")
        if draw(st.booleans()):
            lines = ["%YAML 1.2", "---", *lines]
        text = "\n".join([*lines, *draw(st.sampled_from([[], ["# end"], ["", "..."]]))]) + "\n"
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))), tree


def _data(node: Node | None) -> object:
    match node:
        case ScalarNode(raw=raw):
            return raw
        case SequenceNode(items=items):
            return [_data(item) for item in items]
        case MappingNode(entries=entries):
            return {entry.key: _data(entry.value) for entry in entries}
        case None:
            return None


def _read(text: str) -> object:
    """Read with both readers; they have to agree."""
    loaded = load_text(text, file="spec.yaml")
    assert loaded.diagnostics == ()
    ours = _data(loaded.value)
    other = YAML(typ="safe", pure=True).load(io.StringIO(text))
    assert _texts(other) == _texts(ours)
    return ours


def _texts(data: object) -> object:
    """Leave the types of scalars out: `09` is no number in one of them."""
    if isinstance(data, dict):
        return {str(key): _texts(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_texts(item) for item in data]
    return ""


def _mappings(tree: Tree, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    if isinstance(tree, dict):
        found.append(path)
        for key, value in tree.items():
            found += _mappings(value, (*path, key))
    return found


def _at(tree: Tree, path: tuple[str, ...]) -> dict[str, Tree]:
    for key in path:
        assert isinstance(tree, dict)
        tree = tree[key]
    assert isinstance(tree, dict)
    return tree


def _bare(text: str) -> str:
    """Return a text without what joins entries: blanks, line ends, commas."""
    return re.sub(r"[\s,]", "", text)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_adding_an_entry_changes_nothing_else(data: st.DataObject) -> None:
    text, tree = data.draw(documents())
    path = data.draw(st.sampled_from(_mappings(tree)))
    value = data.draw(VALUES)
    first = data.draw(st.booleans())

    try:
        edited = with_entry(text, path, "zz_new", value, first=first)
    except UneditableError:
        # The root in the first place may be preceded by anything; elsewhere it always works.
        assert first
        assert path == ()
        return

    wanted = _at(tree, path)
    rest = dict(wanted)
    wanted.clear()
    wanted.update({"zz_new": value, **rest} if first else {**rest, "zz_new": value})
    assert _read(edited.text) == tree
    assert edited.text[edited.start :].startswith("zz_new: ")
    assert _bare(edited.text[: edited.start] + edited.text[edited.end :]) == _bare(text)
    gone, _ = _lines(text, edited.text)
    assert len(gone) <= 1
    assert ("\r\n" in edited.text) == ("\r\n" in text) or "\n" not in text


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_removing_an_entry_changes_nothing_else(data: st.DataObject) -> None:
    text, tree = data.draw(documents())
    paths = [(*path, key) for path in _mappings(tree) for key in _at(tree, path)]
    path = data.draw(st.sampled_from(paths))
    if len(tree) == 1 and len(path) == 1:
        return

    edited = without_entry(text, path)

    del _at(tree, path[:-1])[path[-1]]
    assert _read(edited) == tree
    kept = difflib.SequenceMatcher(None, edited, text, autojunk=False)
    added = "".join(
        edited[start:end] for op, start, end, _, _ in kept.get_opcodes() if op != "equal"
    )
    # Taking something out adds nothing, but for the braces of a mapping that is left empty.
    assert added.strip() in ("", "{}", "{", "}")
    assert edited.endswith("\n") or not text.endswith("\n")
    gone, _ = _lines(text, edited)
    # What stands below a node is not part of it.
    assert not gone[-1].startswith("#")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_changing_a_scalar_changes_nothing_else(data: st.DataObject) -> None:
    text, tree = data.draw(documents())
    scalars = [
        (*path, key)
        for path in _mappings(tree)
        for key, value in _at(tree, path).items()
        if isinstance(value, str)
    ]
    if not scalars:
        return
    path = data.draw(st.sampled_from(scalars))
    old, new = _at(tree, path[:-1])[path[-1]], data.draw(VALUES)
    assert isinstance(old, str)

    edited = with_scalar(text, path, old, new)

    _at(tree, path[:-1])[path[-1]] = new
    assert _read(edited) == tree
    gone, come = _lines(text, edited)
    assert len(gone) <= 2
    assert len(come) <= len(gone)
