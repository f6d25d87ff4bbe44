"""Products by hand-written SQL on the bare driver: what the two raw servers stand on.

asyncpg's pool on PostgreSQL. On SQLite one connection of the standard library that is called on
the event loop: the least that a read can cost, at the price that a slow one stops everything.
"""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import orjson

from tests.benchmarks.serving.processes import DATABASE_VARIABLE
from tests.benchmarks.serving.servers.identifiers import uuid7

COLUMNS = (
    "id", "sku", "name", "price", "description", "stock", "active", "created_at", "updated_at",
    "version",
)  # fmt: skip
SORTABLE = frozenset({"sku", "name", "price", "stock", "created_at", "updated_at"})
_ALL = ", ".join(COLUMNS)

_ONE = f"SELECT {_ALL} FROM products WHERE id = $1"
_FIRST = f"SELECT {_ALL} FROM products ORDER BY id LIMIT $1"
_AFTER = f"SELECT {_ALL} FROM products WHERE id > $2 ORDER BY id LIMIT $1"
_CHANGE = f"""
UPDATE products SET
    sku = coalesce($2, sku), name = coalesce($3, name), price = coalesce($4, price),
    description = coalesce($5, description), stock = coalesce($6, stock),
    active = coalesce($7, active), updated_at = $8, version = version + 1
WHERE id = $1 AND version = coalesce($9, version)
RETURNING {_ALL}"""
_INSERT_MANY = f"""
INSERT INTO products ({_ALL})
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::numeric[], $5::text[], $6::int[],
                     $7::bool[], $8::timestamptz[], $9::timestamptz[], $10::int[])"""

type Document = dict[str, Any]
"""A product, its values of the types that `encode` writes."""


class Taken(Exception):
    """Another product has that sku."""


class Stale(Exception):
    """The product has another version."""


class Store(Protocol):
    """The table, however it is reached."""

    async def open(self) -> None:
        """Connect."""

    async def close(self) -> None:
        """Give everything back."""

    async def rows(self, statement: str, *values: object) -> list[Document]:
        """Run a statement whose placeholders are `$1`, `$2`, and return products."""
        ...

    async def number(self, statement: str, *values: object) -> int:
        """Run a statement that gives one number."""
        ...

    async def insert(self, documents: Sequence[Document]) -> None:
        """Store new products, all or none; raises `Taken`."""
        ...


class Products:
    """What the servers ask."""

    def __init__(self, store: Store) -> None:
        """Ask `store`."""
        self._store = store

    async def one(self, id: UUID) -> Document | None:
        """Return one product, or None."""
        found = await self._store.rows(_ONE, id)
        return found[0] if found else None

    async def page(
        self, page: int, size: int, active: bool | None, min_stock: int | None, sort: str | None
    ) -> Document:
        """Return a numbered page; `sort` is a column of `SORTABLE`, with `-` for descending."""
        values: list[object] = []
        conditions = ["true"]
        for condition, value in (("active = ${}", active), ("stock >= ${}", min_stock)):
            if value is not None:
                values.append(value)
                conditions.append(condition.format(len(values)))
        where = " AND ".join(conditions)
        order = "id"
        if sort is not None:
            direction = " DESC" if sort[0] == "-" else ""
            order = f"{sort.removeprefix('-')}{direction}, id{direction}"
        total = await self._store.number(f"SELECT count(*) FROM products WHERE {where}", *values)
        at = len(values)
        items = await self._store.rows(
            f"SELECT {_ALL} FROM products WHERE {where} ORDER BY {order} "
            f"LIMIT ${at + 1} OFFSET ${at + 2}",
            *values,
            size,
            (page - 1) * size,
        )
        pages = -(-total // size)
        return {
            "items": items,
            "total": total,
            "page": page,
            "size": size,
            "pages": pages,
            "has_next": page < pages,
            "has_previous": page > 1,
        }

    async def after(self, cursor: UUID | None, size: int) -> Document:
        """Return the products after an id."""
        if cursor is None:
            found = await self._store.rows(_FIRST, size + 1)
        else:
            found = await self._store.rows(_AFTER, size + 1, cursor)
        has_next = len(found) > size
        return {
            "items": found[:size],
            "next_cursor": str(found[size - 1]["id"]) if has_next else None,
            "has_next": has_next,
        }

    async def create(self, items: Sequence[Mapping[str, object]]) -> list[Document]:
        """Store new products, all or none; raises `Taken`."""
        now = datetime.now(UTC)
        more = {"created_at": now, "updated_at": now, "version": 1}
        made = [{"id": uuid7(), **item, **more} for item in items]
        await self._store.insert(made)
        return made

    async def change(
        self, id: UUID, changes: Mapping[str, object], expected: int | None
    ) -> Document | None:
        """Change one product and return it, or None; raises `Stale` and `Taken`."""
        values = [changes.get(name) for name in COLUMNS[1:7]]
        found = await self._store.rows(_CHANGE, id, *values, datetime.now(UTC), expected)
        if found:
            return found[0]
        if await self.one(id) is None:
            return None
        raise Stale


def connect() -> Store:
    """Return the store of the benchmark's database; nothing is connected yet."""
    url = os.environ[DATABASE_VARIABLE]
    if url.startswith("sqlite:"):
        return _SqliteStore(url.removeprefix("sqlite:///"))
    return _PostgresqlStore(url)


# Any: what orjson calls this with has every type that a document may hold.
def encode(value: Any) -> bytes:
    """Return JSON."""
    return orjson.dumps(value, default=_default, option=orjson.OPT_UTC_Z)


def _default(value: object) -> str:
    # asyncpg's UUIDs are a subclass, which orjson does not take.
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError


class _PostgresqlStore:
    def __init__(self, url: str) -> None:
        self._url = url

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(self._url, min_size=10, max_size=10)

    async def close(self) -> None:
        await self._pool.close()

    async def rows(self, statement: str, *values: object) -> list[Document]:
        try:
            return [dict(row) for row in await self._pool.fetch(statement, *values)]
        except asyncpg.UniqueViolationError:
            raise Taken from None

    async def number(self, statement: str, *values: object) -> int:
        found: int = await self._pool.fetchval(statement, *values)
        return found

    async def insert(self, documents: Sequence[Document]) -> None:
        columns = [[document[name] for document in documents] for name in COLUMNS]
        try:
            await self._pool.execute(_INSERT_MANY, *columns)
        except asyncpg.UniqueViolationError:
            raise Taken from None


class _SqliteStore:
    def __init__(self, path: str) -> None:
        self._path = path

    async def open(self) -> None:
        self._connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        self._connection.execute("PRAGMA synchronous=NORMAL")

    async def close(self) -> None:
        self._connection.close()

    async def rows(self, statement: str, *values: object) -> list[Document]:
        try:
            found = self._execute(statement, values)
        except sqlite3.IntegrityError:
            raise Taken from None
        return [_document(row) for row in found]

    async def number(self, statement: str, *values: object) -> int:
        return int(self._execute(statement, values)[0][0])

    async def insert(self, documents: Sequence[Document]) -> None:
        marks = ", ".join("?" * len(COLUMNS))
        rows = [[_stored(document[name]) for name in COLUMNS] for document in documents]
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._connection.executemany(f"INSERT INTO products ({_ALL}) VALUES ({marks})", rows)
        except sqlite3.IntegrityError:
            self._connection.execute("ROLLBACK")
            raise Taken from None
        self._connection.execute("COMMIT")

    def _execute(self, statement: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        numbered = statement.replace("$", "?")
        return self._connection.execute(numbered, [_stored(value) for value in values]).fetchall()


def _stored(value: object) -> Any:
    """Return a value as SQLite stores it."""
    match value:
        case UUID():
            return value.hex
        case Decimal():
            return float(value)
        case datetime():
            return value.replace(tzinfo=None).isoformat(" ")
        case _:
            return value


def _document(row: Sequence[Any]) -> Document:
    """Return a row of SQLite as a product; its texts are those of JSON already."""
    document = dict(zip(COLUMNS, row, strict=True))
    id = document["id"]
    document["id"] = f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}"
    document["price"] = f"{document['price']:.2f}"
    document["active"] = bool(document["active"])
    for name in ("created_at", "updated_at"):
        document[name] = f"{document[name].replace(' ', 'T')}Z"
    return document
