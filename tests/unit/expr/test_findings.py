"""What is wrong with a rule is said once, at the narrowest place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apigen.diagnostics import Severity, Span
from apigen.expr.kinds import DURATION, FLOAT, INT, TEXT, decimal_type
from apigen.expr.parser import parse_rule
from apigen.expr.scope import RuleKind, Scope
from apigen.expr.text import MAX_LENGTH
from apigen.ir.expr import SqlSupport
from apigen.ir.types import TypeRef
from tests.unit.expr.scopes import (
    ENUMS,
    MONEY,
    STATUS,
    member,
    problems,
    rule,
    scope,
    span,
    typed,
)

WRONG = [
    # AG420: unreadable
    ("stock > 0 && active", [("AG420", "&&")]),
    ("stock > 0 || active", [("AG420", "||")]),
    ("!active", [("AG420", "!")]),
    ("stock = 1", [("AG420", "=")]),
    ("stock <> 1", [("AG420", "<>")]),
    ("note == null", [("AG420", "null")]),
    ("active == true", [("AG420", "true")]),
    ("stock >", [("AG420", ">")]),
    ("(stock > 0", [("AG420", "(")]),
    ("stock > 0 # really", [("AG420", "#")]),
    ("stöck > 0", [("AG420", "ö")]),
    ("", [("AG420", "")]),
    ("not " * 60 + "active", [("AG420", "not " * 60 + "active")]),
    # AG421: not of the language
    ("title.lower() == 'x'", [("AG421", "title.lower")]),
    ("title[0] == 'x'", [("AG421", "title[0]")]),
    ("stock ** 9 > 1", [("AG421", "stock ** 9")]),
    ("stock & 1 == 1", [("AG421", "stock & 1")]),
    ("f'{title}' == 'x'", [("AG421", "f'{title}'")]),
    ("(lambda: 1) == 1", [("AG421", "lambda: 1")]),
    ("[l for l in lines]", [("AG421", "[l for l in lines]")]),
    ("any([l.ready for l in lines])", [("AG421", "[l.ready for l in lines]")]),
    ("stock in (1, 2)", [("AG421", "(1, 2)")]),
    ("stock in []", [("AG421", "[]")]),
    ("stock is 5", [("AG421", "stock is 5")]),
    ("lowr(title) == 'x'", [("AG421", "lowr")]),
    ("has_role('admin')", [("AG421", "has_role")]),
    ("exists(lines)", [("AG421", "exists(lines)")]),
    ("open('/etc/passwd') == 'x'", [("AG421", "open")]),
    ("__import__('os') == 'x'", [("AG421", "__import__")]),
    ("round(weight, 1, 2) > 1", [("AG421", "round(weight, 1, 2)")]),
    ("sum(x=1) > 1", [("AG420", "=")]),
    (
        "any(l.ready for l in lines for k in lines)",
        [("AG421", "(l.ready for l in lines for k in lines)")],
    ),
    ("any(l.ready for L in lines)", [("AG421", "L")]),
    # AG423: no such name
    ("stok > 0", [("AG423", "stok")]),
    ("status == payd", [("AG423", "payd")]),
    ("title == hello", [("AG423", "hello")]),
    ("input.title == 'x'", [("AG423", "input")]),
    ("price.amont > 1", [("AG423", "price.amont")]),
    ("born_on.hour > 1", [("AG423", "born_on.hour")]),
    ("customer is not None", [("AG423", "customer")]),
    ("any(l.redy for l in lines)", [("AG423", "l.redy")]),
    ("stok > 0 and reservd > 0", [("AG423", "stok"), ("AG423", "reservd")]),
    # AG424: types
    ("price > 5", [("AG424", "price > 5")]),
    ("price + 1 == price", [("AG424", "price + 1")]),
    ("'1' + 1 == '2'", [("AG424", "'1' + 1")]),
    ("status == 'paid'", [("AG424", "'paid'")]),
    ("status < paid", [("AG424", "status < paid")]),
    ("stock", [("AG424", "stock")]),
    ("not stock", [("AG424", "stock")]),
    ("ratio > weight", [("AG424", "ratio > weight")]),
    ("born_on > '2020-13-01'", [("AG424", "'2020-13-01'")]),
    ("starts_at > '2020-12-01T00:00:00'", [("AG424", "'2020-12-01T00:00:00'")]),
    ("starts_at > today", [("AG424", "starts_at > today")]),
    ("customer_id == 1", [("AG424", "customer_id == 1")]),
    ("parent_id == customer_id", [("AG424", "parent_id == customer_id")]),
    ("lines.amount == price", [("AG424", "lines.amount")]),
    ("lines > 1", [("AG424", "lines > 1")]),
    ("stock in tags", [("AG424", "stock")]),
    ("matches(title, '[')", [("AG424", "'['")]),
    ("matches(title, note) or True", [("AG425", "note")]),
    ("None < stock", [("AG424", "None < stock")]),
    ("title == 'a\\x00b'", [("AG424", "'a\\x00b'")]),
    ("title == '\\ud800'", [("AG424", "'\\ud800'")]),
    ("stock > 99999999999999999999", [("AG424", "99999999999999999999")]),
    ("weight > 1e400", [("AG424", "1e400")]),
    ("pause > days(9999999999)", [("AG424", "days(9999999999)")]),
    ("round(weight, stock) > 1", [("AG424", "stock")]),
    ("1 if active else 'x'", [("AG424", "1 if active else 'x'")]),
    # AG425: null
    ("due_on < today", [("AG425", "due_on")]),
    ("limit + discount > 1", [("AG425", "limit"), ("AG425", "discount")]),
    ("flag", [("AG425", "flag")]),
    ("active and flag", [("AG425", "flag")]),
    ("len(note) > 1", [("AG425", "note")]),
    ("bonus.amount > 1", [("AG425", "bonus")]),
    ("work.city == 'x'", [("AG425", "work")]),
    ("invoice.total > 1", [("AG425", "invoice")]),
    ("stock / reserved > 1", [("AG425", "stock / reserved")]),
    ("max(l.quantity for l in lines) > 1", [("AG425", "max(l.quantity for l in lines)")]),
    ("any(len(l.remark) > 1 for l in lines)", [("AG425", "l.remark")]),
    ("coalesce(note, old_status) == 'x'", [("AG424", "coalesce(note, old_status)")]),
    # AG426: another aggregate
    ("customer.name == 'x'", [("AG426", "customer")]),
    ("customer_id.name == 'x'", [("AG426", "customer_id.name")]),
]


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_a_mistake_is_found_where_it_is(text: str, expected: list[tuple[str, str]]) -> None:
    assert problems(text) == expected


NARROWED = [
    "limit is not None and limit > 3",
    "limit is None or limit > 3",
    "not (limit is None) and limit > 3",
    "not (limit is None or limit < 3)",
    "limit > 3 if limit is not None else True",
    "True if limit is None else limit > 3",
    "limit != None and limit > 3",
    "limit == 5 and limit + 1 > 3",
    "limit in [1, 2] and limit > 1",
    "limit is not None and all(l.quantity < limit for l in lines)",
    "all(len(l.remark) > 1 for l in lines if l.remark is not None)",
    "bonus is not None and bonus.amount > 1",
    "invoice is not None and invoice.total > 1",
    "coalesce(limit, 0) > 3",
    "reserved != 0 and stock / reserved > 1",
    "reserved > 0 and stock % reserved == 1",
    "reserved == 0 or stock // reserved > 1",
    "stock / packs > 1",
    "stock / 3 > 1",
    "len(lines) > 0 and stock / len(lines) > 1",
]


@pytest.mark.parametrize("text", NARROWED)
def test_a_test_for_null_or_zero_narrows(text: str) -> None:
    assert problems(text) == []


NOT_NARROWED = [
    ("limit is not None or limit > 3", "limit"),
    ("limit is None and limit > 3", "limit"),
    ("limit > 3 and limit is not None", "limit"),
    ("(limit is not None and active) or limit > 3", "limit"),
    ("reserved >= 0 and stock / reserved > 1", "stock / reserved"),
    ("reserved > -1 and stock / reserved > 1", "stock / reserved"),
    ("any(limit is not None for l in lines) and limit > 3", "limit"),
    ("work is not None and len(work.note) > 1", "work.note"),
    (
        "all(l.remark is not None for l in lines) and all(len(l.remark) > 1 for l in lines)",
        "l.remark",
    ),
]


@pytest.mark.parametrize(("text", "marked"), NOT_NARROWED)
def test_a_test_elsewhere_does_not_narrow(text: str, marked: str) -> None:
    assert problems(text) == [("AG425", marked)]


def test_a_variable_does_not_inherit_what_is_known_of_a_field_of_its_name() -> None:
    text = (
        "work is not None and work.note is not None and all(len(work.remark) > 1 for work in lines)"
    )

    assert problems(text) == [("AG425", "work.remark")]


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("due_on < today", "due_on is not None and due_on < today"),
        ("active or due_on < today", "active or due_on is not None and due_on < today"),
        ("not due_on < today", "not (due_on is not None and due_on < today)"),
        ("not (due_on < today)", "not (due_on is not None and due_on < today)"),
        ("len(note) > 1", "note is not None and len(note) > 1"),
        (
            "any(len(l.remark) > 1 for l in lines)",
            "any(l.remark is not None and len(l.remark) > 1 for l in lines)",
        ),
        ("status == 'paid'", "status == paid"),
        ("stok > 0", "stock > 0"),
        ("customer is not None", "customer_id is not None"),
        ("any(l.redy for l in lines)", "any(l.ready for l in lines)"),
    ],
)
def test_a_fix_mends_the_rule(text: str, mended: str) -> None:
    (found,) = rule(text, kind=RuleKind.INVARIANT).diagnostics
    assert found.fix is not None

    result = text
    for edit in sorted(found.fix.edits, key=lambda e: e.span, reverse=True):
        start, end = edit.span.column - 10, edit.span.end_column - 10
        result = result[:start] + edit.text + result[end:]

    assert result == mended
    assert problems(mended) == []


def test_a_null_finding_says_where_the_field_was_declared() -> None:
    (found,) = rule("due_on < today", kind=RuleKind.INVARIANT).diagnostics

    assert [(label.text, label.span.line) for label in found.labels] == [("declared `date?`", 1)]


@pytest.mark.parametrize("text", ["poison > 5", "lower(poison) == 'x'", "any(p for p in poison)"])
def test_what_was_refused_before_stays_silent(text: str) -> None:
    outcome = rule(text, kind=RuleKind.INVARIANT)

    assert outcome.value is None
    assert outcome.diagnostics == ()


def test_a_field_wins_over_a_member_of_its_name_with_a_warning() -> None:
    paid = Scope(
        kind=RuleKind.INVARIANT,
        owner="shop.Order",
        fields=(member("status", STATUS), member("paid", STATUS)),
        enums=ENUMS,
    )

    outcome = parse_rule("status == paid", span=span("status == paid"), scope=paid)

    (found,) = outcome.diagnostics
    assert (found.code, found.severity) == ("AG423", Severity.WARNING)
    assert outcome.value is not None
    assert outcome.value.reads == {"status", "paid"}


@pytest.mark.parametrize(
    ("text", "expected", "code"),
    [
        ("weight", INT, "AG424"),
        ("ratio", decimal_type(12, 2), "AG424"),
        ("title", STATUS, "AG424"),
        ("limit", INT, "AG425"),
        ("stock / reserved", decimal_type(12, 2), "AG425"),
        ("price.amount", MONEY, "AG424"),
    ],
)
def test_a_computed_field_gets_what_it_was_declared_as(
    text: str, expected: TypeRef, code: str
) -> None:
    assert [d.code for d in rule(text, expected=expected).diagnostics] == [code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stock", decimal_type(12, 2)),
        ("stock", FLOAT),
        ("0.5", FLOAT),
        ("title + '!'", TEXT),
        ("paid if active else draft", STATUS),
        ("ends_at - starts_at", DURATION),
        ("sum(l.amount for l in lines)", MONEY),
    ],
)
def test_a_computed_field_is_of_its_declared_type(text: str, expected: TypeRef) -> None:
    outcome = rule(text, expected=expected)

    assert outcome.diagnostics == ()
    assert outcome.value is not None


def test_a_nullable_computed_field_may_be_null() -> None:
    assert rule("limit", expected=INT, nullable=True).diagnostics == ()


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("stock > 0", SqlSupport.CHECK),
        ("price.amount > 0", SqlSupport.CHECK),
        ("len(lines) > 0", SqlSupport.FULL),
        ("invoice is None or invoice.total > 1", SqlSupport.FULL),
        ("born_on < today", SqlSupport.FULL),
        ("lower(title) == title", SqlSupport.NONE),
        ("matches(title, 'a+')", SqlSupport.NONE),
        ("'x' in tags", SqlSupport.NONE),
        ("len(labels) > 0", SqlSupport.NONE),
        ("blob.size > 1", SqlSupport.NONE),
        ("ratio // 2 == 1 or True", SqlSupport.NONE),
    ],
)
def test_how_far_a_database_gets(text: str, support: SqlSupport) -> None:
    assert typed(text).sql is support


@pytest.mark.parametrize(
    "text", ["born_on < today", "len(lines) > 0", "lower(title) == title", "'x' in tags"]
)
def test_what_is_no_check_is_refused_where_one_is_asked_for(text: str) -> None:
    in_index = rule(text, kind=RuleKind.INDEX_WHERE).diagnostics
    as_check = rule(text, kind=RuleKind.INVARIANT, db=True).diagnostics

    assert [d.code for d in (*in_index, *as_check)] == ["AG430", "AG430"]


def test_reads_name_attributes_of_the_owner_only() -> None:
    found = typed("sum(l.quantity for l in lines if l.cost > weight) > stock")

    assert found.reads == {"lines", "weight", "stock"}
    assert not found.uses_clock


def test_a_rule_over_several_lines_is_marked_as_a_whole() -> None:
    text = "stock > 0 and\n  stok > 0"
    whole = Span(file="a", line=3, column=5, end_line=4, end_column=12)

    outcome = parse_rule(text, span=whole, scope=scope())

    assert [(d.code, d.span, d.fix) for d in outcome.diagnostics] == [("AG423", whole, None)]


def test_a_text_too_long_is_refused_unread() -> None:
    assert [code for code, _ in problems("(" * (MAX_LENGTH + 1))] == ["AG420"]


_VOCABULARY = """
    stock limit note lines l price title status paid now today due_on price.amount poison _
    ( ) [ ] , + - * / // % ** < == != and or not in is None if else for lambda : \\ ; # { } @ := ~
    sum( len( min( coalesce( round( matches( days( any( date( years_between( 'x' 1 0.5 1e9 1j b''
    ... *x **y x=1 await yield l.quantity lines.amount __class__
"""
_WORDS = st.sampled_from(_VOCABULARY.split())


@given(
    st.text(max_size=60)
    | st.lists(_WORDS, max_size=14).map(" ".join)
    | st.text("()[]-not ~", max_size=300)
)
def test_no_text_raises_and_every_finding_lies_inside_it(text: str) -> None:
    for kind in RuleKind:
        outcome = rule(text, kind=kind)
        assert outcome.value is not None or outcome.diagnostics or "poison" in text
        for found in outcome.diagnostics:
            if "\n" not in text:
                assert 10 <= found.span.column <= found.span.end_column <= 10 + len(text)
