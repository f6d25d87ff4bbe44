"""What a table is made of: columns, keys, checks and indexes; data only."""

from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field, IndexMethod
from apigen.ir.types import TypeRef
from apigen.values import dataclass
from apigen.views.tables.bounds import Bound
from apigen.views.tables.exclusions import Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A reference of one column to the key of another table."""

    name: str
    target_table: str
    """With its schema, when it has one."""
    target_column: str
    on_delete: str | None
    deferred: bool
    """Part of a circle of tables: PostgreSQL creates it after all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column."""

    id: str
    """Stable id: of the field, of all fields down to it in a value object, or of what apigen adds
    (a position, the key of a parent or of a join table)."""
    attribute: str
    name: str
    type: TypeRef
    nullable: bool
    primary_key: bool = False
    drawn: bool = False
    """The database draws its value."""
    foreign_key: ForeignKey | None = None
    field: str | None = None
    """What clients call it, when that is not the column's name."""
    parent: bool = False
    """The key of the parent that the row belongs to."""
    path: tuple[Field, ...] = ()
    """The fields down to the column; none of positions, digests, keys of parents and of joins."""
    cipher: Field | None = None
    """The field whose ciphertexts it has."""
    digest: Field | None = None
    """The field of whose values it has the digests: a blind index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A CHECK: one of a rule, a bound, stored enum values, or SQL that both databases read."""

    id: str
    """Stable within its table."""
    name: str
    rule: TypedExpr | None = None
    bound: Bound | None = None
    column: str | None = None
    values: tuple[str, ...] = ()
    sql: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index, or a uniqueness; a uniqueness over all rows is a constraint."""

    name: str
    columns: tuple[str, ...]
    descending: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    unique: bool = False
    where: TypedExpr | None = None
    live_only: bool = False
    method: IndexMethod = IndexMethod.BTREE
    trigrams: tuple[str, ...] = ()
    """Columns that a GIN index needs an operator class for."""
    localized: tuple[str, ...] = ()
    """Columns whose text is meant in the first of the locales that has one."""
    locales: tuple[str, ...] = ()

    @property
    def is_constraint(self) -> bool:
        """Whether UNIQUE can say it."""
        return self.unique and self.where is None and not self.live_only and not self.localized


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table."""

    owner: str
    """Qualified name of the entity or child; of a join table, of the one that has the `many`."""
    name: str
    schema: str | None
    doc: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    indexes: tuple[Index, ...]
    exclusions: tuple[Exclusion, ...] = ()
    versioned: bool = False
    many: Field | None = None
    """The field that a join table is for."""

    @property
    def qualified(self) -> str:
        """The name with its schema."""
        return f"{self.schema}.{self.name}" if self.schema else self.name
