"""What Python makes of a rule is what both databases make of it."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import create_async_engine

from apigen.expr.kinds import BOOL, decimal_type
from apigen.ir.expr import SqlSupport
from apigen.ir.types import TypeRef
from tests.unit.expr.rows import (
    BARE_NAMES,
    METADATA,
    ORDERS,
    Address,
    Invoice,
    Line,
    Money,
    Order,
    Part,
    Status,
    comparable,
    flat,
    in_python,
    in_sql,
    stored,
)
from tests.unit.expr.scopes import MONEY, STATUS, typed

TWO_PLACES = decimal_type(12, 2)
RULES: list[tuple[str, TypeRef | None]] = [
    ("stock + reserved * 2 - 1", None),
    ("big * stock * 1000", None),
    ("-stock - -reserved", None),
    ("stock // packs", None),
    ("(0 - stock) // packs", None),
    ("(0 - stock) % packs", None),
    ("stock // reserved", None),
    ("stock % reserved", None),
    ("stock / packs", None),
    ("stock / reserved", None),
    ("stock / packs", TWO_PLACES),
    ("(0 - weight) / packs", TWO_PLACES),
    ("weight / rate", None),
    ("weight / 3", decimal_type(18, 8)),
    ("weight * rate", None),
    ("weight * rate", TWO_PLACES),
    ("weight + rate - 1", None),
    ("weight * stock - 0.125", None),
    ("weight // rate", None),
    ("(0 - weight) // 1.5", None),
    ("(0 - weight) % 1.5", None),
    ("round(weight * rate, 1)", None),
    ("round(weight)", None),
    ("round(0 - weight - 0.25, 1)", None),
    ("abs(reserved - stock)", None),
    ("abs(0.5 - weight)", None),
    ("min(stock, weight, 3)", None),
    ("max(stock, reserved, packs)", None),
    ("max(title, 'Ta')", None),
    ("ratio * 2 + stock", None),
    ("ratio / 3", None),
    ("ratio > 0.25 and ratio < stock", None),
    ("coalesce(limit, 0) + 1", None),
    ("coalesce(discount, weight, 1)", None),
    ("limit is None or limit > 3", None),
    ("limit is not None and stock / packs > limit", None),
    ("not (limit is not None and limit > stock)", None),
    ("limit == 3", None),
    ("limit != 3", None),
    ("limit == stock", None),
    ("flag == active", None),
    ("limit in [1, 3, 5]", None),
    ("limit not in [1, 3, 5]", None),
    ("stock in [reserved, limit, 7]", None),
    ("stock not in [reserved, limit]", None),
    ("weight in [1, 10.25]", None),
    ("0 < reserved <= stock", None),
    ("(stock < reserved) == active", None),
    ("(stock < reserved) in [active, flag]", None),
    ("(title in ['a', 'b']) != (limit == 3)", None),
    ("not limit in [3]", None),
    ("not (status in [paid])", None),
    ("-(stock + 1) * 2 - (3 - stock)", None),
    ("weight - (rate - 1) * (0 - stock)", None),
    ("'x' + (title if active else note + 'y' if note is not None else '')", None),
    ("weight > stock and weight >= 10.250", None),
    ("status == paid", None),
    ("status != old_status", None),
    ("status in [paid, gone]", None),
    ("old_status not in [paid]", None),
    ("paid if active else status", STATUS),
    ("old_status == gone", None),
    ("weight if active else stock", None),
    ("limit if active else None", None),
    ("active and not (flag == True)", None),
    ("title + ' ' + coalesce(note, '-')", None),
    ("title < 'a'", None),
    ("title >= 'Tea'", None),
    ("len(title) > 2", None),
    ("strip(title) == title", None),
    ("startswith(title, 'T') or endswith(title, 'a')", None),
    ("endswith(title, title + 'x') or endswith(title, '')", None),
    ("contains(title, 'e')", None),
    ("'EA' in title", None),
    ("contains(title, '%') or contains(title, '_')", None),
    ("title == 'x\\'y\"z%(a)s :b'", None),
    ("ends_at - starts_at", None),
    ("ends_at - starts_at <= hours(48) + minutes(1)", None),
    ("starts_at + pause * 3", None),
    ("starts_at - pause - days(400)", None),
    ("starts_at + days(stock)", None),
    ("pause + minutes(1) - days(2)", None),
    ("-pause", None),
    ("pause < hours(5)", None),
    ("born_on + days(3)", None),
    ("born_on - pause", None),
    ("born_on + pause - days(1)", None),
    ("date(ends_at) - born_on", None),
    ("due_on is not None and due_on < born_on", None),
    ("coalesce(due_on, born_on)", None),
    ("date(starts_at)", None),
    ("starts_at > '2026-03-29T00:30:00+00:00'", None),
    ("starts_at == '2026-03-29T02:30:00.000001+02:00'", None),
    ("born_on <= '2000-02-29'", None),
    ("opens >= '08:30:00'", None),
    ("born_on.year * 10000 + born_on.month * 100 + born_on.day", None),
    ("starts_at.hour * 60 + starts_at.minute", None),
    ("opens.hour", None),
    ("years_between(born_on, ends_at)", None),
    ("years_between(ends_at, born_on)", None),
    ("years_between(born_on, today)", None),
    ("starts_at < now and born_on < today", None),
    ("now - starts_at", None),
    ("country_id == 'DE' and code != 'USD'", None),
    ("parent_id is None or parent_id != id", None),
    ("price.amount * 2", None),
    ("price + credit", MONEY),
    ("price - credit", MONEY),
    ("price * packs", MONEY),
    ("price * rate", MONEY),
    ("-price", MONEY),
    ("price < credit", None),
    ("price == credit", None),
    ("bonus == price", None),
    ("bonus is None or bonus <= credit", None),
    ("coalesce(bonus, price)", MONEY),
    ("price if active else credit", MONEY),
    ("bonus is not None and bonus.amount > 1", None),
    ("home == work", None),
    ("work is None or work.city == home.city", None),
    ("len(lines)", None),
    ("count(lines)", None),
    ("count(l for l in lines if l.ready and l.quantity > 1)", None),
    ("sum(l.quantity for l in lines)", None),
    ("sum(l.quantity * l.cost for l in lines)", None),
    ("sum(l.cost for l in lines if l.remark is not None)", TWO_PLACES),
    ("sum(l.amount for l in lines)", MONEY),
    ("sum(l.amount * l.quantity for l in lines if l.ready)", MONEY),
    ("min(l.cost for l in lines)", None),
    ("max(l.quantity for l in lines)", None),
    ("any(l.remark == 'x' for l in lines)", None),
    ("all(l.quantity < stock for l in lines)", None),
    ("all(l.amount.currency == price.currency for l in lines)", None),
    ("all(count(c for c in lines if c.state == k.state) <= 1 for k in lines)", None),
    ("sum(sum(p.size for p in l.parts) * l.quantity for l in lines)", None),
    ("len(lines) > 0 and stock / len(lines) > 1", None),
    ("sum(stock for l in lines)", None),
    ("sum(pause for l in lines if l.ready)", None),
    ("sum(price for l in lines)", MONEY),
    ("max(title for l in lines)", None),
    ("exists(l for l in lines if l.ready)", None),
    ("exists(l for l in lines)", None),
    ("coalesce(abs(ratio) / ratio, ratio)", None),
    ("invoice is None or invoice.total > 5", None),
    ("weight / (stock - reserved) if stock != reserved else 0", None),
    ("coalesce(weight / (stock - reserved), 0)", None),
]
ROWS = [
    Order(),
    Order(
        title="  tea ",
        note="x",
        status=Status.PAID,
        old_status=Status.GONE,
        stock=-7,
        reserved=0,
        packs=2,
        limit=3,
        big=-5,
        rate=Decimal("-0.001"),
        weight=Decimal("-10.25"),
        discount=Decimal("0.05"),
        ratio=-3.75,
        active=False,
        flag=False,
        due_on=dt.date(1999, 12, 31),
        pause=dt.timedelta(days=-1, microseconds=1),
        bonus=Money(amount=Decimal("3.1234")),
        work=Address(),
        lines=(
            Line(quantity=2, cost=Decimal("0.10"), remark="x", parts=(Part(size=3), Part(size=4))),
            Line(quantity=5, ready=False, state=Status.PAID, parts=(Part(size=1),)),
            Line(quantity=-1, cost=Decimal("-0.30"), amount=Money(amount=Decimal("0.3333"))),
        ),
        invoice=Invoice(),
    ),
    Order(
        title="Été%_ x",
        stock=2,
        reserved=2,
        limit=2,
        old_status=Status.DRAFT,
        born_on=dt.date(2001, 5, 18),
        flag=True,
        credit=Money(amount=Decimal("3.1234"), currency="EUR"),
        work=Address(city="Oslo", note="n"),
        lines=(Line(quantity=3),),
        invoice=Invoice(total=Decimal("4.00")),
    ),
]


type Work = Callable[[sa.Connection], None]


def on_sqlite() -> Iterator[Callable[[Work], None]]:
    """Yield what runs a function on a database in memory."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        METADATA.create_all(connection)
        yield lambda work: work(connection)
    engine.dispose()


def on_server(url: str) -> Iterator[Callable[[Work], None]]:
    """Yield what runs a function on a server's database."""
    engine = create_async_engine(url)
    with asyncio.Runner() as runner:

        async def within(work: Work) -> None:
            async with engine.begin() as connection:
                await connection.run_sync(work)

        runner.run(within(METADATA.create_all))
        try:
            yield lambda work: runner.run(within(work))
        finally:
            runner.run(within(METADATA.drop_all))
            runner.run(engine.dispose())


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Callable[[Work], None]]:
    """Runs a function on a connection to a database that has the shop's tables."""
    if request.param == "sqlite":
        yield from on_sqlite()
        return
    yield from on_server(request.getfixturevalue("postgresql"))


def compare(connection: sa.Connection, text: str, expected: TypeRef | None, order: Order) -> None:
    """Assert that both prints come to the same."""
    rule = typed(text, expected=expected)

    python = comparable(in_python(rule, order))
    found = tuple(connection.execute(sa.select(*in_sql(rule)).select_from(ORDERS)).one())

    database = found if isinstance(python, tuple) else found[0]
    assert type(database) is type(python), (database, python)
    assert database == python


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_both_prints_of_every_rule_agree(database: Callable[[Work], None], number: int) -> None:
    """On rows with nulls, negative numbers, empty collections and odd texts."""
    failures: list[tuple[str, str]] = []

    def work(connection: sa.Connection) -> None:
        with stored(connection, ROWS[number]):
            for text, expected in RULES:
                point = connection.begin_nested()
                try:
                    compare(connection, text, expected, ROWS[number])
                except (AssertionError, sa.exc.SQLAlchemyError) as error:
                    failures.append((text, str(error)[:600]))
                point.rollback()

    database(work)

    assert not failures, "\n\n".join(map(str, failures))


def any_decimal(places: int, digits: int) -> st.SearchStrategy[Decimal]:
    """Return numbers of so many digits."""
    bound = 10**digits - 1
    return st.integers(-bound, bound).map(lambda n: Decimal(n).scaleb(-places))


def any_day() -> st.SearchStrategy[dt.date]:
    """Return days of two centuries."""
    return st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))


def any_moment() -> st.SearchStrategy[dt.datetime]:
    """Return instants."""
    return st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))


_INTS = st.integers(-1000, 1000)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
_MONEY = st.builds(Money, amount=any_decimal(4, 8), currency=st.just("EUR"))
_LINES = st.builds(
    Line,
    quantity=_INTS,
    cost=any_decimal(2, 5),
    remark=st.none() | _TEXTS,
    ready=st.booleans(),
    state=st.sampled_from(Status),
    amount=_MONEY,
    parts=st.lists(st.builds(Part, size=_INTS), max_size=2).map(tuple),
)
_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": _TEXTS,
    "note": st.none() | _TEXTS,
    "status": st.sampled_from(Status),
    "old_status": st.none() | st.sampled_from(Status),
    "stock": _INTS,
    "reserved": _INTS,
    "packs": st.integers(1, 50),
    "limit": st.none() | _INTS,
    "big": _INTS,
    "rate": any_decimal(3, 6),
    "weight": any_decimal(2, 7),
    "discount": st.none() | any_decimal(2, 7),
    # PostgreSQL refuses results that are too small for a double, where Python has 0.
    "ratio": st.floats(-1e6, 1e6).filter(lambda ratio: ratio == 0 or abs(ratio) > 1e-30),
    "active": st.booleans(),
    "flag": st.none() | st.booleans(),
    "born_on": any_day(),
    "due_on": st.none() | any_day(),
    "starts_at": any_moment(),
    "ends_at": any_moment(),
    "opens": st.times(),
    "pause": st.timedeltas(dt.timedelta(days=-900), dt.timedelta(days=900)),
    "price": _MONEY,
    "credit": _MONEY,
    "bonus": st.none() | _MONEY,
    "lines": st.lists(_LINES, max_size=3).map(tuple),
    "invoice": st.none() | st.builds(Invoice, total=any_decimal(2, 6)),
}


def any_order(**others: st.SearchStrategy[Any]) -> st.SearchStrategy[Order]:
    """Return orders; `others` are strategies for fields in place of the usual ones."""
    return st.builds(Order, **{**_FIELDS, **others})


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=any_order())
def test_both_prints_agree_on_any_row(database: Callable[[Work], None], order: Order) -> None:
    """Each rule of the table, over generated rows."""

    def work(connection: sa.Connection) -> None:
        with stored(connection, order):
            for text, expected in RULES:
                compare(connection, text, expected, order)

    database(work)


def test_every_rule_of_one_row_is_a_check_and_an_index_condition(
    database: Callable[[Work], None],
) -> None:
    """DDL renders constants in place, and PostgreSQL wants index conditions immutable."""
    rules = [typed(text) for text, expected in RULES if expected is None]
    conditions = [
        in_sql(rule, BARE_NAMES)[0]
        for rule in rules
        if rule.sql is SqlSupport.CHECK and rule.type == BOOL
    ]
    columns = [sa.Column(column.name, column.type) for column in ORDERS.columns]
    table = sa.Table(f"{ORDERS.name}_checked", sa.MetaData(), *columns)
    for number, condition in enumerate(conditions):
        table.append_constraint(sa.CheckConstraint(condition, name=f"rule_{number}"))
        name = f"{table.name}_{number}"
        sa.Index(name, table.c.id, postgresql_where=condition, sqlite_where=condition)

    def work(connection: sa.Connection) -> None:
        table.create(connection)
        if connection.dialect.name == "postgresql":
            # What is left are the conditions of the indexes, which a row makes it work out.
            for number in range(len(conditions)):
                connection.execute(
                    sa.text(f"ALTER TABLE {table.name} DROP CONSTRAINT rule_{number}")
                )
        else:
            connection.execute(sa.text("PRAGMA ignore_check_constraints = ON"))
        connection.execute(sa.insert(table).values(flat(ROWS[1])))
        table.drop(connection)

    assert len(conditions) > 30
    database(work)
