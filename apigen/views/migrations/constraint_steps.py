"""The steps on constraints and indexes as lines of Python.

On a busy PostgreSQL they take no lock for long, and what runs outside of a transaction can be run
again: what a statement that failed left behind goes first.
"""

from collections.abc import Iterator

from apigen.evolve.column_changes import qualified, quoted
from apigen.evolve.operation import (
    AddConstraint,
    Check,
    CreateIndex,
    DropConstraint,
    DropIndex,
    Exclusion,
    ForeignKey,
    Index,
    PrimaryKey,
    RenameConstraint,
    RenameIndex,
    TableName,
    Unique,
    ValidateConstraint,
)
from apigen.python.literals import text
from apigen.views.migrations.lines import POSTGRESQL, SQLITE, Line
from apigen.views.migrations.source import KINDS, Spelling, in_own_schema, in_schema, statement


def batch_of(table: TableName) -> str:
    """Return the arguments of the batch that changes a table."""
    arguments = [text(table.name), *in_own_schema(table)]
    if table.drawn:
        arguments.append('table_kwargs={"sqlite_autoincrement": True}')
    return ", ".join(arguments)


def constraint_lines(
    operation: AddConstraint | DropConstraint | RenameConstraint | ValidateConstraint,
    spelling: Spelling,
) -> Iterator[Line]:
    """Yield what a step on a constraint is."""
    table, batch = operation.table, batch_of(operation.table)
    match operation:
        case AddConstraint(constraint=Exclusion() as exclusion):
            yield Line(source=spelling.refused_overlaps(table, exclusion), once=True)
            yield Line(source=spelling.late_exclusion(exclusion, table), only=POSTGRESQL)
        case DropConstraint(constraint=Exclusion(name=name)):
            yield Line(source=_gone(table, name, spelling), only=POSTGRESQL)
        case AddConstraint(constraint=ForeignKey() as key, only="postgresql", unchecked=False):
            yield Line(source=spelling.late_key(key, table), only=POSTGRESQL)
        case AddConstraint(constraint=Unique() as unique, unchecked=True):
            index = Index(name=unique.name, columns=unique.columns, unique=True)
            name = quoted(unique.name)
            # The index of one that is there can not be dropped.
            gone = _gone(table, unique.name, spelling)
            yield Line(source=gone, only=POSTGRESQL, autocommit=True)
            yield from _concurrent(index, table, spelling)
            sql = f"ALTER TABLE {qualified(table)} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}"
            yield Line(source=statement(sql), only=POSTGRESQL)
            yield Line(source=spelling.added_constraint(unique), batch=batch, only=SQLITE)
        case AddConstraint(constraint=(Check() | ForeignKey()) as late, unchecked=True):
            yield Line(source=spelling.unchecked(late, table), only=POSTGRESQL)
            if operation.only is None:
                yield Line(source=spelling.added_constraint(late), batch=batch, only=SQLITE)
        case AddConstraint(
            constraint=(PrimaryKey() | Unique() | Check() | ForeignKey()) as constraint
        ):
            yield Line(
                source=spelling.added_constraint(constraint), batch=batch, only=operation.only
            )
        case DropConstraint(constraint=constraint) if spelling.zero_downtime:
            gone = _gone(table, constraint.name, spelling)
            yield Line(source=gone, only=POSTGRESQL)
            if operation.only is None:
                source = _dropped(constraint.name, type(constraint))
                yield Line(source=source, batch=batch, only=SQLITE)
        case DropConstraint(constraint=constraint, only="postgresql"):
            arguments = [
                text(constraint.name),
                text(table.name),
                f'type_="{KINDS[type(constraint)]}"',
                *in_schema(table),
            ]
            yield Line(source=f"op.drop_constraint({', '.join(arguments)})", only=POSTGRESQL)
        case DropConstraint(constraint=constraint):
            yield Line(source=_dropped(constraint.name, type(constraint)), batch=batch)
        case RenameConstraint(before=before, after=after):
            sql = (
                f"ALTER TABLE {qualified(table)} RENAME CONSTRAINT {quoted(before.name)}"
                f" TO {quoted(after.name)}"
            )
            rule = "renaming-object" if spelling.zero_downtime else ""
            yield Line(source=statement(sql, because=rule), only=POSTGRESQL)
            if isinstance(before, Exclusion) or isinstance(after, Exclusion):
                return
            if isinstance(before, PrimaryKey) and table.drawn:
                # SQLite keeps no name of a key that it numbers.
                return
            yield Line(source=_dropped(before.name, type(before)), batch=batch, only=SQLITE)
            added = spelling.added_constraint(after)
            yield Line(source=added, batch=batch, only=SQLITE)
        case ValidateConstraint(name=name):
            sql = f"ALTER TABLE {qualified(table)} VALIDATE CONSTRAINT {quoted(name)}"
            yield Line(source=statement(sql), only=POSTGRESQL)


def _gone(table: TableName, name: str, spelling: Spelling) -> str:
    when = "IF EXISTS " if spelling.autocommit else ""
    sql = f"ALTER TABLE {qualified(table)} DROP CONSTRAINT {when}{quoted(name)}"
    return statement(sql, because="ban-drop-constraint" if spelling.zero_downtime else "")


def _concurrent(index: Index, table: TableName, spelling: Spelling) -> Iterator[Line]:
    """Yield what makes an index of a table in use; one that failed stays, and is not valid."""
    yield Line(source=_gone_index(index, table), only=POSTGRESQL, autocommit=True)
    more = ("if_not_exists=True", "postgresql_concurrently=True")
    yield Line(source=spelling.index(index, table, *more), only=POSTGRESQL, autocommit=True)


def _gone_index(index: Index, table: TableName) -> str:
    call = _dropped_index(index.name, table).removesuffix(")")
    return f"{call}, if_exists=True, postgresql_concurrently=True)"


def _dropped(name: str, kind: type) -> str:
    return f'drop_constraint({text(name)}, type_="{KINDS[kind]}")'


def index_lines(
    operation: CreateIndex | DropIndex | RenameIndex, spelling: Spelling
) -> Iterator[Line]:
    """Yield what a step on an index is."""
    table = operation.table
    match operation:
        case CreateIndex(index=index, concurrently=True):
            yield from _concurrent(index, table, spelling)
            yield Line(source=spelling.index(index, table), only=SQLITE)
        case CreateIndex(index=index, only=only):
            yield Line(source=spelling.index(index, table), only=only)
        case DropIndex(index=index, concurrently=True):
            yield Line(source=_gone_index(index, table), only=POSTGRESQL, autocommit=True)
            yield Line(source=_dropped_index(index.name, table), only=SQLITE)
        case DropIndex(index=index, only=only):
            yield Line(source=_dropped_index(index.name, table), only=only)
        case RenameIndex(before=before, after=after, only=only):
            prefix = f"{quoted(table.schema)}." if table.schema else ""
            sql = f"ALTER INDEX {prefix}{quoted(before.name)} RENAME TO {quoted(after.name)}"
            rule = "renaming-object" if spelling.zero_downtime else ""
            yield Line(source=statement(sql, because=rule), only=POSTGRESQL)
            if only is None:
                yield Line(source=_dropped_index(before.name, table), only=SQLITE)
                yield Line(source=spelling.index(after, table), only=SQLITE)


def _dropped_index(name: str, table: TableName) -> str:
    arguments = [text(name), f"table_name={text(table.name)}", *in_schema(table)]
    return f"op.drop_index({', '.join(arguments)})"
