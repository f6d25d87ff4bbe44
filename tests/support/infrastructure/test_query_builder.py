"""Queries by checked names, typed by the row."""

from typing import assert_type

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.core.errors import ValidationError
from apigen.support.domain.specification import Operator
from apigen.support.infrastructure.query_builder import QueryBuilder
from apigen.support.infrastructure.repository import SqlRepository

from .library import Author, Book, BookRow, Chapter, SqlLibraryUnitOfWork


@pytest.mark.criterion("R1.2", "R46.1")
def test_type_parameters_are_written_as_pep_695_has_them() -> None:
    assert [str(one) for one in SqlRepository.__type_params__] == ["EntityT", "IdT", "RowT"]
    assert [str(one) for one in QueryBuilder.__type_params__] == ["RowT"]


@pytest.mark.criterion("R46.3", "R46.4")
async def test_relationships_are_followed_and_rows_are_typed(library: AsyncEngine) -> None:
    async with SqlLibraryUnitOfWork(library) as work:
        author = Author(name="Jane")
        await work.authors.add(author)
        for title in ("a", "b"):
            await work.books.add(
                Book(author_id=author.id, title=title, chapters=[Chapter(title=f"{title}1")])
            )
        query = QueryBuilder(row_type=BookRow, session=work.session)

        by_chapter = query.having(
            BookRow.chapters, lambda chapters: chapters.where("title", Operator.EQ, "b1")
        )
        found = await by_chapter.all()
        first = await query.order_by("-title").first()
        rest = await query.order_by("title").offset(1).all()
        none = await query.where("title", Operator.EQ, "z").first()

    assert_type(found, list[BookRow])
    assert [row.title for row in found] == ["b"]
    assert first is not None
    assert first.title == "b"
    assert [row.title for row in rest] == ["b"]
    assert none is None


@pytest.mark.criterion("R46.2")
async def test_names_are_checked(library: AsyncEngine) -> None:
    async with SqlLibraryUnitOfWork(library) as work:
        query = QueryBuilder(row_type=BookRow, session=work.session)
        with pytest.raises(ValidationError, match="BookRow has no attribute x"):
            query.where("x", Operator.EQ, 1)
        with pytest.raises(ValidationError, match="ChapterRow has no attribute x"):
            query.where("chapters.x", Operator.EQ, 1)
        with pytest.raises(ValidationError, match="has no attribute nothing"):
            query.order_by("-nothing")
