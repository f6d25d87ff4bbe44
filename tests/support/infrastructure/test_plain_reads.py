"""The read path and a plain read through the ORM show the same, whatever is stored.

Rows of every type of column are made up, stored, read by a session of SQLAlchemy and by a reader,
and compared as JSON, to the last digit. What is encrypted is read through its repository.
"""

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from ulid import ULID

from apigen.support.application.queries import ListQuery, Paging, Sort
from apigen.support.core.formats import Phone
from apigen.support.core.json import dumps
from apigen.support.core.languages import EVERY_LOCALE, Locales
from apigen.support.core.protocols import QueryOptions
from apigen.support.domain.localized import Localized
from apigen.support.infrastructure.column_types import (
    EnumText,
    Json,
    JsonOf,
    Microseconds,
    ScaledDecimal,
    UlidString,
    UtcDateTime,
)
from apigen.support.infrastructure.encrypted_columns import use_keys
from apigen.support.infrastructure.key_ring import KeyRing
from apigen.support.infrastructure.localized_columns import LocalizedTexts
from apigen.support.infrastructure.localized_reading import LocalizedReadModel
from apigen.support.infrastructure.read_model import Children, Composite, ReadModel
from apigen.support.infrastructure.reader import SqlResourceReader
from tests.support.languages import SpokenLanguage, bound_language

from . import clinic

LOCALES = Locales(
    default="en", chains={"en": ("en",), "de": ("de", "en"), "de-CH": ("de-CH", "de", "en")}
)
LANGUAGES = (None, "en", "de", "de-CH", EVERY_LOCALE)


class Level(StrEnum):
    """An enum of which one member is stored under another name."""

    LOW = "low"
    HIGH = "high"


class Row(DeclarativeBase):
    """Base of the rows."""


class PartRow(Row):
    """Table parts."""

    __tablename__ = "parts"

    id: Mapped[UUID] = mapped_column(sa.Uuid(), primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(sa.ForeignKey("things.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(sa.Integer())
    text: Mapped[str] = mapped_column(sa.Text())
    weight: Mapped[Decimal | None] = mapped_column(ScaledDecimal(6, 0))


class ThingRow(Row):
    """Table things: a column of every type that there is."""

    __tablename__ = "things"

    id: Mapped[UUID] = mapped_column(sa.Uuid(), primary_key=True)
    title: Mapped[Localized[str]] = mapped_column(LocalizedTexts("en"))
    remark: Mapped[Localized[str] | None] = mapped_column(LocalizedTexts("en"))
    text: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str | None] = mapped_column(sa.Text())
    flag: Mapped[bool] = mapped_column(sa.Boolean())
    maybe: Mapped[bool | None] = mapped_column(sa.Boolean())
    small: Mapped[int | None] = mapped_column(sa.Integer())
    big: Mapped[int] = mapped_column(sa.BigInteger())
    ratio: Mapped[float] = mapped_column(sa.Double())
    price: Mapped[Decimal | None] = mapped_column(ScaledDecimal(18, 4))
    share: Mapped[Decimal] = mapped_column(ScaledDecimal(4, 4))
    amount: Mapped[Decimal | None] = mapped_column(ScaledDecimal(12, 2))
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    day: Mapped[dt.date | None] = mapped_column(sa.Date())
    hour: Mapped[dt.time | None] = mapped_column(sa.Time())
    moment: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    later: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    length: Mapped[dt.timedelta | None] = mapped_column(Microseconds())
    token: Mapped[UUID | None] = mapped_column(sa.Uuid())
    ticket: Mapped[ULID | None] = mapped_column(UlidString())
    blob: Mapped[bytes | None] = mapped_column(sa.LargeBinary())
    level: Mapped[Level | None] = mapped_column(EnumText(Level, {"high": "h"}))
    colour: Mapped[Level] = mapped_column(EnumText(Level))
    extra: Mapped[Any] = mapped_column(Json(nullable=False), nullable=False)
    other: Mapped[Any] = mapped_column(Json(nullable=True), nullable=True)
    words: Mapped[frozenset[str]] = mapped_column(JsonOf(frozenset[str]))
    scores: Mapped[dict[str, Decimal] | None] = mapped_column(JsonOf(dict[str, Decimal]))
    moments: Mapped[list[dt.datetime]] = mapped_column(JsonOf(list[dt.datetime]))
    version: Mapped[int] = mapped_column(sa.Integer())
    parts: Mapped[list[PartRow]] = relationship(lazy="selectin", order_by=PartRow.position)


_things, _parts = ThingRow.__table__, PartRow.__table__
_MONEY = ("amount", "currency")
PLAIN = [name for name in _things.c.keys() if name not in (*_MONEY, "title", "remark")]  # noqa: SIM118
THINGS = LocalizedReadModel(
    resource="thing",
    table=_things,
    key=(_things.c.id,),
    outputs=(
        *(_things.c[name] for name in (*PLAIN, "title", "remark")),
        Composite(name="money", parts=tuple(_things.c[name] for name in _MONEY), nullable=True),
    ),
    collections=(
        Children(
            name="parts",
            model=ReadModel(
                resource="part",
                table=_parts,
                key=(_parts.c.id,),
                outputs=(_parts.c.id, _parts.c.text, _parts.c.weight),
            ),
            parent=_parts.c.thing_id,
            order_by=(_parts.c.position,),
        ),
    ),
    version=_things.c.version,
    locales=LOCALES,
)

# PostgreSQL has no NUL in texts.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
MOMENTS = st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-9))]))
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | INTEGERS | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def scaled(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    """Return whatever fits into a decimal column."""
    most = 10**precision - 1
    return st.integers(-most, most).map(lambda digits: Decimal(digits).scaleb(-scale))


def localized() -> st.SearchStrategy[Localized[str]]:
    """Return texts of the default locale, of others, and of one that there was once."""
    others = st.sampled_from(["de", "de-CH", "fr"])
    return st.builds(
        lambda first, rest: Localized({**rest, "en": first}),
        TEXTS,
        st.dictionaries(others, TEXTS, max_size=3),
    )


PARTS = st.builds(
    PartRow, id=st.uuids(), text=TEXTS, weight=st.none() | scaled(6, 0), position=st.just(0)
)
MONEY = st.just((None, None)) | st.tuples(scaled(12, 2), st.none() | st.just("EUR"))


@st.composite
def things(draw: st.DrawFn) -> ThingRow:
    """Return a row of anything."""
    amount, currency = draw(MONEY)
    parts = draw(st.lists(PARTS, max_size=2))
    for place, part in enumerate(parts):
        part.position = place
    return draw(
        st.builds(
            ThingRow,
            id=st.uuids(),
            title=localized(),
            remark=st.none() | localized(),
            text=TEXTS,
            note=st.none() | TEXTS,
            flag=st.booleans(),
            maybe=st.none() | st.booleans(),
            small=st.none() | st.integers(-(2**31), 2**31 - 1),
            big=INTEGERS,
            ratio=FLOATS,
            price=st.none() | scaled(18, 4),
            share=scaled(4, 4),
            amount=st.just(amount),
            currency=st.just(currency),
            day=st.none() | st.dates(),
            hour=st.none() | st.times(),
            moment=MOMENTS.filter(_has_utc),
            later=st.none() | MOMENTS.filter(_has_utc),
            length=st.none()
            | st.integers(-(2**53), 2**53).map(lambda length: dt.timedelta(microseconds=length)),
            token=st.none() | st.uuids(),
            ticket=st.none() | st.binary(min_size=16, max_size=16).map(ULID.from_bytes),
            blob=st.none() | st.binary(max_size=20),
            level=st.none() | st.sampled_from(Level),
            colour=st.sampled_from(Level),
            extra=VALUES,
            other=VALUES,
            words=st.frozensets(TEXTS, max_size=3),
            scores=st.none() | st.dictionaries(TEXTS, scaled(20, 6), max_size=2),
            moments=st.lists(MOMENTS.filter(_has_utc), max_size=2),
            version=st.just(2),
            parts=st.just(parts),
        )
    )


def _has_utc(moment: dt.datetime) -> bool:
    """Whether there is such a moment in UTC, whose years are those of a date."""
    try:
        return 1 < moment.astimezone(dt.UTC).year < 9999
    except OverflowError:
        return False


def speaking(language: str | None) -> AbstractContextManager[None]:
    """Ask in a language, or outside of any request."""
    if language is None:
        return nullcontext()
    return bound_language(SpokenLanguage(answer=language))


def shown(row: ThingRow, language: str) -> dict[str, Any]:
    """Return what is to be shown of a row that the ORM has read."""
    texts: Mapping[str, Localized[str] | None] = {"title": row.title, "remark": row.remark}
    money = {"amount": row.amount, "currency": row.currency}
    return {
        **{name: getattr(row, name) for name in PLAIN},
        **{name: None if text is None else spoken(text, language) for name, text in texts.items()},
        "money": None if row.amount is None else money,
        "parts": [{"id": p.id, "text": p.text, "weight": p.weight} for p in row.parts],
    }


def spoken(texts: Localized[str], language: str) -> object:
    """Return a localized text as answers in a language have it."""
    if language == EVERY_LOCALE:
        return {locale: texts[locale] for locale in LOCALES.supported if locale in texts}
    return next(texts[locale] for locale in LOCALES.chain(language) if locale in texts)


def exact(source: bytes) -> str:
    """Return a JSON document in a form of its own: equal texts are equal values, types included.

    The order of keys says nothing. A number is what a client reads, however it is written:
    PostgreSQL stores `1e20` of a JSON column with all its zeros.
    """
    return json.dumps(orjson.loads(source), sort_keys=True)


@pytest_asyncio.fixture
async def stored(engine: AsyncEngine) -> AsyncEngine:
    """The engine, on a database with the tables."""
    async with engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
    return engine


SEARCHED = settings(max_examples=30, suppress_health_check=[*HealthCheck])


@SEARCHED
@given(rows=st.lists(things(), min_size=1, max_size=3), language=st.sampled_from(LANGUAGES))
async def test_a_reader_shows_what_the_orm_reads(
    stored: AsyncEngine, rows: list[ThingRow], language: str | None
) -> None:
    async with AsyncSession(stored) as session:
        await session.execute(sa.delete(PartRow))
        await session.execute(sa.delete(ThingRow))
        # Shrinking gives the same rows again, which have been stored once.
        session.add_all([await session.merge(row) for row in rows])
        await session.commit()
    async with AsyncSession(stored) as session:
        found = list(await session.scalars(sa.select(ThingRow).order_by(ThingRow.id)))
    plain = [shown(row, language or "en") for row in found]
    reader: SqlResourceReader[UUID] = SqlResourceReader(stored, THINGS, Paging())
    by_id = ListQuery(sort=(Sort(path=("id",)),))

    with speaking(language):
        page = (await reader.page(by_id)).body
        rows_alone = [await reader.one(row.id, known=1) for row in found]
        exported = b"".join([piece async for piece in reader.export(by_id, format="json")])

    assert exact(dumps(orjson.loads(page)["items"])) == exact(dumps(plain))
    assert exact(exported) == exact(dumps(plain))
    for alone, row in zip(rows_alone, plain, strict=True):
        assert alone is not None
        assert exact(alone.body) == exact(dumps(row))


@st.composite
def patients(draw: st.DrawFn) -> clinic.Patient:
    """Return a patient about whom anything is known."""
    insurer = st.builds(clinic.Insurer, name=TEXTS, since=st.dates())
    return draw(
        st.builds(
            clinic.Patient,
            name=TEXTS,
            national_id=TEXTS,
            phone=st.none() | st.integers(10**8, 10**14).map(lambda number: Phone(f"+{number}")),
            born=st.dates(),
            debt=scaled(12, 2),
            insurer=st.none() | insurer,
            allergies=st.lists(TEXTS, max_size=3),
            notes=VALUES,
        )
    )


@SEARCHED
@given(patient=patients())
async def test_a_reader_shows_what_a_repository_decrypts(
    engine: AsyncEngine, patient: clinic.Patient
) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(clinic.Row.metadata.create_all)
        await connection.execute(sa.delete(clinic.PatientRow))
    keyed = use_keys(engine, KeyRing({"k": bytes(range(32))}, index_key=bytes(range(1, 33))))
    async with clinic.SqlClinicUnitOfWork(keyed) as work:
        await work.patients.add(patient)
        await work.commit()
    async with clinic.SqlClinicUnitOfWork(keyed) as work:
        (plain,) = await work.patients.find(QueryOptions())
    reader: SqlResourceReader[clinic.PatientId]
    reader = SqlResourceReader(keyed, clinic.PATIENTS, Paging())

    one = await reader.one(plain.id)

    assert one is not None
    found = orjson.loads(one.body)
    expected = {name: getattr(plain, name) for name in found if name != "insurer"}
    insurer = plain.insurer
    shows = None if insurer is None else {"name": insurer.name, "insuredSince": insurer.since}
    assert exact(one.body) == exact(dumps({**expected, "insurer": shows}))


def test_what_is_compared_is_exact() -> None:
    assert exact(b'{"a": 1}') != exact(b'{"a": 1.0}')
    assert exact(b'{"a": true}') != exact(b'{"a": 1}')
    assert exact(b'"1.0"') != exact(b'"1.00"')
    assert exact(b"-0.0") != exact(b"0.0")
    assert exact(b'{"a": 1, "b": 2}') == exact(b'{"b": 2, "a": 1}')
    assert exact(b"1e20") == exact(b"100000000000000000000")
