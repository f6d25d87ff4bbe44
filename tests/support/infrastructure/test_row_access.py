"""Row rules hold on every read and every write, in the database."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import orjson
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.access import AccessControl, Permission, WriteAccess
from apigen.support.application.queries import ListQuery, Paging, Sort
from apigen.support.application.results import ServiceResult
from apigen.support.application.service import GenericService
from apigen.support.core.actor import ANONYMOUS, Actor
from apigen.support.core.context import ExecutionContext, bound_context
from apigen.support.core.errors import ForbiddenError, UnauthenticatedError
from apigen.support.core.result import Err, Ok
from apigen.support.domain.specification import AttributeSpecification, Operator
from apigen.support.infrastructure.read_model import Embedded, Path, ReadModel
from apigen.support.infrastructure.reader import SqlResourceReader
from apigen.support.infrastructure.row_access import RowAccess, RowRules

from .library import (
    AUTHORS,
    BOOKS,
    Author,
    AuthorId,
    AuthorRow,
    Book,
    BookId,
    BookRow,
    Genre,
    SqlBookRepository,
    SqlLibraryUnitOfWork,
)

_authors, _books = AuthorRow.__table__, BookRow.__table__

READER = "reader"
"""A role: reads fiction and what is by them; changes and exports what is by them."""
CURATOR = "curator"
"""A role: reads and changes everything."""

BOOK_RULES: RowRules = {
    "fiction": lambda actor: _books.c.genre == Genre.FICTION,
    "own": lambda actor: sa.exists().where(
        _authors.c.id == _books.c.author_id, _authors.c.name == actor.id
    ),
}
BOOK_CONTROL = AccessControl[BookId](
    "book",
    {
        "read": (
            Permission(READER, rows="fiction"),
            Permission(READER, rows="own"),
            Permission(CURATOR),
        ),
        "create": (Permission(READER, rows="own"), Permission(CURATOR)),
        "update": (Permission(READER, rows="own"), Permission(CURATOR)),
        "delete": (Permission(READER, rows="own"), Permission(CURATOR)),
        # More than may be read: what is exported has to be readable as well.
        "export": (Permission(READER),),
    },
)
AUTHOR_RULES: RowRules = {"self": lambda actor: _authors.c.name == actor.id}
AUTHOR_CONTROL = AccessControl[AuthorId](
    "author", {"read": (Permission(READER, rows="self"), Permission(CURATOR))}
)
BOOK_ACCESS = RowAccess(control=BOOK_CONTROL, rules=BOOK_RULES)
AUTHOR_ACCESS = RowAccess(control=AUTHOR_CONTROL, rules=AUTHOR_RULES)


GUARDED_BOOKS: ReadModel = replace(
    BOOKS,
    access=BOOK_ACCESS,
    expansions={
        "author": Embedded(
            model=lambda: GUARDED_AUTHORS, local=_books.c.author_id, match=_authors.c.id
        )
    },
    paths={
        "author.name": Path(
            column=_authors.c.name,
            joins=(_authors.c.id == _books.c.author_id,),
            to_one=True,
            access=(AUTHOR_ACCESS,),
        )
    },
)
GUARDED_AUTHORS: ReadModel = replace(
    AUTHORS,
    access=AUTHOR_ACCESS,
    expansions={
        "books": Embedded(
            model=lambda: GUARDED_BOOKS, local=_authors.c.id, match=_books.c.author_id, many=True
        )
    },
    paths={
        "books.title": Path(
            column=_books.c.title,
            joins=(_books.c.author_id == _authors.c.id,),
            to_one=False,
            access=(BOOK_ACCESS,),
        )
    },
)


class GuardedBooks(SqlBookRepository):
    """Books with the rules of their access."""

    row_rules = BOOK_RULES


@contextmanager
def acting(id: str, *roles: str) -> Iterator[None]:
    """Run a block on behalf of somebody."""
    actor = Actor(id=id, roles=frozenset(roles)) if id else ANONYMOUS
    with bound_context(ExecutionContext(actor=actor)):
        yield


@pytest_asyncio.fixture
async def shelf(library: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """Two authors, each with a book of fiction and one of science."""
    async with SqlLibraryUnitOfWork(library) as work:
        for name in ("jane", "mary"):
            author = Author(name=name)
            await work.authors.add(author)
            for genre in Genre:
                await work.books.add(
                    Book(author_id=author.id, title=f"{name}'s {genre}", genre=genre)
                )
        await work.commit()
    yield library


def books_of(engine: AsyncEngine) -> SqlResourceReader[BookId]:
    return SqlResourceReader(engine, GUARDED_BOOKS, Paging())


def authors_of(engine: AsyncEngine) -> SqlResourceReader[AuthorId]:
    return SqlResourceReader(engine, GUARDED_AUTHORS, Paging())


def service_of(
    engine: AsyncEngine,
) -> GenericService[SqlLibraryUnitOfWork, Book, BookId, Book, dict[str, Any]]:
    """Return a service whose payloads are books, and attributes to set."""

    def change(book: Book, data: dict[str, Any]) -> None:
        for name, value in data.items():
            setattr(book, name, value)

    return GenericService(
        resource="book",
        unit_of_work=lambda: SqlLibraryUnitOfWork(engine),
        repository=lambda work: GuardedBooks(work.session),
        build=lambda book: book,
        change=change,
        access=WriteAccess(control=BOOK_CONTROL, rows=lambda work: GuardedBooks(work.session)),
    )


async def ids(engine: AsyncEngine) -> dict[str, BookId]:
    """Return all books by title."""
    async with engine.connect() as connection:
        rows = await connection.execute(sa.select(_books.c.title, _books.c.id))
        return {row.title: BookId(row.id) for row in rows}


async def author_ids(engine: AsyncEngine) -> dict[str, AuthorId]:
    async with engine.connect() as connection:
        rows = await connection.execute(sa.select(_authors.c.name, _authors.c.id))
        return {row.name: AuthorId(row.id) for row in rows}


async def titles(engine: AsyncEngine, query: ListQuery | None = None) -> list[str]:
    """Return the titles of a page."""
    page = orjson.loads((await books_of(engine).page(query or listing())).body)
    assert page["total"] == len(page["items"])
    return [item["title"] for item in page["items"]]


def listing(**changes: Any) -> ListQuery:
    return ListQuery(**{"sort": (Sort(path=("title",)),), "size": 50, **changes})


def code_of(result: ServiceResult[Any]) -> str | None:
    """Return why something was refused; None when it was done."""
    return result.error.code if isinstance(result, Err) else None


FICTION_AND_OWN = ["jane's fiction", "jane's science", "mary's fiction"]


@pytest.mark.criterion("R15.2")
async def test_a_list_and_its_total_have_what_may_be_read(shelf: AsyncEngine) -> None:
    with acting("jane", READER):
        assert await titles(shelf) == FICTION_AND_OWN
        assert await books_of(shelf).count(listing()) == 3
    with acting("somebody", READER):
        assert await titles(shelf) == ["jane's fiction", "mary's fiction"]
    with acting("jane", READER, CURATOR):
        assert len(await titles(shelf)) == 4


async def test_a_search_finds_what_may_be_read(shelf: AsyncEngine) -> None:
    with acting("jane", READER):
        assert await titles(shelf, listing(search="science")) == ["jane's science"]


@pytest.mark.criterion("R15.2")
async def test_nothing_that_is_kept_tells_one_actor_what_another_may_see(
    shelf: AsyncEngine,
) -> None:
    model = replace(GUARDED_BOOKS, access=None)
    kept: SqlResourceReader[BookId] = SqlResourceReader(shelf, model, Paging())
    queries = [listing(sort=(Sort(path=("author", "name")),)), listing(sort=())]
    id = (await ids(shelf))["mary's science"]

    for name, role in (("mary", READER), ("jane", READER), ("jane", CURATOR), ("mary", READER)):
        with acting(name, role):
            for query in queries:
                fresh: SqlResourceReader[BookId] = SqlResourceReader(shelf, model, Paging())
                assert await kept.page(query) == await fresh.page(query)
            assert await kept.one(id) == await fresh.one(id)


async def test_one_that_may_not_be_read_is_not_there(shelf: AsyncEngine) -> None:
    stored = await ids(shelf)
    foreign = stored["mary's science"]
    with acting("jane", READER):
        reader = books_of(shelf)

        assert await reader.one(stored["jane's science"]) is not None
        assert await reader.one(foreign) is None
        assert await reader.one(foreign, known=1) is None
        known = await reader.one(stored["jane's science"], known=1)
        assert known is not None
        assert (known.version, known.body) == (1, b"")
        assert await reader.version(foreign) is None
        assert await reader.missing([*stored.values()]) == foreign


async def test_an_export_has_what_may_be_read_even_when_more_may_be_exported(
    shelf: AsyncEngine,
) -> None:
    with acting("jane", READER):
        pieces = [piece async for piece in books_of(shelf).export(listing(), format="json")]

    exported = orjson.loads(b"".join(pieces))
    assert [item["title"] for item in exported] == FICTION_AND_OWN


@pytest.mark.parametrize(("roles", "refusal"), [((CURATOR,), ForbiddenError), ((), ForbiddenError)])
async def test_an_export_needs_a_permission_of_its_own(
    shelf: AsyncEngine, roles: Sequence[str], refusal: type[Exception]
) -> None:
    with acting("jane", *roles), pytest.raises(refusal):
        await anext(books_of(shelf).export(listing(), format="csv"))


async def test_without_a_permission_nothing_is_read(shelf: AsyncEngine) -> None:
    with acting("jane"):
        with pytest.raises(ForbiddenError):
            await titles(shelf)
        with pytest.raises(ForbiddenError):
            await books_of(shelf).one((await ids(shelf))["jane's fiction"])
    with acting(""), pytest.raises(UnauthenticatedError):
        await books_of(shelf).count(listing())


async def test_what_is_embedded_has_what_may_be_read(shelf: AsyncEngine) -> None:
    with acting("jane", READER):
        page = orjson.loads((await books_of(shelf).page(listing(expand=(("author",),)))).body)
        author = (await author_ids(shelf))["jane"]
        own = await authors_of(shelf).one(author, expand=(("books",),))

    shown = [(item["expanded"]["author"] or {}).get("name") for item in page["items"]]
    assert shown == ["jane", "jane", None]
    assert own is not None
    books = orjson.loads(own.body)["expanded"]["books"]
    assert sorted(book["title"] for book in books) == ["jane's fiction", "jane's science"]


async def test_embedding_of_embedded_rows_is_guarded_too(shelf: AsyncEngine) -> None:
    mary = (await author_ids(shelf))["mary"]
    with acting("mary", READER):
        found = await authors_of(shelf).one(mary, expand=(("books", "author"),))
    with acting("jane", READER):
        hidden = await authors_of(shelf).one(mary, expand=(("books",),))

    assert found is not None
    assert hidden is None


async def test_filters_through_a_relation_do_not_tell_what_is_behind_it(
    shelf: AsyncEngine,
) -> None:
    def by(name: str) -> ListQuery:
        return listing(where=AttributeSpecification(("author", "name"), Operator.EQ, name))

    with acting("jane", READER):
        assert await titles(shelf, by("mary")) == []
        assert await titles(shelf, by("jane")) == ["jane's fiction", "jane's science"]
        for pattern in ("m", "z"):
            like = AttributeSpecification[Book](("author", "name"), Operator.STARTSWITH, pattern)
            assert await titles(shelf, listing(where=like)) == []
            assert await titles(shelf, listing(where=~like)) == FICTION_AND_OWN


async def test_orders_through_a_relation_do_not_tell_what_is_behind_it(
    shelf: AsyncEngine,
) -> None:
    async with SqlLibraryUnitOfWork(shelf) as work:
        last = Author(name="zoe")
        await work.authors.add(last)
        await work.books.add(Book(author_id=last.id, title="a", genre=Genre.FICTION))
        await work.commit()
    by_author = listing(sort=(Sort(path=("author", "name")), Sort(path=("title",))))

    with acting("somebody", READER):
        # All authors are unknown, so the title alone decides.
        assert await titles(shelf, by_author) == ["a", "jane's fiction", "mary's fiction"]


async def test_filters_through_a_collection_count_rows_that_may_be_read(
    shelf: AsyncEngine,
) -> None:
    where = AttributeSpecification[Author](("books", "title"), Operator.CONTAINS, "science")
    async with SqlLibraryUnitOfWork(shelf) as work:
        await work.authors.add(Author(name="somebody"))
        await work.commit()

    with acting("mary", READER):
        assert await authors_of(shelf).count(listing(sort=(), where=where)) == 1
    with acting("somebody", CURATOR):
        assert await authors_of(shelf).count(listing(sort=(), where=where)) == 2


@pytest.mark.criterion("R15.2")
async def test_a_row_is_created_for_oneself_only(shelf: AsyncEngine) -> None:
    authors, service = await author_ids(shelf), service_of(shelf)

    with acting("jane", READER):
        own = await service.create(Book(author_id=authors["jane"], title="mine"))
        foreign = await service.create(Book(author_id=authors["mary"], title="theirs"))
        many = await service.create_many(
            [Book(author_id=authors[name], title="several") for name in ("jane", "mary")]
        )

    assert isinstance(own, Ok)
    assert code_of(foreign) == "forbidden"
    assert code_of(many) == "forbidden"
    assert {"mine"} == set(await ids(shelf)) - {
        f"{name}'s {genre}" for name in ("jane", "mary") for genre in Genre
    }


async def test_a_row_that_may_be_read_only_is_not_changed(shelf: AsyncEngine) -> None:
    stored, service = await ids(shelf), service_of(shelf)

    with acting("jane", READER):
        readable = await service.update(stored["mary's fiction"], {"title": "x"})
        hidden = await service.update(stored["mary's science"], {"title": "x"})
        deleted = await service.delete(stored["mary's fiction"])
        unknown = await service.delete(stored["mary's science"])
        own = await service.update(stored["jane's science"], {"title": "y"})

    assert code_of(readable) == "forbidden"
    assert code_of(hidden) == "not_found"
    assert code_of(deleted) == "forbidden"
    assert code_of(unknown) == "not_found"
    assert isinstance(own, Ok)
    assert set(await ids(shelf)) == {"jane's fiction", "y", "mary's fiction", "mary's science"}


async def test_a_hidden_row_is_answered_like_one_that_is_not_there(shelf: AsyncEngine) -> None:
    stored, service = await ids(shelf), service_of(shelf)
    hidden, missing = stored["mary's science"], BookId(stored["jane's fiction"])
    with acting("jane", CURATOR):
        await service.delete(missing)

    with acting("jane", READER):
        first = await service.update(hidden, {"title": "x"}, expected_version=99)
        second = await service.update(missing, {"title": "x"}, expected_version=99)

    assert isinstance(first, Err)
    assert isinstance(second, Err)
    assert first.error.message.replace(str(hidden), "…") == second.error.message.replace(
        str(missing), "…"
    )


async def test_a_row_is_not_moved_out_of_reach_or_given_away(shelf: AsyncEngine) -> None:
    stored, authors, service = await ids(shelf), await author_ids(shelf), service_of(shelf)

    with acting("jane", READER):
        given = await service.update(stored["jane's fiction"], {"author_id": authors["mary"]})
    with acting("jane", CURATOR):
        moved = await service.update(stored["jane's fiction"], {"author_id": authors["mary"]})

    assert code_of(given) == "forbidden"
    assert isinstance(moved, Ok)


async def test_of_several_rows_none_is_changed_when_one_may_not(shelf: AsyncEngine) -> None:
    stored, service = await ids(shelf), service_of(shelf)

    with acting("jane", READER):
        result = await service.update_many(
            [(stored["jane's fiction"], {"title": "x"}), (stored["mary's fiction"], {"title": "y"})]
        )

    assert code_of(result) == "forbidden"
    assert set(await ids(shelf)) == set(stored)


async def test_whoever_may_do_it_with_no_row_is_refused_before_the_database_is_asked(
    shelf: AsyncEngine,
) -> None:
    service = service_of(shelf)
    await shelf.dispose()

    with acting("jane"):
        forbidden = await service.create(Book(author_id=AuthorId(1), title="x"))
    with acting(""):
        unknown = await service.delete(BookId((Book(author_id=AuthorId(1), title="x")).id))

    assert code_of(forbidden) == "forbidden"
    assert code_of(unknown) == "unauthenticated"
