"""Exports: sent while they are read, in memory that does not grow with them, until nobody asks."""

import asyncio
import tracemalloc
from collections.abc import Iterator
from typing import Literal

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from apigen.support.application.queries import ListQuery, Paging, ResourceQuery
from apigen.support.core.errors import DatabaseConnectionError
from apigen.support.infrastructure.reader import SqlResourceReader
from apigen.support.interface import replies as replies_module
from apigen.support.interface.replies import ReadReplies

from .library import AUTHORS, AuthorId, AuthorRow

FEW, MANY = 2_000, 16_000
SERVED = ResourceQuery(resource="author", fields=())
SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/authors/export",
    "query_string": b"",
    "headers": [],
}


async def fill(engine: AsyncEngine, first: int, last: int) -> None:
    """Store authors with these numbers."""
    made = [
        {"id": number, "name": f"Author {number:08d}", "version": 1, "is_deleted": False}
        for number in range(first, last)
    ]
    async with engine.begin() as connection:
        await connection.execute(sa.insert(AuthorRow), made)


def reader(engine: AsyncEngine) -> SqlResourceReader[AuthorId]:
    """Return the reader of authors."""
    return SqlResourceReader(engine, AUTHORS, Paging())


@pytest.fixture
def measured() -> Iterator[None]:
    """Watch what is allocated."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


async def most_memory(engine: AsyncEngine, form: Literal["csv", "json"]) -> int:
    """Return how much an export of all rows has at the same time, at most, in bytes."""
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    async for _ in reader(engine).export(ListQuery(), format=form):
        pass
    _, peak = tracemalloc.get_traced_memory()
    return peak - before


@pytest.mark.criterion("R84.3")
@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize("form", ["csv", "json"])
async def test_an_export_of_many_rows_takes_no_more_memory_than_one_of_few(
    library: AsyncEngine, form: Literal["csv", "json"]
) -> None:
    await fill(library, 1, FEW + 1)
    await most_memory(library, form)
    few = await most_memory(library, form)
    await fill(library, FEW + 1, MANY + 1)

    many = await most_memory(library, form)

    assert many < 1.5 * few


@pytest.mark.criterion("R84.3")
async def test_an_export_begins_before_it_is_read_to_its_end(library: AsyncEngine) -> None:
    await fill(library, 1, FEW + 1)
    pieces = reader(library).export(ListQuery(), format="json")

    begin, rows = await anext(pieces), await anext(pieces)
    rest = [piece async for piece in pieces]

    assert begin == b"["
    assert rows.count(b'"name"') < FEW
    assert len(rest) > 1
    assert sum(piece.count(b'"name"') for piece in (rows, *rest)) == FEW


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_an_export_goes_on_when_a_column_has_another_type(library: AsyncEngine) -> None:
    """A migration runs while clients read: what was prepared for the old type is of no use."""
    await fill(library, 1, 3)
    before = await _whole(library)
    async with library.begin() as connection:
        await connection.execute(sa.text("ALTER TABLE authors ALTER COLUMN name TYPE text"))

    assert await _whole(library) == before


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
async def test_a_connection_that_is_lost_is_no_bug(library: AsyncEngine) -> None:
    """One that was in use a moment ago is not asked whether it is alive before it is used."""
    await _whole(library)
    async with library.connect() as connection, library.connect() as other:
        ended = sa.text("SELECT pg_terminate_backend(:pid)")
        pid = (await other.execute(sa.select(sa.func.pg_backend_pid()))).scalar_one()
        await other.close()
        await connection.execute(ended, {"pid": pid})

        with pytest.raises(DatabaseConnectionError):
            await _whole(library)
        await _whole(library)


async def _whole(engine: AsyncEngine) -> bytes:
    return b"".join([piece async for piece in reader(engine).export(ListQuery(), format="json")])


@pytest.mark.parametrize("spec", ["2.0", "2.4"])
async def test_a_client_that_goes_away_leaves_no_connection_behind(
    library: AsyncEngine, spec: str
) -> None:
    """Either the server is told, or it notices when it sends (`spec_version` of ASGI)."""
    await fill(library, 1, FEW + 1)
    gone = asyncio.Event()
    sent: list[Message] = []

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 3:
            gone.set()
            if spec == "2.4":
                raise OSError
        await asyncio.sleep(0)

    scope = {**SCOPE, "asgi": {"spec_version": spec}}
    replies = ReadReplies(query=SERVED)
    answer = await replies.export(Request(scope), reader(library), ("json",))
    lent = _lent(library)

    if spec == "2.4":
        with pytest.raises(ClientDisconnect):
            await answer(scope, receive, send)
    else:
        await answer(scope, receive, send)

    assert lent == 1
    async with asyncio.timeout(5):
        while _lent(library):
            await asyncio.sleep(0)
    assert not any(message.get("body") == b"]" for message in sent)


@pytest.mark.parametrize("spec", ["2.0", "2.4"])
async def test_a_client_that_neither_reads_nor_leaves_is_left(
    library: AsyncEngine, monkeypatch: pytest.MonkeyPatch, spec: str
) -> None:
    """It would have a connection to the database for as long as it likes."""
    monkeypatch.setattr(replies_module, "_TAKEN_WITHIN_S", 0.05)
    await fill(library, 1, FEW + 1)
    sent: list[Message] = []

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)
        if len(sent) == 3:
            await never()

    scope = {**SCOPE, "asgi": {"spec_version": spec}}
    answer = await ReadReplies(query=SERVED).export(Request(scope), reader(library), ("json",))

    async with asyncio.timeout(5):
        await answer(scope, never, send)

    assert _lent(library) == 0
    assert sent[-1].get("more_body")


def _lent(engine: AsyncEngine) -> int:
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()
