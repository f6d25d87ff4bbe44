"""How names, values and texts become Python source."""

import ast
import io
import keyword
import tokenize
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.diagnostics import Span
from apigen.ir.names import Name
from apigen.ir.system import EnumMember, EnumStore, EnumType
from apigen.python.identifiers import (
    member_names,
    spell,
    spell_class,
    spell_module,
    spell_variable,
)
from apigen.python.imports import ImportSet, Symbol
from apigen.python.literals import docstring, literal, pattern, text

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)
SPAN = Span(file="x", line=1, column=1, end_line=1, end_column=1)


def enum(*names: str) -> EnumType:
    return EnumType(
        id="",
        qname="shop.Status",
        name=Name.of("Status"),
        doc="",
        span=SPAN,
        members=tuple(EnumMember(name=n, value=n, label=n) for n in names),
        store=EnumStore.CHECK,
    )


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("title", "title"),
        ("type", "type"),
        ("id", "id"),
        ("date", "date"),
        ("class", "class_"),
        ("json", "json_"),
        ("copy", "copy_"),
        ("metadata", "metadata_"),
        ("registry", "registry_"),
        ("model_config", "model_config_"),
        ("check_invariants", "check_invariants_"),
        ("list", "list_"),
        ("field", "field_"),
    ],
)
def test_reserved_attributes_get_an_underscore(name: str, spelled: str) -> None:
    assert spell(name) == spelled


@given(st.from_regex("[a-z][a-z0-9_]{0,20}", fullmatch=True))
def test_a_spelled_name_is_an_identifier_and_no_keyword(name: str) -> None:
    for spelled in (spell(name), spell_module(name), spell_variable(name)):
        assert spelled.isidentifier()
        assert not keyword.iskeyword(spelled)


def test_classes_and_variables_keep_clear_of_what_is_taken() -> None:
    assert spell_class("None") == "None_"
    assert spell_class("Order") == "Order"
    assert spell_variable("data", {"data"}) == "data_"
    assert spell_variable("input") == "input_"


def test_members_have_distinct_identifiers() -> None:
    names = member_names(enum("draft", "Draft", "in-progress", "inProgress", "1st", "class", "é"))

    assert names == {
        "draft": "DRAFT",
        "Draft": "DRAFT_2",
        "in-progress": "IN_PROGRESS",
        "inProgress": "IN_PROGRESS_2",
        "1st": "VALUE_1ST",
        "class": "CLASS",
        "é": "É",
    }


@given(ANY_TEXT)
def test_a_text_literal_evaluates_to_the_text(value: str) -> None:
    assert ast.literal_eval(text(value)) == value
    assert ast.literal_eval(pattern(value)) == value


@given(st.text("ab \n'\"\\", min_size=73, max_size=400))
def test_a_long_text_is_cut_into_short_pieces(value: str) -> None:
    source = text(value)

    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    pieces = [token.string for token in tokens if token.type == tokenize.STRING]
    assert max(map(len, pieces)) <= 80
    assert ast.literal_eval(source) == value


@given(ANY_TEXT, st.integers(0, 8))
def test_a_docstring_is_one_string_whatever_it_says(value: str, indent: int) -> None:
    margin = " " * indent
    source = f"if True:\n{margin} {docstring(value, indent=indent, fallback='x')}\n"

    tree = ast.parse(source)
    (statement,) = tree.body
    assert isinstance(statement, ast.If)
    (only,) = statement.body
    assert isinstance(only, ast.Expr)
    assert isinstance(only.value, ast.Constant)


def test_a_docstring_keeps_paragraphs_and_says_what_it_was_told() -> None:
    assert docstring('A "b" \\d.') == '"""A "b" \\\\d."""'
    assert docstring("a\nb\n\nc", indent=4) == '"""a b\n\n    c\n    """'
    assert docstring("  ", fallback="Nothing.") == '"""Nothing."""'
    assert docstring('"a"') == '"""\\"a\\""""'


@pytest.mark.parametrize(
    "value",
    [
        True,
        5,
        1.5,
        Decimal("1.50"),
        date(2026, 1, 2),
        datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        time(3, 4, 5),
        timedelta(days=1, microseconds=5),
        [1, {"a": None}],
    ],
)
def test_a_literal_evaluates_to_the_value(value: object) -> None:
    imports = ImportSet("shop.x")

    source = literal(value, imports)

    scope: dict[str, object] = {}
    exec("\n".join(imports.render()), scope)
    assert eval(source, scope) == value


def test_imports_are_sorted_and_name_only_what_was_asked_for() -> None:
    imports = ImportSet("shop.domain.aggregates", ["Order"])

    assert imports.add("decimal", "Decimal") == "Decimal"
    assert imports.module("datetime", "dt") == "dt"
    assert imports.add("abc", "ABC") == "ABC"
    assert imports.add("decimal", "Decimal") == "Decimal"
    assert imports.render() == (
        "import datetime as dt",
        "from abc import ABC",
        "from decimal import Decimal",
    )


def test_the_first_to_ask_for_a_name_gets_it() -> None:
    imports = ImportSet("shop.domain.aggregates", ["Field"])

    assert imports.add("pydantic", "Field") == "Field_"
    assert imports.use(Symbol(module="other", name="Field")) == "Field__"
    assert imports.add("shop.domain.aggregates", "Field") == "Field"
    assert imports.render() == (
        "from other import Field as Field__",
        "from pydantic import Field as Field_",
    )
