"""Encrypted fields in the database: what is stored, what is read, and by whom it can be found."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import orjson
import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.queries import ListQuery, Paging
from apigen.support.core.errors import ConflictError, EncryptionError
from apigen.support.core.formats import Phone
from apigen.support.core.protocols import QueryOptions
from apigen.support.domain.specification import AttributeSpecification, Operator
from apigen.support.infrastructure.encrypted_columns import use_keys
from apigen.support.infrastructure.engine import reading
from apigen.support.infrastructure.key_ring import KeyRing
from apigen.support.infrastructure.key_rotation import Rotated, rotate_keys
from apigen.support.infrastructure.reader import SqlResourceReader

from .clinic import (
    COMPLAINTS,
    PATIENTS,
    PHONE,
    Complaint,
    Insurer,
    Patient,
    PatientId,
    Remark,
    Row,
    SqlClinicUnitOfWork,
)

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
INDEX, OTHER_INDEX = bytes(range(2, 34)), bytes(range(3, 35))
PHONE_NUMBER = Phone("+4915112345678")


@pytest_asyncio.fixture
async def clinic(engine: AsyncEngine) -> AsyncEngine:
    """The engine with its tables and keys."""
    async with engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
    return use_keys(engine, KeyRing({"old": OLD}, index_key=INDEX))


def patient(**changes: Any) -> Patient:
    values: dict[str, Any] = {
        "name": "Zoë",
        "national_id": "ID-1",
        "phone": PHONE_NUMBER,
        "debt": Decimal("12.5"),
        "insurer": Insurer(name="Aid", since=dt.date(2020, 1, 2)),
        "allergies": ["nuts", "ärger"],
        "notes": {"a": [1, None]},
    }
    return Patient(**values | changes)


async def stored(engine: AsyncEngine, *patients: Patient) -> None:
    """Store one patient as plain operations do, several as bulk operations do."""
    async with SqlClinicUnitOfWork(engine).deferring() as work:
        await work.patients.add_many(patients)
        await work.commit()


async def loaded(engine: AsyncEngine, id: PatientId) -> Patient:
    async with SqlClinicUnitOfWork(engine).deferring() as work:
        found = await work.patients.get(id)
    assert found is not None
    return found


def reader(engine: AsyncEngine) -> SqlResourceReader[PatientId]:
    return SqlResourceReader(engine, PATIENTS, Paging())


async def raw(engine: AsyncEngine, what: str, *, table: str = "patients") -> list[Any]:
    async with reading(engine) as connection:
        rows = await connection.execute(sa.text(f"SELECT {what} FROM {table} ORDER BY id"))
        return [row[0] for row in rows]


async def execute(engine: AsyncEngine, statement: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(sa.text(statement))


@pytest.mark.criterion("R15.3")
async def test_values_of_every_type_are_stored_encrypted_and_read_as_they_were(
    clinic: AsyncEngine,
) -> None:
    one = patient()
    await stored(clinic, one)

    found = await loaded(clinic, one.id)

    for name in ("name", "national_id", "phone", "born", "debt", "insurer", "allergies", "notes"):
        assert getattr(found, name) == getattr(one, name), name
    for column in ("national_id", "national_id_index", "phone", "born", "debt", "insurer", "notes"):
        (kept,) = await raw(clinic, column)
        for text in (b"ID-1", b"4915112345678", b"12.5", b"Aid", b"2000", b"nuts"):
            assert text not in bytes(kept)


async def test_documents_have_the_values(clinic: AsyncEngine) -> None:
    one = patient()
    await stored(clinic, one)

    page = orjson.loads((await reader(clinic).page(ListQuery())).body)
    shown = await reader(clinic).one(one.id)

    assert shown is not None
    assert page["items"] == [orjson.loads(shown.body)]
    assert page["items"][0] == {
        "id": str(one.id),
        "name": "Zoë",
        "national_id": "ID-1",
        "phone": "+4915112345678",
        "born": "2000-02-29",
        "debt": "12.50",
        "insurer": {"name": "Aid", "insuredSince": "2020-01-02"},
        "allergies": ["nuts", "ärger"],
        "notes": {"a": [1, None]},
    }


async def test_exports_have_the_values(clinic: AsyncEngine) -> None:
    await stored(clinic, patient(phone=None, insurer=None))

    pieces = [piece async for piece in reader(clinic).export(ListQuery(), format="csv") if piece]

    (row,) = csv.DictReader(io.StringIO(b"".join(pieces).decode()))
    assert row["national_id"] == "ID-1"
    assert row["phone"] == ""
    assert row["born"] == "2000-02-29"
    assert row["allergies"] == '["nuts","ärger"]'


async def test_nothing_stays_nothing(clinic: AsyncEngine) -> None:
    one = patient(phone=None, insurer=None, notes=None)
    await stored(clinic, one)

    found = await loaded(clinic, one.id)

    assert (found.phone, found.insurer, found.notes) == (None, None, None)
    assert await raw(clinic, "phone IS NULL AND insurer IS NULL") == [True]


async def test_a_ciphertext_can_not_be_moved_to_another_row(clinic: AsyncEngine) -> None:
    first, second = patient(), patient(national_id="ID-2", phone=Phone("+10000000000"))
    await stored(clinic, first, second)
    swapped = "UPDATE patients SET phone = (SELECT other.phone FROM patients other"
    await execute(clinic, f"{swapped} WHERE other.id <> patients.id LIMIT 1)")

    with pytest.raises(EncryptionError, match="does not decrypt") as caught:
        await loaded(clinic, first.id)
    with pytest.raises(EncryptionError):
        await reader(clinic).page(ListQuery())

    assert caught.value.context == {
        "field": "patients.phone",
        "row": str(first.id),
        "key": "old",
    }


async def test_a_ciphertext_can_not_be_moved_to_another_column(clinic: AsyncEngine) -> None:
    one = patient()
    await stored(clinic, one)
    await execute(clinic, "UPDATE patients SET phone = national_id")

    with pytest.raises(EncryptionError, match=r"patients\.phone"):
        await loaded(clinic, one.id)


@pytest.mark.criterion("R12.3")
async def test_a_missing_key_is_told_by_its_id(clinic: AsyncEngine) -> None:
    one = patient()
    await stored(clinic, one)
    use_keys(clinic, KeyRing({"new": NEW}, index_key=INDEX))

    with pytest.raises(EncryptionError, match="its key is not there") as caught:
        await loaded(clinic, one.id)

    assert caught.value.context["key"] == "old"


async def test_without_keys_nothing_is_written(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)

    with pytest.raises(EncryptionError, match="without keys"):
        await stored(engine, patient())


async def test_a_blind_index_finds_equal_values(clinic: AsyncEngine) -> None:
    one, other = patient(national_id="Zoe\u0308"), patient(national_id="ID-2")
    await stored(clinic, one, other)

    async def found(operator: Operator, value: object) -> list[str]:
        where = AttributeSpecification[Any](("national_id",), operator, value)
        page = orjson.loads((await reader(clinic).page(ListQuery(where=where))).body)
        return [item["id"] for item in page["items"]]

    assert await found(Operator.EQ, "Zoë") == [str(one.id)]
    assert await found(Operator.EQ, "zoë") == []
    assert await found(Operator.IN, ["ID-2", "ID-3"]) == [str(other.id)]
    assert await found(Operator.NE, "Zoë") == [str(other.id)]
    assert await found(Operator.IS_NULL, True) == []


async def test_rows_are_not_looked_for_by_a_ciphertext(clinic: AsyncEngine) -> None:
    where = AttributeSpecification[Patient](("phone",), Operator.EQ, PHONE_NUMBER)

    async with SqlClinicUnitOfWork(clinic) as work:
        with pytest.raises(EncryptionError, match=r"not found by .*patients\.phone") as caught:
            await work.patients.find(QueryOptions(where=where))

    assert PHONE_NUMBER not in str(caught.value)


async def test_a_blind_index_keeps_values_apart(clinic: AsyncEngine) -> None:
    await stored(clinic, patient())

    with pytest.raises(ConflictError) as caught:
        await stored(clinic, patient())

    assert caught.value.fields == ("national_id",)
    assert "ID-1" not in str(caught.value)


async def test_what_was_not_changed_is_not_written(clinic: AsyncEngine) -> None:
    one = patient()
    await stored(clinic, one)
    before = await raw(clinic, "phone")

    async with SqlClinicUnitOfWork(clinic) as work:
        found = await work.patients.get(one.id)
        assert found is not None
        found.name = "Other"
        await work.patients.save(found)
        await work.commit()

    assert await raw(clinic, "phone") == before
    assert await raw(clinic, "name") == ["Other"]


async def test_what_was_changed_is_written(clinic: AsyncEngine) -> None:
    one = patient()
    await stored(clinic, one)

    async with SqlClinicUnitOfWork(clinic).deferring() as work:
        found = await work.patients.get(one.id)
        assert found is not None
        found.phone, found.national_id = Phone("+12025550123"), "ID-9"
        await work.patients.save(found)
        await work.commit()

    found = await loaded(clinic, one.id)
    assert (found.phone, found.national_id, found.version) == ("+12025550123", "ID-9", 2)
    where = AttributeSpecification[Any](("national_id",), Operator.EQ, "ID-9")
    assert await reader(clinic).count(ListQuery(where=where)) == 1


async def test_values_are_bound_to_numbers_that_the_database_draws(clinic: AsyncEngine) -> None:
    complaint = Complaint(text="pain", remarks=[Remark(text="left"), Remark(text="right")])
    async with SqlClinicUnitOfWork(clinic) as work:
        await work.complaints.add(complaint)
        await work.complaints.add(Complaint(text="more pain"))
        await work.commit()

    async with SqlClinicUnitOfWork(clinic) as work:
        found = await work.complaints.get(complaint.id)
        assert found is not None
        found.remarks.append(Remark(text="again"))
        await work.complaints.save(found)
        await work.commit()

    read = SqlResourceReader[int](clinic, COMPLAINTS, Paging())
    first, second = orjson.loads((await read.page(ListQuery())).body)["items"]
    assert first["text"] == "pain"
    assert [remark["text"] for remark in first["remarks"]] == ["left", "right", "again"]
    assert second["text"] == "more pain"
    async with SqlClinicUnitOfWork(clinic) as work:
        again = await work.complaints.get(complaint.id)
    assert again is not None
    assert [remark.text for remark in again.remarks] == ["left", "right", "again"]


async def rotated(engine: AsyncEngine, **options: Any) -> dict[str, Rotated]:
    return {one.column: one async for one in rotate_keys(engine, Row.metadata, **options)}


async def test_keys_are_rotated_a_batch_at_a_time(clinic: AsyncEngine) -> None:
    several = [patient(national_id=f"ID-{n}", phone=None) for n in range(5)]
    several[3].phone = PHONE_NUMBER
    await stored(clinic, *several)
    await stored(
        use_keys(clinic, KeyRing({"new": NEW, "old": OLD}, index_key=INDEX)),
        patient(national_id="X"),
    )

    before = await raw(clinic, "phone")
    counted = await rotated(clinic, batch=2, dry_run=True)
    assert await raw(clinic, "phone") == before
    done = await rotated(clinic, batch=2)
    again = await rotated(clinic, batch=2)

    wanted = Rotated(column="patients.national_id", rows=6, stale=5)
    assert counted["patients.national_id"] == wanted
    assert done["patients.national_id"].renewed == 5
    assert (done["patients.phone"].rows, done["patients.phone"].renewed) == (2, 1)
    assert all(one.stale == 0 for one in again.values())
    use_keys(clinic, KeyRing({"new": NEW}, index_key=INDEX))
    assert (await loaded(clinic, several[3].id)).phone == PHONE_NUMBER
    assert (await loaded(clinic, several[3].id)).version == 1


async def test_another_key_of_indexes_makes_them_again(clinic: AsyncEngine) -> None:
    one = patient()
    await stored(clinic, one)
    use_keys(clinic, KeyRing({"old": OLD}, index_key=OTHER_INDEX))
    query = ListQuery(where=AttributeSpecification[Any](("national_id",), Operator.EQ, "ID-1"))
    assert await reader(clinic).count(query) == 0

    done = await rotated(clinic)

    assert done["patients.national_id"].renewed == 1
    assert await reader(clinic).count(query) == 1


def test_what_is_sealed_shows_nothing() -> None:
    sealed, digest = PHONE.sealed(PHONE_NUMBER, 1), PHONE.digested(PHONE_NUMBER)

    assert "4915" not in f"{sealed!r}{digest!r}{sealed}{digest}"
    assert sealed == PHONE.sealed(PHONE_NUMBER, 1)
    assert sealed != PHONE.sealed(PHONE_NUMBER, 2)
    assert sealed != PHONE_NUMBER
    assert digest == PHONE.digested(PHONE_NUMBER)
    assert digest != PHONE_NUMBER
