"""Databases and caches of the infrastructure tests, each test in its own."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.core.protocols import CacheProvider
from apigen.support.core.settings import DatabaseSettings
from apigen.support.infrastructure.cache import MemoryCache
from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.redis_cache import RedisCache

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


@pytest_asyncio.fixture(params=["memory", "redis"])
async def cache(request: pytest.FixtureRequest) -> AsyncIterator[CacheProvider]:
    """Each cache in turn, empty."""
    if request.param == "memory":
        yield MemoryCache()
        return
    made = RedisCache.at(request.getfixturevalue("redis_url"), prefix=f"test-{uuid4().hex}")
    yield made
    await made.clear()
    await made.close()
