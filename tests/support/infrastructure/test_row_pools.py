"""Queries straight on the driver: the same rows as through the engine, and the same errors."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.queries import ListQuery, PageStyle, Paging, Sort
from apigen.support.core.errors import (
    DatabaseConnectionError,
    DatabaseTimeoutError,
    PoolInvariantViolation,
    PoolTimeoutError,
    ValidationError,
)
from apigen.support.core.settings import DatabaseSettings
from apigen.support.domain.specification import AttributeSpecification, Operator
from apigen.support.infrastructure import engine as engines
from apigen.support.infrastructure.database_errors import translated
from apigen.support.infrastructure.engine import create_engine, ping, querying, reading
from apigen.support.infrastructure.postgresql_rows import PostgreSQLRows
from apigen.support.infrastructure.reader import SqlResourceReader
from apigen.support.infrastructure.row_source import EngineRows, RowSource
from apigen.support.infrastructure.statements import StatementCompiler

from .library import (
    AUTHORS,
    BOOKS,
    Author,
    AuthorId,
    AuthorRow,
    Book,
    BookId,
    Chapter,
    Genre,
    Note,
    Price,
    SqlLibraryUnitOfWork,
)
from .threads import settled

ONE = sa.select(sa.literal(1))
SLEEP = sa.select(sa.func.pg_sleep(1))
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)


@pytest_asyncio.fixture
async def plain(
    library: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncEngine]:
    """Another engine on the same database, as if SQLAlchemy hid its compiled statements."""
    found = await _search_path(library)
    monkeypatch.setattr(engines, "is_supported", lambda _: False)
    made = create_engine(
        library.url.render_as_string(hide_password=False),
        DatabaseSettings(server_settings={"search_path": found} if found else {}),
    )
    yield made
    await made.dispose()


async def _search_path(engine: AsyncEngine) -> str | None:
    if engine.dialect.name == "sqlite":
        return None
    async with reading(engine) as connection:
        return str((await connection.execute(sa.text("SHOW search_path"))).scalar_one())


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    titles=st.lists(NAMES, min_size=1, max_size=4),
    amounts=st.lists(st.none() | st.decimals(-9999, 9999, places=2), min_size=4, max_size=4),
    words=st.frozensets(NAMES, max_size=3),
    sought=NAMES,
    operator=st.sampled_from([Operator.EQ, Operator.NE, Operator.CONTAINS, Operator.STARTSWITH]),
    sort=st.sampled_from(["title", "genre", "price.amount"]),
    descending=st.booleans(),
    size=st.integers(1, 5),
    style=st.sampled_from([PageStyle.OFFSET, PageStyle.CURSOR]),
)
async def test_rows_are_those_of_the_engine(
    library: AsyncEngine,
    plain: AsyncEngine,
    titles: list[str],
    amounts: list[Decimal | None],
    words: frozenset[str],
    sought: str,
    operator: Operator,
    sort: str,
    descending: bool,
    size: int,
    style: PageStyle,
) -> None:
    async with SqlLibraryUnitOfWork(library) as work:
        author = Author(name=f"{await work.authors.count()}")
        await work.authors.add(author)
        for title, amount in zip(titles, amounts, strict=False):
            await work.books.add(
                Book(
                    author_id=author.id,
                    title=title,
                    genre=Genre.SCIENCE if title < "m" else Genre.FICTION,
                    price=None if amount is None else Price(amount=amount, currency="EUR"),
                    words=words,
                    coauthors=frozenset({author.id}),
                    chapters=[Chapter(title="c", notes=[Note(text=title)])],
                )
            )
        await work.commit()
    query = ListQuery(
        where=AttributeSpecification(("title",), operator, sought),
        sort=(Sort(path=tuple(sort.split(".")), descending=descending),),
        size=size,
    )

    for asked in (query, ListQuery(size=size, sort=query.sort)):
        direct = await SqlResourceReader[BookId](library, BOOKS, Paging(style=style)).page(asked)
        through = await SqlResourceReader[BookId](plain, BOOKS, Paging(style=style)).page(asked)
        assert direct == through


async def test_what_sqlalchemy_does_not_show_is_read_through_the_engine(plain: AsyncEngine) -> None:
    async with querying(plain) as source:
        assert source.bind is not plain
        assert [tuple(row) for row in await source.rows(ONE)] == [(1,)]


@pytest.mark.criterion("R32.3")
async def test_a_busy_pool_is_waited_for_and_then_given_up(postgresql: str) -> None:
    engine = create_engine(postgresql, DatabaseSettings(pool_size=1, pool_timeout_s=0.2))
    async with querying(engine) as first:
        await first.rows(ONE)
        with pytest.raises(PoolTimeoutError) as caught:
            async with querying(engine):
                pass

    assert caught.value.timeout_s == 0.2
    async with querying(engine) as again:
        assert tuple((await again.rows(ONE))[0]) == (1,)
    await engine.dispose()


@pytest.mark.criterion("R12.4")
async def test_a_pool_whose_books_do_not_balance_is_not_well(postgresql: str) -> None:
    engine = create_engine(postgresql, DatabaseSettings(pool_size=2))
    async with querying(engine) as first, querying(engine) as second:
        await asyncio.gather(first.rows(ONE), second.rows(ONE))
        await ping(engine)
        pool = engines._row_pools[engine.sync_engine]
        assert isinstance(pool, PostgreSQLRows)
        connections = pool._connections
        assert connections is not None
        # What a connection lent twice would leave behind.
        connections._lent += 1
        with pytest.raises(PoolInvariantViolation) as caught:
            await ping(engine)
        connections._lent -= 1
    await ping(engine)
    await engine.dispose()

    assert caught.value.counters == {"limit": 2, "size": 2, "idle": 0, "lent": 3}
    assert all(name in caught.value.message for name in caught.value.counters)


@pytest.mark.criterion("R32.4")
async def test_connections_lost_in_the_pool_are_replaced_unnoticed(postgresql: str) -> None:
    engine = create_engine(postgresql, DatabaseSettings(server_settings={"application_name": "me"}))
    async with querying(engine) as first, querying(engine) as second:
        await first.rows(ONE)
        await second.rows(ONE)
    ended = sa.text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = 'me' AND pid <> pg_backend_pid()"
    )
    async with reading(engine) as connection:
        assert (await connection.execute(ended)).scalar_one() == 2

    async with querying(engine) as source:
        assert tuple((await source.rows(ONE))[0]) == (1,)
    await engine.dispose()


async def test_no_statement_stays_prepared_where_a_pooler_allows_none(postgresql: str) -> None:
    url = make_url(postgresql).update_query_dict({"prepared_statement_cache_size": "0"})
    engine = create_engine(url.render_as_string(hide_password=False))
    prepared = sa.select(sa.func.count()).select_from(sa.text("pg_prepared_statements"))

    async with querying(engine) as source:
        for _ in range(3):
            await source.rows(ONE)
        assert tuple((await source.rows(prepared))[0]) == (0,)
    async with engine.begin() as connection:
        assert (await connection.execute(ONE)).scalar_one() == 1
        assert (await connection.execute(prepared)).scalar_one() == 0
    await engine.dispose()


async def test_a_server_keeps_as_many_statements_as_a_connection_knows(postgresql: str) -> None:
    """Clients ask in ever new ways; what is forgotten here must not be kept there."""
    engine = create_engine(postgresql)
    prepared = sa.select(sa.func.count()).select_from(sa.text("pg_prepared_statements"))

    async with querying(engine) as source:
        for number in range(300):
            await source.rows(sa.select(sa.literal(1).label(f"n{number}")))
        ((kept,),) = await source.rows(prepared)

    assert kept <= 100
    await engine.dispose()


async def test_a_statement_that_the_server_stops_is_no_bug(postgresql: str) -> None:
    slow = DatabaseSettings(pool_size=1, server_settings={"statement_timeout": "50ms"})
    engine = create_engine(postgresql, slow)

    for lend in (querying, _on_the_engine):
        with pytest.raises(DatabaseTimeoutError), translated("row"):
            async with lend(engine) as source:
                await source.rows(SLEEP)
        async with lend(engine) as source:
            assert await source.rows(ONE)
    await engine.dispose()


async def test_a_server_that_does_not_answer_in_time_is_left(postgresql: str) -> None:
    """It may be gone without a word: the connection is given up, the statement not sent again."""
    url = make_url(postgresql).update_query_dict({"command_timeout": "0.2"})
    engine = create_engine(url.render_as_string(hide_password=False), DatabaseSettings(pool_size=1))
    mine = sa.select(sa.func.pg_backend_pid())
    async with querying(engine) as source:
        before = await source.rows(mine)

    for lend in (querying, _on_the_engine):
        with pytest.raises(DatabaseTimeoutError), translated("row"):
            async with lend(engine) as source:
                await source.rows(SLEEP)
    async with querying(engine) as source:
        assert await source.rows(mine) != before
    await engine.dispose()


async def test_a_server_that_is_gone_without_a_word_is_noticed(postgresql: str) -> None:
    """The system asks whether it is there: nothing else would end a wait for its answer."""
    url = make_url(postgresql)
    if url.host is None or "host" in url.query:
        pytest.skip("the server is on this machine for good: it has no network address")
    engine = create_engine(postgresql, DatabaseSettings(pool_size=1))
    async with engine.connect() as connection, querying(engine) as source:
        await source.rows(ONE)
        raw = await connection.get_raw_connection()
        kept = [raw.driver_connection, source._connection]  # type: ignore[attr-defined]

        sockets = [one._transport.get_extra_info("socket") for one in kept]
        alive = [one.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) for one in sockets]
        idle = [one.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) for one in sockets]

    assert (alive, idle) == ([1, 1], [30, 30])
    await engine.dispose()


@asynccontextmanager
async def _on_the_engine(engine: AsyncEngine) -> AsyncIterator[RowSource]:
    async with reading(engine) as connection:
        yield EngineRows(connection)


@pytest.mark.parametrize(
    "url",
    ["sqlite+aiosqlite:////nowhere/at/all.db", "postgresql+asyncpg://nobody@127.0.0.1:1/none"],
)
async def test_a_database_that_cannot_be_reached_is_unavailable(url: str) -> None:
    engine = create_engine(url)

    with settled():
        with pytest.raises(DatabaseConnectionError):
            async with querying(engine) as source:
                await source.rows(ONE)
        await engine.dispose()


async def test_what_the_database_can_not_store_is_a_mistake_of_the_client(
    library: AsyncEngine,
) -> None:
    statement = sa.select(AuthorRow.name).where(AuthorRow.id == 2**80)

    with pytest.raises(ValidationError), translated("author"):
        async with querying(library) as source:
            await source.rows(statement)
    # The connection is as good as before.
    async with querying(library) as source:
        assert await source.rows(sa.select(AuthorRow.name)) == []


async def test_a_disposed_engine_answers_again(library: AsyncEngine) -> None:
    authors = SqlResourceReader[AuthorId](library, AUTHORS, Paging())
    before = await authors.page(ListQuery())

    await library.dispose()

    assert await authors.page(ListQuery()) == before


async def test_new_shapes_do_not_pile_up(library: AsyncEngine) -> None:
    async with reading(library):
        compiler = StatementCompiler(library.dialect)
    for number in range(2_000):
        compiler.compile(sa.select(sa.literal(1).label(f"c{number}")))

    assert compiler.shapes <= 1_000
