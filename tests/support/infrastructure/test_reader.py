"""Documents straight from rows: shape, filters, order, pages, what is embedded, exports."""

import csv
import io
import random
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.queries import ListQuery, PageStyle, Paging, Sort
from apigen.support.core.errors import ValidationError
from apigen.support.domain.specification import (
    AttributeSpecification,
    Operator,
    Specification,
)
from apigen.support.infrastructure import resource_statements
from apigen.support.infrastructure.reader import SqlResourceReader
from apigen.support.infrastructure.statements import DriverStatement, StatementCompiler

from .library import (
    AUTHORS,
    BOOKS,
    Author,
    AuthorId,
    Book,
    BookId,
    Chapter,
    Genre,
    Note,
    Price,
    SqlLibraryUnitOfWork,
)

TITLES = ("Emma", "emma two", "100% Zoë", "Ärger", "b_c", "bxc")


@pytest_asyncio.fixture
async def books(library: AsyncEngine) -> AsyncEngine:
    """The library with two authors, the first the mentor of the second, and their books."""
    async with SqlLibraryUnitOfWork(library) as work:
        jane = Author(name="Jane")
        await work.authors.add(jane)
        mary = Author(name="Mary", mentor_id=jane.id)
        await work.authors.add(mary)
        await work.authors.add(Author(name="Gone", is_deleted=True))
        for number, title in enumerate(TITLES):
            await work.books.add(
                Book(
                    author_id=(jane, mary)[number % 2].id,
                    title=title,
                    genre=(Genre.FICTION, Genre.SCIENCE)[number % 2],
                    price=Price(amount=Decimal(number), currency="EUR") if number else None,
                    words=frozenset({"y", "x"}),
                    coauthors=frozenset({jane.id, mary.id}) if number == 0 else frozenset(),
                    chapters=[Chapter(title="c1", notes=[Note(text=title)]), Chapter(title="c2")],
                )
            )
        await work.commit()
    return library


def reader(engine: AsyncEngine, style: PageStyle = PageStyle.OFFSET) -> SqlResourceReader[BookId]:
    """Return the reader of books."""
    return SqlResourceReader(engine, BOOKS, Paging(style=style))


async def titles(engine: AsyncEngine, **query: Any) -> list[str]:
    """Return the titles of one page."""
    page = orjson.loads((await reader(engine).page(ListQuery(**query))).body)
    return [item["title"] for item in page["items"]]


def where(path: str, operator: Operator, value: object) -> Specification[Any]:
    """Return a condition on a dotted path."""
    return AttributeSpecification(tuple(path.split(".")), operator, value)


@pytest.mark.criterion("R44.1")
async def test_a_document_has_the_shape_of_the_resource(books: AsyncEngine) -> None:
    page = orjson.loads(
        (await reader(books).page(ListQuery(where=where("title", Operator.EQ, "emma two")))).body
    )

    (item,) = page.pop("items")
    assert page == {
        "total": 1,
        "page": 1,
        "size": 20,
        "pages": 1,
        "has_next": False,
        "has_previous": False,
    }
    identifier = item.pop("id")
    for chapter in item["chapters"]:
        assert len(chapter.pop("id")) == 36
        for note in chapter["notes"]:
            assert note.pop("id") > 0
    assert item == {
        "authorId": 2,
        "title": "emma two",
        "genre": "science",
        "price": {"amount": "1.00", "currency": "EUR"},
        "words": ["x", "y"],
        "version": 1,
        "coauthors": [],
        "chapters": [
            {"title": "c1", "notes": [{"text": "emma two"}]},
            {"title": "c2", "notes": []},
        ],
        "length": 8,
    }
    one = await reader(books).one(BookId(UUID(identifier)))
    assert one is not None
    assert one.version == 1
    assert orjson.loads(one.body)["title"] == "emma two"


async def test_what_is_not_there_is_none(books: AsyncEngine) -> None:
    authors: SqlResourceReader[AuthorId] = SqlResourceReader(books, AUTHORS, Paging())

    assert await authors.one(AuthorId(3)) is None
    assert await authors.version(AuthorId(3)) is None
    assert await authors.version(AuthorId(1)) == 1
    assert await authors.one(AuthorId(1), scope={"mentor_id": 2}) is None
    assert await authors.count(ListQuery()) == 2


async def test_a_version_that_is_known_is_not_read_again(
    books: AsyncEngine, statements: list[str]
) -> None:
    (row,) = orjson.loads((await reader(books).page(ListQuery(size=1))).body)["items"]
    asked, id = reader(books), BookId(UUID(row["id"]))
    whole = await asked.one(id)
    statements.clear()

    same = await asked.one(id, known=1)
    (only,) = statements
    other = await asked.one(id, known=2)

    assert same is not None
    assert (same.version, same.body) == (1, b"")
    assert only == statements[1]
    assert other == whole
    assert await asked.one(BookId(uuid4()), known=1) is None


async def test_a_deleted_row_is_not_known(books: AsyncEngine) -> None:
    authors: SqlResourceReader[AuthorId] = SqlResourceReader(books, AUTHORS, Paging())

    assert await authors.one(AuthorId(3), known=1) is None
    assert await authors.one(AuthorId(2), scope={"mentor_id": 2}, known=1) is None
    assert await authors.one(AuthorId(2), scope={"mentor_id": 1}, known=1) is not None


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries of a test, in order."""
    asked: list[str] = []
    compile_statement = StatementCompiler.compile

    def note(
        compiler: StatementCompiler, statement: sa.Select[Any], values: Any = None
    ) -> DriverStatement:
        made = compile_statement(compiler, statement, values)
        asked.append(made.sql)
        return made

    monkeypatch.setattr(StatementCompiler, "compile", note)
    return asked


async def test_what_is_missing_is_found_with_one_statement(
    books: AsyncEngine, statements: list[str]
) -> None:
    authors: SqlResourceReader[AuthorId] = SqlResourceReader(books, AUTHORS, Paging())
    jane, mary, gone, nobody = (AuthorId(number) for number in (1, 2, 3, 99))

    assert await authors.missing([mary, jane]) is None
    assert len(statements) == 1
    assert await authors.missing([jane, nobody, gone]) == nobody
    assert await authors.missing([jane, gone]) == gone
    assert await authors.missing([gone], include_deleted=True) is None
    assert await authors.missing([mary], scope={"mentor_id": 1}) is None
    assert await authors.missing([mary, jane], scope={"mentor_id": 1}) == jane


@pytest.mark.criterion("R44.2")
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (where("title", Operator.CONTAINS, "EMMA"), ["Emma", "emma two"]),
        (where("title", Operator.STARTSWITH, "b_"), ["b_c"]),
        (where("title", Operator.ENDSWITH, "ZOË"), ["100% Zoë"]),
        (where("title", Operator.CONTAINS, "0%"), ["100% Zoë"]),
        (where("title", Operator.CONTAINS, "\\"), []),
        (where("title", Operator.CONTAINS, "\0"), []),
        (where("title", Operator.EQ, "\0"), []),
        (where("price.amount", Operator.GTE, Decimal("3.999")), ["b_c", "bxc"]),
        (where("price.amount", Operator.LT, Decimal("1.001")), ["emma two"]),
        (where("price.amount", Operator.EQ, Decimal("1.001")), []),
        (where("price.amount", Operator.LT, Decimal("1e40")), list(TITLES[1:])),
        (where("price.amount", Operator.GT, Decimal("-1e40")), list(TITLES[1:])),
        (where("price.amount", Operator.NE, Decimal(1)), ["Emma", *TITLES[2:]]),
        (where("price.amount", Operator.IS_NULL, True), ["Emma"]),
        (where("price.amount", Operator.IN, [Decimal(2), None]), ["Emma", "100% Zoë"]),
        (where("price.amount", Operator.NOT_IN, [Decimal(2), None]), [*TITLES[1:2], *TITLES[3:]]),
        (where("genre", Operator.EQ, "science"), ["emma two", "Ärger", "bxc"]),
        (where("genre", Operator.IN, []), []),
        (where("author.name", Operator.EQ, "Mary"), ["emma two", "Ärger", "bxc"]),
        (where("author.name", Operator.NE, "Mary"), ["Emma", "100% Zoë", "b_c"]),
        (where("coauthors", Operator.EQ, 2), ["Emma"]),
        (where("coauthors", Operator.EQ, 2**70), []),
        (where("chapters.title", Operator.EQ, "c2"), list(TITLES)),
        (where("version", Operator.LT, 2**70), list(TITLES)),
        (
            ~(where("title", Operator.CONTAINS, "e") | where("price.amount", Operator.GT, 3)),
            ["100% Zoë"],
        ),
    ],
)
async def test_conditions(
    books: AsyncEngine, condition: Specification[Any], expected: list[str]
) -> None:
    assert sorted(await titles(books, where=condition)) == sorted(expected)


async def test_a_reference_to_nothing_is_null_all_the_way(books: AsyncEngine) -> None:
    authors: SqlResourceReader[AuthorId] = SqlResourceReader(books, AUTHORS, Paging())

    async def names(condition: Specification[Any]) -> list[str]:
        page = orjson.loads((await authors.page(ListQuery(where=condition))).body)
        return [item["name"] for item in page["items"]]

    assert await names(where("mentor.name", Operator.IS_NULL, True)) == ["Jane"]
    assert await names(where("mentor.name", Operator.IS_NULL, False)) == ["Mary"]
    assert await names(where("mentor.name", Operator.EQ, "Jane")) == ["Mary"]
    assert await names(where("mentor.name", Operator.NE, "Jane")) == ["Jane"]
    assert await names(where("books.title", Operator.EQ, "Emma")) == ["Jane"]


async def test_every_word_is_looked_for_in_every_searched_field(books: AsyncEngine) -> None:
    assert await titles(books, search="EMMA eur") == ["emma two"]
    assert await titles(books, search="zoë 100%") == ["100% Zoë"]
    assert await titles(books, search="nothing emma") == []


async def test_order_is_by_code_point_and_null_is_greatest(books: AsyncEngine) -> None:
    by_title = (Sort(path=("title",)),)
    by_price = (Sort(path=("price", "amount")), Sort(path=("title",), descending=True))
    by_author = (Sort(path=("author", "name"), descending=True), Sort(path=("title",)))

    assert await titles(books, sort=by_title) == sorted(TITLES)
    assert (await titles(books, sort=by_price))[-1] == "Emma"
    assert (await titles(books, sort=(Sort(path=("price", "amount"), descending=True),)))[
        0
    ] == "Emma"
    assert await titles(books, sort=by_author) == [
        "bxc",
        "emma two",
        "Ärger",
        "100% Zoë",
        "Emma",
        "b_c",
    ]


async def test_numbered_pages_hold_every_row_once(books: AsyncEngine) -> None:
    query = {"sort": (Sort(path=("genre",)),), "size": 4}

    first, second = [await titles(books, page=number, **query) for number in (1, 2)]
    beyond = orjson.loads((await reader(books).page(ListQuery(page=9, size=4))).body)

    assert (len(first), len(second)) == (4, 2)
    assert sorted(first + second) == sorted(TITLES)
    assert (beyond["items"], beyond["total"], beyond["pages"]) == ([], 6, 2)
    assert (beyond["has_next"], beyond["has_previous"]) == (False, True)


async def test_a_page_far_behind_the_last_one_is_empty(books: AsyncEngine) -> None:
    page = orjson.loads((await reader(books).page(ListQuery(page=1_000_000_000, size=100))).body)

    assert (page["items"], page["total"], page["has_next"]) == ([], 6, False)


@pytest.mark.parametrize("style", [PageStyle.OFFSET, PageStyle.NONE])
async def test_nothing_is_counted_for_whoever_does_not_ask(
    books: AsyncEngine, statements: list[str], style: PageStyle
) -> None:
    asked = SqlResourceReader[BookId](books, BOOKS, Paging(style=style, max_size=4))
    by_title = (Sort(path=("title",)),)

    pages = [
        orjson.loads(
            (await asked.page(ListQuery(sort=by_title, page=page, size=4, count=False))).body
        )
        for page in ((1, 2, 3) if style is PageStyle.OFFSET else (1,))
    ]

    assert [len(page.pop("items")) for page in pages] == [4, 2, 0][: len(pages)]
    assert pages == [
        {
            "total": None,
            "page": number,
            "size": 4,
            "pages": None,
            "has_next": number == 1,
            "has_previous": number > 1,
        }
        for number in range(1, len(pages) + 1)
    ]
    assert not any("count(" in sql for sql in statements)


@pytest.mark.parametrize(
    "sort",
    [
        (),
        (Sort(path=("title",)),),
        (Sort(path=("title",), descending=True),),
        (Sort(path=("price", "amount")),),
        (Sort(path=("price", "amount"), descending=True),),
        (Sort(path=("genre",)), Sort(path=("price", "amount"), descending=True)),
        (Sort(path=("author", "name")), Sort(path=("title",), descending=True)),
    ],
)
async def test_following_cursors_gives_every_row_once_in_order(
    books: AsyncEngine, sort: tuple[Sort, ...]
) -> None:
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = orjson.loads(
            (
                await reader(books, PageStyle.CURSOR).page(
                    ListQuery(sort=sort, size=1, cursor=cursor)
                )
            ).body
        )
        found += [item["title"] for item in page["items"]]
        cursor = page["next_cursor"]
        assert page["has_next"] is (cursor is not None)
        if cursor is None:
            break

    assert found == await titles(books, sort=sort)
    assert len(found) == len(TITLES)


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "W10", "WyIiLDFd", "é", "A" * 9000])
async def test_what_is_no_cursor_is_refused(books: AsyncEngine, cursor: str) -> None:
    with pytest.raises(ValidationError) as caught:
        await reader(books, PageStyle.CURSOR).page(ListQuery(cursor=cursor))

    assert caught.value.field == "cursor"


async def test_a_cursor_belongs_to_its_order(books: AsyncEngine) -> None:
    page = orjson.loads(
        (
            await reader(books, PageStyle.CURSOR).page(
                ListQuery(sort=(Sort(path=("title",)),), size=1)
            )
        ).body
    )

    with pytest.raises(ValidationError):
        await reader(books, PageStyle.CURSOR).page(
            ListQuery(sort=(Sort(path=("title",), descending=True),), cursor=page["next_cursor"])
        )


async def test_without_pages_everything_comes_at_once(books: AsyncEngine) -> None:
    page = orjson.loads((await reader(books, PageStyle.NONE).page(ListQuery(size=1))).body)

    assert len(page["items"]) == 6
    assert page["size"] == 100


async def test_embedding_takes_one_statement_a_path(
    books: AsyncEngine, statements: list[str]
) -> None:
    authors: SqlResourceReader[AuthorId] = SqlResourceReader(books, AUTHORS, Paging())
    page = orjson.loads(
        (await authors.page(ListQuery(expand=(("mentor",), ("mentor", "mentor"))))).body
    )

    jane, mary = page["items"]
    assert jane["expanded"] == {"mentor": None}
    assert mary["expanded"]["mentor"]["name"] == "Jane"
    assert mary["expanded"]["mentor"]["expanded"] == {"mentor": None}
    assert len(statements) == 2


async def test_many_are_embedded_as_lists(books: AsyncEngine) -> None:
    page = orjson.loads(
        (
            await reader(books).page(
                ListQuery(
                    expand=(("coauthors",), ("author", "books")), sort=(Sort(path=("title",)),)
                )
            )
        ).body
    )
    emma = next(item for item in page["items"] if item["title"] == "Emma")

    assert emma["coauthors"] == [1, 2]
    assert [author["name"] for author in emma["expanded"]["coauthors"]] == ["Jane", "Mary"]
    assert len(emma["expanded"]["author"]["expanded"]["books"]) == 3


async def test_what_was_deleted_is_not_embedded(books: AsyncEngine) -> None:
    async with SqlLibraryUnitOfWork(books) as work:
        jane = await work.authors.get(AuthorId(1))
        assert jane is not None
        await work.authors.remove(jane)
        await work.commit()
    authors: SqlResourceReader[AuthorId] = SqlResourceReader(books, AUTHORS, Paging())

    (mary,) = orjson.loads((await authors.page(ListQuery(expand=(("mentor",),)))).body)["items"]

    assert mary["mentor_id"] == 1
    assert mary["expanded"] == {"mentor": None}


async def test_exports_hold_every_row(books: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apigen.support.infrastructure.reader._EXPORT_CHUNK", 2)
    query = ListQuery(sort=(Sort(path=("title",)),))

    as_json = b"".join([part async for part in reader(books).export(query, format="json")])
    as_csv = b"".join([part async for part in reader(books).export(query, format="csv")])
    nothing = ListQuery(where=where("title", Operator.EQ, "?"))
    empty = b"".join([part async for part in reader(books).export(nothing, format="json")])

    documents = orjson.loads(as_json)
    table = list(csv.DictReader(io.StringIO(as_csv.decode(), newline="")))
    assert [document["title"] for document in documents] == sorted(TITLES)
    assert [row["title"] for row in table] == sorted(TITLES)
    assert documents[0]["chapters"][0]["notes"][0]["text"] == "100% Zoë"
    assert table[1]["price.amount"] == ""
    assert table[0]["price.amount"] == "2.00"
    assert orjson.loads(table[0]["chapters"]) == documents[0]["chapters"]
    assert orjson.loads(empty) == []


@pytest.mark.criterion("R21.2")
async def test_what_a_version_does_not_know_is_not_shown(books: AsyncEngine) -> None:
    hidden = (("price",), ("length",), ("coauthors",), ("chapters", "notes", "text"))
    query = ListQuery(where=where("title", Operator.EQ, "Emma"), hidden=hidden)

    (item,) = orjson.loads((await reader(books).page(query)).body)["items"]
    one = await reader(books).one(BookId(UUID(item["id"])), hidden=hidden)
    exported = [piece async for piece in reader(books).export(query, format="csv")]

    assert set(item) == {"id", "authorId", "title", "genre", "words", "version", "chapters"}
    assert [set(note) for note in item["chapters"][0]["notes"]] == [{"id"}]
    assert one is not None
    assert orjson.loads(one.body) == item
    (row,) = csv.DictReader(io.StringIO(b"".join(exported).decode()))
    assert set(row) == set(item)


async def test_what_is_hidden_is_hidden_where_it_is_embedded(books: AsyncEngine) -> None:
    query = ListQuery(
        where=where("title", Operator.EQ, "emma two"),
        expand=(("author", "mentor"),),
        hidden=(("author", "name"), ("author", "mentor", "version")),
    )

    (item,) = orjson.loads((await reader(books).page(query)).body)["items"]

    author = item["expanded"]["author"]
    assert set(author) == {"id", "mentor_id", "version", "expanded"}
    assert set(author["expanded"]["mentor"]) == {"id", "name", "mentor_id"}


async def test_what_is_hidden_is_not_searched_and_still_filtered_and_sorted(
    books: AsyncEngine,
) -> None:
    authors: SqlResourceReader[AuthorId] = SqlResourceReader(books, AUTHORS, Paging())
    hidden = (("name",),)

    found = orjson.loads((await authors.page(ListQuery(search="jane", hidden=hidden))).body)
    asked = ListQuery(
        where=where("name", Operator.CONTAINS, "a"),
        sort=(Sort(path=("name",), descending=True),),
        hidden=hidden,
    )
    page = orjson.loads((await authors.page(asked)).body)

    assert found["total"] == 0
    assert [item["id"] for item in page["items"]] == [2, 1]


async def test_more_ways_to_sort_than_are_kept_are_answered_too(
    books: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource_statements, "_KEPT", 1)
    asked = reader(books)
    for descending in (False, True, False):
        sort = (Sort(path=("title",), descending=descending),)
        page = orjson.loads((await asked.page(ListQuery(sort=sort, size=2, page=2))).body)
        assert [item["title"] for item in page["items"]] == await titles(
            books, sort=sort, size=2, page=2
        )
        id = BookId(UUID(page["items"][0]["id"]))
        assert await asked.one(id) is not None


async def test_statements_that_are_kept_take_all_values(
    books: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked with values apart is what is asked with the values in the statement."""
    chance = random.Random(5)
    values: dict[str, tuple[list[Operator], list[Any]]] = {
        "title": (
            [Operator.EQ, Operator.NE, Operator.CONTAINS, Operator.STARTSWITH, Operator.GT],
            [*TITLES, "b_", "e", "", "%", "\0"],
        ),
        "price.amount": (
            [Operator.EQ, Operator.NE, Operator.LT, Operator.GTE],
            [Decimal(1), Decimal("1.001"), Decimal("3.999"), Decimal("1e40"), None, 2],
        ),
        "genre": ([Operator.EQ, Operator.NE], ["science", "fiction"]),
        "author.name": ([Operator.EQ, Operator.NE, Operator.LTE], ["Mary", "Jane", "x"]),
        "coauthors": ([Operator.EQ, Operator.NE], [1, 2, 2**70]),
        "version": ([Operator.LT, Operator.GTE], [1, 2, 2**70, -(2**70)]),
    }

    def condition() -> Specification[Any]:
        path, (operators, operands) = chance.choice(list(values.items()))
        if chance.random() < 0.3:
            some = chance.choices(operands, k=chance.randrange(4))
            return where(path, chance.choice([Operator.IN, Operator.NOT_IN]), some)
        found = where(path, chance.choice(operators), chance.choice(operands))
        match chance.randrange(5):
            case 0:
                return ~found
            case 1:
                return found & condition()
            case 2:
                return found | condition()
            case _:
                return found

    kept, by_cursor = reader(books), reader(books, PageStyle.CURSOR)
    monkeypatch.setattr(resource_statements, "_KEPT", 20)
    for _ in range(40):
        query = ListQuery(
            where=condition(),
            search=chance.choice([None, None, "e", "EUR a", "%"]),
            sort=chance.choice(
                [
                    (),
                    (Sort(path=("title",)),),
                    (Sort(path=("price", "amount"), descending=True),),
                    (Sort(path=("price", "amount")), Sort(path=("title",), descending=True)),
                ]
            ),
            size=chance.randrange(1, 4),
        )
        expected = orjson.loads(await kept.rows(replace(query, size=50)))

        page = orjson.loads((await kept.page(query)).body)
        assert (page["total"], page["items"]) == (len(expected), expected[: query.size])
        followed: list[Any] = []
        cursor: str | None = None
        while cursor is not None or not followed:
            part = orjson.loads((await by_cursor.page(replace(query, cursor=cursor))).body)
            followed += part["items"]
            cursor = part["next_cursor"]
            if not part["items"]:
                break
        assert followed == expected
    assert len(kept._statements._kept) <= 20
