"""Fixtures: the projects of this run, and databases to serve them on."""

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.engine import make_url

from tests import postgresql
from tests.generated.projects import Projects, shared_folder


@pytest.fixture(scope="session")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Projects:
    """The projects that this test run has made so far, and those it will ask for."""
    return Projects(shared_folder(tmp_path_factory))


@pytest.fixture(scope="session")
def todo(projects: Projects) -> Path:
    """The project of the smallest example, to be read only."""
    return projects.of("todo")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Name the kind of database."""
    if request.param == "postgresql" and "TEST_DATABASE_URL" not in os.environ:
        pytest.skip("needs TEST_DATABASE_URL")
    return str(request.param)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url(database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Lend an empty database, to each module one of its own."""
    if database == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('served')}/served.db"
        return
    server = make_url(os.environ["TEST_DATABASE_URL"])
    name = f"served_{uuid.uuid4().hex[:8]}"
    found = server.set(database=name).render_as_string(hide_password=False)
    await postgresql.ensure(found)
    yield found
    await postgresql.drop(found)
