"""Questions with a name are answered from a read model: a flattened view, whose rows are chosen."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

import orjson
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.access import AccessControl, Permission
from apigen.support.application.commands import Query
from apigen.support.application.queries import PageQuery, Sort
from apigen.support.application.results import ServiceResult
from apigen.support.core.actor import Actor
from apigen.support.core.context import ExecutionContext, bound_context
from apigen.support.core.errors import ForbiddenError, UnauthenticatedError
from apigen.support.core.result import Ok
from apigen.support.infrastructure.questions import SqlQuestion
from apigen.support.infrastructure.read_model import ReadModel
from apigen.support.infrastructure.row_access import RowAccess

from .library import Author, Book, Genre, SqlLibraryUnitOfWork, _authors, _books

SHELF: ReadModel = ReadModel(
    resource="shelf entry",
    table=_books,
    key=(_books.c.id,),
    outputs=(
        _books.c.title,
        sa.select(_authors.c.name)
        .where(_authors.c.id == _books.c.author_id)
        .scalar_subquery()
        .label("author_name"),
    ),
)
ACCESS = RowAccess(
    control=AccessControl[None]("library", {"titled": (Permission("reader", rows="short"),)}),
    rules={"short": lambda _: sa.func.length(_books.c.title) < 3},
)


@dataclass(frozen=True, kw_only=True)
class Titled(PageQuery):
    """Books whose title begins so."""

    begins: str = ""


@dataclass(frozen=True, kw_only=True)
class Counted(Query[int]):
    """How many there are."""


def question(engine: AsyncEngine, *, limit: int | None = None) -> SqlQuestion[Titled]:
    return SqlQuestion(
        engine,
        SHELF,
        operation="titled",
        where=lambda asked: _books.c.title.startswith(asked.begins),
        sort=(Sort(path=("title",), descending=True),),
        limit=limit,
    )


def guarded(engine: AsyncEngine) -> SqlQuestion[Titled]:
    return SqlQuestion(engine, SHELF, operation="titled", access=ACCESS)


@pytest_asyncio.fixture
async def shelf(library: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    async with SqlLibraryUnitOfWork(library) as work:
        jane = Author(name="Jane")
        await work.authors.add(jane)
        for title in ("a", "ab", "abc", "b"):
            await work.books.add(Book(author_id=jane.id, title=title, genre=Genre.FICTION))
        await work.commit()
    yield library


def answer[ValueT](result: ServiceResult[ValueT]) -> ValueT:
    assert isinstance(result, Ok)
    return result.value


def titles(items: Sequence[dict[str, str]]) -> list[str]:
    return [item["title"] for item in items]


@pytest.mark.criterion("R44.4")
async def test_a_view_shows_what_stands_in_other_tables(shelf: AsyncEngine) -> None:
    found = answer(await question(shelf).one(Titled(begins="b")))

    assert found is not None
    assert orjson.loads(found) == {"title": "b", "author_name": "Jane"}


async def test_a_page_has_the_rows_that_are_asked_for_in_order(shelf: AsyncEngine) -> None:
    page = orjson.loads(answer(await question(shelf).page(Titled(begins="a", page=2, size=2))))

    assert titles(page["items"]) == ["a"]
    assert page["total"] == 3


async def test_a_page_is_not_counted_when_that_is_not_asked_for(shelf: AsyncEngine) -> None:
    asked = Titled(begins="a", size=2, count=False)

    page = orjson.loads(answer(await question(shelf).page(asked)))

    assert (titles(page["items"]), page["has_next"], page["total"]) == (["abc", "ab"], True, None)


async def test_a_list_ends_at_its_limit(shelf: AsyncEngine) -> None:
    rows = orjson.loads(answer(await question(shelf, limit=2).list(Titled(begins="a"))))

    assert titles(rows) == ["abc", "ab"]


async def test_numbers_and_whether_there_is_any(shelf: AsyncEngine) -> None:
    asked = question(shelf)

    assert answer(await asked.count(Titled(begins="a"))) == 3
    assert answer(await asked.exists(Titled(begins="ab"))) is True
    assert answer(await asked.exists(Titled(begins="z"))) is False
    assert answer(await asked.one(Titled(begins="z"))) is None


async def test_only_a_query_of_pages_has_pages(shelf: AsyncEngine) -> None:
    asked: SqlQuestion[Counted] = SqlQuestion(shelf, SHELF, operation="counted")

    with pytest.raises(TypeError, match="Counted asks for no page"):
        await asked.page(Counted())


async def test_a_query_without_an_owner_has_permissions_of_its_own(shelf: AsyncEngine) -> None:
    asked = guarded(shelf)

    with pytest.raises(UnauthenticatedError):
        await asked.count(Titled())
    with bound_context(ExecutionContext(actor=Actor(id="u1"))), pytest.raises(ForbiddenError):
        await asked.count(Titled())
    reader = Actor(id="u1", roles=frozenset({"reader"}))
    with bound_context(ExecutionContext(actor=reader)):
        assert answer(await asked.count(Titled())) == 3


async def test_a_hand_written_answer_is_for_those_who_may_ask_and_of_what_they_may_see(
    shelf: AsyncEngine,
) -> None:
    async def count(engine: AsyncEngine, rows: sa.Subquery, _: Titled) -> ServiceResult[int]:
        async with engine.connect() as connection:
            found = await connection.scalars(sa.select(rows.c.title).order_by(rows.c.title))
            return Ok(len(found.all()))

    asked = guarded(shelf).written(count)

    with pytest.raises(UnauthenticatedError):
        await asked(Titled())
    with bound_context(ExecutionContext(actor=Actor(id="u1"))), pytest.raises(ForbiddenError):
        await asked(Titled())
    with bound_context(ExecutionContext(actor=Actor(id="u1", roles=frozenset({"reader"})))):
        assert answer(await asked(Titled())) == 3


async def test_a_hand_written_answer_has_no_row_that_may_not_be_read(shelf: AsyncEngine) -> None:
    """Nor one that is deleted; who may read none is answered of none."""

    async def count(engine: AsyncEngine, rows: sa.Subquery, _: Counted) -> ServiceResult[int]:
        async with engine.connect() as connection:
            return Ok(await connection.scalar(sa.select(sa.func.count(rows.c.id))) or 0)

    control = AccessControl[int](
        "book", {"counted": (Permission("public"),), "read": (Permission("reader", rows="short"),)}
    )
    rules = {"short": lambda _: sa.func.length(_books.c.title) < 3}
    model = replace(SHELF, access=RowAccess(control=control, rules=rules))
    asked = SqlQuestion[Counted](shelf, model, operation="counted").written(count)

    everything = answer(await SqlQuestion[Counted](shelf, SHELF, operation="x").count(Counted()))
    stranger = answer(await asked(Counted()))
    with bound_context(ExecutionContext(actor=Actor(id="u1", roles=frozenset({"reader"})))):
        reader = answer(await asked(Counted()))
        live = replace(model, live=_books.c.title == "a")
        one = SqlQuestion[Counted](shelf, live, operation="counted").written(count)
        assert answer(await one(Counted())) == 1

    assert stranger == 0
    assert 0 < reader < everything
