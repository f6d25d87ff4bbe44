"""What the template of the first migration is given: every table of the system, up and down.

Source is the same as that of the row classes, except for column types that would import the
domain. The revision's id is a hash of what it does, so that equal systems have equal ids.
"""

from dataclasses import dataclass
from hashlib import sha256

from apigen.ir.system import System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import literal, text
from apigen.views.storage import migration_type, shortened
from apigen.views.table_source import check_source, index_arguments, index_columns
from apigen.views.tables import Column, Table, tables

_MESSAGE = "initial"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedTable:
    """One `op.create_table` and its indexes."""

    name: str
    items: tuple[str, ...]
    indexes: tuple[str, ...]
    """Arguments of `op.create_index`."""
    drop: str
    """Arguments of `op.drop_table`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InitialMigration:
    """The revision that makes the tables."""

    revision: str
    imports: tuple[str, ...]
    schemas: tuple[str, ...]
    """Statements that make the schemas."""
    dropped_schemas: tuple[str, ...]
    extensions: tuple[str, ...]
    """Statements that make the extensions; they stay, others may use them."""
    has_setup: bool
    tables: tuple[CreatedTable, ...]
    foreign_keys: tuple[str, ...]
    """Arguments of `op.create_foreign_key` for circles of tables."""
    dropped_foreign_keys: tuple[str, ...]
    dropped_tables: tuple[str, ...]
    """Arguments of `op.drop_table`, in the order of dropping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentModule:
    """migrations/env.py."""

    imports: tuple[str, ...]
    package: str
    rows: tuple[str, ...]
    """The modules of rows, as the module calls them."""


def environment_module(system: System) -> EnvironmentModule:
    """Return the view of what Alembic runs."""
    package = system.app.package
    imports = ImportSet("migrations.env", ["ROWS"])
    imports.add(f"{package}.core.settings", "Settings")
    imports.add(f"{package}.support.core.settings", "load_settings")
    imports.add(f"{package}.support.infrastructure.migrations", "run_environment")
    for name in ("SCHEMAS", "Row", "create_database"):
        imports.add(f"{package}.infrastructure.persistence.session", name)
    rows = tuple(
        imports.module(
            f"{layout.persistence(system, context.name.snake)}.rows", f"{context.name.snake}_rows"
        )
        for context in system.contexts
        if context.entities
    )
    return EnvironmentModule(imports=imports.render(), package=package, rows=rows)


def initial_migration(system: System) -> InitialMigration:
    """Return the view of the first revision."""
    made = tables(system)
    imports = ImportSet("")
    imports.add("alembic", "op")
    imports.module("sqlalchemy", "sa")
    created = tuple(_created(table, system, imports) for table in made)
    schemas = sorted({table.schema for table in made if table.schema is not None})
    needs_trigrams = any(index.trigrams for table in made for index in table.indexes)
    deferred = [
        (table, column)
        for table in made
        for column in table.columns
        if column.foreign_key is not None and column.foreign_key.deferred
    ]
    foreign_keys = tuple(_foreign_key_arguments(table, column) for table, column in deferred)
    body = repr((schemas, created, foreign_keys))
    return InitialMigration(
        revision=sha256(body.encode()).hexdigest()[:12],
        imports=imports.render(),
        schemas=tuple(_schema_statement("CREATE SCHEMA IF NOT EXISTS", name) for name in schemas),
        dropped_schemas=tuple(_schema_statement("DROP SCHEMA IF EXISTS", name) for name in schemas),
        extensions=(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"),) if needs_trigrams else (),
        has_setup=bool(schemas) or needs_trigrams,
        tables=created,
        foreign_keys=foreign_keys,
        dropped_foreign_keys=tuple(
            _dropped_constraint(table, column) for table, column in deferred
        ),
        dropped_tables=tuple(table.drop for table in reversed(created)),
    )


def migration_path(view: InitialMigration) -> str:
    """Return where the revision stands in the project."""
    return f"migrations/versions/{view.revision}_{_MESSAGE}.py"


def _schema_statement(verb: str, name: str) -> str:
    quoted = name.replace('"', '""')
    return text(f'{verb} "{quoted}"')


def _in_schema(table: Table) -> list[str]:
    return [f"schema={text(table.schema)}"] if table.schema is not None else []


def _created(table: Table, system: System, imports: ImportSet) -> CreatedTable:
    sa = imports.module("sqlalchemy", "sa")
    items = [_column(column, system, imports) for column in table.columns]
    key = [text(column.name) for column in table.columns if column.primary_key]
    name = text(shortened(f"pk_{table.name}"))
    items.append(f"{sa}.PrimaryKeyConstraint({', '.join(key)}, name={name})")
    items += [
        _foreign_key(column, sa) for column in table.columns if column.foreign_key is not None
    ]
    items += [check_source(check, table, system, imports) for check in table.checks]
    indexes = []
    for index in table.indexes:
        columns = index_columns(index, imports)
        if index.is_constraint:
            items.append(f"{sa}.UniqueConstraint({', '.join(columns)}, name={text(index.name)})")
            continue
        arguments = [
            text(index.name),
            text(table.name),
            f"[{', '.join(columns)}]",
            *index_arguments(index, table, system, imports),
            *_in_schema(table),
        ]
        indexes.append(", ".join(arguments))
    items += _in_schema(table)
    if any(column.drawn for column in table.columns):
        items.append("sqlite_autoincrement=True")
    return CreatedTable(
        name=text(table.name),
        items=tuple(items),
        indexes=tuple(indexes),
        drop=", ".join([text(table.name), *_in_schema(table)]),
    )


def _column(column: Column, system: System, imports: ImportSet) -> str:
    sa = imports.module("sqlalchemy", "sa")
    kind = migration_type(
        column.type,
        nullable=column.nullable,
        system=system,
        imports=imports,
        generated=column.drawn,
    )
    arguments = [text(column.name), kind, f"nullable={column.nullable}"]
    if column.primary_key and not column.drawn:
        arguments.insert(2, "autoincrement=False")
    return f"{sa}.Column({', '.join(arguments)})"


def _foreign_key(column: Column, sa: str) -> str:
    key = column.foreign_key
    assert key is not None
    arguments = [
        literal([column.name], ImportSet("")),
        literal([f"{key.target_table}.{key.target_column}"], ImportSet("")),
        f"name={text(key.name)}",
    ]
    if key.on_delete is not None:
        arguments.append(f"ondelete={text(key.on_delete)}")
    if key.deferred:
        # SQLite takes it with the table, PostgreSQL when all tables are there.
        arguments.append("use_alter=True")
    return f"{sa}.ForeignKeyConstraint({', '.join(arguments)})"


def _foreign_key_arguments(table: Table, column: Column) -> str:
    key = column.foreign_key
    assert key is not None
    schema, _, name = key.target_table.rpartition(".")
    arguments = [
        text(key.name),
        text(table.name),
        text(name),
        f"[{text(column.name)}]",
        f"[{text(key.target_column)}]",
    ]
    if key.on_delete is not None:
        arguments.append(f"ondelete={text(key.on_delete)}")
    if table.schema is not None:
        arguments.append(f"source_schema={text(table.schema)}")
    if schema:
        arguments.append(f"referent_schema={text(schema)}")
    return ", ".join(arguments)


def _dropped_constraint(table: Table, column: Column) -> str:
    key = column.foreign_key
    assert key is not None
    return ", ".join([text(key.name), text(table.name), 'type_="foreignkey"', *_in_schema(table)])
