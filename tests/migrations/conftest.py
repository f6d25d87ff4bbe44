"""A database of each kind whose spec a test changes, and an empty one to compare with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.testing.databases import postgresql_database

pytest.register_assert_rewrite("tests.migrations.history")

from tests.migrations.history import (  # noqa: E402 (rewritten first)
    History,
    empty,
    engine_of,
)


@pytest.fixture(scope="session")
def other_postgresql(postgresql: str) -> Iterator[str]:
    """URL of a second database on the server of the first."""
    del postgresql
    with postgresql_database(embedded=True) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[History]:
    """A database without tables, and the way to change its spec."""
    if request.param == "sqlite":
        numbers = iter(range(1000))

        def fresh() -> AsyncEngine:
            return engine_of(f"sqlite+aiosqlite:///{tmp_path / f'{next(numbers)}.db'}")

        yield History(fresh(), fresh, tmp_path)
        return
    engine, other = (
        engine_of(request.getfixturevalue(name)) for name in ("postgresql", "other_postgresql")
    )
    empty(engine)
    yield History(engine, lambda: other, tmp_path)
