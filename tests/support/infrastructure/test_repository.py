"""Aggregates stored and loaded, on every database."""

import asyncio
from decimal import Decimal

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.core.errors import (
    ConflictError,
    InvariantViolation,
    NotFoundError,
    PreconditionFailedError,
    ReferenceConflictError,
    ValidationError,
)
from apigen.support.core.protocols import QueryOptions
from apigen.support.domain.specification import (
    AttributeSpecification,
    Operator,
    PredicateSpecification,
)

from .library import (
    Author,
    AuthorId,
    AuthorRow,
    Book,
    Chapter,
    ChapterRow,
    Genre,
    Note,
    NoteId,
    Price,
    SqlLibraryUnitOfWork,
)


def a_book(author: Author, **values: object) -> Book:
    """Return a book with two chapters, the first with a note."""
    return Book(
        author_id=author.id,
        title="Emma",
        price=Price(amount=Decimal("9.90"), currency="EUR"),
        words=frozenset({"b", "a"}),
        chapters=[Chapter(title="one", notes=[Note(text="hm")]), Chapter(title="two")],
        **values,  # type: ignore[arg-type]  # a test says what it needs
    )


async def an_author(engine: AsyncEngine, name: str = "Jane") -> Author:
    """Return a stored author."""
    author = Author(name=name)
    async with SqlLibraryUnitOfWork(engine) as work:
        await work.authors.add(author)
        await work.commit()
    return author


async def stored(engine: AsyncEngine, book: Book) -> Book:
    """Store a book and return what is read back."""
    async with SqlLibraryUnitOfWork(engine) as work:
        await work.books.add(book)
        await work.commit()
    return await read(engine, book)


async def read(engine: AsyncEngine, book: Book) -> Book:
    """Read a book in a transaction of its own."""
    async with SqlLibraryUnitOfWork(engine) as work:
        found = await work.books.get(book.id)
    assert found is not None
    return found


@pytest.mark.criterion("R1.1")
async def test_an_aggregate_comes_back_as_it_was_stored(library: AsyncEngine) -> None:
    author, other = await an_author(library), await an_author(library, "Mary")
    book = a_book(author, genre=Genre.SCIENCE, coauthors=frozenset({other.id}))

    found = await stored(library, book)

    assert author.id > 0
    assert (found.title, found.genre, found.price) == (book.title, book.genre, book.price)
    assert (found.words, found.coauthors) == (book.words, book.coauthors)
    assert [chapter.title for chapter in found.chapters] == ["one", "two"]
    assert [note.text for note in found.chapters[0].notes] == ["hm"]
    assert found.chapters[0].notes[0].id == book.chapters[0].notes[0].id > 0


async def test_children_are_updated_in_place_inserted_and_deleted(library: AsyncEngine) -> None:
    author, other = await an_author(library), await an_author(library, "Mary")
    book = await stored(library, a_book(author))
    kept = book.chapters[0].id

    async with SqlLibraryUnitOfWork(library) as work:
        changed = await work.books.get(book.id)
        assert changed is not None
        changed.chapters = [Chapter(title="zero"), changed.chapters[0]]
        changed.chapters[1].notes.append(Note(text="more"))
        changed.price = None
        changed.coauthors = frozenset({other.id})
        await work.books.save(changed)
        await work.commit()
    found = await read(library, book)

    assert [chapter.title for chapter in found.chapters] == ["zero", "one"]
    assert found.chapters[1].id == kept
    assert [note.text for note in found.chapters[1].notes] == ["hm", "more"]
    assert found.price is None
    assert found.coauthors == {other.id}
    assert found.version == changed.version == 2


async def test_children_may_swap_unique_values(library: AsyncEngine) -> None:
    book = await stored(library, a_book(await an_author(library)))
    ids = [chapter.id for chapter in book.chapters]

    async with SqlLibraryUnitOfWork(library) as work:
        changed = await work.books.get(book.id)
        assert changed is not None
        changed.chapters[0].title, changed.chapters[1].title = "two", "one"
        await work.books.save(changed)
        await work.commit()
    found = await read(library, book)

    assert [(chapter.id, chapter.title) for chapter in found.chapters] == [
        (ids[0], "two"),
        (ids[1], "one"),
    ]
    assert [note.text for note in found.chapters[0].notes] == ["hm"]


async def test_a_new_child_may_take_the_unique_value_of_a_removed_one(
    library: AsyncEngine,
) -> None:
    book = await stored(library, a_book(await an_author(library)))

    async with SqlLibraryUnitOfWork(library) as work:
        changed = await work.books.get(book.id)
        assert changed is not None
        changed.chapters = [Chapter(title="two"), changed.chapters[0]]
        await work.books.save(changed)
        await work.commit()

    assert [chapter.title for chapter in (await read(library, book)).chapters] == ["two", "one"]


async def test_removing_an_aggregate_removes_its_children(library: AsyncEngine) -> None:
    book = await stored(library, a_book(await an_author(library)))

    async with SqlLibraryUnitOfWork(library) as work:
        await work.books.remove(await _again(work, book))
        await work.commit()

    async with SqlLibraryUnitOfWork(library) as work:
        assert await work.books.get(book.id) is None
        assert (await work.session.scalars(select(ChapterRow))).all() == []


async def _again(work: SqlLibraryUnitOfWork, book: Book) -> Book:
    found = await work.books.get(book.id)
    assert found is not None
    return found


@pytest.mark.criterion("R1.5")
async def test_softly_deleted_aggregates_are_left_out(library: AsyncEngine) -> None:
    author = await an_author(library)

    async with SqlLibraryUnitOfWork(library) as work:
        await work.authors.remove(author)
        await work.commit()

    async with SqlLibraryUnitOfWork(library) as work:
        assert await work.authors.get(author.id) is None
        assert await work.authors.get_many([author.id]) == []
        assert await work.authors.find(QueryOptions()) == []
        assert await work.authors.count() == 0
        found = await work.authors.get(author.id, include_deleted=True)
    assert found is not None
    assert found.is_deleted
    assert found.deleted_at is not None


async def test_a_deleted_row_leaves_its_unique_value_to_others(library: AsyncEngine) -> None:
    author = await an_author(library)
    async with SqlLibraryUnitOfWork(library) as work:
        await work.authors.remove(author)
        await work.commit()

    again = await an_author(library)

    assert again.id != author.id


@pytest.mark.criterion("R1.4")
async def test_many_aggregates_are_added_saved_and_removed_together(
    library: AsyncEngine,
) -> None:
    authors = [Author(name=f"a{number}") for number in range(5)]
    async with SqlLibraryUnitOfWork(library) as work:
        await work.authors.add_many(authors)
        for author in authors:
            author.name += "!"
        await work.authors.save_many(authors)
        await work.authors.remove_many(authors[3:])
        await work.commit()

    async with SqlLibraryUnitOfWork(library) as work:
        found = await work.authors.get_many([authors[2].id, AuthorId(999), authors[0].id])
        assert await work.authors.count() == 3

    assert [author.name for author in found] == ["a2!", "a0!"]


@pytest.mark.criterion("R1.3")
async def test_find_filters_sorts_and_cuts(library: AsyncEngine) -> None:
    author = await an_author(library)
    async with SqlLibraryUnitOfWork(library) as work:
        for title in ("Beta", "alpha", "gamma", "Delta"):
            await work.books.add(_titled(author, title))
        await work.commit()

    async with SqlLibraryUnitOfWork(library) as work:
        has_a = AttributeSpecification[Book](("title",), Operator.CONTAINS, "A")
        wanted = has_a & ~AttributeSpecification[Book](("title",), Operator.EQ, "gamma")
        found = await work.books.find(
            QueryOptions(where=wanted, order_by=("-title",), limit=2, offset=1)
        )
        by_child = AttributeSpecification[Book](("chapters", "notes", "text"), Operator.EQ, "Beta")
        assert await work.books.count(by_child) == 1
        by_price = AttributeSpecification[Book](("price", "amount"), Operator.GT, Decimal("9.899"))
        assert await work.books.count(by_price) == 4

    assert [book.title for book in found] == ["Delta", "Beta"]


def _titled(author: Author, title: str) -> Book:
    return Book(
        author_id=author.id,
        title=title,
        price=Price(amount=Decimal("9.90"), currency="EUR"),
        chapters=[Chapter(title="x", notes=[Note(text=title)])],
    )


async def test_a_condition_in_python_is_not_asked_of_the_database(library: AsyncEngine) -> None:
    async with SqlLibraryUnitOfWork(library) as work:
        with pytest.raises(TypeError):
            await work.books.count(PredicateSpecification[Book](lambda book: True))


@pytest.mark.criterion("R46.2")
async def test_an_unknown_attribute_is_named_with_those_that_exist(library: AsyncEngine) -> None:
    async with SqlLibraryUnitOfWork(library) as work:
        with pytest.raises(ValidationError, match="has no attribute titel; it has author_id"):
            await work.books.count(AttributeSpecification[Book](("titel",), Operator.EQ, "x"))


async def test_a_conflict_names_the_fields(library: AsyncEngine) -> None:
    await an_author(library)

    with pytest.raises(ConflictError) as caught:
        await an_author(library)

    assert caught.value.fields == ("name",)


async def test_a_missing_reference_is_named_as_the_client_knows_it(library: AsyncEngine) -> None:
    ghost = Author(id=AuthorId(77), name="nobody")

    with pytest.raises(ReferenceConflictError) as caught:
        await stored(library, a_book(ghost))
    with pytest.raises(ReferenceConflictError) as caught_in_many:
        await stored(library, a_book(await an_author(library), coauthors=frozenset({ghost.id})))

    assert (caught.value.fields, caught.value.is_missing) == (("authorId",), True)
    assert caught_in_many.value.fields == ("coauthors",)


async def test_a_missing_reference_is_named_when_a_stored_aggregate_is_changed(
    library: AsyncEngine,
) -> None:
    book = await stored(library, a_book(await an_author(library)))
    book.author_id = AuthorId(77)

    with pytest.raises(ReferenceConflictError) as caught:
        async with SqlLibraryUnitOfWork(library) as work:
            await work.books.save(book)

    assert (caught.value.fields, caught.value.is_missing) == (("authorId",), True)


async def test_what_is_referred_to_cannot_be_deleted(library: AsyncEngine) -> None:
    author = await an_author(library)
    await stored(library, a_book(author))

    async with SqlLibraryUnitOfWork(library) as work:
        row = await work.session.get(AuthorRow, author.id)
        await work.session.delete(row)
        with pytest.raises(ReferenceConflictError) as caught:
            await work.authors._flush((), is_removal=True)

    assert not caught.value.is_missing


async def test_a_broken_check_names_the_rule(library: AsyncEngine) -> None:
    author = await an_author(library)

    with pytest.raises(InvariantViolation) as caught:
        await stored(library, _titled(author, ""))

    assert caught.value.code == "ck_books_title_length"


async def test_a_number_that_does_not_fit_is_refused(library: AsyncEngine) -> None:
    book = a_book(await an_author(library))
    book.price = Price(amount=Decimal("1e30"), currency="EUR")

    with pytest.raises(ValidationError):
        await stored(library, book)


async def test_of_two_writers_with_one_version_one_wins(library: AsyncEngine) -> None:
    book = await stored(library, a_book(await an_author(library)))
    copies = [await read(library, book), await read(library, book)]

    async def write(copy: Book, title: str) -> None:
        async with SqlLibraryUnitOfWork(library) as work:
            copy.title = title
            await work.books.save(copy)
            await work.commit()

    outcomes = await asyncio.gather(
        *(write(copy, f"t{number}") for number, copy in enumerate(copies)), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "NoneType",
        "PreconditionFailedError",
    ]
    assert (await read(library, book)).version == 2


async def test_a_version_that_moved_under_the_transaction_is_noticed(
    library: AsyncEngine,
) -> None:
    """Both transactions have read the row before either writes."""
    if library.dialect.name == "sqlite":
        pytest.skip("writers of SQLite wait for each other")
    book = await stored(library, a_book(await an_author(library)))

    async with SqlLibraryUnitOfWork(library) as first, SqlLibraryUnitOfWork(library) as second:
        mine, theirs = await first.books.get(book.id), await second.books.get(book.id)
        assert mine is not None
        assert theirs is not None
        mine.title, theirs.title = "mine", "theirs"
        await first.books.save(mine)
        await first.commit()
        with pytest.raises(PreconditionFailedError):
            await second.books.save(theirs)


async def test_of_two_writers_who_remove_a_child_the_version_decides(library: AsyncEngine) -> None:
    """Nothing is said of a row that the other one has deleted."""
    if library.dialect.name == "sqlite":
        pytest.skip("writers of SQLite wait for each other")
    book = await stored(library, a_book(await an_author(library)))

    async with SqlLibraryUnitOfWork(library) as first, SqlLibraryUnitOfWork(library) as second:
        mine, theirs = await first.books.get(book.id), await second.books.get(book.id)
        assert mine is not None
        assert theirs is not None
        mine.chapters, theirs.chapters = [], []
        await first.books.save(mine)
        await first.commit()
        with pytest.raises(PreconditionFailedError):
            await second.books.save(theirs)

    assert (await read(library, book)).chapters == []


async def test_saving_what_is_not_stored_is_refused(library: AsyncEngine) -> None:
    async with SqlLibraryUnitOfWork(library) as work:
        with pytest.raises(NotFoundError):
            await work.authors.save(Author(id=AuthorId(5), name="x"))


async def test_numbers_chosen_by_a_client_are_not_drawn_again(library: AsyncEngine) -> None:
    async with SqlLibraryUnitOfWork(library) as work:
        await work.authors.add(Author(id=AuthorId(3), name="three"))
        following = [Author(name=f"n{number}") for number in range(5)]
        for author in following:
            await work.authors.add(author)
        await work.commit()

    assert all(author.id > 3 for author in following)


async def test_a_key_that_has_no_numbers_left_is_a_conflict(library: AsyncEngine) -> None:
    author = await an_author(library)
    book = a_book(author)
    book.chapters[0].notes = [Note(id=NoteId(2**31 - 1), text="last")]
    await stored(library, book)

    with pytest.raises(ConflictError) as caught:
        await stored(library, a_book(author))

    assert caught.value.constraint == "exhausted"


async def test_an_unchanged_aggregate_is_stored_with_one_update(library: AsyncEngine) -> None:
    book = await stored(library, a_book(await an_author(library)))
    statements: list[str] = []

    async with SqlLibraryUnitOfWork(library) as work:
        again = await _again(work, book)

        @event.listens_for(library.sync_engine, "before_cursor_execute")
        def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        await work.books.save(again)
        event.remove(library.sync_engine, "before_cursor_execute", note)

    assert [statement.split()[:2] for statement in statements] == [["UPDATE", "books"]]
