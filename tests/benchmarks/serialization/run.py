"""Measure what answers take to serialize, and write the table of this folder's README.

    python -m tests.benchmarks.serialization.run

Measured is what a reader does between the rows of the driver and the bytes of the answer: what the
types of the columns make of the values, the documents, JSON. It needs no database: rows are what
drivers give, made up. CPU time of the fastest of many rounds, which other work disturbs least.
"""

import datetime as dt
import os
import platform
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from asyncpg.pgproto import pgproto
from sqlalchemy.engine import make_url

from apigen.support.core.json import dumps
from apigen.support.infrastructure.column_types import ScaledDecimal, UtcDateTime
from apigen.support.infrastructure.read_model import ReadModel
from apigen.support.infrastructure.statements import StatementCompiler, converted
from tests.benchmarks.readme import with_measured

README = Path(__file__).with_name("README.md")
DRIVERS = {"PostgreSQL": "postgresql+asyncpg://", "SQLite": "sqlite+aiosqlite://"}
PAGES = (1, 20, 100)
"""Rows: one, a page unless a client says otherwise, the largest page."""
ROUNDS = 400

PRODUCTS = sa.Table(
    "products",
    sa.MetaData(),
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("sku", sa.String(40)),
    sa.Column("name", sa.String(200)),
    sa.Column("price", ScaledDecimal(12, 2)),
    sa.Column("description", sa.Text()),
    sa.Column("stock", sa.Integer()),
    sa.Column("active", sa.Boolean()),
    sa.Column("created_at", UtcDateTime()),
    sa.Column("updated_at", UtcDateTime()),
    sa.Column("version", sa.Integer()),
)
MODEL = ReadModel(
    resource="product",
    table=PRODUCTS,
    key=(PRODUCTS.c.id,),
    outputs=tuple(PRODUCTS.c),
    version=PRODUCTS.c.version,
)


def rows(database: str, number: int) -> list[tuple[object, ...]]:
    """Return rows as the driver of a database gives them."""
    is_sqlite = database == "SQLite"
    made: list[tuple[object, ...]] = []
    for place in range(number):
        id = UUID(int=place)
        moment = dt.datetime(2026, 1, 1, 9, 30, 15, place, tzinfo=dt.UTC)
        stored = f"{moment:%Y-%m-%d %H:%M:%S.%f}" if is_sqlite else moment
        made.append(
            (
                id.hex if is_sqlite else pgproto.UUID(id.bytes),
                f"SKU-{place:06d}",
                f"Product number {place}",
                1_000 + place if is_sqlite else Decimal(1_000 + place).scaleb(-2),
                "A thing that people buy. " * 8,
                place,
                1 if is_sqlite else True,
                stored,
                stored,
                1,
            )
        )
    return made


def serializer(database: str, found: Sequence[Sequence[object]]) -> Callable[[], bytes]:
    """Return what makes an answer of rows."""
    dialect = sa.create_engine(make_url(DRIVERS[database])).dialect
    compiler = StatementCompiler(dialect)
    statement = MODEL.select({})
    # The server's code of a decimal, the one type that is read by it.
    codes = [1700] * len(MODEL.columns)
    converters = compiler.converters(compiler.compile(statement), statement, codes)

    def serialize() -> bytes:
        documents = [MODEL.document(row) for row in converted(found, converters)]
        return dumps(documents if len(documents) > 1 else documents[0])

    return serialize


def fastest_us(work: Callable[[], object]) -> float:
    """Return the CPU time of the fastest of many rounds, in microseconds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.thread_time_ns()
        for _ in range(10):
            work()
        best = min(best, (time.thread_time_ns() - began) / 10_000)
    return best


def main() -> int:
    """Measure and write the table; 1 when a payload takes a millisecond."""
    lines = [
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "",
        "| rows of ten columns | bytes | PostgreSQL, µs | SQLite, µs |",
        "|---:|---:|---:|---:|",
    ]
    slowest = 0.0
    for number in PAGES:
        works = [serializer(database, rows(database, number)) for database in DRIVERS]
        taken = [fastest_us(work) for work in works]
        slowest = max(slowest, *taken)
        figures = " | ".join(f"{one:,.1f}" for one in taken)
        lines.append(f"| {number} | {len(works[0]()):,} | {figures} |")
    table = "\n".join(lines)
    print(table)
    README.write_text(with_measured(README.read_text("utf-8"), table), encoding="utf-8")
    return int(slowest >= 1_000)


if __name__ == "__main__":
    raise SystemExit(main())
