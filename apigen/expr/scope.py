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
    GUARD = "guard"
    """`when` of a command: yields a bool; reads the aggregate, `input`, `old`, `actor`, and one
    aggregate behind a ref of the aggregate or of the input."""
    ASSIGN = "assign"
    """A value of `set`, `append` or `emits`: yields the type of its target; reads as GUARD does."""
    REMOVE = "remove"
    """`remove` of a command: yields a bool. Bare names are fields of the child (`owner` and
    `fields` of the scope are the child's); reads `input` and `actor` too."""
    NATURAL_KEY = "natural_key"
    """`idempotent` of a command: any value that is not null; reads `input` and `actor` only."""
    POLICY = "policy"
    """A row rule: yields a bool, in SQL only; follows refs freely, reads `actor`, and entities by
    name."""
    QUERY_WHERE = "query_where"
    """`where` of a query: yields a bool, in SQL only; as POLICY, and `input`."""
    PROJECTION = "projection"
    """A column of a read model: yields its type, in SQL only; follows refs freely."""
    UPCAST = "upcast"
    """What an older version of an event lacks: yields the type of the payload field; reads `event`,
    whose payload is the older one, and no clock."""
    REACTION = "reaction"
    """`with`, `target` and `when` of a reaction: yields what `expected` says; reads `event`."""


COMMAND_KINDS = frozenset({RuleKind.GUARD, RuleKind.ASSIGN})
"""Rules of commands, which run in Python; refs in them may be followed to one loaded aggregate."""
SQL_KINDS = frozenset({RuleKind.POLICY, RuleKind.QUERY_WHERE, RuleKind.PROJECTION})
"""Rules that only the database works out; refs in them may be followed freely."""
INPUT_KINDS = frozenset(
    {*COMMAND_KINDS, RuleKind.REMOVE, RuleKind.NATURAL_KEY, RuleKind.QUERY_WHERE}
)
ACTOR_KINDS = frozenset({*INPUT_KINDS, RuleKind.POLICY})
EVENT_KINDS = frozenset({RuleKind.UPCAST, RuleKind.REACTION})
ENTITY_KINDS = frozenset({RuleKind.POLICY, RuleKind.QUERY_WHERE})
VALUE_KINDS = frozenset(
    {
        RuleKind.COMPUTED,
        RuleKind.ASSIGN,
        RuleKind.NATURAL_KEY,
        RuleKind.PROJECTION,
        RuleKind.UPCAST,
        RuleKind.REACTION,
    }
)
"""Rules that yield what is asked for; the others yield a bool."""


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
    encrypted: bool = False
    """Stored so that only Python can read it."""
    locale: str = ""
    """Of a localized text: the locale that rules read it in."""
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
class EntityScope:
    """An aggregate that a ref leads to, or whose rows a rule asks for by name."""

    name: str
    """As a rule writes it: `Payment`."""
    qname: str
    fields: tuple[ScopeField, ...]
    """As in a scope of its own: the key (`id`) first, computed ones with their rules."""
    children: tuple[ChildScope, ...]
    span: Span
    """Of its name in the spec."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorScope:
    """What rules know of whoever acts; without security a scope has none."""

    claims: tuple[ScopeField, ...]
    """Declared claims of `security.actor`; `id` and `roles` are always there."""
    roles: tuple[str, ...]
    """Declared roles, for `has_role('…')` (AG701)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventScope:
    """The event that is being answered or read."""

    payload: tuple[ScopeField, ...]
    """Of an upcast: the payload of the older version."""
    owner_id: str | None
    """`order_id` of an event of Order, which is `aggregate_id`; None for events without owner. A
    payload field of that name has the same value."""
    owner: str | None
    """Qualified name of that entity: the type of `aggregate_id` is `IdOf(owner)`, else text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Everything one rule can name.

    What a kind of rule may not read is refused whether it is filled in or not, so one filling
    serves several kinds.
    """

    kind: RuleKind
    owner: str
    """Qualified name of the entity, child or value object that the rule belongs to. Of REACTION,
    UPCAST and NATURAL_KEY it is only named in messages; of a command without owner, the command."""
    fields: tuple[ScopeField, ...]
    """Of the owner. None for commands without owner, and for what a factory assigns: there is
    nothing yet that bare names could mean."""
    children: tuple[ChildScope, ...] = ()
    enums: Mapping[str, EnumScope] = field(default_factory=dict)
    """By qualified name."""
    objects: Mapping[str, ObjectScope] = field(default_factory=dict)
    """By qualified name."""
    keys: Mapping[str, TypeRef] = field(default_factory=dict)
    """Qualified name of an entity or child to the type of its key; a composite key is left out.
    It lets `currency_id == 'EUR'` compare a ref with a value."""
    input: tuple[ScopeField, ...] = ()
    """Inputs of the command or query; a ref is entered as one of an entity is: `input.product` and
    `input.product_id` are its key."""
    old: tuple[ScopeField, ...] = ()
    """Fields of the owner before the command; none of a factory."""
    event: EventScope | None = None
    actor: ActorScope | None = None
    entities: Mapping[str, EntityScope] = field(default_factory=dict)
    """By qualified name: the aggregates that refs lead to, and those that POLICY and QUERY_WHERE
    may ask by name. May hold all of the context."""
