"""The steps of a migration: what is done, with the names of that moment. Data only.

Conditions here are those of the schema with names filled in. How Alembic says a step, and which
database needs it said in another way, is `apigen.views.migrations.revisions`.
"""

from apigen.ir.schema import ColumnType, Condition
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TableName:
    """A table where it stands."""

    name: str
    schema: str | None = None
    drawn: bool = False
    """Its key is drawn: SQLite forgets AUTOINCREMENT when the table is made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as it is written."""

    name: str
    type: ColumnType
    nullable: bool
    is_key: bool = False
    drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKey:
    """A primary key."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A foreign key of one column."""

    name: str
    column: str
    target: TableName
    target_column: str
    on_delete: str | None
    deferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A CHECK."""

    name: str
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """A UNIQUE."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """An EXCLUDE over ranges: of PostgreSQL alone."""

    name: str
    key: tuple[str, ...]
    """Of the table: what rows that overlap are called by."""
    equal: tuple[str, ...]
    begin: str
    end: str
    range: str
    live_only: bool = False
    where: Condition | None = None


type Constraint = PrimaryKey | ForeignKey | Check | Unique | Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index."""

    name: str
    columns: tuple[str, ...]
    descending: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    unique: bool = False
    live_only: bool = False
    where: Condition | None = None
    method: str = ""
    trigrams: tuple[str, ...] = ()
    localized: tuple[str, ...] = ()
    """Columns whose text is meant in the first of the locales that has one."""
    locales: tuple[str, ...] = ()

    @property
    def is_kept_by_hand(self) -> bool:
        """Whether SQLite forgets it when it makes the table again: it has more than columns."""
        return bool(self.descending or self.localized)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSchema:
    """A schema of PostgreSQL."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSchema:
    """The opposite."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateExtension:
    """An extension of PostgreSQL. It stays: others may use it."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable:
    """A table with all that belongs to it, but for the keys of circles on PostgreSQL."""

    table: TableName
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...]
    indexes: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable:
    """The opposite."""

    created: CreateTable


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameTable:
    """Another name or schema."""

    before: TableName
    after: TableName


@dataclass(frozen=True, slots=True, kw_only=True)
class AddColumn:
    """A column; with a default only while it is added, rows that are there get that value."""

    table: TableName
    column: Column
    default: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropColumn:
    """A column that nothing refers to."""

    table: TableName
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameColumn:
    """Another name."""

    table: TableName
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterColumn:
    """Another type, or nullable or not; names are equal."""

    table: TableName
    before: Column
    after: Column
    dropped_default: Condition | None = None
    """A default that the column was added with, and that goes."""
    default: Condition | None = None
    """A default that the column gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddConstraint:
    """A constraint. With `unchecked` PostgreSQL leaves rows that are there for `Validate`."""

    table: TableName
    constraint: Constraint
    unchecked: bool = False
    only: str | None = None
    """The dialect it is for; None: both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateConstraint:
    """Have PostgreSQL check the rows that were there."""

    table: TableName
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DropConstraint:
    """The opposite of adding one."""

    table: TableName
    constraint: Constraint
    only: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameConstraint:
    """Another name; all else is equal but for names in it that have changed by themselves."""

    table: TableName
    before: Constraint
    after: Constraint


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateIndex:
    """An index."""

    table: TableName
    index: Index
    concurrently: bool = False
    only: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DropIndex:
    """The opposite."""

    table: TableName
    index: Index
    concurrently: bool = False
    only: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameIndex:
    """Another name; all else is equal."""

    table: TableName
    before: Index
    after: Index
    only: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FillColumn:
    """Give rows a value."""

    table: TableName
    column: str
    type: ColumnType
    value: Condition
    only_null: bool = True
    """Rows that have a value keep it."""
    part: bool = False
    """A required part of an optional value object: a CHECK requires it, not NOT NULL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """What the ciphertexts of a column are bound to."""

    name: str
    """Of the field, for good."""
    column: str
    """As messages call it: `customers.phone`."""
    key: tuple[Column, ...]
    """Of the table, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealColumn:
    """Encrypt, row by row, what an expression says into a column."""

    table: TableName
    column: str
    type: ColumnType
    """Of the expression."""
    value: Condition
    sealing: Sealing
    only_null: bool = True
    """Rows that have a value keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenColumn:
    """Decrypt, row by row, a column into another."""

    table: TableName
    column: str
    type: ColumnType
    """Of the column that gets the values."""
    nullable: bool
    source: str
    sealing: Sealing


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestColumn:
    """Give rows the digests of a column of ciphertexts."""

    table: TableName
    column: str
    type: ColumnType
    """Of what is encrypted."""
    source: str
    sealing: Sealing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceValues:
    """Write stored texts in another way."""

    table: TableName
    column: str
    values: tuple[tuple[str, str], ...]
    """Before and after; all at once, so that two may change places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseValues:
    """Stop, in words, while rows hold one of some texts."""

    table: TableName
    column: str
    values: tuple[str, ...]
    inside: bool = False
    """The column holds arrays of texts, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseOverlaps:
    """Stop, in words, while rows overlap that must not."""

    table: TableName
    exclusion: Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Execute:
    """A statement, by dialect; None: nothing to do there."""

    postgresql: str | None
    sqlite: str | None


type Operation = (
    CreateSchema
    | DropSchema
    | CreateExtension
    | CreateTable
    | DropTable
    | RenameTable
    | AddColumn
    | DropColumn
    | RenameColumn
    | AlterColumn
    | AddConstraint
    | ValidateConstraint
    | DropConstraint
    | RenameConstraint
    | CreateIndex
    | DropIndex
    | RenameIndex
    | FillColumn
    | SealColumn
    | OpenColumn
    | DigestColumn
    | ReplaceValues
    | RefuseValues
    | RefuseOverlaps
    | Execute
)
