"""The operations of a revision as lines of Python, for both databases.

What SQLite can only do by making the table again goes through a batch, which is plain `ALTER
TABLE` on PostgreSQL. How lines stand together is `apigen.views.migration_lines`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from apigen.evolve.conversion import postgresql_type
from apigen.evolve.operation import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    Check,
    CreateExtension,
    CreateIndex,
    CreateSchema,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropIndex,
    DropSchema,
    DropTable,
    Execute,
    FillColumn,
    ForeignKey,
    Operation,
    PrimaryKey,
    RenameColumn,
    RenameConstraint,
    RenameIndex,
    RenameTable,
    ReplaceValues,
    TableName,
    Unique,
    ValidateConstraint,
)
from apigen.python.literals import text
from apigen.views.migration_lines import POSTGRESQL, SQLITE, Line, arranged
from apigen.views.migration_rows import changed_rows
from apigen.views.migration_source import (
    KINDS,
    Spelling,
    in_own_schema,
    in_schema,
    schema_name,
    statement,
)


def lines(operations: Iterable[Operation], spelling: Spelling) -> tuple[str, ...]:
    """Return the body of a function, indented from nothing."""
    made = [line for one in operations for line in _lines(one, spelling)]
    body = arranged(made)
    return (*_variables(body, operations), *body)


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


def _batch(table: TableName) -> str:
    arguments = [text(table.name), *in_own_schema(table)]
    if table.drawn:
        arguments.append('table_kwargs={"sqlite_autoincrement": True}')
    return ", ".join(arguments)


def _lines(operation: Operation, spelling: Spelling) -> Iterator[Line]:
    match operation:
        case CreateSchema(name=name):
            sql = f"CREATE SCHEMA IF NOT EXISTS {_quoted(name)}"
            yield Line(source=statement(sql), only=POSTGRESQL)
        case DropSchema(name=name):
            sql = f"DROP SCHEMA IF EXISTS {_quoted(name)}"
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
            sql = f"DROP TABLE {_place(created.table)}"
            line = Line(source=f"op.drop_table({', '.join(arguments)})")
            yield from _told(line, sql, "ban-drop-table", spelling)
        case RenameTable():
            yield from _renamed_table(operation, spelling)
        case AddColumn() | DropColumn() | RenameColumn() | AlterColumn():
            yield from _column(operation, spelling)
        case AddConstraint() | DropConstraint() | RenameConstraint() | ValidateConstraint():
            yield from _constraint(operation, spelling)
        case CreateIndex() | DropIndex() | RenameIndex():
            yield from _index(operation, spelling)
        case FillColumn() | ReplaceValues():
            yield Line(source=changed_rows(operation, spelling))
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
        target = _quoted(after.schema or "public")
        sql = f"ALTER TABLE {_place(before)} SET SCHEMA {target}"
        yield Line(source=statement(sql), only=POSTGRESQL)
    if before.name != after.name:
        moved = TableName(name=before.name, schema=after.schema)
        arguments = [text(before.name), text(after.name), *in_own_schema(moved)]
        sql = f"ALTER TABLE {_place(moved)} RENAME TO {_quoted(after.name)}"
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
            line = Line(source=f"drop_column({text(column.name)})", batch=_batch(table))
            sql = f"ALTER TABLE {_place(table)} DROP COLUMN {_quoted(column.name)}"
            yield from _told(line, sql, "ban-drop-column", spelling)
        case RenameColumn(before=before, after=after):
            arguments = [
                text(table.name),
                text(before),
                f"new_column_name={text(after)}",
                *in_own_schema(table),
            ]
            line = Line(source=f"op.alter_column({', '.join(arguments)})")
            sql = f"ALTER TABLE {_place(table)} RENAME COLUMN {_quoted(before)} TO {_quoted(after)}"
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
            line = Line(source=f"alter_column({', '.join(arguments)})", batch=_batch(table))
            if was.type == becomes.type and becomes.nullable and not was.nullable:
                sql = f"ALTER TABLE {_place(table)} ALTER COLUMN {_quoted(was.name)} DROP NOT NULL"
                yield from _told(line, sql, "ban-drop-not-null", spelling)
            elif operation.dropped_default is not None:
                sql = f"ALTER TABLE {_place(table)} ALTER COLUMN {_quoted(was.name)} DROP DEFAULT"
                yield from _told(line, sql, "ban-drop-default", spelling)
            elif was.type != becomes.type and was.nullable == becomes.nullable:
                # Only what PostgreSQL widens without writing the table anew comes here.
                sql = (
                    f"ALTER TABLE {_place(table)} ALTER COLUMN {_quoted(was.name)}"
                    f" TYPE {postgresql_type(becomes.type)}"
                )
                yield from _told(line, sql, "changing-column-type", spelling)
            else:
                yield line


def _constraint(
    operation: AddConstraint | DropConstraint | RenameConstraint | ValidateConstraint,
    spelling: Spelling,
) -> Iterator[Line]:
    table, batch = operation.table, _batch(operation.table)
    match operation:
        case AddConstraint(constraint=ForeignKey() as key, only="postgresql", unchecked=False):
            yield Line(source=spelling.late_key(key, table), only=POSTGRESQL)
        case AddConstraint(constraint=Unique() as unique, unchecked=True):
            columns = ", ".join(map(_quoted, unique.columns))
            name = _quoted(unique.name)
            made = (
                f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {_place(table)} ({columns})",
                f"ALTER TABLE {_place(table)} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}",
            )
            yield from (
                Line(source=statement(sql), only=POSTGRESQL, autocommit=True) for sql in made
            )
            yield Line(source=spelling.added_constraint(unique), batch=batch, only=SQLITE)
        case AddConstraint(constraint=(Check() | ForeignKey()) as late, unchecked=True):
            yield Line(source=spelling.unchecked(late, table), only=POSTGRESQL)
            if operation.only is None:
                yield Line(source=spelling.added_constraint(late), batch=batch, only=SQLITE)
        case AddConstraint(constraint=constraint):
            yield Line(
                source=spelling.added_constraint(constraint), batch=batch, only=operation.only
            )
        case DropConstraint(constraint=constraint) if spelling.zero_downtime:
            sql = f"ALTER TABLE {_place(table)} DROP CONSTRAINT {_quoted(constraint.name)}"
            told = statement(sql, because="ban-drop-constraint")
            yield Line(source=told, only=POSTGRESQL)
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
                f"ALTER TABLE {_place(table)} RENAME CONSTRAINT {_quoted(before.name)}"
                f" TO {_quoted(after.name)}"
            )
            rule = "renaming-object" if spelling.zero_downtime else ""
            yield Line(source=statement(sql, because=rule), only=POSTGRESQL)
            if isinstance(before, PrimaryKey) and table.drawn:
                # SQLite keeps no name of a key that it numbers.
                return
            yield Line(source=_dropped(before.name, type(before)), batch=batch, only=SQLITE)
            added = spelling.added_constraint(after)
            yield Line(source=added, batch=batch, only=SQLITE)
        case ValidateConstraint(name=name):
            sql = f"ALTER TABLE {_place(table)} VALIDATE CONSTRAINT {_quoted(name)}"
            yield Line(source=statement(sql), only=POSTGRESQL)


def _dropped(name: str, kind: type) -> str:
    return f'drop_constraint({text(name)}, type_="{KINDS[kind]}")'


def _index(operation: CreateIndex | DropIndex | RenameIndex, spelling: Spelling) -> Iterator[Line]:
    table = operation.table
    match operation:
        case CreateIndex(index=index, concurrently=True):
            source = spelling.index(index, table, "postgresql_concurrently=True")
            yield Line(source=source, only=POSTGRESQL, autocommit=True)
            yield Line(source=spelling.index(index, table), only=SQLITE)
        case CreateIndex(index=index, only=only):
            yield Line(source=spelling.index(index, table), only=only)
        case DropIndex(index=index, concurrently=True):
            source = _dropped_index(index.name, table)[:-1] + ", postgresql_concurrently=True)"
            yield Line(source=source, only=POSTGRESQL, autocommit=True)
            yield Line(source=_dropped_index(index.name, table), only=SQLITE)
        case DropIndex(index=index, only=only):
            yield Line(source=_dropped_index(index.name, table), only=only)
        case RenameIndex(before=before, after=after, only=only):
            prefix = f"{_quoted(table.schema)}." if table.schema else ""
            sql = f"ALTER INDEX {prefix}{_quoted(before.name)} RENAME TO {_quoted(after.name)}"
            rule = "renaming-object" if spelling.zero_downtime else ""
            yield Line(source=statement(sql, because=rule), only=POSTGRESQL)
            if only is None:
                yield Line(source=_dropped_index(before.name, table), only=SQLITE)
                yield Line(source=spelling.index(after, table), only=SQLITE)


def _dropped_index(name: str, table: TableName) -> str:
    arguments = [text(name), f"table_name={text(table.name)}", *in_schema(table)]
    return f"op.drop_index({', '.join(arguments)})"


def _place(table: TableName) -> str:
    prefix = f"{_quoted(table.schema)}." if table.schema else ""
    return prefix + _quoted(table.name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
