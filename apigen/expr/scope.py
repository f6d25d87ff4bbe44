"""What the names of a rule mean: the only thing the rule language knows of its surroundings.

The lowering fills these values in; nothing here knows of spec files or of the lowering. Fill
them from the inside out, so that `ScopeField.computed` is there when another rule reads it: value
objects, then children (deepest first), then the owner; within one owner in the order that
`apigen.expr.order.computed_order` gives.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from apigen.diagnostics import Span
from apigen.ir.expr import TypedExpr
from apigen.ir.types import Literal, TypeRef
from apigen.values import dataclass


class RuleKind(StrEnum):
    """Where a rule stands, which decides what it must yield and what it may read."""

    INVARIANT = "invariant"
    """Yields a bool; reads the aggregate only."""
    COMPUTED = "computed"
    """Yields the type of its field; reads the aggregate only."""
    INDEX_WHERE = "index_where"
    """The condition of an index or a uniqueness: yields a bool from the columns of one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeField:
    """A field that a rule may name.

    A ref is entered once, under its spec name (`name="customer"`, `attribute="customer_id"`,
    type `RefTo`): rules read `customer_id`. The owner's own `id` has the type `IdOf(owner)`.
    """

    name: str
    """As written in the spec."""
    attribute: str
    """`Field.attribute`."""
    type: TypeRef | None
    """None when the declaration was wrong: every use of it stays silent."""
    nullable: bool
    span: Span
    """Of the declaration."""
    computed: TypedExpr | None = None
    """The rule of a computed field."""
    default: Literal | None = None
    """A literal default (of an enum: the stored value); read for the unit of a measure, where it
    makes an empty sum a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildScope:
    """A collection of owned entities (or one of them), and what can be read of each."""

    name: str
    """The collection's name, in the spec and on the owner."""
    qname: str
    """Of the child's class: `orders.OrderLine`."""
    to_one: bool
    nullable: bool
    """A to-one child that may be missing; False for collections."""
    fields: tuple[ScopeField, ...]
    children: tuple["ChildScope", ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumScope:
    """An enumeration: member name to stored value, in the spec's order."""

    members: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectScope:
    """A value object. `value` and `unit` name the two fields of a measure."""

    fields: tuple[ScopeField, ...]
    in_columns: bool
    """Stored as columns, so that SQL can read its parts."""
    value: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Everything one rule can name."""

    kind: RuleKind
    owner: str
    """Qualified name of the entity, child or value object that the rule belongs to."""
    fields: tuple[ScopeField, ...]
    children: tuple[ChildScope, ...] = ()
    enums: Mapping[str, EnumScope] = field(default_factory=dict)
    """By qualified name."""
    objects: Mapping[str, ObjectScope] = field(default_factory=dict)
    """By qualified name."""
    keys: Mapping[str, TypeRef] = field(default_factory=dict)
    """Qualified name of an entity or child to the type of its key; a composite key is left out.
    It lets `currency_id == 'EUR'` compare a ref with a value."""
