"""Random rules on random rows: Python, evaluation and both databases come to the same.

A bounded number; `APIGEN_RULES=10` tries ten times as many.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from apigen.expr.evaluate import Environment, evaluate
from apigen.expr.scope import RuleKind
from apigen.ir.expr import SqlSupport, TypedExpr
from apigen.support.core.actor import Actor
from tests.unit.expr.grammar import COMMAND, OWN, SQL_ONLY, TYPES, Vocabulary, joined, rules
from tests.unit.expr.rows import (
    NOW,
    ORDERS,
    Card,
    Customer,
    Input,
    Money,
    Payment,
    Status,
    World,
    comparable,
    in_method,
    in_sql,
    populated,
)
from tests.unit.expr.scopes import typed
from tests.unit.expr.test_agreement import (
    Work,
    any_day,
    any_decimal,
    any_moment,
    any_order,
    on_server,
    on_sqlite,
)
from tests.unit.expr.test_evaluate import MEASURES, plain

_CUSTOMERS = UUID(int=501), UUID(int=502)
_ORDERS = UUID(int=1), UUID(int=2)
_INTS = st.integers(-40, 40)
_TEXTS = st.sampled_from(("Tea", "x", "", " a ", "%", "Été", "a'b"))
_STATES = st.sampled_from(Status)
_MONEY = st.builds(Money, amount=any_decimal(4, 6), currency=st.just("EUR"))


def _orders(number: int) -> st.SearchStrategy[Any]:
    return any_order(
        id=st.just(_ORDERS[number]),
        customer_id=st.sampled_from(_CUSTOMERS),
        parent_id=st.sampled_from((None, _ORDERS[1 - number])),
        title=_TEXTS,
        stock=_INTS,
        reserved=_INTS,
        limit=st.none() | _INTS,
    )


def _customers(number: int) -> st.SearchStrategy[Customer]:
    return st.builds(
        Customer,
        id=st.just(_CUSTOMERS[number]),
        name=_TEXTS,
        points=_INTS,
        limit=st.none() | _INTS,
        since=any_day(),
        wallet=_MONEY,
        level=st.none() | _STATES,
        boss_id=st.sampled_from((None, *_CUSTOMERS)),
        cards=st.lists(st.builds(Card, digits=_TEXTS, charge=any_decimal(2, 4)), max_size=2).map(
            tuple
        ),
    )


def _payments(number: int) -> st.SearchStrategy[Payment]:
    return st.builds(
        Payment,
        id=st.just(UUID(int=701 + number)),
        order_id=st.sampled_from(_ORDERS),
        payer_id=st.sampled_from((None, *_CUSTOMERS)),
        amount=any_decimal(2, 5),
        worth=_MONEY,
        state=_STATES,
        note=st.none() | _TEXTS,
        is_deleted=st.booleans(),
    )


_INPUTS = st.builds(
    Input,
    quantity=_INTS,
    days=st.none() | _INTS,
    label=_TEXTS,
    remark=st.none() | _TEXTS,
    factor=any_decimal(3, 5),
    discount=st.none() | any_decimal(2, 5),
    worth=_MONEY,
    extra=st.none() | _MONEY,
    wanted=_STATES,
    unwanted=st.none() | _STATES,
    on=any_day(),
    until=any_moment(),
    urgent=st.booleans(),
    # PostgreSQL refuses a product that no double holds, which the others round to 0.
    ratio=st.floats(-100, 100).filter(lambda ratio: ratio == 0 or abs(ratio) > 1e-30),
    words=st.lists(_TEXTS, max_size=2).map(tuple),
    states=st.none() | st.lists(_STATES, max_size=2).map(tuple),
    customer_id=st.sampled_from(_CUSTOMERS),
    other_id=st.sampled_from((None, *_CUSTOMERS)),
)
_ACTORS = st.builds(
    Actor,
    id=_TEXTS,
    roles=st.frozensets(st.sampled_from(("staff", "admin", "Tea"))),
    scopes=st.frozensets(st.just("x")),
    claims=st.fixed_dictionaries({"rank": _INTS}, optional={"region": _TEXTS}),
)
_WORLDS = st.builds(
    World,
    order=_orders(0),
    other=_orders(1),
    customers=st.tuples(_customers(0), _customers(1)),
    payments=st.lists(st.booleans(), max_size=3).flatmap(
        lambda some: st.tuples(*(_payments(number) for number in range(len(some))))
    ),
    input=_INPUTS,
    actor=_ACTORS,
)


def environment(world: World) -> Environment:
    """Return what an evaluated rule can see."""
    actor = world.actor
    live = [payment for payment in world.payments if not payment.is_deleted]
    return Environment(
        owner=plain(world.order),
        now=NOW,
        measures=MEASURES,
        variables={},
        input=plain(world.input),
        actor={
            "id": actor.id,
            "roles": actor.roles,
            "scopes": actor.scopes,
            "region": None,
            **actor.claims,
        },
        entities={
            "shop.Order": {one.id: plain(one) for one in (world.order, world.other)},
            "shop.Customer": {one.id: plain(one) for one in world.customers},
            "shop.Payment": {one.id: plain(one) for one in live},
        },
    )


def evaluated(rule: TypedExpr, world: World) -> object:
    """Return the result of evaluation as a database has it."""
    found = evaluate(rule.tree, environment(world))
    if isinstance(found, dict):
        return (found["amount"], found["currency"])
    if isinstance(found, str) and found.upper() in Status.__members__:
        return comparable(Status[found.upper()])
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Callable[[Work], None]]:
    """Runs a function on a connection to a database that has the shop's tables."""
    if request.param == "sqlite":
        yield from on_sqlite()
        return
    yield from on_server(request.getfixturevalue("postgresql"))


def _selected(connection: sa.Connection, rule: TypedExpr, world: World) -> object:
    columns = in_sql(rule, world=world)
    query = sa.select(*columns).select_from(ORDERS).where(ORDERS.c.id == world.order.id)
    found = tuple(connection.execute(query).one())
    return found if len(found) > 1 else found[0]


def _same(found: object, wanted: object) -> bool:
    return type(found) is type(wanted) and found == wanted


def _agree(database: Callable[[Work], None], rule: TypedExpr, world: World) -> None:
    """Assert that the database comes to what evaluation does."""
    wanted = evaluated(rule, world)

    def work(connection: sa.Connection) -> None:
        with populated(connection, world):
            found = _selected(connection, rule, world)
        assert _same(found, wanted), f"{rule.source}: {found!r} in SQL, {wanted!r} evaluated"

    database(work)


_TIMES = int(os.environ.get("APIGEN_RULES", "1"))
_SETTINGS: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    # Explaining a failure runs it hundreds of times more.
    "phases": (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
}
_PURE = joined(OWN, COMMAND)
_ALL = joined(OWN, COMMAND, SQL_ONLY)


def _any_rule(words: Vocabulary) -> st.SearchStrategy[str]:
    return st.sampled_from(("bool", *TYPES)).flatmap(lambda kind: rules(words, kind))


@pytest.mark.parametrize(
    "text",
    [
        "sum(pause for p in Payment if customer_id == input.customer) == pause",
        "sum(weight for p in Payment if active) > 3",
        "coalesce(abs(input.ratio) / input.ratio, ratio) == 1",
        "input.states is None or status in input.states",
    ],
)
def test_rules_that_engines_take_in_their_own_way_agree(
    database: Callable[[Work], None], text: str
) -> None:
    """Each has once come to something else on one of the two."""
    worlds = (World(), World(payments=(Payment(),)), World(input=Input(ratio=-0.3, states=())))

    for world in worlds:
        _agree(database, typed(text, kind=RuleKind.QUERY_WHERE), world)


@settings(max_examples=150 * _TIMES, **_SETTINGS)
@given(text=_any_rule(_PURE), world=_WORLDS)
def test_any_rule_of_a_command_agrees(
    database: Callable[[Work], None], text: str, world: World
) -> None:
    """Fields, children, inputs, the actor and aggregates that were loaded."""
    assume(len(text) < 2_000)
    rule = typed(text, kind=RuleKind.ASSIGN)
    python = comparable(in_method(rule, world))

    assert _same(evaluated(rule, world), python)
    if rule.sql is not SqlSupport.NONE:
        _agree(database, rule, world)


@settings(max_examples=100 * _TIMES, **_SETTINGS)
@given(text=rules(_ALL, "bool"), world=_WORLDS)
def test_any_condition_of_a_query_agrees(
    database: Callable[[Work], None], text: str, world: World
) -> None:
    """Refs of refs, and entities by name, which no loaded aggregate has."""
    assume(len(text) < 2_000)
    rule = typed(text, kind=RuleKind.QUERY_WHERE)
    _agree(database, rule, world)
