"""What rules of commands, access, queries, read models and events may name."""

import pytest

from apigen.expr.mentions import Mention
from apigen.expr.parser import parse_rule
from apigen.expr.printed import Spelling
from apigen.expr.python_printer import print_python
from apigen.expr.scope import RuleKind, Scope
from apigen.expr.sql_printer import print_sql
from apigen.ir.expr import Navigation, Root, SqlSupport
from apigen.ir.types import EnumRef, IdOf, RefTo
from tests.unit.expr.rows import NAMES
from tests.unit.expr.scopes import EVENT, problems, rule, scope, span, typed

K = RuleKind

RIGHT = [
    (K.GUARD, "stock >= input.quantity and customer.points > 3"),
    (K.GUARD, "old.status == draft and status != old.status"),
    (K.GUARD, "has_role('admin') or actor.id == title or 'staff' in actor.roles"),
    (K.GUARD, "actor.region is None or actor.region == title"),
    (K.GUARD, "all(l.quantity < input.quantity for l in lines)"),
    (K.GUARD, "parent is None or parent.stock > 1"),
    (K.GUARD, "parent_id is not None and parent.stock > 1"),
    (K.GUARD, "exists(c for c in customer.cards if c.charge > 0)"),
    (K.NATURAL_KEY, "input.part_id"),
    (K.POLICY, "customer.boss is not None and customer.boss.name == actor.id"),
    (K.POLICY, "exists(p for p in Payment if p.order_id == id and p.state == paid)"),
    (K.POLICY, "any(p.order.customer_id == customer_id for p in Payment)"),
    (K.POLICY, "count(l for l in lines) > 0 and sum(p.amount for p in Payment) > 5"),
    (K.QUERY_WHERE, "starts_at < now - days(input.quantity)"),
    (K.QUERY_WHERE, "input.states is None or status in input.states"),
    (K.PROJECTION, "customer.name"),
    (K.PROJECTION, "len(customer.cards)"),
    (K.UPCAST, "event.occurred_at"),
    (K.REACTION, "round(event.amount.amount)"),
    (K.REACTION, "event.customer"),
]


@pytest.mark.parametrize(("kind", "text"), RIGHT)
def test_a_rule_of_behaviour_is_understood(kind: RuleKind, text: str) -> None:
    outcome = rule(text, kind=kind)

    assert outcome.value is not None, outcome.diagnostics


WRONG = [
    (K.GUARD, "quantity > 1", [("AG423", "quantity")]),
    (K.GUARD, "input.quantty > 1", [("AG423", "input.quantty")]),
    (K.GUARD, "input > 1", [("AG424", "input")]),
    (K.GUARD, "input.days > 1", [("AG425", "input.days")]),
    (K.GUARD, "old.limit > 1", [("AG425", "old.limit")]),
    (K.GUARD, "parent.stock > 1", [("AG425", "parent")]),
    (K.GUARD, "input.other.points > 1", [("AG425", "input.other")]),
    (K.GUARD, "actor.region > 'x'", [("AG425", "actor.region")]),
    (K.GUARD, "customer.boss.name == 'x'", [("AG426", "customer.boss")]),
    (K.GUARD, "customer_id.name == 'x'", [("AG426", "customer_id.name")]),
    (K.GUARD, "input.part_id.size > 1", [("AG426", "input.part_id.size")]),
    (K.GUARD, "exists(p for p in Payment)", [("AG426", "Payment")]),
    (K.GUARD, "has_role('boss')", [("AG701", "'boss'")]),
    (K.GUARD, "has_role(title)", [("AG424", "title")]),
    (K.GUARD, "has_scope(3)", [("AG424", "3")]),
    (K.GUARD, "tenant == 'x'", [("AG014", "tenant")]),
    (K.GUARD, "result.x == 'x'", [("AG014", "result")]),
    (K.GUARD, "event.event_id is None", [("AG423", "event")]),
    (K.GUARD, "any(l == id for l in lines)", [("AG424", "l")]),
    (K.REMOVE, "customer.points > 1", [("AG426", "customer")]),
    (K.REMOVE, "old.stock > 1", [("AG423", "old")]),
    (K.POLICY, "input.quantity > 1", [("AG423", "input")]),
    (K.POLICY, "customer.boss.name == 'x'", [("AG425", "customer.boss")]),
    (K.POLICY, "lower(title) == 'x'", [("AG707", "lower(title) == 'x'")]),
    (K.QUERY_WHERE, "len(input.words) > 1", [("AG430", "len(input.words) > 1")]),
    (K.PROJECTION, "actor.id", [("AG423", "actor")]),
    (K.UPCAST, "now", [("AG423", "now")]),
    (K.REACTION, "event.nothing", [("AG423", "event.nothing")]),
    (K.REACTION, "event.customer.points", [("AG426", "event.customer")]),
    (K.INVARIANT, "input.quantity > 1", [("AG423", "input")]),
    (K.INVARIANT, "has_role('admin')", [("AG421", "has_role")]),
    (K.INVARIANT, "exists(p for p in Payment)", [("AG426", "Payment")]),
]


@pytest.mark.parametrize(("kind", "text", "expected"), WRONG)
def test_what_a_rule_may_not_read_is_found_where_it_is(
    kind: RuleKind, text: str, expected: list[tuple[str, str]]
) -> None:
    assert problems(text, kind=kind) == expected


def test_a_bare_input_is_told_where_inputs_are() -> None:
    (found,) = rule("quantity > 1", kind=K.GUARD).diagnostics

    assert found.help == "inputs are `input.quantity`"
    assert found.fix is not None
    assert found.fix.edits[0].text == "input.quantity"


def test_without_security_nobody_acts() -> None:
    whole = scope(K.GUARD)
    open_ = Scope(kind=K.GUARD, owner=whole.owner, fields=whole.fields)

    for text in ("actor.id == title", "has_role('admin')"):
        (found,) = parse_rule(text, span=span(text), scope=open_).diagnostics
        assert (found.code, found.help) == (
            "AG423",
            "nobody is known to act without `security.auth`",
        )


def test_a_value_is_a_bare_member_when_its_target_is_an_enum() -> None:
    found = typed("paid", kind=K.ASSIGN, expected=EnumRef(target="shop.Status"))

    assert print_python(found).text == "Status.PAID"


def test_a_ref_input_is_the_key_of_its_target() -> None:
    found = typed("input.customer", kind=K.ASSIGN, expected=RefTo(target="shop.Customer"))

    assert print_python(found).text == "customer_id"
    assert found.navigates == ()


def test_a_rule_tells_what_it_reads_and_loads() -> None:
    found = typed(
        "customer.points > input.customer.points and old.stock < input.quantity and "
        "has_role('admin') and exists(l for l in lines)",
        kind=K.GUARD,
    )

    assert found.navigates == (
        Navigation(root=Root.INPUT, attribute="customer_id", target="shop.Customer"),
        Navigation(root=Root.SELF, attribute="customer_id", target="shop.Customer"),
    )
    assert found.inputs == {"customer_id", "quantity"}
    assert found.reads_old == {"stock"}
    assert found.reads == {"customer_id", "lines"}
    assert found.uses_actor
    assert found.sql is SqlSupport.NONE


PYTHON = [
    (K.GUARD, "stock >= input.quantity", "self.stock >= quantity"),
    (K.GUARD, "old.status == draft", "old_status == Status.DRAFT"),
    (K.GUARD, "customer.points > 1", "customer.points > 1"),
    (
        K.GUARD,
        "actor.rank > 1 and has_role('admin')",
        "actor.claim('rank', int) > 1 and actor.has_role('admin')",
    ),
    (K.GUARD, "actor.region is None", "actor.optional_claim('region', str) is None"),
    (K.GUARD, "exists(l for l in lines)", "any(True for _ in self.lines)"),
    (K.GUARD, "exists(c for c in lines if c.ready)", "any(c.ready for c in self.lines)"),
    (
        K.GUARD,
        "any(quantity.ready for quantity in lines if input.quantity > 1)",
        "any(quantity_.ready for quantity_ in self.lines if quantity > 1)",
    ),
    (K.REACTION, "event.amount.amount > 1", "event.payload.amount.amount > Decimal(1)"),
    (K.REACTION, "event.order_id", "event.aggregate_id"),
    (K.REACTION, "event.occurred_at.year", "event.occurred_at.astimezone(dt.UTC).year"),
]


@pytest.mark.parametrize(("kind", "text", "source"), PYTHON)
def test_python_reads_what_the_method_has(kind: RuleKind, text: str, source: str) -> None:
    assert print_python(typed(text, kind=kind), spelling=Spelling()).text == source


def test_what_python_knows_is_bound_in_sql() -> None:
    found = typed("title == actor.id and has_role('admin')", kind=K.POLICY)

    assert print_sql(found, names=NAMES).text == (
        "sa.and_(ORDERS.c['title'] == sa.literal(actor.id, sa.Text()), "
        "(sa.true() if actor.has_role('admin') else sa.false()))"
    )


def test_a_ref_is_followed_by_a_select_of_its_own() -> None:
    found = typed("customer.name == actor.id", kind=K.POLICY)

    assert print_sql(found, names=NAMES).text == (
        "over(CUSTOMERS, lambda row_1: sa.select(row_1.c['name']).select_from(row_1)"
        ".where(row_1.c.id == ORDERS.c['customer_id']).correlate_except(row_1)"
        ".scalar_subquery()) == sa.literal(actor.id, sa.Text())"
    )


def test_deleted_rows_of_an_entity_are_not_asked() -> None:
    found = typed("exists(p for p in Payment)", kind=K.POLICY)

    assert "sa.not_(row_1.c.is_deleted)" in print_sql(found, names=NAMES).text


def test_the_id_of_an_event_is_that_of_its_aggregate() -> None:
    assert typed("event.order_id", kind=K.REACTION).type == IdOf(target=EVENT.owner or "")


def test_names_behind_roots_are_mentioned_by_their_declarations() -> None:
    text = "input.quantity > old.stock and customer.name == title"
    mentions: list[Mention] = []

    parse_rule(text, span=span(text), scope=scope(K.GUARD), mentions=mentions)

    assert [mention.name for mention in mentions] == [
        "quantity",
        "stock",
        "customer",
        "name",
        "title",
    ]
