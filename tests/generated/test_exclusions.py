"""Bookings that come at the same moment, to two processes of one project: one gets the room."""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import NamedTuple

import pytest

from apigen.support.testing.databases import (
    SERVER_VARIABLE,
    postgresql_database,
    sqlite_database,
)
from tests.generated.projects import Projects, assert_clean, run
from tests.generated.servers import Answer, Server, served

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]

BOOKINGS, PRICES = "/api/v1/bookings", "/api/v1/prices"
AT_ONCE = 12


MADE = """
import asyncio, os, sys
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from bookings.infrastructure.persistence.hotel import rows

async def run():
    engine = create_async_engine(os.environ["DATABASE_URL"])
    async with engine.begin() as connection:
        if "create" in sys.argv:
            await connection.execute(sa.text("CREATE SCHEMA hotel"))
            await connection.execute(sa.text("CREATE EXTENSION btree_gist"))
            await connection.run_sync(rows.Row.metadata.create_all)
        asked = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x'"
        for row in sorted(map(tuple, await connection.execute(sa.text(asked)))):
            print(*row)
    await engine.dispose()

asyncio.run(run())
"""
"""Prints the exclusions of a database, of its own making when asked to."""


class Hotel(NamedTuple):
    """Two processes of the project, which share its database."""

    servers: tuple[Server, ...]
    isolation: str

    def call(self, method: str, path: str, body: object = None) -> Answer:
        """Call the first."""
        return self.servers[0].call(method, path, body)

    def room(self) -> str:
        """Return the id of a new room."""
        made = self.call("POST", "/api/v1/rooms", {"name": "Blue"})
        assert made.status == 201, made.body
        return str(made.body["id"])


@pytest.fixture(
    scope="module",
    params=["sqlite", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"],
)
def hotel(
    request: pytest.FixtureRequest, projects: Projects, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hotel]:
    """The project on SQLite, and on PostgreSQL at each level of isolation."""
    on_sqlite = request.param == "sqlite"
    if not on_sqlite and SERVER_VARIABLE not in os.environ:
        pytest.skip(f"needs {SERVER_VARIABLE}")
    project = projects.copy("bookings", tmp_path_factory.mktemp("exclusions"))
    database = sqlite_database() if on_sqlite else postgresql_database(embedded=False)
    with ExitStack() as stack:
        settings = {"DATABASE_URL": stack.enter_context(database)}
        if not on_sqlite:
            settings["DATABASE__ISOLATION_LEVEL"] = request.param
        assert_clean(
            run(sys.executable, "-m", "alembic", "upgrade", "head", cwd=project, **settings)
        )
        servers = [stack.enter_context(served(project, "bookings", **settings)) for _ in range(2)]
        yield Hotel(servers=tuple(servers), isolation=request.param)


def stay(room: str, first: int, last: int, **more: object) -> dict[str, object]:
    """Return a booking from one day of January to another."""
    days = {"begins_at": f"2026-01-{first:02}T12:00:00Z", "ends_at": f"2026-01-{last:02}T12:00:00Z"}
    return {"room_id": room, **days, **more}


def test_of_many_at_once_one_gets_the_room(hotel: Hotel) -> None:
    room = hotel.room()

    def book(number: int) -> Answer:
        server = hotel.servers[number % len(hotel.servers)]
        return server.call("POST", BOOKINGS, stay(room, 3, 6 + number))

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = [*threads.map(book, range(AT_ONCE))]

    assert sorted(answer.status for answer in answers) == [201] + [409] * (AT_ONCE - 1)
    codes = {answer.body["code"] for answer in answers if answer.status == 409}
    # Transactions that may not see each other are also told to begin again.
    allowed = {"room_taken", "conflict"} if hotel.isolation == "SERIALIZABLE" else {"room_taken"}
    assert codes <= allowed
    assert len(hotel.call("GET", BOOKINGS).body["items"]) >= 1


def test_the_refusal_names_the_rule_and_the_fields(hotel: Hotel) -> None:
    room = hotel.room()
    first = hotel.call("POST", BOOKINGS, stay(room, 3, 6))

    refused = hotel.call("POST", BOOKINGS, stay(room, 5, 7))

    assert (first.status, refused.status) == (201, 409)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.body["code"] == "room_taken"
    assert hotel.call("POST", BOOKINGS, stay(room, 6, 7)).status == 201
    assert hotel.call("POST", BOOKINGS, stay(room, 5, 7, status="cancelled")).status == 201


def test_a_deleted_booking_is_in_nobodys_way_until_it_is_restored(hotel: Hotel) -> None:
    room = hotel.room()
    first = hotel.call("POST", BOOKINGS, stay(room, 3, 6)).body["id"]
    hotel.servers[0].call("DELETE", f"{BOOKINGS}/{first}", headers={"If-Match": "*"})

    second = hotel.call("POST", BOOKINGS, stay(room, 3, 6))
    restored = hotel.call("POST", f"{BOOKINGS}/{first}/restore")

    assert (second.status, restored.status) == (201, 409)
    assert restored.body["code"] == "room_taken"


def test_a_price_without_an_end_holds_for_good(hotel: Hotel) -> None:
    price = {"room_id": hotel.room(), "season": "low", "amount": "10"}
    forever = hotel.call("POST", PRICES, {**price, "valid_from": "2026-02-01"})

    before = hotel.call(
        "POST", PRICES, {**price, "valid_from": "2026-01-01", "valid_to": "2026-02-01"}
    )
    later = hotel.call("POST", PRICES, {**price, "valid_from": "2030-01-01"})

    assert (forever.status, before.status, later.status) == (201, 201, 409)
    assert later.body["code"] == "one_price"


@pytest.mark.skipif(SERVER_VARIABLE not in os.environ, reason=f"needs {SERVER_VARIABLE}")
def test_revisions_and_rows_make_the_same_constraints(projects: Projects) -> None:
    """Alembic, which compares the two, knows nothing of this kind of constraint."""
    project = projects.of("bookings")
    with (
        postgresql_database(embedded=False) as migrated,
        postgresql_database(embedded=False) as made,
    ):
        upgrade = (sys.executable, "-m", "alembic", "upgrade", "head")
        assert_clean(run(*upgrade, cwd=project, DATABASE_URL=migrated))
        script = (sys.executable, "-c", MADE)
        found = run(*script, cwd=project, DATABASE_URL=migrated)
        wanted = run(*script, "create", cwd=project, DATABASE_URL=made)

    assert_clean(found)
    assert_clean(wanted)
    assert found.stdout.count(" EXCLUDE USING gist ") == 3
    assert found.stdout == wanted.stdout
