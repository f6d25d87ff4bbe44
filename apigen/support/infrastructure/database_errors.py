"""Turn what a database driver raises into the project's own errors, naming the fields.

The only place that knows SQLSTATEs, SQLite's error names and its messages. A column says what the
client calls it in `info["field"]`, where that is not the column's own name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Column, Index, MetaData, Table
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.schema import ColumnCollectionConstraint

from ..core.errors import (
    ConflictError,
    DatabaseConnectionError,
    DatabaseTimeoutError,
    EncryptionError,
    InvariantViolation,
    OverlapError,
    PoolTimeoutError,
    PreconditionFailedError,
    ReferenceConflictError,
    SharedModuleError,
    ValidationError,
)
from .generated_keys import exhausted
from .overlaps import RowExclusion

_UNIQUE = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
_FOREIGN_KEY = frozenset(
    # SQLite carries out ON DELETE RESTRICT by a trigger of its own.
    {"23503", "23001", "SQLITE_CONSTRAINT_FOREIGNKEY", "SQLITE_CONSTRAINT_TRIGGER"}
)
_CHECK = frozenset({"23514", "SQLITE_CONSTRAINT_CHECK"})
_EXCLUDED = "23P01"
_NOT_NULL = frozenset({"23502", "SQLITE_CONSTRAINT_NOTNULL"})
_SERIALIZATION = frozenset({"40001", "40P01"})
_BUSY = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"})
_STOPPED = frozenset({"57014", "55P03"})
"""By `statement_timeout` or an operator, and by `lock_timeout`."""
_EXHAUSTED = "2200H"
_LOCK_WAIT_S = 30.0

FIELDS = "fields"
"""Key of an index's `info`: what clients call what it is over, where these are no columns."""

EXCLUSION = "exclusion"
"""Key of a constraint's `info`: the `RowExclusion` that it is."""


@contextmanager
def translated(
    resource: str, metadata: MetaData | None = None, *, is_removal: bool = False
) -> Iterator[None]:
    """Run statements about `resource`; what the database refuses becomes one of our errors.

    Args:
        resource: What messages call the thing.
        metadata: The tables, to look up the columns of a constraint.
        is_removal: Whether rows are deleted: then a foreign key is broken by another row.

    Raises:
        ConflictError: A unique constraint or another transaction is in the way, or there is no
            number left for a key.
        ReferenceConflictError: A foreign key points to nothing, or the row is pointed to.
        ValidationError: A value is missing or does not fit its column.
        OverlapError: A range overlaps with another one's.
        InvariantViolation: A CHECK of the table does not hold.
        PreconditionFailedError: The row was changed or deleted in the meantime.
        PoolTimeoutError: Another process kept the database locked.
        DatabaseConnectionError: The database has closed the connection, or has other columns than
            those that it was asked about on it before.
        DatabaseTimeoutError: The statement was stopped.
        EncryptionError: There are no keys.
    """
    try:
        yield
    except StaleDataError as error:
        raise PreconditionFailedError(resource, expected=None, actual=None) from error
    except TimeoutError as error:
        # asyncpg's `command_timeout`, which SQLAlchemy takes for nobody's.
        raise DatabaseTimeoutError("a statement was not answered in time") from error
    except DBAPIError as error:
        known = _translate(error, resource, metadata, is_removal=is_removal)
        if known is None:
            raise
        raise known from error
    except StatementError as error:
        # A column type refused a value, or had no key for it, before it reached the driver.
        if isinstance(error.orig, ValidationError | EncryptionError):
            raise error.orig from error
        raise


def _translate(
    error: DBAPIError, resource: str, metadata: MetaData | None, *, is_removal: bool
) -> SharedModuleError | None:
    if error.connection_invalidated or is_outdated(error):
        return DatabaseConnectionError(error.orig)
    code = _code(error)
    if code in _UNIQUE:
        return ConflictError(resource, fields=_fields(error, metadata))
    if code in _FOREIGN_KEY:
        fields = () if is_removal else _fields(error, metadata)
        return ReferenceConflictError(resource, fields=fields, is_missing=not is_removal)
    if code == _EXCLUDED:
        return _overlap(error, resource, metadata)
    if code in _CHECK:
        name = _constraint_name(error)
        return InvariantViolation(name, f"The {resource} breaks the rule {name}.")
    if code in _NOT_NULL:
        field = ".".join(_fields(error, metadata))
        return ValidationError(field, None, "required", f"{field} is required")
    if code in _SERIALIZATION:
        message = "Another transaction was in the way; try again."
        return ConflictError(resource, constraint="serialization", message=message)
    if code in _STOPPED or isinstance(error.orig, TimeoutError):
        return DatabaseTimeoutError(error.orig)
    if code in _BUSY:
        return PoolTimeoutError(_LOCK_WAIT_S)
    if code == _EXHAUSTED:
        return exhausted(resource)
    # Class 22 is data that does not fit; asyncpg finds some of it before it asks the server, and
    # raises a ValueError without a SQLSTATE.
    if code.startswith("22") or isinstance(_cause(error), ValueError | OverflowError):
        return ValidationError("", None, "type", f"a value of the {resource} cannot be stored")
    return None


def is_outdated(error: DBAPIError) -> bool:
    """Tell whether columns have other types than when the statement was prepared.

    It goes well the next time: SQLAlchemy has forgotten what was prepared.
    """
    return type(_cause(error)).__name__ == "InvalidCachedStatementError"


def _overlap(error: DBAPIError, resource: str, metadata: MetaData | None) -> ConflictError:
    name = _constraint_name(error)
    for table in metadata.tables.values() if metadata is not None else ():
        for constraint in table.constraints:
            if constraint.name == name and EXCLUSION in constraint.info:
                rule: RowExclusion = constraint.info[EXCLUSION]
                return OverlapError(resource, rule.name, fields=fields_of(table, rule))
    return ConflictError(resource, constraint=name)


def fields_of(table: Table, rule: RowExclusion) -> tuple[str, ...]:
    """Return what the client calls the columns of a rule."""
    return tuple(
        str(table.c[name].info.get("field", name)) for name in (*rule.equal, rule.begin, rule.end)
    )


def _cause(error: DBAPIError) -> BaseException | None:
    """Return the driver's own exception: SQLAlchemy wraps asyncpg's twice."""
    return (error.orig.__cause__ or error.orig) if error.orig is not None else None


def _code(error: DBAPIError) -> str:
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return str(code or "")


def _constraint_name(error: DBAPIError) -> str:
    name = getattr(_cause(error), "constraint_name", None)
    if isinstance(name, str):
        return name
    return str(error.orig).rpartition(": ")[2].removeprefix("index ").strip("'")


def _fields(error: DBAPIError, metadata: MetaData | None) -> tuple[str, ...]:
    """Return what the client calls the columns that the error is about."""
    if metadata is None:
        return ()
    cause = _cause(error)
    table, column = getattr(cause, "table_name", None), getattr(cause, "column_name", None)
    if table and column:
        return (_field_names(metadata).get((table, column), column),)
    name = _constraint_name(error)
    if name in _constraints(metadata):
        return _constraints(metadata)[name]
    # SQLite lists the columns instead: `customers.email, customers.tenant`.
    pairs = [part.strip().rpartition(".")[::2] for part in name.split(",")]
    return tuple(_field_names(metadata).get(pair, pair[1]) for pair in pairs if pair[0])


@lru_cache(maxsize=8)
def _field_names(metadata: MetaData) -> dict[tuple[str, str], str]:
    return {
        (table.name, column.name): column.info.get("field", column.name)
        for table in metadata.tables.values()
        for column in table.columns
    }


@lru_cache(maxsize=8)
def _constraints(metadata: MetaData) -> dict[str, tuple[str, ...]]:
    """Return the fields of every named constraint and unique index."""
    found: dict[str, tuple[str, ...]] = {}
    for table in metadata.tables.values():
        owned: set[ColumnCollectionConstraint | Index] = {
            constraint
            for constraint in table.constraints
            if isinstance(constraint, ColumnCollectionConstraint)
        }
        for constraint in owned | table.indexes:
            # An index may also hold expressions, which belong to no field.
            columns = tuple(
                column.info.get("field", column.name)
                for column in constraint.columns
                if isinstance(column, Column)
            )
            columns = tuple(constraint.info.get(FIELDS, columns))
            if constraint.name is not None and columns:
                found[str(constraint.name)] = columns
    return found
