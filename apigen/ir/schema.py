"""The tables of a system as plain data: what the lock remembers and migrations are worked out from.

Every part has the stable id of the spec element it stands for, so that a part with the same id and
another name is a rename. Conditions name columns by their ids: a renamed column changes none of
them. Data only.
"""

from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnType:
    """A type as a migration writes it: `String(200)`, `ScaledDecimal(12, 2)`, `UtcDateTime()`."""

    name: str
    """A class of SQLAlchemy, or one of the project's own column types."""
    arguments: tuple[str, ...] = ()
    """As source; without the ones that do not change what is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition or a value over columns of one row: one of the two forms.

    In both, a column is `{id}` with the id of its shape; braces of the text itself are doubled.
    """

    sql: str = ""
    """SQL that both databases read alike."""
    expression: str = ""
    """Source of a SQLAlchemy expression."""
    imports: tuple[str, ...] = ()
    """What the expression needs: `module:name` or `module as alias`. A module that begins with
    `support.` is in the project's package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnShape:
    """A column. Its id is that of the field, ids joined by dots inside a value object."""

    id: str
    name: str
    symbol: str
    """Qualified name of the field, for messages."""
    type: ColumnType
    nullable: bool
    drawn: bool = False
    """The database draws its value."""
    fill: Condition | None = None
    """What rows get that are there before the column is; inside an optional value object, before
    the object is."""
    beside: tuple[str, ...] | None = None
    """Ids of the other columns of the optional value object that it is a required part of: all are
    null where the object is absent. Empty: it is an optional part. None: there is no such object.
    """
    joined: Condition | None = None
    """What rows get that have that object before it has this part."""
    members: tuple[tuple[str, str], ...] = ()
    """Of a list or set of an enum: the id of each member and its name, which JSON carries."""
    derived: bool = False
    """Every row has what `fill` says, whenever it was written: a computed field that is stored."""
    sealed: str = ""
    """Id of the field that its ciphertexts are bound to; empty: it has none."""
    digests: str = ""
    """Id of the column of whose values it has the digests; empty: it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShape:
    """The primary key."""

    name: str
    columns: tuple[str, ...]
    """Ids, in the key's order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKeyShape:
    """A reference of one column to the key of a table."""

    id: str
    name: str
    column: str
    """Id of the column."""
    target: str
    """Id of the table."""
    target_column: str
    """Id of the target's column."""
    on_delete: str | None
    deferred: bool
    """Part of a circle of tables: PostgreSQL creates it after all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckShape:
    """A CHECK: a condition, or the stored values of an enum."""

    id: str
    name: str
    columns: tuple[str, ...]
    """Ids of the columns it reads."""
    condition: Condition = Condition()
    values: tuple[tuple[str, str], ...] = ()
    """Id of the member and what is stored for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexShape:
    """An index, or a uniqueness; one over all rows is a constraint."""

    id: str
    name: str
    columns: tuple[str, ...]
    """Ids."""
    descending: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    unique: bool = False
    live_only: bool = False
    """Only of rows that are not deleted softly."""
    where: Condition | None = None
    method: str = ""
    """Of PostgreSQL, when not `btree`."""
    trigrams: tuple[str, ...] = ()
    """Ids of columns that a GIN index needs an operator class for."""
    localized: tuple[str, ...] = ()
    """Ids of columns whose text is meant in the first of the locales that has one."""
    locales: tuple[str, ...] = ()

    @property
    def is_constraint(self) -> bool:
        """Whether UNIQUE can say it."""
        return self.unique and self.where is None and not self.live_only and not self.localized

    @property
    def is_kept_by_hand(self) -> bool:
        """Whether SQLite forgets it when it makes the table again: it has more than columns."""
        return bool(self.descending or self.localized)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionShape:
    """Rows of which no two may overlap: EXCLUDE on PostgreSQL. SQLite has no such constraint."""

    id: str
    name: str
    equal: tuple[str, ...]
    """Ids of the columns that have the same values in rows that are in each other's way."""
    begin: str
    end: str
    range: str
    """The function of PostgreSQL that makes a range of both ends: `tstzrange`."""
    live_only: bool = False
    where: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """One table: of an entity or child (with its id), or a join table (with the field's)."""

    id: str
    name: str
    schema: str | None
    symbol: str
    """Qualified name of the entity or child, or of the `many` field."""
    columns: tuple[ColumnShape, ...]
    key: KeyShape
    foreign_keys: tuple[ForeignKeyShape, ...] = ()
    checks: tuple[CheckShape, ...] = ()
    indexes: tuple[IndexShape, ...] = ()
    exclusions: tuple[ExclusionShape, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """All tables: as they are made best, or, read from a lock, by id."""

    tables: tuple[TableShape, ...]


NO_TABLES = Schema(tables=())
