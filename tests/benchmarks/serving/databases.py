"""A database of its own for each server, all with the same table and the same rows.

On PostgreSQL the migrations of a generated project make the table, for whatever server. On SQLite
they do so for generated projects only, which store decimals as scaled integers there; the others
get a NUMERIC column, as SQLAlchemy and Django make one.
"""

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.benchmarks.serving.cores import pin
from tests.benchmarks.serving.domain import Product

type Migrate = Callable[[str], None]
"""Makes the tables of a generated project in the database of a URL."""

_COLUMNS = (
    "id", "sku", "name", "price", "description", "stock", "active", "created_at", "updated_at",
    "version",
)  # fmt: skip
_NAMES = ", ".join(_COLUMNS)

_SQLITE_TABLE = """
CREATE TABLE products (
    id CHAR(32) NOT NULL PRIMARY KEY,
    sku VARCHAR(40) NOT NULL CONSTRAINT uq_products_sku UNIQUE,
    name VARCHAR(200) NOT NULL,
    price NUMERIC(12, 2) NOT NULL,
    description TEXT NOT NULL,
    stock INTEGER NOT NULL,
    active BOOLEAN NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_products_name ON products (name);
CREATE INDEX ix_products_stock ON products (stock);
CREATE INDEX ix_products_active ON products (active);
"""


class Databases(Protocol):
    """The databases of one run, by the names of their servers."""

    def make(self, name: str, migrate: Migrate, *, is_generated: bool) -> str:
        """Make the database of one server, full of rows, and return its URL."""
        ...

    def reset(self, name: str) -> None:
        """Put back the rows as they were at first."""
        ...

    def settle(self, core: int | None) -> None:
        """Keep the database's own processes off the worker's processor."""
        ...

    def drop(self) -> None:
        """Leave nothing behind."""
        ...


class PostgresqlDatabases:
    """Databases of one PostgreSQL server."""

    def __init__(self, server: str, rows: Sequence[Product]) -> None:
        """Use the server of a URL, whose own database is connected to and not touched."""
        self._server = server
        self._rows = rows
        self._made: list[str] = []

    def make(self, name: str, migrate: Migrate, *, is_generated: bool) -> str:
        """Make a database with the table of the generated project."""
        database = sql.Identifier(_database(name))
        with self._admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
            admin.execute(sql.SQL("CREATE DATABASE {}").format(database))
        self._made.append(_database(name))
        url = self._url(name)
        migrate(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE products_seed (LIKE products)")
            copying = f"COPY products_seed ({_NAMES}) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(copying) as copy:
                for row in self._rows:
                    copy.write_row([getattr(row, column) for column in _COLUMNS])
        self.reset(name)
        return url

    def reset(self, name: str) -> None:
        """Put back the rows, in the order of their ids on disk too."""
        with psycopg.connect(self._url(name), autocommit=True) as connection:
            connection.execute("TRUNCATE products")
            connection.execute("INSERT INTO products SELECT * FROM products_seed ORDER BY id")
            connection.execute("VACUUM (FREEZE, ANALYZE) products")

    def settle(self, core: int | None) -> None:
        """Pin the processes that serve our databases, when they run on this machine and as us."""
        with self._admin() as admin:
            found = admin.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = ANY(%s)", [self._made]
            ).fetchall()
        for (process,) in found:
            pin(process, core)

    def drop(self) -> None:
        """Drop every database that was made."""
        with self._admin() as admin:
            for name in self._made:
                admin.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )

    def _url(self, name: str) -> str:
        return urlsplit(self._server)._replace(path=f"/{_database(name)}").geturl()

    # A row of any statement, hence Any is what psycopg says too.
    def _admin(self) -> "psycopg.Connection[tuple[int]]":
        return psycopg.connect(self._server, autocommit=True)


class SqliteDatabases:
    """One file a server, in write-ahead mode."""

    def __init__(self, folder: Path, rows: Sequence[Product]) -> None:
        """Put the files into a folder that is there."""
        self._folder = folder
        self._rows = rows

    def make(self, name: str, migrate: Migrate, *, is_generated: bool) -> str:
        """Make a file with the table that the server would make itself."""
        path = self._path(name)
        self._remove(path)
        url = f"sqlite:///{path}"
        if is_generated:
            migrate(url)
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            if not is_generated:
                connection.executescript(_SQLITE_TABLE)
            connection.execute("CREATE TABLE products_seed AS SELECT * FROM products")
            connection.executemany(
                f"INSERT INTO products_seed ({_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (_sqlite_row(row, 100 if is_generated else 1) for row in self._rows),
            )
        connection.close()
        self.reset(name)
        return url

    def reset(self, name: str) -> None:
        """Put back the rows."""
        with sqlite3.connect(self._path(name), timeout=30) as connection:
            connection.execute("DELETE FROM products")
            connection.execute("INSERT INTO products SELECT * FROM products_seed ORDER BY id")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def settle(self, core: int | None) -> None:
        """Do nothing: SQLite runs inside the worker."""

    def drop(self) -> None:
        """Remove every file."""
        for path in self._folder.glob("*.db"):
            self._remove(path)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.db"

    @staticmethod
    def _remove(path: Path) -> None:
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _database(name: str) -> str:
    # Of this process: a second run beside this one has databases of its own.
    return f"apigen_serving_{os.getpid()}_{name}"


def _sqlite_row(row: Product, scale: int) -> tuple[object, ...]:
    price = int(row.price * scale) if scale > 1 else float(row.price)
    return (
        row.id.hex,
        row.sku,
        row.name,
        price,
        row.description,
        row.stock,
        row.active,
        _naive(row.created_at.isoformat(" ")),
        _naive(row.updated_at.isoformat(" ")),
        row.version,
    )


def _naive(moment: str) -> str:
    """Return a moment as SQLAlchemy and Django store it in SQLite: UTC, without saying so."""
    return moment.removesuffix("+00:00")
