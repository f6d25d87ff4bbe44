# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Fixtures: a database of its own for each session, emptied for each test, and the application.

End-to-end tests run on PostgreSQL too only when TEST_DATABASE_URL names a server.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.cases import CASES
from todo.core.settings import Settings
from todo.infrastructure.persistence.session import Row, create_database
from todo.main import create_app
from todo.support.infrastructure.migrations import MigrationManager
from todo.support.testing.api_client import ApiClient, serving
from todo.support.testing.collection import leave_out, parametrize_from_case
from todo.support.testing.databases import BACKENDS, clear, database
from todo.support.testing.rows import Rows

hypothesis_settings.register_profile("project", max_examples=25, deadline=None)
hypothesis_settings.load_profile("project")
MIGRATIONS = Path(__file__).parents[1] / "migrations"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give contracts the rows of their case's tables."""
    parametrize_from_case(metafunc)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what there is nothing to test with."""
    leave_out(config, items)


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """Lend the URL of an empty database."""
    with database(request.param) as url:
        yield url


@pytest.fixture(scope="session")
def settings(backend: str) -> Settings:
    """Return settings for the test's database, whatever the environment says."""
    return Settings(database_url=SecretStr(backend))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def migrated(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """Lend an engine on the migrated database."""
    url = settings.database_url.get_secret_value()
    await asyncio.to_thread(MigrationManager(url, directory=MIGRATIONS).upgrade, "head")
    engine = create_database(settings)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture(loop_scope="session")
async def engine(migrated: AsyncEngine) -> AsyncEngine:
    """Return the engine, all tables empty."""
    await clear(migrated, Row.metadata)
    return migrated


@pytest.fixture
def rows(request: pytest.FixtureRequest, engine: AsyncEngine) -> Rows:
    """Return what stores samples, and shows them as the tested version of the API does."""
    return Rows(engine, getattr(request.cls, "cases", CASES))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def application(settings: Settings, migrated: AsyncEngine) -> AsyncIterator[ApiClient]:
    """Lend a client of the started application."""
    app = create_app(settings)
    async with serving(app) as client:
        yield client


@pytest.fixture
def client(application: ApiClient, engine: AsyncEngine) -> ApiClient:
    """Return the client, all tables empty."""
    return application
