"""The operations of a revision as lines of Python, for both databases.

What SQLite can only do by making the table again goes through a batch, which is plain `ALTER
TABLE` on PostgreSQL. How lines stand together is `apigen.views.migrations.lines`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from apigen.evolve.column_changes import qualified, quoted
from apigen.evolve.conversion import postgresql_type
from apigen.evolve.operation import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateExtension,
    CreateIndex,
    CreateSchema,
    CreateTable,
    DigestColumn,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropSchema,
    DropTable,
    Execute,
    FillColumn,
    OpenColumn,
    Operation,
    RefuseOverlaps,
    RefuseValues,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    ReplaceValues,
    SealColumn,
    TableName,
    ValidateConstraint,
)
from apigen.python.literals import text
from apigen.views.migrations.constraint_steps import batch_of, constraint_lines, index_lines
from apigen.views.migrations.lines import POSTGRESQL, SQLITE, Line, arranged
from apigen.views.migrations.rows import changed_rows, refused_values, sealed_rows
from apigen.views.migrations.source import (
    Spelling,
    in_own_schema,
    in_schema,
    schema_name,
    statement,
)


def lines(operations: Iterable[Operation], spelling: Spelling) -> tuple[str, ...]:
    """Return the body of a function, indented from nothing."""
    made = [line for one in operations for line in _lines(one, spelling)]
    body = arranged(_once(made))
    return (*_variables(body, operations), *body)


def _once(made: Iterable[Line]) -> Iterator[Line]:
    """Yield lines; what goes to be made again goes once."""
    seen: set[str] = set()
    for line in made:
        is_said_once = line.autocommit or line.once
        if not is_said_once or line.source not in seen:
            yield line
        if is_said_once:
            seen.add(line.source)


def _variables(body: list[str], operations: Iterable[Operation]) -> Iterator[str]:
    """Yield the variables that hold schemas, as far as they are used."""
    source = "\n".join(body)
    for name in sorted(_schemas(operations)):
        if f"={schema_name(name)}" in source:
            value = f'{text(name)} if op.get_context().dialect.name == "postgresql" else None'
            yield f"{schema_name(name)} = {value}"


def _schemas(operations: Iterable[Operation]) -> set[str]:
    found: set[str] = set()
    for one in operations:
        tables = [getattr(one, name, None) for name in ("table", "before", "after")]
        constraint = getattr(one, "constraint", None) or getattr(one, "after", None)
        tables.append(getattr(constraint, "target", None))
        found |= {table.schema for table in tables if isinstance(table, TableName) and table.schema}
    return found


def _lines(operation: Operation, spelling: Spelling) -> Iterator[Line]:
    match operation:
        case CreateSchema(name=name):
            sql = f"CREATE SCHEMA IF NOT EXISTS {quoted(name)}"
            yield Line(source=statement(sql), only=POSTGRESQL)
        case DropSchema(name=name):
            sql = f"DROP SCHEMA IF EXISTS {quoted(name)}"
            yield Line(source=statement(sql), only=POSTGRESQL)
        case CreateExtension(name=name):
            sql = f"CREATE EXTENSION IF NOT EXISTS {name}"
            yield Line(source=statement(sql), only=POSTGRESQL)
        case CreateTable(table=table, indexes=indexes):
            yield Line(source=spelling.created(operation))
            for index in indexes:
                yield Line(source=spelling.index(index, table))
        case DropTable(created=created):
            arguments = [text(created.table.name), *in_schema(created.table)]
            sql = f"DROP TABLE {qualified(created.table)}"
            line = Line(source=f"op.drop_table({', '.join(arguments)})")
            yield from _told(line, sql, "ban-drop-table", spelling)
        case RenameTable():
            yield from _renamed_table(operation, spelling)
        case AddColumn() | DropColumn() | RenameColumn() | AlterColumn():
            yield from _column(operation, spelling)
        case AddConstraint() | DropConstraint() | RenameConstraint() | ValidateConstraint():
            yield from constraint_lines(operation, spelling)
        case CreateIndex() | DropIndex() | RenameIndex():
            yield from index_lines(operation, spelling)
        case FillColumn() | ReplaceValues():
            yield Line(source=changed_rows(operation, spelling))
        case SealColumn() | OpenColumn() | DigestColumn():
            yield Line(source=sealed_rows(operation, spelling))
        case RefuseValues():
            yield Line(source=refused_values(operation, spelling))
        case RefuseOverlaps(table=table, exclusion=exclusion):
            yield Line(source=spelling.refused_overlaps(table, exclusion), once=True)
        case Execute(postgresql=postgresql, sqlite=sqlite):
            if postgresql is not None and postgresql == sqlite:
                yield Line(source=statement(postgresql))
                return
            if postgresql is not None:
                yield Line(source=statement(postgresql), only=POSTGRESQL)
            if sqlite is not None:
                yield Line(source=statement(sqlite), only=SQLITE)
        case unreachable:
            assert_never(unreachable)


def _told(line: Line, sql: str, rule: str, spelling: Spelling) -> Iterator[Line]:
    """Yield a line; for squawk, as the statement that breaks a rule on purpose."""
    if not spelling.zero_downtime:
        yield line
        return
    yield Line(source=statement(sql, because=rule), only=POSTGRESQL)
    yield replace(line, only=SQLITE)


def _renamed_table(operation: RenameTable, spelling: Spelling) -> Iterator[Line]:
    before, after = operation.before, operation.after
    if before.schema != after.schema:
        target = quoted(after.schema or "public")
        sql = f"ALTER TABLE {qualified(before)} SET SCHEMA {target}"
        yield Line(source=statement(sql), only=POSTGRESQL)
    if before.name != after.name:
        moved = TableName(name=before.name, schema=after.schema)
        arguments = [text(before.name), text(after.name), *in_own_schema(moved)]
        sql = f"ALTER TABLE {qualified(moved)} RENAME TO {quoted(after.name)}"
        line = Line(source=f"op.rename_table({', '.join(arguments)})")
        yield from _told(line, sql, "renaming-table", spelling)


def _column(
    operation: AddColumn | DropColumn | RenameColumn | AlterColumn, spelling: Spelling
) -> Iterator[Line]:
    table = operation.table
    match operation:
        case AddColumn(column=column, default=default):
            source = spelling.column(column, default)
            arguments = [text(table.name), source, *in_own_schema(table)]
            yield Line(source=f"op.add_column({', '.join(arguments)})")
        case DropColumn(column=column):
            line = Line(source=f"drop_column({text(column.name)})", batch=batch_of(table))
            sql = f"ALTER TABLE {qualified(table)} DROP COLUMN {quoted(column.name)}"
            yield from _told(line, sql, "ban-drop-column", spelling)
        case RenameColumn(before=before, after=after):
            arguments = [
                text(table.name),
                text(before),
                f"new_column_name={text(after)}",
                *in_own_schema(table),
            ]
            line = Line(source=f"op.alter_column({', '.join(arguments)})")
            sql = (
                f"ALTER TABLE {qualified(table)} RENAME COLUMN {quoted(before)} TO {quoted(after)}"
            )
            yield from _told(line, sql, "renaming-column", spelling)
        case AlterColumn(before=was, after=becomes):
            kind = spelling.type(was.type, nullable=was.nullable)
            arguments = [text(was.name), f"existing_type={kind}"]
            if was.type != becomes.type:
                new = spelling.type(becomes.type, nullable=becomes.nullable)
                arguments.append(f"type_={new}")
            if was.nullable != becomes.nullable:
                arguments.append(f"nullable={becomes.nullable}")
            else:
                arguments.append(f"existing_nullable={was.nullable}")
            if operation.dropped_default is not None:
                arguments.append("server_default=None")
            if operation.default is not None:
                arguments.append(f"server_default={spelling.condition(operation.default)}")
            altered = f"ALTER TABLE {qualified(table)} ALTER COLUMN {quoted(was.name)}"
            line = Line(source=f"alter_column({', '.join(arguments)})", batch=batch_of(table))
            if was.type == becomes.type and becomes.nullable and not was.nullable:
                sql = f"{altered} DROP NOT NULL"
                yield from _told(line, sql, "ban-drop-not-null", spelling)
            elif operation.dropped_default is not None:
                sql = f"{altered} DROP DEFAULT"
                yield from _told(line, sql, "ban-drop-default", spelling)
            elif was.type != becomes.type and was.nullable == becomes.nullable:
                # Only what PostgreSQL widens without writing the table anew comes here.
                sql = f"{altered} TYPE {postgresql_type(becomes.type)}"
                yield from _told(line, sql, "changing-column-type", spelling)
            else:
                yield line
