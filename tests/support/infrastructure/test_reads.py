"""The log of reads: who was shown which rows, in whichever way, and no answer without a line."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.queries import ListQuery, PageStyle, Paging
from apigen.support.core.actor import Actor
from apigen.support.core.context import ExecutionContext, bound_context
from apigen.support.infrastructure.read_model import Embedded, ReadModel
from apigen.support.infrastructure.reader import SqlResourceReader
from apigen.support.infrastructure.reads import ReadLog, reads_table

from .library import AUTHORS, BOOKS, Author, AuthorId, Book, Row, SqlLibraryUnitOfWork

pytestmark = pytest.mark.asyncio

AUTHOR_READS = reads_table(Row.metadata.tables["authors"])
EVERY = ReadLog(table=AUTHOR_READS, every=True, fields={"name": "name"})
NAMES = ReadLog(table=AUTHOR_READS, fields={"name": "name"})
LOGGED = replace(AUTHORS, reads=EVERY)


@pytest_asyncio.fixture
async def authors(library: AsyncEngine) -> AsyncIterator[list[AuthorId]]:
    """Store three authors, the last with a book, and ask as somebody."""
    made = [Author(name=name) for name in ("Ada", "Bob", "Cy")]
    async with SqlLibraryUnitOfWork(library) as work:
        await work.authors.add_many(made)
        await work.books.add(Book(author_id=made[-1].id, title="T"))
        await work.commit()
    with bound_context(ExecutionContext(actor=Actor(id="eve"), correlation_id="c1")):
        yield [author.id for author in made]


def reader(
    engine: AsyncEngine, model: ReadModel = LOGGED, *, style: PageStyle = PageStyle.OFFSET
) -> SqlResourceReader[Any]:
    """Return a reader of authors whose reads are logged."""
    return SqlResourceReader(engine, model, Paging(style=style))


async def lines(engine: AsyncEngine) -> list[sa.Row[Any]]:
    """Return the log."""
    async with engine.connect() as connection:
        told = sa.select(AUTHOR_READS).order_by(AUTHOR_READS.c.owner_id)
        return list(await connection.execute(told))


@pytest.mark.criterion("R98.4")
async def test_one_row_that_is_shown_is_one_line(
    library: AsyncEngine, authors: list[AuthorId]
) -> None:
    shown = await reader(library).one(authors[1])

    assert shown is not None
    (line,) = await lines(library)
    assert (line.owner_id, line.actor_id, line.correlation_id) == (authors[1], "eve", "c1")
    assert line.fields == ["name"]


async def test_a_row_that_is_known_is_shown_again(
    library: AsyncEngine, authors: list[AuthorId]
) -> None:
    """Whoever asks whether it has changed is told what it is, and that is noted."""
    shown = await reader(library).one(authors[1], known=1)

    assert shown is not None
    assert shown.body
    assert [line.owner_id for line in await lines(library)] == [authors[1]]


async def test_a_row_that_is_not_there_is_shown_to_nobody(
    library: AsyncEngine, authors: list[AuthorId]
) -> None:
    assert await reader(library).one(authors[-1] + 1) is None
    assert await reader(library).count(ListQuery()) == 3

    assert await lines(library) == []


@pytest.mark.parametrize("style", list(PageStyle))
async def test_a_page_has_a_line_for_each_row_on_it(
    library: AsyncEngine, authors: list[AuthorId], style: PageStyle
) -> None:
    await reader(library, style=style).page(ListQuery(size=2))

    seen = [line.owner_id for line in await lines(library)]
    assert seen == (authors if style is PageStyle.NONE else authors[:2])


@pytest.mark.parametrize("format", ["csv", "json"])
async def test_an_export_is_logged_as_it_is_sent(
    library: AsyncEngine, authors: list[AuthorId], format: Any
) -> None:
    pieces = reader(library).export(ListQuery(), format=format)

    await anext(pieces)
    assert await lines(library) == []
    async for _ in pieces:
        pass

    assert [line.owner_id for line in await lines(library)] == authors


async def test_what_is_embedded_is_shown_too(library: AsyncEngine, authors: list[AuthorId]) -> None:
    books = Row.metadata.tables["books"]
    writer = Embedded(model=lambda: LOGGED, local=books.c.author_id, match=LOGGED.key[0])
    model = replace(BOOKS, expansions={"author": writer})

    await reader(library, model).page(ListQuery(size=5))
    assert await lines(library) == []
    await reader(library, model).page(ListQuery(size=5, expand=(("author",),)))

    assert [line.owner_id for line in await lines(library)] == authors[-1:]


@pytest.mark.criterion("R98.4")
async def test_a_field_that_is_audited_is_logged_where_it_is_shown(
    library: AsyncEngine, authors: list[AuthorId]
) -> None:
    """A version of the API that does not show it leaves no line."""
    model = replace(AUTHORS, reads=NAMES)

    await reader(library, model).one(authors[0], hidden=(("name",),))
    assert await lines(library) == []
    await reader(library, model).one(authors[0])

    assert [line.fields for line in await lines(library)] == [["name"]]


async def test_what_can_not_be_logged_is_not_shown(
    library: AsyncEngine, authors: list[AuthorId]
) -> None:
    async with library.begin() as connection:
        await connection.run_sync(AUTHOR_READS.drop)

    with pytest.raises(SQLAlchemyError):
        await reader(library).one(authors[0])
    with pytest.raises(SQLAlchemyError):
        await reader(library).page(ListQuery(size=2))
