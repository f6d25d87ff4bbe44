"""Localized texts in rows: shown, found and put in order in the language of the answer."""

from typing import Any

import orjson
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.queries import ListQuery, PageStyle, Paging, Sort
from apigen.support.core.errors import ValidationError
from apigen.support.core.languages import Locales
from apigen.support.domain.localized import Localized
from apigen.support.domain.specification import AttributeSpecification, Operator
from apigen.support.infrastructure.localized_columns import LocalizedTexts, text_in, texts_of
from apigen.support.infrastructure.localized_reading import LocalizedReadModel
from apigen.support.infrastructure.reader import SqlResourceReader
from tests.support.languages import SpokenLanguage, bound_language

LOCALES = Locales(
    default="en", chains={"en": ("en",), "de": ("de", "en"), "de-CH": ("de-CH", "de", "en")}
)
TEAS = sa.Table(
    "teas",
    sa.MetaData(),
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("name", LocalizedTexts("en"), nullable=False),
    sa.Column("note", LocalizedTexts("en")),
    sa.Index("ix_teas_name_de", sa.text("(coalesce(name ->> 'de', name ->> 'en'))")),
)
MODEL = LocalizedReadModel(
    resource="tea",
    table=TEAS,
    key=(TEAS.c.id,),
    outputs=(TEAS.c.id, TEAS.c.name, TEAS.c.note.label("remark")),
    search=(TEAS.c.name,),
    locales=LOCALES,
)


@pytest_asyncio.fixture
async def teas(engine: AsyncEngine) -> AsyncEngine:
    """Three rows; the texts of the last are in one language."""
    rows: list[dict[str, Any]] = [
        {"id": 1, "name": Localized({"en": "Apple", "de": "Zimt"}), "note": None},
        {
            "id": 2,
            "name": Localized({"en": "Green", "de": "Grün", "de-CH": "Bünzli", "fr": "Vert"}),
            "note": Localized({"en": 'a "b"'}),
        },
        {"id": 3, "name": Localized({"en": "Mint"}), "note": None},
    ]
    async with engine.begin() as connection:
        await connection.run_sync(TEAS.metadata.create_all)
        await connection.execute(sa.insert(TEAS), rows)
    return engine


def reader(engine: AsyncEngine, style: PageStyle = PageStyle.OFFSET) -> SqlResourceReader[int]:
    return SqlResourceReader(engine, MODEL, Paging(style=style, size=2))


async def shown(engine: AsyncEngine, language: str, **asked: Any) -> list[Any]:
    """Return the names that a list shows, in its order."""
    with bound_language(SpokenLanguage(answer=language)):
        page = orjson.loads((await reader(engine).page(ListQuery(size=10, **asked))).body)
    return [item["name"] for item in page["items"]]


BY_NAME = (Sort(path=("name",)),)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Apple", "Green", "Mint"]),
        ("de", ["Grün", "Mint", "Zimt"]),
        ("de-CH", ["Bünzli", "Mint", "Zimt"]),
    ],
)
async def test_lists_are_in_the_order_of_what_is_shown(
    teas: AsyncEngine, language: str, names: list[str]
) -> None:
    assert await shown(teas, language, sort=BY_NAME) == names


async def test_texts_are_found_as_they_are_shown(teas: AsyncEngine) -> None:
    """By search and by filter, those that stand in for missing ones too."""
    is_mint = AttributeSpecification[Any](("name",), Operator.EQ, "Mint")

    assert await shown(teas, "de", search="grün") == ["Grün"]
    assert await shown(teas, "de", search="green") == []
    assert await shown(teas, "de", where=is_mint) == ["Mint"]
    assert await shown(teas, "en", search="zimt") == []


async def test_all_texts_are_those_of_known_locales(teas: AsyncEngine) -> None:
    """In the order of the default one; a locale that went is not shown."""
    assert await shown(teas, "all", sort=BY_NAME) == [
        {"en": "Apple", "de": "Zimt"},
        {"en": "Green", "de": "Grün", "de-CH": "Bünzli"},
        {"en": "Mint"},
    ]
    assert await shown(teas, "all", search="green") != []


async def test_one_is_shown_in_the_language_of_the_answer(teas: AsyncEngine) -> None:
    """Statements are kept for each language; outside of requests it is the default one."""
    found = reader(teas)
    for language, name in (("de", "Grün"), ("en", "Green"), ("de", "Grün")):
        with bound_language(SpokenLanguage(answer=language)):
            one = await found.one(2)
        assert one is not None
        assert orjson.loads(one.body) == {"id": 2, "name": name, "remark": 'a "b"'}
    plain = await found.one(2)
    assert plain is not None
    assert orjson.loads(plain.body)["name"] == "Green"


async def test_a_position_belongs_to_a_language(teas: AsyncEngine) -> None:
    """A cursor of one language is refused in another, whose order is its own."""
    pages = reader(teas, PageStyle.CURSOR)
    with bound_language(SpokenLanguage(answer="de")):
        first = orjson.loads((await pages.page(ListQuery(sort=BY_NAME, size=2))).body)
        asked = ListQuery(sort=BY_NAME, size=2, cursor=first["next_cursor"])
        second = orjson.loads((await pages.page(asked)).body)

    assert [item["name"] for item in first["items"] + second["items"]] == ["Grün", "Mint", "Zimt"]
    with bound_language(SpokenLanguage(answer="en")), pytest.raises(ValidationError):
        await pages.page(asked)


async def test_exports_are_in_the_language_of_the_answer(teas: AsyncEngine) -> None:
    with bound_language(SpokenLanguage(answer="de-CH")):
        pieces = [
            piece async for piece in reader(teas).export(ListQuery(sort=BY_NAME), format="csv")
        ]

    assert b"".join(pieces).decode().splitlines()[:2] == ["id,name,remark", '2,Bünzli,"a ""b"""']


async def test_databases_make_localized_texts_of_texts(teas: AsyncEngine) -> None:
    """As revisions do for rows that are there already."""
    made = texts_of("de", text_in(TEAS.c.note, "en"))
    async with teas.begin() as connection:
        await connection.execute(sa.update(TEAS).values(note=made))
        notes = (await connection.execute(sa.select(TEAS.c.note).order_by(TEAS.c.id))).scalars()

        assert list(notes) == [None, Localized({"de": 'a "b"'}), None]


async def test_an_index_serves_the_order_of_its_language(teas: AsyncEngine) -> None:
    """The text that is asked for is written as the index has it."""
    statement = sa.select(TEAS.c.id).where(text_in(TEAS.c.name, "de", "en") == sa.literal("Grün"))
    async with teas.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        compiled = statement.compile(
            dialect=connection.dialect, compile_kwargs={"literal_binds": True}
        )
        explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = (await connection.exec_driver_sql(f"{explain} {compiled}")).all()

    assert "ix_teas_name_de" in str(plan)
