"""Fields: of entities, children, value objects, inputs and payloads. Data only."""

from enum import StrEnum

from apigen.ir.element import ALWAYS, Element, Lifespan
from apigen.ir.expr import TypedExpr
from apigen.ir.types import Default, Json, TypeRef
from apigen.values import dataclass


class Surface(StrEnum):
    """Where a field is accepted or shown."""

    CREATE = "create"
    UPDATE = "update"
    INTERNAL = "internal"
    RESPONSE = "response"


class Origin(StrEnum):
    """Who put a field there."""

    USER = "user"
    MIXIN = "mixin"
    SYNTH = "synth"


class FilterOp(StrEnum):
    """Comparison a client may ask for; the wire name is the value."""

    # As texts are: an enumeration's own takes a call of Python, and every field has a set of these.
    __hash__ = str.__hash__

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    CONTAINS = "contains"
    STARTSWITH = "startswith"
    ENDSWITH = "endswith"
    IS_NULL = "is_null"


class IndexMethod(StrEnum):
    """Kind of index; all but btree only on PostgreSQL (btree on SQLite)."""

    BTREE = "btree"
    HASH = "hash"
    GIN = "gin"
    TRGM = "trgm"


class FkAction(StrEnum):
    """What the database does to a row whose target is deleted."""

    RESTRICT = "restrict"
    CASCADE = "cascade"
    SET_NULL = "set_null"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cipher:
    """How the values of a field are encrypted at rest."""

    blind_index: bool
    """A column beside it has a digest of each value, by which equal values are found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """What may be uploaded to a field of type `file`."""

    max_bytes: int
    types: tuple[str, ...] = ()
    """Media types, `image/*` for all of a kind; none: any."""
    segment: str = ""
    """Of the path below that of the row: `front-page`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Element):
    """A field of an entity, child or value object.

    A `ref(X)` named `customer` has attribute, column and wire name `customer_id` and
    `name.text == "customer"`; an exclusive arc `ref(A|B)` is lowered to one nullable field a
    target (`owner_a_id`, `owner_b_id`, names `owner_a`, `owner_b`) and an `ExclusiveArc`.
    A `many(X)` keeps its name everywhere.
    """

    attribute: str
    """Snake-case name in code: `customer_id` for a ref, else the field's name."""
    type: TypeRef
    nullable: bool
    default: Default | None
    computed: TypedExpr | None
    """Derived, never input; a property, or with `stored` a column refreshed on every write."""
    writes: frozenset[Surface]
    """Of CREATE, UPDATE, INTERNAL; empty for computed ones."""
    reads: frozenset[Surface]
    """RESPONSE, or empty when write-only or hidden."""
    filter: tuple[FilterOp, ...]
    sort: bool
    search: bool
    index: IndexMethod | None
    on_delete: FkAction
    """Meaningful for refs only."""
    inverse: str | None
    join: "JoinTable | None"
    """Set for `many`."""
    column: str
    """Column, or prefix of the columns of a value object stored in columns."""
    wire: str
    label: str
    example: Json
    fake: str | None
    origin: Origin
    backfill: Default | TypedExpr | None = None
    """What rows that are there already get; read by migrations only. An expression reads columns
    of the same row."""
    stored: bool = False
    """A computed field that has a column."""
    pii: str | None = None
    """Class of personal data: `contact`, `identity`, `location`, …"""
    encrypted: Cipher | None = None
    """None: stored as it is."""
    audit_reads: bool = False
    """It is logged who is shown the value."""
    lifespan: Lifespan = ALWAYS
    file: FileLimits | None = None
    """Set for a `file`, whose type is the value object that describes one: it has routes of its
    own, and is part of no payload."""

    @property
    def required_on_create(self) -> bool:
        """Whether a client must send it when it creates."""
        return Surface.CREATE in self.writes and not self.nullable and self.default is None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTable:
    """The table behind a `many`: two columns, both the primary key."""

    table: str
    owner_column: str
    target_column: str
