"""A small shop to check rules against: one scope, used by every test of the rule language."""

from apigen.diagnostics import Outcome, Span
from apigen.expr.kinds import decimal_type
from apigen.expr.parser import parse_rule
from apigen.expr.scope import (
    ActorScope,
    ChildScope,
    EntityScope,
    EnumScope,
    EventScope,
    ObjectScope,
    RuleKind,
    Scope,
    ScopeField,
)
from apigen.ir.expr import TypedExpr
from apigen.ir.types import (
    Constraints,
    EnumRef,
    IdOf,
    ListOf,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    TypeRef,
)

K = ScalarKind


def scalar(kind: K, **constraints: object) -> Scalar:
    """Return a scalar type."""
    return Scalar(kind=kind, constraints=Constraints(**constraints))  # type: ignore[arg-type]


STR = scalar(K.STR, max=255)
MONEY = ObjectRef(target="shop.Money")
ADDRESS = ObjectRef(target="shop.Address")
STATUS = EnumRef(target="shop.Status")


def span(text: str, *, line: int = 5, column: int = 10) -> Span:
    """Return the span of a text on one line."""
    return Span(
        file="apigen.yaml",
        line=line,
        column=column,
        end_line=line,
        end_column=column + len(text),
    )


def member(
    name: str, type_: TypeRef | None, *, nullable: bool = False, attribute: str | None = None
) -> ScopeField:
    """Return a field declared on line 1."""
    return ScopeField(
        name=name,
        attribute=attribute or name,
        type=type_,
        nullable=nullable,
        span=span(name, line=1),
    )


OBJECTS = {
    "shop.Money": ObjectScope(
        fields=(
            member("amount", decimal_type(18, 4)),
            ScopeField(
                name="currency",
                attribute="currency",
                type=scalar(K.CURRENCY, max=3),
                nullable=False,
                span=span("currency"),
                default="EUR",
            ),
        ),
        in_columns=True,
        value="amount",
        unit="currency",
    ),
    "shop.Address": ObjectScope(
        fields=(member("city", STR), member("note", STR, nullable=True)), in_columns=True
    ),
    "shop.Blob": ObjectScope(fields=(member("size", scalar(K.INT)),), in_columns=False),
}
ENUMS = {"shop.Status": EnumScope(members={"draft": "draft", "paid": "PAID", "gone": "x'y"})}
FIELDS = (
    member("id", IdOf(target="shop.Order")),
    member("title", STR),
    member("note", STR, nullable=True),
    member("status", STATUS),
    member("old_status", STATUS, nullable=True),
    member("stock", scalar(K.INT)),
    member("reserved", scalar(K.INT)),
    member("packs", scalar(K.INT, min=1)),
    member("limit", scalar(K.INT), nullable=True),
    member("big", scalar(K.BIGINT)),
    member("rate", decimal_type(6, 3)),
    member("weight", decimal_type(12, 2)),
    member("discount", decimal_type(12, 2), nullable=True),
    member("ratio", scalar(K.FLOAT)),
    member("active", scalar(K.BOOL)),
    member("flag", scalar(K.BOOL), nullable=True),
    member("born_on", scalar(K.DATE)),
    member("due_on", scalar(K.DATE), nullable=True),
    member("starts_at", scalar(K.DATETIME)),
    member("ends_at", scalar(K.DATETIME)),
    member("opens", scalar(K.TIME)),
    member("pause", scalar(K.DURATION)),
    member("price", MONEY),
    member("credit", MONEY),
    member("bonus", MONEY, nullable=True),
    member("home", ADDRESS),
    member("work", ADDRESS, nullable=True),
    member("blob", ObjectRef(target="shop.Blob")),
    member("parent", RefTo(target="shop.Order"), nullable=True, attribute="parent_id"),
    member("customer", RefTo(target="shop.Customer"), attribute="customer_id"),
    member("country", RefTo(target="shop.Country"), attribute="country_id"),
    member("tags", ListOf(item=STR)),
    member("labels", ManyOf(target="shop.Label")),
    member("extra", MapOf(item=STR)),
    member("data", scalar(K.JSON)),
    member("code", scalar(K.CURRENCY, max=3)),
    member("poison", None),
    member("paid_twice", None),
)
LINE_FIELDS = (
    member("id", IdOf(target="shop.Line")),
    member("quantity", scalar(K.INT)),
    member("amount", MONEY),
    member("cost", decimal_type(12, 2)),
    member("remark", STR, nullable=True),
    member("ready", scalar(K.BOOL)),
    member("state", STATUS),
)
PART_FIELDS = (member("id", IdOf(target="shop.Part")), member("size", scalar(K.INT)))
CHILDREN = (
    ChildScope(
        name="lines",
        qname="shop.Line",
        to_one=False,
        nullable=False,
        fields=LINE_FIELDS,
        children=(
            ChildScope(
                name="parts",
                qname="shop.Part",
                to_one=False,
                nullable=False,
                fields=PART_FIELDS,
                children=(),
                span=span("parts"),
            ),
        ),
        span=span("lines"),
    ),
    ChildScope(
        name="invoice",
        qname="shop.Invoice",
        to_one=True,
        nullable=True,
        fields=(
            member("id", IdOf(target="shop.Invoice")),
            member("number", STR),
            member("total", decimal_type(12, 2)),
        ),
        children=(),
        span=span("invoice"),
    ),
)


CUSTOMER = EntityScope(
    name="Customer",
    qname="shop.Customer",
    fields=(
        member("id", IdOf(target="shop.Customer")),
        member("name", STR),
        member("points", scalar(K.INT)),
        member("limit", scalar(K.INT), nullable=True),
        member("since", scalar(K.DATE)),
        member("wallet", MONEY),
        member("level", STATUS, nullable=True),
        member("boss", RefTo(target="shop.Customer"), nullable=True, attribute="boss_id"),
    ),
    children=(
        ChildScope(
            name="cards",
            qname="shop.Card",
            to_one=False,
            nullable=False,
            fields=(
                member("id", IdOf(target="shop.Card")),
                member("digits", STR),
                member("charge", decimal_type(12, 2)),
            ),
            children=(),
            span=span("cards"),
        ),
    ),
    span=span("Customer"),
)
PAYMENT = EntityScope(
    name="Payment",
    qname="shop.Payment",
    fields=(
        member("id", IdOf(target="shop.Payment")),
        member("order", RefTo(target="shop.Order"), attribute="order_id"),
        member("payer", RefTo(target="shop.Customer"), nullable=True, attribute="payer_id"),
        member("amount", decimal_type(12, 2)),
        member("worth", MONEY),
        member("state", STATUS),
        member("note", STR, nullable=True),
    ),
    children=(),
    span=span("Payment"),
)
ORDER = EntityScope(
    name="Order", qname="shop.Order", fields=FIELDS, children=CHILDREN, span=span("Order")
)
INPUT = (
    member("quantity", scalar(K.INT)),
    member("days", scalar(K.INT), nullable=True),
    member("label", STR),
    member("remark", STR, nullable=True),
    member("factor", decimal_type(6, 3)),
    member("discount", decimal_type(12, 2), nullable=True),
    member("worth", MONEY),
    member("extra", MONEY, nullable=True),
    member("wanted", STATUS),
    member("unwanted", STATUS, nullable=True),
    member("on", scalar(K.DATE)),
    member("until", scalar(K.DATETIME)),
    member("wait", scalar(K.DURATION)),
    member("urgent", scalar(K.BOOL)),
    member("ratio", scalar(K.FLOAT)),
    member("words", ListOf(item=STR)),
    member("states", ListOf(item=STATUS), nullable=True),
    member("customer", RefTo(target="shop.Customer"), attribute="customer_id"),
    member("other", RefTo(target="shop.Customer"), nullable=True, attribute="other_id"),
    member("part_id", IdOf(target="shop.Part")),
)
ACTOR = ActorScope(
    claims=(member("rank", scalar(K.INT)), member("region", STR, nullable=True)),
    roles=("staff", "admin"),
)
EVENT = EventScope(
    payload=(
        member("amount", MONEY),
        member("customer", RefTo(target="shop.Customer"), attribute="customer_id"),
        member("reason", STR, nullable=True),
    ),
    owner_id="order_id",
    owner="shop.Order",
)


def scope(kind: RuleKind = RuleKind.INVARIANT) -> Scope:
    """Return the scope of an order, with everything that rules of any kind could read."""
    return Scope(
        kind=kind,
        owner="shop.Order",
        fields=FIELDS,
        children=CHILDREN,
        enums=ENUMS,
        objects=OBJECTS,
        keys={"shop.Country": scalar(K.STR, max=2), "shop.Order": scalar(K.UUID)},
        input=INPUT,
        old=FIELDS,
        event=EVENT,
        actor=ACTOR,
        entities={entity.qname: entity for entity in (ORDER, CUSTOMER, PAYMENT)},
    )


def rule(
    text: str,
    *,
    kind: RuleKind = RuleKind.COMPUTED,
    expected: TypeRef | None = None,
    nullable: bool = False,
    db: bool = False,
) -> Outcome[TypedExpr]:
    """Parse a rule of an order."""
    return parse_rule(
        text, span=span(text), scope=scope(kind), expected=expected, nullable=nullable, db=db
    )


def typed(
    text: str, *, expected: TypeRef | None = None, kind: RuleKind = RuleKind.COMPUTED
) -> TypedExpr:
    """Return the typed form of a rule that is right."""
    outcome = rule(text, kind=kind, expected=expected, nullable=True)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def problems(text: str, *, kind: RuleKind = RuleKind.INVARIANT) -> list[tuple[str, str]]:
    """Return the code and the marked text of every finding."""
    found = rule(text, kind=kind).diagnostics
    return [(d.code, text[d.span.column - 10 : d.span.end_column - 10]) for d in found]
