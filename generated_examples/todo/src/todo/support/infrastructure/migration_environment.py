"""What Alembic runs in: the connection, its locks and limits, and what counts as a difference.

`run_environment` is what a project's `migrations/env.py` calls. On PostgreSQL every revision is a
transaction of its own, so that one may leave it (`CREATE INDEX CONCURRENTLY`); on SQLite, where a
transaction is the lock, a whole run is one. The history is written in the same transaction. One
process migrates at a time.

Source: requirements 68.2, 68.3.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.schema import BLANK_SCHEMA

from . import column_types, migration_history
from .engine import BEGIN_OPTION, create_engine, is_sqlite

# Revisions import them from here.
from .migration_guards import refuse_overlaps as refuse_overlaps
from .migration_guards import refuse_values as refuse_values

URL_OPTION = "database_url"
"""Key of Alembic's attributes: the database, when it is not the settings'."""

LOOKING = "is_looking"
"""Key of Alembic's attributes: nothing is changed, so nobody is waited for."""
_LOCK = 4_827_301
"""Advisory lock of PostgreSQL: one process migrates at a time."""
_LOCK_POLL_S = 0.2
_LOCK_NOT_AVAILABLE = "55P03"
_EXTENSION = "CREATE EXTENSION IF NOT EXISTS "


def run_environment(
    metadata: sa.MetaData,
    *,
    engine: Callable[[], AsyncEngine],
    schemas: Sequence[str] = (),
    lock_timeout_s: float | None = None,
    has_checksums: bool = True,
) -> None:
    """Migrate, as Alembic's command says. Called by `env.py`.

    Args:
        metadata: The tables that revisions are compared with.
        engine: Makes the engine of the project's own database.
        schemas: Database schemas the tables are in.
        lock_timeout_s: Longest wait for a lock on a table (PostgreSQL); None: no limit.
        has_checksums: Whether the history keeps what each revision's file was.

    Raises:
        CommandError: A table was in use for longer, or an extension can not be installed.
            Alembic's own, so that its command line says it in a sentence too.
    """
    from alembic import context
    from alembic.util.exc import CommandError

    attributes = context.config.attributes
    url = attributes.get(URL_OPTION)
    target = create_engine(url, schemas=schemas) if url is not None else engine()
    is_looking = bool(attributes.get(LOOKING))

    def run(connection: Connection) -> None:
        _run_revisions(connection, metadata, tuple(schemas), has_checksums=has_checksums)

    try:
        asyncio.run(_migrate(target, run, lock_timeout_s, is_looking=is_looking))
    except DBAPIError as error:
        if (error.statement or "").startswith(_EXTENSION):
            raise CommandError(_no_extension(error)) from error
        if lock_timeout_s is None or getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
            raise
        raise CommandError(
            f"a table was in use for longer than the lock timeout of {lock_timeout_s:g} s; the "
            "transaction was undone, and what was committed before it stays. Run the upgrade again "
            "when the database has less to do, or with a longer `database.migrations.lock_timeout`"
        ) from error


def _no_extension(error: DBAPIError) -> str:
    name = (error.statement or "").removeprefix(_EXTENSION)
    reason = str(error.orig).rpartition(">: ")[2].partition("\n")[0]
    return (
        f"this revision needs PostgreSQL's extension {name}, which the server does not let this "
        f"user install ({reason}); nothing of the revision was applied. Install the server's "
        "package of extensions (`contrib`) if it has none, have an administrator of the database "
        f"run `CREATE EXTENSION {name}`, and run the upgrade again"
    )


async def _migrate(
    engine: AsyncEngine,
    run: Callable[[Connection], None],
    lock_timeout_s: float | None,
    *,
    is_looking: bool,
) -> None:
    prepared = _prepared_sqlite if is_sqlite(engine) else _prepared_server
    try:
        async with (
            engine.connect() as connection,
            prepared(connection, lock_timeout_s, is_looking=is_looking),
        ):
            await connection.run_sync(run)
            await connection.commit()
    finally:
        await engine.dispose()


@asynccontextmanager
async def _prepared_sqlite(
    connection: AsyncConnection, _lock_timeout_s: float | None, *, is_looking: bool
) -> AsyncIterator[None]:
    # Tables are dropped and made again while others refer to them. The setting only has an effect
    # outside of a transaction.
    await connection.execution_options(**{BEGIN_OPTION: "none"})
    await connection.execute(sa.text("PRAGMA foreign_keys=OFF"))
    await connection.rollback()
    begin = "deferred" if is_looking else "immediate"
    await connection.execution_options(**{BEGIN_OPTION: begin})
    yield


@asynccontextmanager
async def _prepared_server(
    connection: AsyncConnection, lock_timeout_s: float | None, *, is_looking: bool
) -> AsyncIterator[None]:
    if is_looking:
        yield
        return
    # Asked for again and again instead of waited for: a waiting statement is a transaction, and
    # `CREATE INDEX CONCURRENTLY` of the process that has the lock would wait for its end.
    while not await connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_LOCK))):
        await connection.rollback()
        await asyncio.sleep(_LOCK_POLL_S)
    if lock_timeout_s is not None:
        limit = f"{max(1, round(lock_timeout_s * 1000))}ms"
        await connection.execute(sa.select(sa.func.set_config("lock_timeout", limit, False)))
    await connection.commit()
    # The lock is the session's and ends with it.
    yield


def _run_revisions(
    connection: Connection,
    metadata: sa.MetaData,
    schemas: tuple[str, ...],
    *,
    has_checksums: bool,
) -> None:
    from alembic import context

    on_sqlite = connection.dialect.name == "sqlite"

    def include_name(name: str | None, kind: str, parents: Any) -> bool:
        if kind == "table":
            return name != migration_history.TABLE or parents["schema_name"] is not None
        return kind != "schema" or name is None or name in schemas

    expressions = _with_expressions(metadata) if on_sqlite else frozenset()

    def include_object(
        _object: object, name: str | None, kind: str, _reflected: bool, _compared: object
    ) -> bool:
        return kind != "index" or name not in expressions

    context.configure(
        connection=connection,
        target_metadata=_without_schemas(metadata) if on_sqlite else metadata,
        render_as_batch=on_sqlite,
        render_item=_render_item,
        compare_type=True,
        include_schemas=bool(schemas) and not on_sqlite,
        include_name=include_name,
        include_object=include_object,
        transactional_ddl=True,
        transaction_per_migration=not on_sqlite,
        on_version_apply=migration_history.recorder(has_checksums=has_checksums),
    )
    context.run_migrations()


def _without_schemas(metadata: sa.MetaData) -> sa.MetaData:
    """Return the tables as SQLite has them."""
    if not any(table.schema for table in metadata.tables.values()):
        return metadata
    bare = sa.MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(
            bare,
            # None means "no schema"; the annotation of SQLAlchemy forgets it.
            schema=cast("str", None),
            referred_schema_fn=_no_schema,
        )
    return bare


def _with_expressions(metadata: sa.MetaData) -> frozenset[str]:
    """Return the indexes that hold more than columns: SQLite does not tell what they hold."""
    return frozenset(
        str(index.name)
        for table in metadata.tables.values()
        for index in table.indexes
        if any(not isinstance(expression, sa.Column) for expression in index.expressions)
    )


def _no_schema(*_: object) -> Any:
    # `Any`: SQLAlchemy's annotation has no room for the symbol that means "no schema".
    return BLANK_SCHEMA


def _render_item(kind: str, found: Any, context: Any) -> str | Literal[False]:
    """Write the column types of this package as they are written in row classes."""
    if kind == "type" and type(found).__module__ == column_types.__name__:
        package, _, module = column_types.__name__.rpartition(".")
        context.imports.add(f"from {package} import {module}")
        source = repr(found)
        # An enum is a text of its own length there: revisions do not import the domain.
        return f"sa.{source}" if source.startswith("String(") else f"{module}.{source}"
    return False
