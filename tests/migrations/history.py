"""A spec that changes while there are rows: revisions rendered, applied and undone in place.

Only the migrations are rendered, for the package `apigen`, so that their imports are the support
package's own. What a whole project does is in `test_projects.py`.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from apigen.diagnostics import Diagnostic
from apigen.evolve.evolution import evolve
from apigen.evolve.migration import first_revision
from apigen.evolve.record import Evolution, LastRun, Permissions
from apigen.evolve.revision import Revision
from apigen.ir.schema import Schema
from apigen.ir.system import System
from apigen.lower.system import lower
from apigen.plan.file import PlannedFile
from apigen.render.renderer import render
from apigen.spec.reader import read
from apigen.views.migrations.revisions import revision_module
from apigen.views.migrations.schema import schema

HEAD = "apigen: 1\napp: shop\ndefaults: {entity: {timestamps: false, versioned: false}}\n"
type Row = Mapping[str, Any]
"""`Any`: whatever the database holds."""
type Dump = dict[str, object]


class Refused(Exception):
    """There are errors instead of revisions."""

    def __init__(self, found: tuple[Diagnostic, ...]) -> None:
        """Carry the diagnostics."""
        super().__init__([one.message for one in found])
        self.codes = [one.code for one in found]
        self.found = found


def system_of(text: str, folder: Path, head: str = HEAD) -> System:
    """Return the system of a spec without its head."""
    path = folder / "apigen.yaml"
    path.write_text(head + text, encoding="utf-8")
    document = read(path)
    assert document.value is not None, document.diagnostics
    assert not document.has_errors, document.diagnostics
    lowered = lower(document.value)
    assert lowered.value is not None, lowered.diagnostics
    assert not lowered.has_errors, lowered.diagnostics
    return lowered.value


def render_revisions(revisions: Sequence[Revision], folder: Path) -> list[str]:
    """Return the texts of revisions."""
    files = [
        PlannedFile(
            path=f"{number}.py",
            template="project/migrations/revision.py.j2",
            view=revision_module(revision, package="apigen"),
        )
        for number, revision in enumerate(revisions)
    ]
    made = {
        file.path: file.text for file in render(files, package="apigen", spec_folder=folder).files
    }
    return [made[file.path] for file in files]


class Stopped(Exception):
    """A revision was stopped at a statement."""


class History:
    """One database, and the specs it went through."""

    def __init__(self, engine: AsyncEngine, fresh: Callable[[], AsyncEngine], folder: Path) -> None:
        """Begin with an empty database; `fresh` gives another empty one to compare with."""
        self._engine = engine
        self._fresh = fresh
        self._folder = folder
        self._last = LastRun(lock=None, spec={}, system=None)
        self._heads: tuple[str, ...] = ()
        self._wholes: list[ModuleType] = []
        self._applied: list[tuple[ModuleType, ...]] = []
        self._left: list[Callable[[], None]] = []
        self._statements_left: int | None = None
        self.texts: list[str] = []
        """Of the last change's revisions."""
        self.revisions: tuple[Revision, ...] = ()
        """Of the last change."""

    @property
    def dialect(self) -> str:
        """Return which database it is."""
        return self._engine.dialect.name

    def change(self, text: str, *, accept: str = "", head: str = HEAD) -> tuple[Revision, ...]:
        """Bring the spec, and then the database, to `text`.

        Args:
            text: The spec without its head.
            accept: What may be lost, as `--accept-data-loss` takes it.
            head: The head.

        Raises:
            Refused: AG8xx.
        """
        evolution = self._evolution(text, accept, head)
        self.revisions = evolution.revisions
        wanted = schema(evolution.system)
        *self.texts, whole = render_revisions(
            (*self.revisions, first_revision(wanted)), self._folder
        )
        modules = tuple(_module(text_) for text_ in self.texts)
        self._last = LastRun(lock=evolution.lock, spec={}, system=evolution.system)
        if self.revisions:
            self._heads = (self.revisions[-1].id,)
        self._wholes.append(_module(whole))
        self._applied.append(modules)
        self._work([module.upgrade for module in modules])
        self.check()
        return self.revisions

    def revisions_of(self, text: str, *, accept: str = "") -> tuple[Revision, ...]:
        """Return what `change` would apply."""
        return self._evolution(text, accept, HEAD).revisions

    def schema_of(self, text: str, *, accept: str = "", head: str = HEAD) -> Schema:
        """Return the tables that `change` would make."""
        return schema(self._evolution(text, accept, head).system)

    def _evolution(self, text: str, accept: str, head: str) -> Evolution:
        accepted = frozenset(accept.split())
        found = evolve(
            self._last,
            system_of(text, self._folder, head),
            schema,
            heads=self._heads,
            permissions=Permissions(data_loss=accepted, removal=accepted),
        )
        if found.value is None or found.has_errors:
            raise Refused(found.diagnostics)
        return found.value

    def undo(self, to: int = 0) -> None:
        """Go back to the spec before, or to the first `to` revisions of the last change."""
        self._work([module.downgrade for module in reversed(self._applied[-1][to:])])

    def redo(self, since: int = 0) -> None:
        """Go forward again."""
        self._work([module.upgrade for module in self._applied[-1][since:]])
        self.check()

    def undo_all(self) -> None:
        """Go back to an empty database."""
        modules = [module for modules in self._applied for module in modules]
        self._work([module.downgrade for module in reversed(modules)])

    def redo_all(self) -> None:
        """Go forward to the last spec."""
        self._work([module.upgrade for modules in self._applied for module in modules])
        self.check()

    def stopped_at(self, number: int, *, forward: bool) -> bool:
        """Do or undo the last change, stop at a statement, and begin again where that was.

        Returns:
            Whether there are that many statements.
        """
        self._statements_left = number
        try:
            if forward:
                self.redo()
            else:
                self.undo()
        except Stopped:
            self._statements_left = None
            self.resume()
            self.check(-1 if forward else -2)
            return True
        self._statements_left = None
        return False

    def resume(self) -> None:
        """Run the revision that failed again, and those after it."""
        self._work(self._left)

    def _work(self, functions: list[Callable[[], None]]) -> None:
        self._left = [*functions]
        while self._left:
            self._run(self._left[0])
            del self._left[0]

    def check(self, at: int = -1) -> None:
        """See that the tables are those of the spec, as if made at once.

        Args:
            at: Which spec: the last by default, -2 after `undo`.
        """
        other = self._fresh()
        whole = self._wholes[at]

        def make(connection: sa.Connection) -> Dump:
            if self.dialect == "postgresql":
                drop_all(connection)
            _apply(connection, whole.upgrade)
            return dump(connection)

        wanted, found = on(other, make), on(self._engine, dump)
        assert _difference(found, wanted) == []

    def dump(self) -> Dump:
        """Return the tables as the database has them."""
        return on(self._engine, dump)

    def insert(self, table: str, *rows: Row) -> None:
        """Put rows into a table, with values as the database keeps them."""

        def work(connection: sa.Connection) -> None:
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                values = ", ".join(_literal(value, self.dialect) for value in row.values())
                connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({values})")

        on(self._engine, work)

    def execute(self, statement: str) -> None:
        """Run a statement."""
        on(self._engine, lambda connection: connection.exec_driver_sql(statement) and None)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query finds, as texts, numbers and None."""

        def work(connection: sa.Connection) -> list[tuple[Any, ...]]:
            return [tuple(map(_plain, row)) for row in connection.exec_driver_sql(query).fetchall()]

        return on(self._engine, work)

    def blobs(self, query: str) -> list[bytes]:
        """Return what a query for one column of bytes finds."""

        def work(connection: sa.Connection) -> list[bytes]:
            return [bytes(row[0]) for row in connection.exec_driver_sql(query).fetchall()]

        return on(self._engine, work)

    def _run(self, function: Callable[[], None]) -> None:
        def work(connection: sa.Connection) -> None:
            if self._statements_left is not None:
                event.listen(connection, "before_cursor_execute", self._count)
            _apply(connection, function)

        on(self._engine, work)

    def _count(self, *_: object) -> None:
        assert self._statements_left is not None
        if self._statements_left == 0:
            raise Stopped
        self._statements_left -= 1


def _difference(found: Dump, wanted: Dump) -> list[str]:
    """Return what one has and the other has not, a line each."""
    mine, theirs = set(_facts(found)), set(_facts(wanted))
    return [
        *(f"too much: {fact}" for fact in sorted(mine - theirs)),
        *(f"missing: {fact}" for fact in sorted(theirs - mine)),
    ]


def _facts(found: object, prefix: str = "") -> Iterator[str]:
    if isinstance(found, dict):
        for name, part in found.items():
            yield from _facts(part, f"{prefix}{name} ")
    elif isinstance(found, list):
        yield from (f"{prefix}{part}" for part in found)
    else:
        yield f"{prefix}{found}"


def _apply(connection: sa.Connection, function: Callable[[], None]) -> None:
    options = {"transaction_per_migration": True, "transactional_ddl": True}
    context = MigrationContext.configure(connection, opts=options)
    with Operations.context(context), context.begin_transaction(_per_migration=True):
        function()
    if connection.dialect.name == "sqlite":
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []


def on[T](engine: AsyncEngine, work: Callable[[sa.Connection], T]) -> T:
    """Run a function on a connection, in a transaction."""

    async def run() -> T:
        async with engine.connect() as connection:
            found = await connection.run_sync(work)
            await connection.commit()
            return found

    return asyncio.run(run())


def _module(text: str) -> ModuleType:
    module = ModuleType("revision")
    exec(compile(text, "revision.py", "exec"), module.__dict__)
    return module


def _literal(value: object, dialect: str) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).upper() if dialect == "postgresql" else str(int(value))
        case int() | float():
            return str(value)
        case _:
            return "'" + str(value).replace("'", "''") + "'"


def _plain(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def dump(connection: sa.Connection) -> Dump:
    """Return tables, columns, constraints and indexes of a database, whatever their order."""
    return _of_sqlite(connection) if connection.dialect.name == "sqlite" else _of_pg(connection)


def _of_sqlite(connection: sa.Connection) -> Dump:
    inspector = sa.inspect(connection)
    found: Dump = {}
    for table in inspector.get_table_names():
        columns = connection.exec_driver_sql(f'PRAGMA table_info("{table}")').fetchall()
        indexes = connection.exec_driver_sql(
            f"SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            f" AND tbl_name = '{table}'"
        ).fetchall()
        (made,) = connection.exec_driver_sql(
            f"SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '{table}'"
        ).fetchall()
        found[table] = {
            "columns": sorted(tuple(column)[1:] for column in columns),
            "key": inspector.get_pk_constraint(table)["name"],
            "numbered": "AUTOINCREMENT" in made[0],
            "checks": sorted(
                (one["name"], _bare(one["sqltext"]))
                for one in inspector.get_check_constraints(table)
            ),
            "keys": sorted(
                str(sorted(one.items(), key=str)) for one in inspector.get_foreign_keys(table)
            ),
            "unique": sorted(
                (one["name"], one["column_names"])
                for one in inspector.get_unique_constraints(table)
            ),
            "indexes": sorted(_bare(row[0]) for row in indexes),
        }
    found.pop("sqlite_sequence", None)
    return found


def _bare(sql: str) -> str:
    return re.sub(r"\s+", " ", sql.replace('"', ""))


_PG = {
    "columns": """
SELECT n.nspname || '.' || c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
  a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT IN ('pg_catalog', 'information_schema')
""",
    "constraints": """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(o.oid), convalidated
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
-- PostgreSQL 18 has names for NOT NULL too.
WHERE o.contype <> 'n' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
""",
    "indexes": """
SELECT schemaname, tablename, indexdef FROM pg_indexes
WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
""",
    "schemas": """
SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
""",
}


def _of_pg(connection: sa.Connection) -> Dump:
    return {
        what: sorted(tuple(map(str, row)) for row in connection.exec_driver_sql(query).fetchall())
        for what, query in _PG.items()
    }


def drop_all(connection: sa.Connection) -> None:
    """Drop every schema of a database of PostgreSQL."""
    names = [row[0] for row in connection.exec_driver_sql(_PG["schemas"]).fetchall()]
    for name in names:
        connection.exec_driver_sql(f'DROP SCHEMA "{name}" CASCADE')
    connection.exec_driver_sql("CREATE SCHEMA public")


def empty(engine: AsyncEngine) -> None:
    """Drop every schema of a database of PostgreSQL."""
    on(engine, drop_all)


def engine_of(url: str) -> AsyncEngine:
    """Return an engine whose connections end with each use."""
    if url.startswith("postgresql"):
        # Nobody needs the rows after a loss of power.
        settings = {"server_settings": {"synchronous_commit": "off"}}
        return create_async_engine(url, poolclass=NullPool, connect_args=settings)
    engine = create_async_engine(url, poolclass=NullPool)
    # As the support package's engine does it: DDL is part of a transaction.
    event.listen(engine.sync_engine, "connect", _without_own_transactions)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine.execution_options(schema_translate_map={"sales": None, "stock": None})


def _without_own_transactions(connection: Any, _record: object) -> None:
    # `Any`: SQLAlchemy's wrapper of a driver's connection.
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")
