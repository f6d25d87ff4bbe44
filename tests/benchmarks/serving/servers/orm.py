"""The table as an application written by hand maps it; one for the servers that use SQLAlchemy."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tests.benchmarks.serving.processes import DATABASE_VARIABLE
from tests.benchmarks.serving.servers.identifiers import uuid7


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment in UTC; SQLite stores it without its zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: sa.engine.Dialect
    ) -> datetime | None:
        """Take the zone away on SQLite."""
        if value is not None and dialect.name == "sqlite":
            return value.astimezone(UTC).replace(tzinfo=None)
        return value

    def process_result_value(
        self, value: datetime | None, dialect: sa.engine.Dialect
    ) -> datetime | None:
        """Give it back."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """Base of all rows."""


class ProductRow(Base):
    """A row of the table products."""

    __tablename__ = "products"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    sku: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    price: Mapped[Decimal] = mapped_column(sa.Numeric(12, 2))
    description: Mapped[str] = mapped_column(sa.Text())
    stock: Mapped[int]
    active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


def make_engine(pool_size: int = 10) -> AsyncEngine:
    """Make the engine of the benchmark's database; ten connections at most, as for all servers."""
    url = os.environ[DATABASE_VARIABLE]
    if not url.startswith("sqlite:"):
        return create_async_engine(
            url.replace("postgresql:", "postgresql+asyncpg:", 1),
            pool_size=pool_size,
            max_overflow=0,
        )
    engine = create_async_engine(
        url.replace("sqlite:", "sqlite+aiosqlite:", 1),
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"timeout": 30},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    return engine
