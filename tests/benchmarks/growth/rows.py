"""How reading keeps its speed as a table grows: PostgreSQL, rows made inside the server."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from tests.benchmarks.serving.client import Call, Client
from tests.benchmarks.serving.operations import FEED, PRODUCTS, SIZE

_FILL = """
INSERT INTO products
    (id, sku, name, price, description, stock, active, created_at, updated_at, version)
SELECT
    (lpad(to_hex(1767254400000 + n * 37), 12, '0') || '7' || substr(md5(n::text), 1, 3)
        || '8' || substr(md5(n::text), 4, 15))::uuid,
    'SKU-' || n, 'product ' || n, (100 + n %% 250000) / 100.0, repeat(md5(n::text) || ' ', 5),
    n %% 10000, n %% 2 = 0, timestamptz '2026-01-01' + n * interval '37 ms',
    timestamptz '2026-01-01' + n * interval '37 ms', 1
FROM generate_series(%s::bigint, %s::bigint) AS n
"""
"""Ids are of version 7 and in the order of the numbers, as a service draws them."""

type Ids = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of the chart."""

    name: str
    title: str
    calls: Callable[[Client, Ids, int], list[Call]]
    """Of the server, some ids in no order, and the number of rows."""
    connections: int = 32
    """Fewer for what the database works on for long: more would only wait longer."""


class Table:
    """The table of products in a database of its own, which only ever grows."""

    def __init__(self, server: str, name: str) -> None:
        """Name a database of the server at a URL; nothing is made yet."""
        self._server = server
        self._name = name
        self._rows = 0
        self.url = urlsplit(server)._replace(path=f"/{name}").geturl()

    def make(self, migrate: Callable[[str], None]) -> None:
        """Make the database and its empty table."""
        self.drop()
        with psycopg.connect(self._server, autocommit=True) as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._name)))
        migrate(self.url)

    def grow(self, rows: int) -> Ids:
        """Fill the table up to a number of rows; return a thousand of their ids, in no order."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            if rows > self._rows:
                connection.execute(_FILL, (self._rows + 1, rows))
                connection.execute("VACUUM (FREEZE, ANALYZE) products")
                self._rows = rows
            numbers = [1 + (k * 7919 * max(1, rows // 1000)) % rows for k in range(1000)]
            found = connection.execute(
                "SELECT id FROM products WHERE sku = ANY(%s) ORDER BY md5(sku)",
                [[f"SKU-{number}" for number in numbers]],
            ).fetchall()
        return [str(row[0]) for row in found]

    def drop(self) -> None:
        """Leave nothing behind."""
        with psycopg.connect(self._server, autocommit=True) as admin:
            admin.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                    sql.Identifier(self._name)
                )
            )


def _one(client: Client, ids: Ids, rows: int) -> list[Call]:
    return [Call(path=f"{PRODUCTS}/{one}") for one in ids]


def _by_cursor(client: Client, ids: Ids, rows: int) -> list[Call]:
    """Ask for the page after a row anywhere: a cursor of the server's with another id in it."""
    made = client.get(f"{FEED}?size={SIZE}").json()["next_cursor"]
    order, _ = json.loads(base64.urlsafe_b64decode(made + "=" * (-len(made) % 4)))
    calls = []
    for one in ids:
        cursor = base64.urlsafe_b64encode(json.dumps([order, one]).encode()).decode().rstrip("=")
        calls.append(Call(path=f"{FEED}?size={SIZE}&cursor={quote(cursor, safe='')}"))
    return calls


def _first_page(client: Client, ids: Ids, rows: int) -> list[Call]:
    return [Call(path=f"{PRODUCTS}?page=1&size={SIZE}")]


def _deep_page(client: Client, ids: Ids, rows: int) -> list[Call]:
    pages = max(1, rows // SIZE)
    middle = [pages * part // 10 or 1 for part in (4, 5, 6)]
    return [Call(path=f"{PRODUCTS}?page={page}&size={SIZE}") for page in middle]


def _filtered(client: Client, ids: Ids, rows: int) -> list[Call]:
    return [
        Call(path=f"{PRODUCTS}?stock={stock}&active=true&sort=-name&size={SIZE}")
        for stock in range(0, 1000, 2)
    ]


QUESTIONS = (
    Question(name="get", title="one by id", calls=_one),
    Question(name="cursor", title="page by cursor, anywhere", calls=_by_cursor),
    Question(name="filter", title="filter and sort", calls=_filtered),
    Question(name="page", title="first page, with total", calls=_first_page, connections=4),
    Question(
        name="deep",
        title="page in the middle, by offset, with total",
        calls=_deep_page,
        connections=4,
    ),
)
