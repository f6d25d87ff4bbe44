"""A rule of the spec as a typed tree: data only (spec-language.md section 2.4).

`apigen.expr` makes these from text and prints them for Python and for SQL.
"""

from enum import StrEnum

from apigen.diagnostics import Span
from apigen.ir.types import Literal, TypeRef
from apigen.values import dataclass


class SqlSupport(StrEnum):
    """How much of an expression the database can work out by itself."""

    FULL = "full"
    """As a column of a SELECT or in a WHERE; may read child tables."""
    CHECK = "check"
    """Like FULL and only columns of one row: may stand in a CHECK constraint."""
    NONE = "none"


class Root(StrEnum):
    """Where a path begins."""

    SELF = "self"
    """A field of the owner."""
    VARIABLE = "variable"
    """The variable of a comprehension; `Path.variable` names it."""
    INPUT = "input"
    """An input of the command or query; the first step is the input's attribute."""
    OLD = "old"
    """A field of the owner as it was before the command."""
    EVENT = "event"
    """`event_id`, `occurred_at`, `aggregate_id`, or a field of the payload."""
    ACTOR = "actor"
    """`id`, `roles`, or a claim of the token."""
    ENTITIES = "entities"
    """All live rows of an entity, as the source of a comprehension; `Path.child` names the entity.
    In SQL only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One name of a dotted path: the attribute, and what it yields."""

    attribute: str
    """`Field.attribute` of the field, `Child.attribute` of a collection, or a part of a date."""
    type: TypeRef
    nullable: bool
    computed: "TypedExpr | None" = None
    """The rule of a computed field: it has no column, so SQL prints the rule in its place."""
    encrypted: bool = False
    """Its column has ciphertexts, which only Python reads."""
    locale: str = ""
    """Of a localized text: the locale that the rule reads it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Const:
    """A literal, or None."""

    value: Literal | None
    type: TypeRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumMemberExpr:
    """A bare word that is a member of the enum the other operand has."""

    enum: str
    member: str
    value: str
    """What the database stores."""
    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """`status`, `price.amount`, `l.amount`: steps from the owner, a variable or another root.

    A step of type `RefTo` that is not the last navigates: in `customer.user_id` the first step is
    `customer_id` with `RefTo(Customer)`, the second a field of Customer. In SQL that is a
    sub-select or join, in Python the loaded aggregate in a variable named for the ref.
    """

    root: Root
    steps: tuple[Step, ...]
    type: TypeRef
    nullable: bool
    """Whether it can be null here: False where a test around it has ruled that out."""
    variable: str | None = None
    child: str | None = None
    """Qualified name of the child when the path yields a collection of children (or a variable
    over it): then `type` is `ListOf(IdOf(child))`, or `IdOf(child)` for one."""
    locale: str = ""
    """Of a localized text: the locale that the rule reads it in; empty: all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """`now` or `today`, by `type`."""

    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Convert:
    """A whole number taken as `decimal` or `float`, or a `decimal` rounded to another scale."""

    operand: "Expr"
    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """`not x`."""

    operand: "Expr"
    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Negate:
    """`-x`."""

    operand: "Expr"
    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class BoolOp:
    """`a and b and c`, `a or b`."""

    op: str
    operands: tuple["Expr", ...]
    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """One comparison; chains are lowered to `and`. `op` of == != < <= > >= in not_in is is_not.

    `is` and `is_not` compare with None only.
    """

    op: str
    left: "Expr"
    right: "Expr"
    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """`+ - * / // %`, also on dates and durations, text (`+`) and measures.

    `/` is rounded half up to the scale of `type` (a float when both sides are), `//` and `%` floor
    as Python does. The three yield null where the divisor is zero; `nullable` tells whether it can
    be.
    """

    op: str
    left: "Expr"
    right: "Expr"
    type: TypeRef
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """`a if c else b`."""

    test: "Expr"
    body: "Expr"
    orelse: "Expr"
    type: TypeRef
    nullable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """`[a, b]`, the right side of `in`."""

    items: tuple["Expr", ...]
    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Comprehension:
    """`element for variable in source if test`, only as the argument of a `Call`."""

    element: "Expr"
    variable: str
    source: Path
    test: "Expr | None"
    type: TypeRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An allow-listed function on its arguments."""

    function: str
    arguments: tuple["Expr | Comprehension", ...]
    type: TypeRef
    nullable: bool


type Expr = (
    Const
    | EnumMemberExpr
    | Path
    | Now
    | Convert
    | Not
    | Negate
    | BoolOp
    | Compare
    | Arithmetic
    | Conditional
    | Items
    | Call
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Navigation:
    """A ref that a rule follows from where it begins, so that the handler has to load the target.

    `customer.user_id` follows `customer_id` of SELF, `input.product.price` `product_id` of INPUT.
    """

    root: Root
    """SELF or INPUT."""
    attribute: str
    """Of the ref."""
    target: str
    """Qualified entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedExpr:
    """An expression that has passed the type and null checks."""

    source: str
    tree: Expr
    type: TypeRef
    nullable: bool
    reads: frozenset[str]
    """Attributes of the owner that it reads (`Field.attribute`, `Child.attribute`)."""
    uses_clock: bool
    sql: SqlSupport
    span: Span
    inputs: frozenset[str] = frozenset()
    """Attributes of the inputs that it reads, the refs it follows too."""
    reads_old: frozenset[str] = frozenset()
    """Attributes of the owner that it reads as they were before the command: Python reads each
    from a variable `old_<attribute>`."""
    uses_actor: bool = False
    """Whether it asks who is acting."""
    navigates: tuple[Navigation, ...] = ()
    """The refs it follows, sorted. In a command Python reads each target from a variable."""
