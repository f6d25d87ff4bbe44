"""The log of changes: what is told of a change, to whom it is ascribed, and what is never told."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.core.actor import SYSTEM, Actor
from apigen.support.core.context import ExecutionContext, bound_context
from apigen.support.core.errors import PreconditionFailedError
from apigen.support.domain.audited import Audited
from apigen.support.infrastructure.changes import ChangeLog, changes_table
from apigen.support.infrastructure.engine import querying
from apigen.support.infrastructure.past import Entry, Past
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

from .library import (
    Author,
    AuthorId,
    Book,
    BookId,
    Chapter,
    ChapterId,
    Genre,
    Note,
    Price,
    Row,
    SqlAuthorRepository,
    SqlBookRepository,
    SqlLibraryUnitOfWork,
)

pytestmark = pytest.mark.asyncio

AUTHOR_CHANGES = changes_table(Row.metadata.tables["authors"])
BOOK_CHANGES = changes_table(Row.metadata.tables["books"])
LOG = ChangeLog(table=BOOK_CHANGES, ignored=("chapters.position", "chapters.notes.position"))


@dataclass(kw_only=True, eq=False)
class AuditedBook(Audited, Book):
    """A book that knows who wrote it down."""


@dataclass(kw_only=True, eq=False)
class AuditedAuthor(Audited, Author):
    """An author who is signed."""


class Authors(SqlAuthorRepository):
    """Authors, with a log."""

    changes = ChangeLog(table=AUTHOR_CHANGES, masked=("name",))


class Books(SqlBookRepository):
    """Books, with a log."""

    changes = LOG


class SecretBooks(SqlBookRepository):
    """Books of which little may be told."""

    changes = ChangeLog(
        table=BOOK_CHANGES,
        masked=("price.amount", "price_amount", "chapters.title"),
        ignored=LOG.ignored,
    )


class Titles(SqlBookRepository):
    """Books of which one field is logged."""

    changes = ChangeLog(table=BOOK_CHANGES, fields=("title",))


class Desk:
    """Whoever does something with books, each time in a transaction of its own."""

    def __init__(self, engine: AsyncEngine, books: type[SqlBookRepository] = Books) -> None:
        self.engine = engine
        self.books = books
        self.log = sa.select(BOOK_CHANGES).order_by(BOOK_CHANGES.c.occurred_at, BOOK_CHANGES.c.id)

    async def author(self) -> AuthorId:
        """Return the id of a stored author."""
        async with SqlLibraryUnitOfWork(self.engine) as work:
            author = Author(name="Ada")
            await work.authors.add(author)
            await work.commit()
        return author.id

    async def add(self, book: AuditedBook, *, by: str = "ann") -> AuditedBook:
        """Store a book."""
        with _as(by):
            async with SqlUnitOfWork(self.engine) as work:
                await self.books(work.session).add(book)
                await work.commit()
        return book

    async def change(
        self, id: BookId, change: Callable[[AuditedBook], object], *, by: str = "bob"
    ) -> AuditedBook:
        """Change a stored book."""
        with _as(by):
            async with SqlUnitOfWork(self.engine) as work:
                repository = self.books(work.session)
                found = await repository.get(id)
                assert found is not None
                book = AuditedBook(**vars(found))
                change(book)
                await repository.save(book)
                await work.commit()
        return book

    async def lines(self) -> list[sa.Row[Any]]:
        """Return the log."""
        async with self.engine.connect() as connection:
            return list(await connection.execute(self.log))

    async def past(self, id: BookId, hidden: tuple[tuple[str, ...], ...] = ()) -> list[Entry]:
        """Return what readers are told."""
        past = Past(moves=None, changes=BOOK_CHANGES)
        async with querying(self.engine) as source:
            return await past.of(source, (id,), hidden)


def _as(id: str) -> Any:
    return bound_context(ExecutionContext(actor=Actor(id=id), correlation_id=f"by-{id}"))


async def test_each_change_has_its_author_and_both_values(library: AsyncEngine) -> None:
    desk = Desk(library)
    book = await desk.add(AuditedBook(author_id=await desk.author(), title="Old"))

    changed = await desk.change(book.id, lambda one: setattr(one, "title", "New"))

    assert (book.created_by, book.updated_by) == ("ann", "ann")
    assert changed.updated_by == "bob"
    made, update = await desk.lines()
    assert (made.operation, made.actor_id, made.correlation_id) == ("create", "ann", "by-ann")
    assert made.changes["title"] == {"from": None, "to": "Old"}
    assert (update.operation, update.actor_id) == ("update", "bob")
    assert update.changes == {"title": {"from": "Old", "to": "New"}}
    assert update.owner_id == book.id


async def test_values_are_told_as_answers_have_them(library: AsyncEngine) -> None:
    desk = Desk(library)
    author = await desk.author()
    book = await desk.add(
        AuditedBook(
            author_id=author,
            title="T",
            genre=Genre.SCIENCE,
            price=Price(amount=Decimal("1.50"), currency="EUR"),
            words=frozenset({"b", "a"}),
            coauthors=frozenset({author}),
        )
    )

    (made,) = await desk.lines()

    assert {path: sides["to"] for path, sides in made.changes.items()} == {
        "authorId": author,
        "title": "T",
        "genre": "science",
        "price_amount": "1.50",
        "price_currency": "EUR",
        "words": ["a", "b"],
        "coauthors": [author],
    }
    assert (await desk.past(book.id))[0]["changes"] == made.changes


async def test_children_are_told_apart_by_their_ids(library: AsyncEngine) -> None:
    desk = Desk(library)
    kept, gone = Chapter(title="Kept", notes=[Note(text="n")]), Chapter(title="Gone")
    book = await desk.add(
        AuditedBook(author_id=await desk.author(), title="T", chapters=[gone, kept])
    )
    note = kept.notes[0]

    def rework(one: AuditedBook) -> None:
        one.chapters = [one.chapters[1], Chapter(id=ChapterId(new), title="New")]
        one.chapters[0].notes[0].text = "m"

    new = Chapter(title="").id
    await desk.change(book.id, rework)

    assert (await desk.lines())[-1].changes == {
        f"chapters.{gone.id}.title": {"from": "Gone", "to": None},
        f"chapters.{kept.id}.notes.{note.id}.text": {"from": "n", "to": "m"},
        f"chapters.{new}.title": {"from": None, "to": "New"},
    }


async def test_what_may_not_be_told_is_masked_in_the_database_already(
    library: AsyncEngine,
) -> None:
    desk = Desk(library, SecretBooks)
    chapter = Chapter(title="Secret")
    price = Price(amount=Decimal(3), currency="EUR")
    book = await desk.add(
        AuditedBook(author_id=await desk.author(), title="T", price=price, chapters=[chapter])
    )

    await desk.change(book.id, lambda one: setattr(one, "price", None))

    made, update = await desk.lines()
    assert made.changes[f"chapters.{chapter.id}.title"] == {"from": None, "to": "***"}
    assert made.changes["price_amount"] == {"from": None, "to": "***"}
    assert update.changes["price_amount"] == {"from": "***", "to": None}
    assert update.changes["price_currency"] == {"from": "EUR", "to": None}


async def test_only_the_fields_that_are_asked_for_are_logged(library: AsyncEngine) -> None:
    desk = Desk(library, Titles)
    book = await desk.add(AuditedBook(author_id=await desk.author(), title="A"))

    await desk.change(book.id, lambda one: setattr(one, "genre", Genre.SCIENCE))
    await desk.change(book.id, lambda one: setattr(one, "title", "B"))

    made, update = await desk.lines()
    assert made.changes == {"title": {"from": None, "to": "A"}}
    assert update.changes == {"title": {"from": "A", "to": "B"}}


async def test_a_change_of_nothing_is_signed_and_not_logged(library: AsyncEngine) -> None:
    desk = Desk(library)
    book = await desk.add(AuditedBook(author_id=await desk.author(), title="A"))

    same = await desk.change(book.id, lambda one: None)

    assert same.updated_by == "bob"
    assert [line.operation for line in await desk.lines()] == ["create"]


async def test_a_refused_change_is_not_logged(library: AsyncEngine) -> None:
    desk = Desk(library)
    book = await desk.add(AuditedBook(author_id=await desk.author(), title="A"))
    await desk.change(book.id, lambda one: setattr(one, "title", "B"))

    book.title = "C"
    with pytest.raises(PreconditionFailedError):
        async with SqlUnitOfWork(library) as work:
            await Books(work.session).save(book)
    async with SqlUnitOfWork(library) as work:
        await Books(work.session).add(AuditedBook(author_id=book.author_id, title="Undone"))

    assert [line.operation for line in await desk.lines()] == ["create", "update"]


async def test_the_log_outlives_the_row(library: AsyncEngine) -> None:
    desk = Desk(library)
    book = await desk.add(AuditedBook(author_id=await desk.author(), title="A"))

    with bound_context(ExecutionContext(actor=SYSTEM)):
        async with SqlUnitOfWork(library) as work:
            await Books(work.session).remove(book)
            await work.commit()

    deletion = (await desk.lines())[-1]
    assert (deletion.operation, deletion.actor_id, deletion.owner_id) == ("delete", None, book.id)
    assert deletion.changes["title"] == {"from": "A", "to": None}


async def test_who_takes_over_a_key_is_not_told_what_was_before(library: AsyncEngine) -> None:
    desk = Desk(library)
    author = await desk.author()
    book = await desk.add(AuditedBook(author_id=author, title="Theirs"))
    async with SqlUnitOfWork(library) as work:
        await Books(work.session).remove(book)
        await work.commit()

    await desk.add(AuditedBook(id=book.id, author_id=author, title="Mine"), by="me")

    assert [entry["actor_id"] for entry in await desk.past(book.id)] == ["me"]


async def test_a_version_is_not_told_of_fields_that_it_lacks(library: AsyncEngine) -> None:
    desk = Desk(library)
    chapter = Chapter(title="One")
    book = await desk.add(AuditedBook(author_id=await desk.author(), title="T", chapters=[chapter]))

    (entry,) = await desk.past(book.id, hidden=(("genre",), ("chapters", "title")))

    assert set(entry["changes"]) == {"authorId", "title", "words"}


async def test_soft_deletion_and_restoration_are_told_as_such(library: AsyncEngine) -> None:
    author = AuditedAuthor(name="Ada")
    async with SqlUnitOfWork(library) as work:
        await Authors(work.session).add(author)
        await Authors(work.session).remove(author)
        author.restore()
        await Authors(work.session).save(author)
        await work.commit()

    async with library.connect() as connection:
        lines = (await connection.execute(sa.select(AUTHOR_CHANGES))).all()
    assert [(line.operation, line.changes) for line in lines] == [
        ("create", {"name": {"from": None, "to": "***"}}),
        ("delete", {}),
        ("restore", {}),
    ]


async def test_erasure_reaches_what_was_logged_before_it_was_personal(
    library: AsyncEngine,
) -> None:
    author = AuditedAuthor(name="Ada")
    async with SqlUnitOfWork(library) as work:
        repository = Authors(work.session)
        await repository.add(author)
        await work.session.execute(
            sa.update(AUTHOR_CHANGES).values(changes={"name": {"from": None, "to": "Ada"}})
        )
        author.name = "erased"
        author.mark_erased()
        await repository.save(author)
        await work.commit()

    async with library.connect() as connection:
        told = list(
            await connection.scalars(
                sa.select(AUTHOR_CHANGES.c.changes).order_by(AUTHOR_CHANGES.c.id)
            )
        )
    assert told[0] == {"name": {"from": None, "to": "***"}}
    assert told[1] == {"name": {"from": "***", "to": "***"}}


async def test_the_log_has_no_reference_to_its_owner() -> None:
    assert not AUTHOR_CHANGES.foreign_keys
