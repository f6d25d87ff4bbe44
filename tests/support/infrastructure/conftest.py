"""Databases of the infrastructure tests: SQLite and PostgreSQL, each test in its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.core.settings import DatabaseSettings
from apigen.support.infrastructure.engine import create_engine

from .library import Row


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    return str(request.param)


@pytest_asyncio.fixture
async def engine(
    dialect: str, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[AsyncEngine]:
    """An engine on an empty database of the test's own."""
    if dialect == "sqlite":
        made = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
        yield made
        await made.dispose()
        return
    server = request.getfixturevalue("postgresql")
    schema = f"test_{uuid4().hex}"
    admin = create_engine(server)
    async with admin.begin() as connection:
        await connection.execute(sa.schema.CreateSchema(schema))
    made = create_engine(server, DatabaseSettings(server_settings={"search_path": schema}))
    yield made
    await made.dispose()
    async with admin.begin() as connection:
        await connection.execute(sa.schema.DropSchema(schema, cascade=True))
    await admin.dispose()


@pytest_asyncio.fixture
async def library(engine: AsyncEngine) -> AsyncEngine:
    """The engine, on a database with the tables of the library."""
    async with engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
    return engine
