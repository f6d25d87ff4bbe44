"""Field strings: the grammar, the spans, and that no text at all makes the reader raise."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.diagnostics import Span
from apigen.diagnostics.collector import Collector
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.scalars import resolve
from apigen.spec.fields import FieldShape, FieldSpec
from apigen.spec.located import Located
from apigen.spec.shape import Place
from apigen.spec.shorthand import with_modifier
from apigen.spec.type_syntax import (
    CollectionSyntax,
    EnumSyntax,
    NamedSyntax,
    RelationSyntax,
    TypeSyntax,
)


def scalar(text: str) -> ScalarNode:
    """A plain scalar at line 3, column 7."""
    span = Span(file="a.yaml", line=3, column=7, end_line=3, end_column=7 + len(text))
    return ScalarNode(value=resolve(text), raw=text, quoted=False, block=False, span=span)


def read(text: str) -> tuple[FieldSpec | None, Collector]:
    found = Collector()
    return FieldShape().read(scalar(text), Place(key="name"), found), found


def accepted(text: str) -> FieldSpec:
    spec, found = read(text)
    assert found.found == ()
    assert spec is not None
    return spec


def type_of(text: str) -> TypeSyntax:
    type_ = accepted(text).type
    assert type_ is not None
    return type_


def test_type_range_and_question_mark() -> None:
    type_ = type_of("str(1..200)?")

    core = type_.core
    assert type_.nullable
    assert isinstance(core, NamedSyntax)
    assert core.name.value == "str"
    assert core.range is not None
    assert core.range.low is not None
    assert core.range.high is not None
    assert (core.range.low.value, core.range.high.value) == ("1", "200")


def test_single_number_is_an_upper_bound() -> None:
    core = type_of("str(80)").core

    assert isinstance(core, NamedSyntax)
    assert core.range is not None
    assert core.range.single
    assert core.range.low is None


def test_enum_members_have_their_own_spans() -> None:
    core = type_of("enum(draft|paid)").core

    assert isinstance(core, EnumSyntax)
    assert [(m.value, m.span.column, m.span.end_column) for m in core.members] == [
        ("draft", 12, 17),
        ("paid", 18, 22),
    ]


def test_collections_nest() -> None:
    core = type_of("list(map(int))").core

    assert isinstance(core, CollectionSyntax)
    assert core.kind == "list"
    assert isinstance(core.item, CollectionSyntax)
    assert core.item.kind == "map"


def test_arc_has_several_targets() -> None:
    core = type_of("ref(Person|sales.Company)?").core

    assert isinstance(core, RelationSyntax)
    assert [target.value for target in core.targets] == ["Person", "sales.Company"]


def test_modifiers_are_keys_of_the_mapping() -> None:
    spec = accepted("str(80)? unique search normalize=lower wire=theName")

    assert isinstance(spec.unique, Located)
    assert spec.unique.value is True
    assert spec.search is not None
    assert spec.normalize is not None
    assert [word.value for word in spec.normalize] == ["lower"]
    assert spec.wire is not None
    assert (spec.wire.value, spec.wire.span.column) == ("theName", 51)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("int = 3", 3),
        ("bool = false", False),
        ("decimal = 1.50", 1.5),
        ("enum(a|b) = a", "a"),
        ('str = "a = b := c"', "a = b := c"),
        ("str = 'it''s'", "it's"),
        ("str(1..3) max=3 = 4", 4),
    ],
)
def test_default_runs_to_the_end(text: str, value: object) -> None:
    default = accepted(text).default

    assert isinstance(default, ScalarNode)
    assert default.value == value


def test_list_default() -> None:
    default = accepted("list(str) = [a, b]").default

    assert isinstance(default, SequenceNode)
    assert [item.raw for item in default.items if isinstance(item, ScalarNode)] == ["a", "b"]


def test_default_in_quotes_knows_its_place() -> None:
    default = accepted('str = "abc"').default

    assert isinstance(default, ScalarNode)
    assert (default.span.line, default.span.column, default.span.end_column) == (3, 13, 18)


def test_computed_is_an_expression() -> None:
    computed = accepted("int := stock - reserved").computed

    assert computed is not None
    assert computed.value == "stock - reserved"
    assert computed.span.column == 14


def test_comparison_is_no_separator() -> None:
    computed = accepted("bool := a == b").computed

    assert computed is not None
    assert computed.value == "a == b"


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("str(1..80", "AG202", 10),
        ("str)", "AG202", 10),
        ("str(1..80))", "AG202", 17),
        ("str[]", "AG204", 7),
        ("List<str>", "AG204", 7),
        ("str!", "AG205", 10),
        ("int max = 3", "AG206", 11),
        ("str uniqe", "AG206", 11),
        ("str unique unique", "AG206", 18),
        ("str max=", "AG206", 11),
        ("str filter=[eq, in] = 'x'", "AG206", 18),
        ("str =", "AG209", 11),
        ("str :=", "AG209", 11),
        ("str = 'open", "AG202", 13),
        ("enum(a, b)", "AG212", 7),
        ("enum()", "AG212", 7),
        ("enum(a|)", "AG212", 7),
        ("str load", "AG014", 11),
        ("str on_delete=sometimes", "AG006", 21),
    ],
)
def test_one_mistake_earns_one_message_at_its_place(text: str, code: str, column: int) -> None:
    _, found = read(text)

    assert [(one.code, one.span.column) for one in found.found] == [(code, column)]


def _spans(node: Node) -> list[Span]:
    match node:
        case ScalarNode(span=span):
            return [span]
        case SequenceNode(items=items):
            return [node.span, *(span for item in items for span in _spans(item))]
        case MappingNode(entries=entries):
            return [node.span, *(span for entry in entries for span in _spans(entry.value))]


GRAMMARLIKE = st.lists(
    st.sampled_from(
        [
            *(
                "str",
                "int",
                "enum",
                "list",
                "ref",
                "many",
                "id",
                "Money",
                "unique",
                "max",
                "filter",
            ),
            *("(", ")", "|", "..", "1", "80", "?", "!", "[", "]", "<", ">", "{", "}", ","),
            *(" ", " = ", " := ", "=", "'", '"', ".", "-", "#", "é", "\t", "\\", "*", "&"),
        ]
    ),
    max_size=14,
).map("".join)


@given(st.one_of(GRAMMARLIKE, st.text(max_size=40)))
def test_no_text_makes_the_reader_raise_and_spans_stay_inside_it(text: str) -> None:
    text = text.strip().replace("\n", " ").replace("\r", " ")
    node = scalar(text)

    spec, found = read(text)

    places = [one.span for one in found.found]
    if spec is not None:
        for known in fields(spec):
            value = getattr(spec, known.name)
            if isinstance(value, ScalarNode | SequenceNode | MappingNode):
                places += _spans(value)
            elif isinstance(value, Located | TypeSyntax):
                places.append(value.span)
    for place in places:
        assert place.line == place.end_line == 3
        assert node.span.column <= place.column <= place.end_column <= node.span.end_column


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("int", "int x=1"),
        ("ref(A | B)? unique", "ref(A | B)? unique x=1"),
        ('str(1..9) = "a := b"', 'str(1..9) x=1 = "a := b"'),
        ("bool  :=  a == b", "bool x=1  :=  a == b"),
        ("int x=7 unique = 3", "int x=1 unique = 3"),
    ],
)
def test_a_modifier_stands_before_the_default(text: str, wanted: str) -> None:
    assert with_modifier(text, "x", "1") == wanted
