"""A small domain and its tables, written as the generator writes them: authors, books, readers."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from apigen.support.core.identifiers import uuid7
from apigen.support.domain.entity import UNASSIGNED_ID, AggregateRoot, ChildEntity
from apigen.support.infrastructure.column_types import (
    BIG_KEY,
    EnumText,
    JsonOf,
    ScaledDecimal,
    UtcDateTime,
)
from apigen.support.infrastructure.read_model import (
    Children,
    Composite,
    Document,
    Embedded,
    Identifiers,
    Path,
    ReadModel,
)
from apigen.support.infrastructure.repository import SqlRepository
from apigen.support.infrastructure.rows import PlainRow
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

AuthorId = NewType("AuthorId", int)
BookId = NewType("BookId", UUID)
ChapterId = NewType("ChapterId", UUID)
NoteId = NewType("NoteId", int)


class Genre(StrEnum):
    """What a book is about."""

    FICTION = "fiction"
    SCIENCE = "science"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price."""

    amount: Decimal
    currency: str


@dataclass(kw_only=True, eq=False)
class Author(AggregateRoot[AuthorId]):
    """Somebody who writes; deleted softly."""

    id: AuthorId = AuthorId(UNASSIGNED_ID)
    name: str
    mentor_id: AuthorId | None = None

    def check_invariants(self) -> None:
        """Allow everything: the tests are about storing."""


@dataclass(kw_only=True, eq=False)
class Note(ChildEntity[NoteId]):
    """A remark in a chapter."""

    id: NoteId = NoteId(UNASSIGNED_ID)
    text: str

    def check_invariants(self) -> None:
        """Allow everything: the tests are about storing."""


@dataclass(kw_only=True, eq=False)
class Chapter(ChildEntity[ChapterId]):
    """A part of a book."""

    id: ChapterId = field(default_factory=lambda: ChapterId(uuid7()))
    title: str
    notes: list[Note] = field(default_factory=list)

    def check_invariants(self) -> None:
        """Allow everything: the tests are about storing."""


@dataclass(kw_only=True, eq=False)
class Book(AggregateRoot[BookId]):
    """A book with its chapters."""

    id: BookId = field(default_factory=lambda: BookId(uuid7()))
    author_id: AuthorId
    title: str
    genre: Genre = Genre.FICTION
    price: Price | None = None
    words: frozenset[str] = frozenset()
    coauthors: frozenset[AuthorId] = frozenset()
    chapters: list[Chapter] = field(default_factory=list)

    def check_invariants(self) -> None:
        """Allow everything: the tests are about storing."""


class Row(PlainRow, DeclarativeBase):
    """Base of the rows."""


class AuthorRow(Row):
    """Table authors."""

    __tablename__ = "authors"
    __table_args__ = (
        sa.Index(
            "uq_authors_name_live",
            "name",
            unique=True,
            sqlite_where=sa.text("is_deleted = 0"),
            postgresql_where=sa.text("NOT is_deleted"),
        ),
    )

    id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    mentor_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("authors.id", name="fk_authors_mentor_id", ondelete="SET NULL")
    )
    version: Mapped[int] = mapped_column(sa.Integer())
    is_deleted: Mapped[bool] = mapped_column(sa.Boolean())
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012


class BookRow(Row):
    """Table books."""

    __tablename__ = "books"
    __table_args__ = (sa.CheckConstraint("length(title) > 0", name="ck_books_title_length"),)

    id: Mapped[UUID] = mapped_column(sa.Uuid(), primary_key=True)
    author_id: Mapped[int] = mapped_column(
        sa.ForeignKey("authors.id", name="fk_books_author_id", ondelete="RESTRICT"),
        info={"field": "authorId"},
    )
    title: Mapped[str] = mapped_column(sa.String(200))
    genre: Mapped[Genre] = mapped_column(EnumText(Genre, {"science": "sci"}))
    price_amount: Mapped[Decimal | None] = mapped_column(ScaledDecimal(10, 2))
    price_currency: Mapped[str | None] = mapped_column(sa.String(3))
    words: Mapped[frozenset[str]] = mapped_column(JsonOf(frozenset[str]))
    version: Mapped[int] = mapped_column(sa.Integer())
    coauthors: Mapped[list["BookCoauthorRow"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )
    chapters: Mapped[list["ChapterRow"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by="ChapterRow.position",
    )

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012


class BookCoauthorRow(Row):
    """Table book_coauthors."""

    __tablename__ = "book_coauthors"

    book_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("books.id", ondelete="CASCADE"), primary_key=True, info={"parent": True}
    )
    author_id: Mapped[int] = mapped_column(
        sa.ForeignKey("authors.id", name="fk_book_coauthors_author_id", ondelete="CASCADE"),
        primary_key=True,
        info={"field": "coauthors"},
    )


class ChapterRow(Row):
    """Table book_chapters."""

    __tablename__ = "book_chapters"
    __table_args__ = (sa.UniqueConstraint("book_id", "title", name="uq_book_chapters_title"),)

    id: Mapped[UUID] = mapped_column(sa.Uuid(), primary_key=True)
    book_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("books.id", ondelete="CASCADE"), info={"parent": True}
    )
    position: Mapped[int] = mapped_column(sa.Integer())
    title: Mapped[str] = mapped_column(sa.String(200))
    notes: Mapped[list["NoteRow"]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        passive_deletes=True,
        order_by="NoteRow.position",
    )


class NoteRow(Row):
    """Table chapter_notes."""

    __tablename__ = "chapter_notes"

    id: Mapped[int] = mapped_column(sa.Integer(), primary_key=True)
    chapter_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("book_chapters.id", ondelete="CASCADE"), info={"parent": True}
    )
    position: Mapped[int] = mapped_column(sa.Integer())
    text: Mapped[str] = mapped_column(sa.Text())


class SqlAuthorRepository(SqlRepository[Author, AuthorId, AuthorRow]):
    """Authors in the table authors."""

    row_type = AuthorRow
    resource = "author"

    def to_row(self, entity: Author) -> AuthorRow:
        """Return the row that the author should have."""
        return AuthorRow(
            id=entity.id or None,
            name=entity.name,
            mentor_id=entity.mentor_id,
            version=entity.version,
            is_deleted=entity.is_deleted,
            deleted_at=entity.deleted_at,
        )

    def to_aggregate(self, row: AuthorRow) -> Author:
        """Return the author that the row holds."""
        return Author(
            id=AuthorId(row.id),
            name=row.name,
            mentor_id=None if row.mentor_id is None else AuthorId(row.mentor_id),
            version=row.version,
            is_deleted=row.is_deleted,
            deleted_at=row.deleted_at,
        )

    def assign_ids(self, entity: Author, row: AuthorRow) -> None:
        """Take over the number that the database has drawn."""
        entity.id = AuthorId(row.id)


class SqlBookRepository(SqlRepository[Book, BookId, BookRow]):
    """Books and what is in them."""

    row_type = BookRow
    resource = "book"

    def to_row(self, entity: Book) -> BookRow:
        """Return the rows that the book should have."""
        return BookRow(
            id=entity.id,
            author_id=entity.author_id,
            title=entity.title,
            genre=entity.genre,
            price_amount=None if entity.price is None else entity.price.amount,
            price_currency=None if entity.price is None else entity.price.currency,
            words=entity.words,
            version=entity.version,
            coauthors=[BookCoauthorRow(author_id=id) for id in sorted(entity.coauthors)],
            chapters=[
                ChapterRow(
                    id=chapter.id,
                    position=position,
                    title=chapter.title,
                    notes=[
                        NoteRow(id=note.id or None, position=place, text=note.text)
                        for place, note in enumerate(chapter.notes)
                    ],
                )
                for position, chapter in enumerate(entity.chapters)
            ],
        )

    def to_aggregate(self, row: BookRow) -> Book:
        """Return the book that the rows hold."""
        return Book(
            id=BookId(row.id),
            author_id=AuthorId(row.author_id),
            title=row.title,
            genre=row.genre,
            price=None
            if row.price_amount is None or row.price_currency is None
            else Price(amount=row.price_amount, currency=row.price_currency),
            words=row.words,
            version=row.version,
            coauthors=frozenset(AuthorId(item.author_id) for item in row.coauthors),
            chapters=[
                Chapter(
                    id=ChapterId(chapter.id),
                    title=chapter.title,
                    notes=[Note(id=NoteId(note.id), text=note.text) for note in chapter.notes],
                )
                for chapter in row.chapters
            ],
        )

    def assign_ids(self, entity: Book, row: BookRow) -> None:
        """Take over the numbers that the database has drawn."""
        for chapter, chapter_row in zip(entity.chapters, row.chapters, strict=True):
            for note, note_row in zip(chapter.notes, chapter_row.notes, strict=True):
                note.id = NoteId(note_row.id)


class SqlLibraryUnitOfWork(SqlUnitOfWork):
    """One transaction over authors and books."""

    @property
    def authors(self) -> SqlAuthorRepository:
        """The authors."""
        return SqlAuthorRepository(self.session)

    @property
    def books(self) -> SqlBookRepository:
        """The books."""
        return SqlBookRepository(self.session)


_authors, _books, _coauthors = AuthorRow.__table__, BookRow.__table__, BookCoauthorRow.__table__
_chapters, _notes = ChapterRow.__table__, NoteRow.__table__
_mentors = _authors.alias()

AUTHORS: ReadModel = ReadModel(
    resource="author",
    table=_authors,
    key=(_authors.c.id,),
    outputs=(_authors.c.id, _authors.c.name, _authors.c.mentor_id, _authors.c.version),
    expansions={
        "mentor": Embedded(model=lambda: AUTHORS, local=_authors.c.mentor_id, match=_authors.c.id),
        "books": Embedded(
            model=lambda: BOOKS, local=_authors.c.id, match=_books.c.author_id, many=True
        ),
    },
    paths={
        "mentor.name": Path(
            column=_mentors.c.name, joins=(_mentors.c.id == _authors.c.mentor_id,), to_one=True
        ),
        "books.title": Path(
            column=_books.c.title, joins=(_books.c.author_id == _authors.c.id,), to_one=False
        ),
    },
    search=(_authors.c.name,),
    live=_authors.c.is_deleted.is_(sa.false()),
    version=_authors.c.version,
)

NOTES = ReadModel(
    resource="note",
    table=_notes,
    key=(_notes.c.id,),
    outputs=(_notes.c.id, _notes.c.text),
)
CHAPTERS = ReadModel(
    resource="chapter",
    table=_chapters,
    key=(_chapters.c.id,),
    outputs=(_chapters.c.id, _chapters.c.title),
    collections=(
        Children(
            name="notes",
            model=NOTES,
            parent=_notes.c.chapter_id,
            order_by=(_notes.c.position,),
        ),
    ),
)


def _add_length(book: Book, body: Document) -> None:
    body["length"] = len(book.title)


BOOKS: ReadModel = ReadModel(
    resource="book",
    table=_books,
    key=(_books.c.id,),
    outputs=(
        _books.c.id,
        _books.c.author_id.label("authorId"),
        _books.c.title,
        _books.c.genre,
        Composite(
            name="price",
            parts=(
                _books.c.price_amount.label("amount"),
                _books.c.price_currency.label("currency"),
            ),
            nullable=True,
        ),
        _books.c.words,
        _books.c.version,
    ),
    collections=(
        Identifiers(name="coauthors", owner=_coauthors.c.book_id, target=_coauthors.c.author_id),
        Children(
            name="chapters",
            model=CHAPTERS,
            parent=_chapters.c.book_id,
            order_by=(_chapters.c.position,),
        ),
    ),
    expansions={
        "author": Embedded(model=lambda: AUTHORS, local=_books.c.author_id, match=_authors.c.id),
        "coauthors": Embedded(
            model=lambda: AUTHORS,
            local=_books.c.id,
            match=_coauthors.c.book_id,
            joins=(_coauthors.c.author_id == _authors.c.id,),
            many=True,
        ),
    },
    paths={
        "author.name": Path(
            column=_authors.c.name, joins=(_authors.c.id == _books.c.author_id,), to_one=True
        ),
        "coauthors": Path(
            column=_coauthors.c.author_id,
            joins=(_coauthors.c.book_id == _books.c.id,),
            to_one=False,
        ),
        "chapters.title": Path(
            column=_chapters.c.title, joins=(_chapters.c.book_id == _books.c.id,), to_one=False
        ),
    },
    search=(_books.c.title, _books.c.price_currency),
    version=_books.c.version,
    repository=SqlBookRepository,
    derive=_add_length,
)
