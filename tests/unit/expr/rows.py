"""The shop of `scopes` as Python objects and as tables, so that printed rules can be run."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from apigen.expr.printed import Import, Needs, Printed, Spelling
from apigen.expr.python_paths import PythonRoots
from apigen.expr.python_printer import print_python
from apigen.expr.sql_printer import SqlNames, print_sql, print_sql_columns
from apigen.expr.sql_source import SqlSource
from apigen.ir.expr import TypedExpr
from apigen.ir.types import EnumRef, IdOf, RefTo, TypeRef
from apigen.support.core.actor import Actor
from apigen.support.domain import rules
from apigen.support.domain.measure import Measure
from apigen.support.infrastructure import column_types, sql_expressions
from apigen.support.infrastructure.column_types import Microseconds, ScaledDecimal, UtcDateTime
from tests.unit.expr.scopes import MONEY, OBJECTS

NOW = dt.datetime(2026, 5, 17, 22, 30, 0, 250_000, tzinfo=dt.UTC)


class Status(StrEnum):
    """A status."""

    DRAFT = "draft"
    PAID = "paid"
    GONE = "gone"


STORED = {Status.DRAFT: "draft", Status.PAID: "PAID", Status.GONE: "x'y"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Measure[Decimal, str]):
    """An amount."""

    amount: Decimal
    currency: str = "EUR"

    def check_invariants(self) -> None:
        """Nothing is required."""

    def in_units(self) -> tuple[Decimal, str]:
        """Return amount and currency."""
        return self.amount, self.currency

    def with_number(self, number: Decimal) -> "Money":
        """Keep four decimal places."""
        return replace(self, amount=rules.round_half_up(number, 4))

    @classmethod
    def zero(cls) -> "Money":
        """Return nothing."""
        return cls(amount=Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address."""

    city: str = "Rome"
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a line."""

    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of an order."""

    quantity: int = 1
    amount: Money = Money(amount=Decimal(1))
    cost: Decimal = Decimal("1.00")
    remark: str | None = None
    ready: bool = True
    state: Status = Status.DRAFT
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """The invoice of an order."""

    number: str = "1"
    total: Decimal = Decimal("9.99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order with everything that `scopes.FIELDS` names and a database can hold."""

    id: uuid.UUID = uuid.UUID(int=1)
    title: str = "Tea"
    note: str | None = None
    status: Status = Status.DRAFT
    old_status: Status | None = None
    stock: int = 7
    reserved: int = 2
    packs: int = 3
    limit: int | None = None
    big: int = 5
    rate: Decimal = Decimal("1.500")
    weight: Decimal = Decimal("10.25")
    discount: Decimal | None = None
    ratio: float = 0.5
    active: bool = True
    flag: bool | None = None
    born_on: dt.date = dt.date(2000, 2, 29)
    due_on: dt.date | None = None
    starts_at: dt.datetime = dt.datetime(2026, 3, 29, 0, 30, 0, 1, tzinfo=dt.UTC)
    ends_at: dt.datetime = dt.datetime(2026, 3, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC)
    opens: dt.time = dt.time(8, 30)
    pause: dt.timedelta = dt.timedelta(hours=5)
    price: Money = Money(amount=Decimal("3.1234"))
    credit: Money = Money(amount=Decimal(100))
    bonus: Money | None = None
    home: Address = Address()
    work: Address | None = None
    parent_id: uuid.UUID | None = None
    customer_id: uuid.UUID = uuid.UUID(int=501)
    country_id: str = "DE"
    code: str = "EUR"
    lines: tuple[Line, ...] = field(default=())
    invoice: Invoice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card of a customer."""

    digits: str = "1"
    charge: Decimal = Decimal("0.50")


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """An aggregate that orders, payments and inputs refer to."""

    id: uuid.UUID = uuid.UUID(int=501)
    name: str = "Ada"
    points: int = 3
    limit: int | None = None
    since: dt.date = dt.date(2020, 1, 31)
    wallet: Money = Money(amount=Decimal(7))
    level: Status | None = None
    boss_id: uuid.UUID | None = None
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """An aggregate that row rules ask for by name."""

    id: uuid.UUID = uuid.UUID(int=701)
    order_id: uuid.UUID = uuid.UUID(int=1)
    payer_id: uuid.UUID | None = None
    amount: Decimal = Decimal("1.25")
    worth: Money = Money(amount=Decimal(2))
    state: Status = Status.PAID
    note: str | None = None
    is_deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """The input of a command or query."""

    quantity: int = 2
    days: int | None = None
    label: str = "Tea"
    remark: str | None = None
    factor: Decimal = Decimal("1.500")
    discount: Decimal | None = None
    worth: Money = Money(amount=Decimal("3.1234"))
    extra: Money | None = None
    wanted: Status = Status.PAID
    unwanted: Status | None = None
    on: dt.date = dt.date(2026, 5, 17)
    until: dt.datetime = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    wait: dt.timedelta = dt.timedelta(minutes=90)
    urgent: bool = True
    ratio: float = 0.25
    words: tuple[str, ...] = ()
    states: tuple[Status, ...] | None = None
    customer_id: uuid.UUID = uuid.UUID(int=502)
    other_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that a rule of an order can read; `order` is the one that it is about."""

    order: Order = Order()
    other: Order = Order(id=uuid.UUID(int=2), customer_id=uuid.UUID(int=502))
    customers: tuple[Customer, Customer] = (
        Customer(),
        Customer(id=uuid.UUID(int=502), boss_id=uuid.UUID(int=501)),
    )
    payments: tuple[Payment, ...] = ()
    input: Input = Input()
    actor: Actor = Actor(id="Tea", claims={"rank": 4})

    def customer(self, key: uuid.UUID) -> Customer:
        """Return the one of that key."""
        return next(customer for customer in self.customers if customer.id == key)


class StoredStatus(sa.types.TypeDecorator[Status]):
    """Binds a status as the tables have it."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Status | None, dialect: sa.Dialect) -> str | None:
        """Return the stored value."""
        return None if value is None else STORED[value]


def _names() -> sa.MetaData:
    metadata = sa.MetaData()
    unique = uuid.uuid4().hex[:8]

    def money(name: str, *, nullable: bool = False) -> tuple[sa.Column[Any], ...]:
        return (
            sa.Column(f"{name}_amount", ScaledDecimal(18, 4), nullable=nullable),
            sa.Column(f"{name}_currency", sa.String(3), nullable=nullable),
        )

    def address(name: str) -> tuple[sa.Column[Any], ...]:
        return sa.Column(f"{name}_city", sa.String(255)), sa.Column(f"{name}_note", sa.String(255))

    sa.Table(
        f"expr_orders_{unique}",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        *(sa.Column(name, sa.String(255)) for name in ("title", "note", "status", "old_status")),
        *(sa.Column(name, sa.Integer()) for name in ("stock", "reserved", "packs", "limit")),
        sa.Column("big", sa.BigInteger()),
        sa.Column("rate", ScaledDecimal(6, 3)),
        sa.Column("weight", ScaledDecimal(12, 2)),
        sa.Column("discount", ScaledDecimal(12, 2)),
        sa.Column("ratio", sa.Double()),
        sa.Column("active", sa.Boolean()),
        sa.Column("flag", sa.Boolean()),
        sa.Column("born_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        sa.Column("starts_at", UtcDateTime()),
        sa.Column("ends_at", UtcDateTime()),
        sa.Column("opens", sa.Time()),
        sa.Column("pause", Microseconds()),
        *money("price"),
        *money("credit"),
        *money("bonus", nullable=True),
        *address("home"),
        *address("work"),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("customer_id", sa.Uuid()),
        sa.Column("country_id", sa.String(2)),
        sa.Column("code", sa.String(3)),
    )
    sa.Table(
        f"expr_lines_{unique}",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("quantity", sa.Integer()),
        *money("amount"),
        sa.Column("cost", ScaledDecimal(12, 2)),
        sa.Column("remark", sa.String(255)),
        sa.Column("ready", sa.Boolean()),
        sa.Column("state", sa.String(20)),
    )
    sa.Table(
        f"expr_parts_{unique}",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("line_id", sa.Uuid()),
        sa.Column("size", sa.Integer()),
    )
    sa.Table(
        f"expr_invoices_{unique}",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("number", sa.String(255)),
        sa.Column("total", ScaledDecimal(12, 2)),
    )
    sa.Table(
        f"expr_customers_{unique}",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(255)),
        sa.Column("points", sa.Integer()),
        sa.Column("limit", sa.Integer()),
        sa.Column("since", sa.Date()),
        *money("wallet"),
        sa.Column("level", sa.String(20)),
        sa.Column("boss_id", sa.Uuid()),
    )
    sa.Table(
        f"expr_cards_{unique}",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("customer_id", sa.Uuid()),
        sa.Column("digits", sa.String(255)),
        sa.Column("charge", ScaledDecimal(12, 2)),
    )
    sa.Table(
        f"expr_payments_{unique}",
        metadata,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("payer_id", sa.Uuid()),
        sa.Column("amount", ScaledDecimal(12, 2)),
        *money("worth"),
        sa.Column("state", sa.String(20)),
        sa.Column("note", sa.String(255)),
        sa.Column("is_deleted", sa.Boolean()),
    )
    return metadata


METADATA = _names()
ORDERS, LINES, PARTS, INVOICES, CUSTOMERS, CARDS, PAYMENTS = METADATA.tables.values()
_TABLES = {
    "shop.Line": "LINES",
    "shop.Part": "PARTS",
    "shop.Invoice": "INVOICES",
    "shop.Order": "ORDERS",
    "shop.Customer": "CUSTOMERS",
    "shop.Card": "CARDS",
    "shop.Payment": "PAYMENTS",
}
_PARENTS = {
    "shop.Line": "order_id",
    "shop.Part": "line_id",
    "shop.Invoice": "order_id",
    "shop.Card": "customer_id",
}


def _column(owner: str, row: str | None, path: tuple[str, ...], type_: TypeRef) -> str:
    return f"{row or 'ORDERS'}.c[{'_'.join(path)!r}]"


def _joined(child: str, row: str, parent: str, parent_row: str | None) -> str:
    return f"{row}.c.{_PARENTS[child]} == {parent_row or 'ORDERS'}.c.id"


def _live(entity: str, row: str) -> str | None:
    return f"sa.not_({row}.c.is_deleted)" if entity == "shop.Payment" else None


def _bound(type_: TypeRef) -> str:
    if isinstance(type_, IdOf | RefTo):
        return "sa.Uuid()"
    if isinstance(type_, EnumRef):
        return "StoredStatus()"
    return SqlSource(Needs(Spelling())).type(type_)


ROOTS = PythonRoots(
    input=lambda attribute: f"input_{attribute}",
    loaded=lambda root, attribute: f"{root.value}_{attribute.removesuffix('_id')}",
)
NAMES = SqlNames(
    column=_column,
    table=_TABLES.__getitem__,
    joined=_joined,
    key=lambda entity, row: f"{row}.c.id",
    live=_live,
    bound=_bound,
    roots=ROOTS,
    objects=OBJECTS,
)


def flat(value: object) -> dict[str, object]:
    """Return a dataclass as columns."""
    found: dict[str, object] = {}
    for name in value.__dataclass_fields__:  # type: ignore[attr-defined]
        part = getattr(value, name)
        if isinstance(part, Money):
            found |= {f"{name}_amount": part.amount, f"{name}_currency": part.currency}
        elif isinstance(part, Address):
            found |= {f"{name}_city": part.city, f"{name}_note": part.note}
        elif isinstance(part, Status):
            found[name] = STORED[part]
        elif not isinstance(part, tuple | Invoice) and not (part is None and name == "invoice"):
            found[name] = part
    return {k: v for k, v in found.items() if not (v is None and k in ("bonus", "work"))}


@contextmanager
def populated(connection: sa.Connection, world: World) -> Iterator[None]:
    """Hold a world in the tables while the block runs."""
    with stored(connection, world.order), stored(connection, world.other, first=10_000):
        point = connection.begin_nested()
        for number, customer in enumerate(world.customers):
            connection.execute(sa.insert(CUSTOMERS).values(flat(customer)))
            for place, card in enumerate(customer.cards):
                key = uuid.UUID(int=900 + 10 * number + place)
                connection.execute(
                    sa.insert(CARDS).values(id=key, customer_id=customer.id, **flat(card))
                )
        for payment in world.payments:
            connection.execute(sa.insert(PAYMENTS).values(flat(payment)))
        yield
        point.rollback()


@contextmanager
def stored(connection: sa.Connection, order: Order, *, first: int = 100) -> Iterator[None]:
    """Hold one order in the tables while the block runs; `first` key of what it owns."""
    point = connection.begin_nested()
    connection.execute(sa.insert(ORDERS).values(flat(order)))
    number = 0
    for line in order.lines:
        line_id = uuid.UUID(int=first + number)
        number += 1
        connection.execute(sa.insert(LINES).values(id=line_id, order_id=order.id, **flat(line)))
        for part in line.parts:
            number += 1
            connection.execute(
                sa.insert(PARTS).values(
                    id=uuid.UUID(int=first + number), line_id=line_id, **flat(part)
                )
            )
    if order.invoice is not None:
        row = flat(order.invoice)
        connection.execute(sa.insert(INVOICES).values(id=order.id, order_id=order.id, **row))
    yield
    point.rollback()


def _imported(wanted: Import) -> str:
    return wanted.name or wanted.alias


def namespace(printed: Printed) -> dict[str, Any]:
    """Return what the printed source may use: exactly what it says it imports."""
    found: dict[str, Any] = {}
    modules = {
        "datetime": dt,
        "decimal": __import__("decimal"),
        "re": __import__("re"),
        "uuid": uuid,
        "sqlalchemy": sa,
        "support.domain.rules": rules,
        "support.infrastructure.column_types": column_types,
        "support.infrastructure.sql_expressions": sql_expressions,
    }
    for wanted in printed.imports:
        module = modules[wanted.module]
        found[_imported(wanted)] = getattr(module, wanted.name) if wanted.name else module
    classes = {"shop.Status": Status, "shop.Money": Money}
    found |= {qname.rpartition(".")[2]: classes[qname] for qname in printed.types}
    return found


def variables(world: World) -> dict[str, object]:
    """Return what a generated method or function has in variables."""
    loaded = {
        "self_customer": world.customer(world.order.customer_id),
        "input_customer": world.customer(world.input.customer_id),
    }
    inputs = {f"input_{f.name}": getattr(world.input, f.name) for f in fields(world.input)}
    return {"self": world.order, "now": NOW, "actor": world.actor, **inputs, **loaded}


def in_python(typed: TypedExpr, order: Order) -> object:
    """Evaluate the Python print."""
    return in_method(typed, World(order=order))


def in_method(typed: TypedExpr, world: World) -> object:
    """Evaluate the Python print, with everything that a method is given."""
    printed = print_python(typed, spelling=Spelling(), roots=ROOTS)
    return eval(printed.text, {**namespace(printed), **variables(world)})


def _bare_column(owner: str, row: str | None, path: tuple[str, ...], type_: TypeRef) -> str:
    name = "_".join(path)
    return f"sa.column({name!r}, ORDERS.c[{name!r}].type)"


BARE_NAMES = SqlNames(column=_bare_column, objects=OBJECTS)
"""Columns without their table, as constraints have them."""


def in_sql(
    typed: TypedExpr, names: SqlNames = NAMES, world: World | None = None
) -> list[sa.ColumnElement[Any]]:
    """Return the SQL print as SQLAlchemy expressions, one for each column of the result."""
    now = "sql_expressions.instant(NOW)"
    tables = {"ORDERS": ORDERS, "LINES": LINES, "PARTS": PARTS, "INVOICES": INVOICES}
    tables |= {"CUSTOMERS": CUSTOMERS, "CARDS": CARDS, "PAYMENTS": PAYMENTS}
    known = {**tables, "sql_expressions": sql_expressions, "NOW": NOW, "sa": sa}
    known |= {"StoredStatus": StoredStatus, **variables(world or World())}
    known |= {"UtcDateTime": UtcDateTime, "Microseconds": Microseconds}
    known |= {"ScaledDecimal": ScaledDecimal}
    if typed.type == MONEY:
        columns = print_sql_columns(typed, owner="shop.Order", names=names, now=now).columns
        return [eval(printed.text, {**namespace(printed), **known}) for _, printed in columns]
    printed = print_sql(typed, owner="shop.Order", names=names, now=now)
    return [eval(printed.text, {**namespace(printed), **known})]


def comparable(value: object) -> object:
    """Return a Python result as the database gives it."""
    if isinstance(value, Status):
        return STORED[value]
    if isinstance(value, Money):
        return (value.amount, value.currency)
    return value
