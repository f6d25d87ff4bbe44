"""Seed rows: checked, stored at once, and only once."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.core.protocols import QueryOptions
from apigen.support.infrastructure.seeding import (
    Normal,
    Seed,
    SeedError,
    load_seeds,
    normalized,
)

from .library import (
    Author,
    AuthorId,
    Book,
    SqlAuthorRepository,
    SqlBookRepository,
    SqlLibraryUnitOfWork,
)

AUTHORS = Seed(file="authors.json", aggregate=Author, repository=SqlAuthorRepository)
BOOKS = Seed(
    file="books.json",
    aggregate=Book,
    repository=SqlBookRepository,
    names={"author": ("author_id", {}), "chapters": ("chapters", {"name": ("title", {})})},
)
BOOK = {
    "id": "018f0000-0000-7000-8000-000000000001",
    "author": 7,
    "title": "Emma",
    "price": {"amount": "1.50", "currency": "EUR"},
    "coauthors": [7],
    "chapters": [{"name": "one"}],
}


def write(folder: Path, **files: object) -> None:
    """Write seed files."""
    for name, rows in files.items():
        (folder / f"{name}.json").write_text(json.dumps(rows))


async def test_a_set_is_loaded_once(library: AsyncEngine, tmp_path: Path) -> None:
    write(tmp_path, authors=[{"id": 7, "name": "Jane"}], books=[BOOK])

    first = await load_seeds(library, (AUTHORS, BOOKS), tmp_path)
    second = await load_seeds(library, (AUTHORS, BOOKS), tmp_path)

    assert first == {"authors.json": 1, "books.json": 1}
    assert second == {"authors.json": 0, "books.json": 0}
    async with SqlLibraryUnitOfWork(library) as work:
        (book,) = await work.books.find(QueryOptions())
        later = Author(name="Mary")
        await work.authors.add(later)
    assert (book.author_id, book.coauthors) == (AuthorId(7), frozenset({AuthorId(7)}))
    assert [chapter.title for chapter in book.chapters] == ["one"]
    assert later.id > 7


async def test_rows_without_a_key_only_go_into_an_empty_table(
    library: AsyncEngine, tmp_path: Path
) -> None:
    write(tmp_path, authors=[{"name": "Jane"}, {"name": "Mary"}])

    first = await load_seeds(library, (AUTHORS,), tmp_path)
    second = await load_seeds(library, (AUTHORS,), tmp_path)

    assert (first, second) == ({"authors.json": 2}, {"authors.json": 0})


async def test_texts_are_normalized_as_in_a_request(library: AsyncEngine, tmp_path: Path) -> None:
    write(tmp_path, authors=[{"id": 7, "name": " Jane "}], books=[BOOK | {"title": "EMMA"}])
    authors = replace(AUTHORS, normal={"name": ("trim", "upper")})
    books = replace(BOOKS, normal={"title": ("lower",), "chapters": {"title": ("upper",)}})

    await load_seeds(library, (authors, books), tmp_path)

    async with SqlLibraryUnitOfWork(library) as work:
        (author,) = await work.authors.find(QueryOptions())
        (book,) = await work.books.find(QueryOptions())
    assert author.name == "JANE"
    assert (book.title, book.chapters[0].title) == ("emma", "ONE")
    assert author.created_at == author.updated_at


def test_texts_of_collections_are_normalized_one_by_one() -> None:
    normal: Normal = {"tags": ("lower",), "labels": ("trim",)}

    row = normalized({"tags": ["A", "b"], "labels": {"X": " y "}, "other": "Z", "n": 1}, normal)

    assert row == {"tags": ["a", "b"], "labels": {"X": "y"}, "other": "Z", "n": 1}


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([{"name": "Jane"}, {"nome": "x"}], "row 1.name: Field required"),
        ([{"name": "Jane"}, {"name": "Mary", "age": 3}], "row 1.age: Unexpected keyword"),
        ([{"name": "Jane"}, {"name": "Jane"}], "already|exists"),
        ([{"name": "Jane", "mentor_id": 99}], "does not exist"),
    ],
)
async def test_a_bad_row_is_named_and_nothing_is_stored(
    library: AsyncEngine, tmp_path: Path, rows: list[object], problem: str
) -> None:
    write(tmp_path, authors=rows)

    with pytest.raises(SeedError, match=problem):
        await load_seeds(library, (AUTHORS,), tmp_path)

    async with SqlLibraryUnitOfWork(library) as work:
        assert await work.authors.count() == 0


async def test_a_missing_or_broken_file_is_named(library: AsyncEngine, tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"authors\.json: cannot be read"):
        await load_seeds(library, (AUTHORS,), tmp_path)
    (tmp_path / "authors.json").write_text("[{")
    with pytest.raises(SeedError, match=r"authors\.json: is not JSON"):
        await load_seeds(library, (AUTHORS,), tmp_path)
