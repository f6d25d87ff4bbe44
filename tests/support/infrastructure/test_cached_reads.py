"""Answers that are kept: for whom, until when, and what is never kept."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.cached_reads import CachedReader, CachePolicy, MadeOf
from apigen.support.application.queries import ListQuery, Paging, Representation
from apigen.support.core.actor import Actor
from apigen.support.core.caching import dropping
from apigen.support.core.context import ExecutionContext, bound_context
from apigen.support.core.errors import ForbiddenError, UnauthenticatedError
from apigen.support.core.protocols import CacheProvider
from apigen.support.domain.specification import (
    AndSpecification,
    AttributeSpecification,
    NotSpecification,
    Operator,
    Specification,
)
from apigen.support.infrastructure.read_audience import ReadAudience
from apigen.support.infrastructure.read_model import ReadModel
from apigen.support.infrastructure.reader import SqlResourceReader
from apigen.support.infrastructure.redis_cache import RedisCache

from .library import BOOKS, Author, Book, BookId, Genre, SqlLibraryUnitOfWork
from .test_row_access import (
    CURATOR,
    GUARDED_BOOKS,
    READER,
    acting,
    author_ids,
    ids,
    listing,
    shelf,
)

__all__ = ["shelf"]

TITLE = ("title",)


class CountingReader(SqlResourceReader[BookId]):
    """Counts the questions that reach the database, and holds them up when it is told to."""

    def __init__(self, engine: AsyncEngine, model: ReadModel) -> None:
        super().__init__(engine, model, Paging())
        self.asked = 0
        self.fails = False
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def _counted(self) -> None:
        self.asked += 1
        if self.fails:
            raise ConnectionError("away")

    async def one(self, id: BookId, **options: Any) -> Representation | None:
        await self._counted()
        found = await super().one(id, **options)
        await self.goes_on.wait()
        return found

    async def page(self, query: ListQuery) -> Representation:
        await self._counted()
        found = await super().page(query)
        await self.goes_on.wait()
        return found

    async def count(self, query: ListQuery) -> int:
        await self._counted()
        return await super().count(query)


@dataclass(kw_only=True)
class Desk:
    """A cached reader of books, the one behind it, and what writes."""

    engine: AsyncEngine
    cache: CacheProvider
    model: ReadModel = field(default_factory=lambda: GUARDED_BOOKS)
    coalesce: bool = False
    others: tuple[type, ...] = (Author,)

    def __post_init__(self) -> None:
        self.behind = CountingReader(self.engine, self.model)
        self.reader = CachedReader[BookId](
            self.behind,
            self.cache,
            name="Book",
            audience=ReadAudience(self.model),
            made_of=MadeOf(root=Book, others=self.others),
            policy=CachePolicy(ttl=timedelta(hours=1), tags=("catalogue",), coalesce=self.coalesce),
        )

    def work(self) -> SqlLibraryUnitOfWork:
        return SqlLibraryUnitOfWork(self.engine, changed=dropping(self.cache))

    async def title(self, id: BookId) -> str | None:
        found = await self.reader.one(id)
        return None if found is None else orjson.loads(found.body)["title"]

    async def titles(self, **changes: Any) -> list[str]:
        found = await self.reader.page(listing(**changes))
        return [item["title"] for item in orjson.loads(found.body)["items"]]

    async def rename(self, id: BookId, title: str) -> None:
        async with self.work() as work:
            book = await work.books.get(id)
            assert book is not None
            book.title = title
            await work.books.save(book)
            await work.commit()


@pytest.fixture
def desk(shelf: AsyncEngine, cache: CacheProvider) -> Desk:
    """Books that some may read, and some may read some of."""
    return Desk(engine=shelf, cache=cache)


@pytest.fixture
def open_desk(shelf: AsyncEngine, cache: CacheProvider) -> Desk:
    """Books that everybody may read."""
    return Desk(engine=shelf, cache=cache, model=BOOKS)


async def test_what_a_client_has_already_is_kept_for_the_others(open_desk: Desk) -> None:
    id = (await ids(open_desk.engine))["jane's fiction"]

    first = await open_desk.reader.one(id, known=1)
    again = await open_desk.reader.one(id)

    assert open_desk.behind.asked == 1
    assert first is not None
    assert again is not None
    assert (again.body, again.version) == (first.body, 1)
    assert again.body


@pytest.mark.criterion("R44.3", "R13.1")
async def test_an_answer_is_given_again_without_a_query(open_desk: Desk) -> None:
    id = (await ids(open_desk.engine))["jane's fiction"]
    fresh = await open_desk.reader.one(id)
    again = await open_desk.reader.one(id)
    pages = [await open_desk.reader.page(listing()) for _ in range(2)]
    counts = [await open_desk.reader.count(listing()) for _ in range(2)]

    assert open_desk.behind.asked == 3
    assert fresh is not None
    assert again is not None
    assert (again.body, again.version) == (fresh.body, fresh.version)
    assert pages[0].body == pages[1].body
    assert counts == [4, 4]
    assert fresh.sharing is not None
    assert again.sharing is not None
    assert fresh.sharing.is_public
    assert fresh.sharing.age_s is None
    assert again.sharing.age_s is not None


async def test_a_change_is_seen_by_whoever_asks_next(open_desk: Desk) -> None:
    stored = await ids(open_desk.engine)
    id, other = stored["jane's fiction"], stored["mary's fiction"]
    await open_desk.title(id), await open_desk.title(other), await open_desk.titles()
    await open_desk.rename(id, "renamed")
    before = open_desk.behind.asked

    assert await open_desk.title(id) == "renamed"
    assert "renamed" in await open_desk.titles()
    assert open_desk.behind.asked == before + 2
    # What was not changed is still there.
    assert await open_desk.title(other) == "mary's fiction"
    assert open_desk.behind.asked == before + 2


async def test_changes_of_what_is_shown_beside_the_rows_count(open_desk: Desk) -> None:
    id = (await ids(open_desk.engine))["jane's fiction"]
    await open_desk.title(id), await open_desk.titles()
    async with open_desk.work() as work:
        await work.authors.add(Author(name="ann"))
        await work.commit()
    await open_desk.title(id), await open_desk.titles()

    assert open_desk.behind.asked == 4


async def test_new_and_deleted_rows_are_seen(open_desk: Desk) -> None:
    jane = (await author_ids(open_desk.engine))["jane"]
    await open_desk.titles()
    async with open_desk.work() as work:
        book = Book(author_id=jane, title="new", genre=Genre.FICTION)
        await work.books.add(book)
        await work.commit()
    with_it = await open_desk.titles()
    assert await open_desk.title(book.id) == "new"
    async with open_desk.work() as work:
        await work.books.remove(book)
        await work.commit()

    assert "new" in with_it
    assert "new" not in await open_desk.titles()
    assert await open_desk.title(book.id) is None


async def test_what_is_undone_drops_nothing(open_desk: Desk) -> None:
    id = (await ids(open_desk.engine))["jane's fiction"]
    await open_desk.title(id)
    async with open_desk.work() as work:
        book = await work.books.get(id)
        assert book is not None
        book.title = "undone"
        await work.books.save(book)

    assert await open_desk.title(id) == "jane's fiction"
    assert open_desk.behind.asked == 1


@pytest.mark.parametrize("coalesce", [False, True], ids=["alone", "coalesced"])
async def test_a_reader_that_a_change_overtakes_keeps_nothing(
    shelf: AsyncEngine, cache: CacheProvider, coalesce: bool
) -> None:
    """It has read the row before the commit, and comes to keep it after."""
    desk = Desk(engine=shelf, cache=cache, model=BOOKS, coalesce=coalesce)
    id = (await ids(shelf))["jane's fiction"]
    desk.behind.goes_on.clear()
    slow = asyncio.create_task(desk.title(id))
    slow_page = asyncio.create_task(desk.titles())
    while desk.behind.asked < 2:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    await desk.rename(id, "renamed")
    # Who asks after the change does not wait for what was read before it.
    after = asyncio.create_task(desk.title(id))
    await asyncio.sleep(0.05)
    desk.behind.goes_on.set()

    assert await slow == "jane's fiction"
    assert "jane's fiction" in await slow_page
    assert await after == "renamed"
    assert await desk.title(id) == "renamed"
    assert "renamed" in await desk.titles()


@pytest.mark.criterion("R62.1")
async def test_equal_misses_run_one_query(shelf: AsyncEngine, cache: CacheProvider) -> None:
    desk = Desk(engine=shelf, cache=cache, coalesce=True)
    id = (await ids(shelf))["jane's fiction"]

    async def asked(name: str, role: str) -> str | None:
        with acting(name, role):
            return await desk.title(id)

    desk.behind.goes_on.clear()
    same = [asyncio.create_task(asked("cleo", CURATOR)) for _ in range(5)]
    other = asyncio.create_task(asked("jane", READER))
    while desk.behind.asked < 2:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    same[0].cancel()
    desk.behind.goes_on.set()

    assert await asyncio.gather(*same[1:], other) == ["jane's fiction"] * 5
    assert desk.behind.asked == 2


@pytest.mark.criterion("R15.2")
async def test_actors_whom_a_row_rule_concerns_share_nothing(desk: Desk) -> None:
    stored = await ids(desk.engine)
    seen: dict[str, list[str]] = {}
    for name in ("jane", "mary", "jane", "mary"):
        with acting(name, READER):
            titles = await desk.titles()
            assert seen.setdefault(name, titles) == titles
            foreign = "mary's science" if name == "jane" else "jane's science"
            assert await desk.title(stored[foreign]) is None
            assert await desk.title(stored[f"{name}'s science"]) is not None
            found = await desk.reader.page(listing())
            assert found.sharing is not None
            assert not found.sharing.is_public

    assert seen == {
        "jane": ["jane's fiction", "jane's science", "mary's fiction"],
        "mary": ["jane's fiction", "mary's fiction", "mary's science"],
    }
    with acting("cleo", CURATOR):
        assert len(await desk.titles()) == 4


async def test_actors_with_every_row_share_answers(desk: Desk) -> None:
    for name in ("cleo", "carl"):
        with acting(name, CURATOR):
            await desk.titles()
    assert desk.behind.asked == 1
    # What is embedded has rules of its own.
    for name in ("jane", "cleo", "carl"):
        with acting(name, READER if name == "jane" else CURATOR):
            await desk.titles(expand=(("author",),))

    assert desk.behind.asked == 3


async def test_an_actor_is_all_that_a_token_says(desk: Desk) -> None:
    actors = [
        Actor(id="jane", roles=frozenset({READER})),
        Actor(id="jane", roles=frozenset({READER, "other"})),
        Actor(id="jane", roles=frozenset({READER}), scopes=frozenset({"books"})),
        Actor(id="jane", roles=frozenset({READER}), claims={"tenant": "a"}),
        Actor(id="jane", roles=frozenset({READER}), claims={"tenant": "b"}),
    ]
    for _ in range(2):
        for actor in actors:
            with bound_context(ExecutionContext(actor=actor)):
                await desk.titles()

    assert desk.behind.asked == len(actors)


@pytest.mark.parametrize("negated", [False, True])
async def test_filters_through_a_relation_are_kept_by_who_may_look_there(
    shelf: AsyncEngine, cache: CacheProvider, negated: bool
) -> None:
    desk = Desk(engine=shelf, cache=cache, model=replace(GUARDED_BOOKS, access=None))
    where: Specification[Any] = AttributeSpecification(("author", "name"), Operator.EQ, "mary")
    if negated:
        where = NotSpecification(where)
    seen = {}
    for _ in range(3):
        for name, role in (("jane", READER), ("mary", READER), ("cleo", CURATOR)):
            with acting(name, role):
                seen[name] = len(await desk.titles(where=AndSpecification((where,))))

    assert seen == (
        {"jane": 4, "mary": 2, "cleo": 2} if negated else {"jane": 0, "mary": 2, "cleo": 2}
    )


async def test_whoever_may_not_ask_is_refused_although_it_is_kept(desk: Desk) -> None:
    id = (await ids(desk.engine))["jane's fiction"]
    with acting("cleo", CURATOR):
        await desk.title(id), await desk.titles()
    for name, refusal in (("jane", ForbiddenError), ("", UnauthenticatedError)):
        with acting(name):
            with pytest.raises(refusal):
                await desk.title(id)
            with pytest.raises(refusal):
                await desk.titles()
            with pytest.raises(refusal):
                await desk.reader.count(listing())


async def test_versions_of_the_api_share_nothing_that_looks_different(open_desk: Desk) -> None:
    id = (await ids(open_desk.engine))["jane's fiction"]
    whole = await open_desk.reader.one(id)
    less = await open_desk.reader.one(id, hidden=(("genre",),))

    assert whole is not None
    assert less is not None
    assert "genre" in orjson.loads(whole.body)
    assert "genre" not in orjson.loads(less.body)


async def test_the_order_of_what_is_asked_for_means_nothing(open_desk: Desk) -> None:
    first = AttributeSpecification[Any](TITLE, Operator.CONTAINS, "jane")
    second = AttributeSpecification[Any](("genre",), Operator.EQ, Genre.FICTION)
    for _ in range(2):
        for parts in ((first, second), (second, first)):
            await open_desk.titles(where=AndSpecification[Any](parts))

    # Twice until it is kept, then never.
    assert open_desk.behind.asked == 2


async def test_lists_of_a_clients_making_are_kept_when_they_are_asked_for_twice(
    open_desk: Desk,
) -> None:
    def search(word: str) -> dict[str, object]:
        return {"search": word}

    for word in ("jane", "mary"):
        await open_desk.titles(**search(word))
    deep = [{"page": 2_000, "size": 50}, {"page": 3_000, "size": 50}]
    for asked in deep:
        await open_desk.titles(**asked)
    assert open_desk.behind.asked == 4
    for _ in range(3):
        for word in ("jane", "mary"):
            await open_desk.titles(**search(word))
        for asked in deep:
            await open_desk.titles(**asked)

    assert open_desk.behind.asked == 8


async def test_errors_and_what_is_not_there_are_not_kept(open_desk: Desk) -> None:
    jane = (await author_ids(open_desk.engine))["jane"]
    book = Book(author_id=jane, title="late", genre=Genre.FICTION)
    open_desk.behind.fails = True
    with pytest.raises(ConnectionError):
        await open_desk.titles()
    open_desk.behind.fails = False

    assert await open_desk.title(book.id) is None
    assert len(await open_desk.titles()) == 4
    # Past the unit of work: nobody is told of it.
    async with SqlLibraryUnitOfWork(open_desk.engine) as work:
        await work.books.add(book)
        await work.commit()
    assert await open_desk.title(book.id) == "late"
    assert len(await open_desk.titles()) == 4


async def test_tags_of_the_project_drop_its_answers(open_desk: Desk) -> None:
    id = (await ids(open_desk.engine))["jane's fiction"]
    await open_desk.title(id), await open_desk.titles()
    await open_desk.cache.drop(["catalogue"])
    await open_desk.title(id), await open_desk.titles()

    assert open_desk.behind.asked == 4


async def test_a_writer_asks_the_rows(open_desk: Desk) -> None:
    id = (await ids(open_desk.engine))["jane's fiction"]
    await open_desk.title(id)
    async with SqlLibraryUnitOfWork(open_desk.engine) as work:
        book = await work.books.get(id)
        assert book is not None
        book.title = "past the cache"
        await work.books.save(book)
        await work.commit()

    assert await open_desk.reader.version(id) == 2
    assert await open_desk.reader.missing([id]) is None
    exported = [piece async for piece in open_desk.reader.export(listing(), format="json")]
    assert b"past the cache" in b"".join(exported)


async def test_reads_go_on_without_the_server(shelf: AsyncEngine) -> None:
    cache = RedisCache.at("redis://127.0.0.1:1", prefix="test")
    desk = Desk(engine=shelf, cache=cache, model=BOOKS, coalesce=True)
    id = (await ids(shelf))["jane's fiction"]

    assert [await desk.title(id) for _ in range(2)] == ["jane's fiction"] * 2
    await desk.rename(id, "renamed")
    assert await desk.title(id) == "renamed"
    await cache.close()
