"""Writes of one row: the same outcome with a transaction and without, on both databases."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from apigen.support.application.results import ServiceResult
from apigen.support.application.service import GenericService
from apigen.support.core.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    PreconditionFailedError,
    ReferenceConflictError,
)
from apigen.support.core.identifiers import uuid7
from apigen.support.core.protocols import QueryOptions
from apigen.support.core.result import Err
from apigen.support.domain.audited import Audited
from apigen.support.infrastructure.changes import ChangeLog, changes_table
from apigen.support.infrastructure.engine import is_sqlite, querying, reading
from apigen.support.infrastructure.row_source import RowNote
from apigen.support.infrastructure.unit_of_work import noting_commit

from .labels import (
    OUTBOX_TABLE,
    Colour,
    Label,
    LabelId,
    LabelRow,
    Row,
    SqlLabelRepository,
    SqlLabelUnitOfWork,
    label_outbox,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)

type Service = GenericService[SqlLabelUnitOfWork, Label, LabelId, Label, dict[str, Any]]


class Closed:
    """Lets nobody make anything, and finds that out when it is made."""

    def require(self, operation: str) -> None:
        """Let everybody begin."""

    async def before(
        self, operation: str, work: SqlLabelUnitOfWork, ids: Sequence[LabelId]
    ) -> None:
        """Let everybody go on."""

    async def after(self, operation: str, work: SqlLabelUnitOfWork, ids: Sequence[LabelId]) -> None:
        """Refuse what is there by now."""
        assert await work.labels.existing(ids) == set(ids)
        raise ForbiddenError(operation, "label")


class Open(Closed):
    """Lets everybody make anything, and has a look at what is made."""

    async def after(self, operation: str, work: SqlLabelUnitOfWork, ids: Sequence[LabelId]) -> None:
        """Find it in the transaction."""
        assert await work.labels.existing(ids) == set(ids)


@pytest_asyncio.fixture
async def shelf(engine: AsyncEngine) -> AsyncEngine:
    """The engine, on a database with the tables of labels."""
    async with engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
    return engine


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> list[AsyncSession]:
    """The sessions that have taken a connection in a test."""
    begun: list[AsyncSession] = []
    connection = AsyncSession.connection

    async def note(session: AsyncSession, **options: Any) -> Any:
        begun.append(session)
        return await connection(session, **options)

    monkeypatch.setattr(AsyncSession, "connection", note)
    return begun


def service_of(engine: AsyncEngine, *, access: Closed | None = None) -> Service:
    """Return a service whose payloads are labels, and what is to be changed of one."""

    def change(label: Label, values: dict[str, Any]) -> None:
        if values.get("tear"):
            label.tear()
        else:
            vars(label).update(values)

    return GenericService(
        resource="label",
        unit_of_work=lambda: SqlLabelUnitOfWork(engine, outbox=label_outbox()),
        repository=lambda work: work.labels,
        build=lambda label: label,
        change=change,
        access=access,
        clock=lambda: NOW,
    )


async def stored(engine: AsyncEngine) -> list[dict[str, Any]]:
    """Return what the rows hold, without their ids."""
    async with reading(engine) as connection:
        rows = await connection.execute(sa.select(LabelRow.__table__).order_by(LabelRow.text))
        return [{**row._mapping, "id": None, "below": None} for row in rows]


def made[T](result: ServiceResult[T]) -> T:
    """Return what was made."""
    assert not isinstance(result, Err), result
    return result.value


def refused(result: ServiceResult[Any]) -> tuple[str, tuple[str, ...]]:
    """Return the code of a refusal, and the fields that it is about."""
    assert isinstance(result, Err)
    return result.error.code, tuple(detail.field for detail in result.error.details)


@pytest.mark.criterion("R90.1")
async def test_one_write_needs_no_transaction(
    shelf: AsyncEngine, transactions: list[AsyncSession]
) -> None:
    service = service_of(shelf)

    label = made(await service.create(Label(text="a")))
    made(await service.update(label.id, {"text": "b"}, expected_version=1))
    made(await service.delete(label.id, expected_version=2))

    assert transactions == []
    (row,) = await stored(shelf)
    assert (row["text"], row["version"], row["is_deleted"]) == ("b", 3, True)
    assert refused(await service.update(label.id, {"text": "c"}))[0] == "not_found"


async def test_it_stores_what_a_transaction_would(shelf: AsyncEngine) -> None:
    service = service_of(shelf)
    values: list[dict[str, Any]] = [
        {},
        {"colour": Colour.RED, "price": Decimal("1.50"), "data": {"a": [None, 1e400]}},
        {"colour": Colour.BLUE, "price": Decimal("-0.01"), "data": "text"},
    ]
    for number, some in enumerate(values):
        label = Label(text=f"x{number}", **some)
        made(await service.create(label))
        made(await service.update(label.id, {"price": Decimal(number)}))
    alone = await stored(shelf)
    async with reading(shelf) as connection:
        await connection.execute(sa.delete(LabelRow))

    for number, some in enumerate(values):
        async with SqlLabelUnitOfWork(shelf) as work:
            label = Label(text=f"x{number}", created_at=NOW, updated_at=NOW, **some)
            await work.labels.add(label)
            label.price = Decimal(number)
            await work.labels.save(label)
            await work.commit()

    assert alone == await stored(shelf)


async def test_refusals_name_what_is_in_the_way(shelf: AsyncEngine) -> None:
    service = service_of(shelf)
    label = made(await service.create(Label(text="a")))
    other = made(await service.create(Label(text="b", below_id=label.id)))
    nobody = LabelId(uuid7())

    taken, missing = ("conflict", ("text",)), ("reference_conflict", ("below",))
    assert refused(await service.create(Label(text="a"))) == taken
    assert refused(await service.update(other.id, {"text": "a"})) == taken
    assert refused(await service.create(Label(text="c", below_id=nobody))) == missing
    assert refused(await service.update(other.id, {"below_id": nobody})) == missing
    assert refused(await service.update(nobody, {"text": "c"}))[0] == "not_found"
    stale = await service.update(label.id, {"text": "c"}, expected_version=7)
    assert refused(stale)[0] == "precondition_failed"
    assert [row["text"] for row in await stored(shelf)] == ["a", "b"]


async def test_one_of_those_who_change_a_row_at_once_wins(shelf: AsyncEngine) -> None:
    service = service_of(shelf)
    label = made(await service.create(Label(text="a")))

    results = await asyncio.gather(
        *(
            service.update(label.id, {"text": f"{number}"}, expected_version=1)
            for number in range(8)
        )
    )

    refusals = [refused(result)[0] for result in results if isinstance(result, Err)]
    assert refusals == ["precondition_failed"] * 7
    assert [row["version"] for row in await stored(shelf)] == [2]


async def test_who_is_overtaken_is_told_by_whom(shelf: AsyncEngine) -> None:
    first = made(await service_of(shelf).create(Label(text="a")))

    async with SqlLabelUnitOfWork(shelf).deferring() as work:
        label = await work.labels.get(first.id)
        assert label is not None
        # Another process: on SQLite those of one process wait for each other.
        async with reading(shelf) as connection:
            await connection.execute(sa.update(LabelRow).values(text="b", version=2))
        label.text = "c"
        await work.labels.save(label)
        with pytest.raises(PreconditionFailedError) as caught:
            await work.commit()
    assert (caught.value.expected, caught.value.actual) == (1, 2)

    async with SqlLabelUnitOfWork(shelf).deferring() as work:
        label = await work.labels.get(first.id)
        assert label is not None
        async with reading(shelf) as connection:
            await connection.execute(sa.delete(LabelRow))
        await work.labels.save(label)
        with pytest.raises(NotFoundError):
            await work.commit()


async def test_a_second_write_makes_it_a_transaction(shelf: AsyncEngine) -> None:
    async with SqlLabelUnitOfWork(shelf).deferring() as work:
        await work.labels.add(Label(text="a", created_at=NOW, updated_at=NOW))
        second = Label(text="b", created_at=NOW, updated_at=NOW)
        await work.labels.add(second)
        second.text = "c"
        await work.labels.save(second)
        assert await work.labels.count() == 2
        assert await stored(shelf) == []
        await work.commit()
    assert [row["text"] for row in await stored(shelf)] == ["a", "c"]

    async with SqlLabelUnitOfWork(shelf).deferring() as work:
        with pytest.raises(ConflictError):
            await add_twice(work, "d")
    assert [row["text"] for row in await stored(shelf)] == ["a", "c"]


async def test_a_write_that_waits_is_not_lost_to_who_uses_the_session(shelf: AsyncEngine) -> None:
    async with SqlLabelUnitOfWork(shelf).deferring() as work:
        await work.labels.add(Label(text="a", created_at=NOW, updated_at=NOW))
        await work.session.execute(sa.select(sa.literal(1)))
        await work.commit()

    assert [row["text"] for row in await stored(shelf)] == ["a"]


async def add_twice(work: SqlLabelUnitOfWork, text: str) -> None:
    """Add two labels that can not be beside each other."""
    for _ in range(2):
        await work.labels.add(Label(text=text, created_at=NOW, updated_at=NOW))


async def test_many_are_stored_together_or_not_at_all(shelf: AsyncEngine) -> None:
    service = service_of(shelf)
    first = Label(text="0", data=[None])
    many = [first, *(Label(text=f"{n}", below_id=first.id) for n in range(1, 9))]

    made(await service.create_many(many))
    taken = await service.create_many([Label(text="9"), Label(text="3")])
    missing = await service.create_many([Label(text="9", below_id=LabelId(uuid7()))])

    assert refused(taken) == ("conflict", ("text",))
    assert refused(missing) == ("reference_conflict", ("below",))
    rows = await stored(shelf)
    assert [row["text"] for row in rows] == [f"{n}" for n in range(9)]
    assert {row["version"] for row in rows} == {1}


@pytest.fixture
def statements(shelf: AsyncEngine) -> Iterator[list[str]]:
    """What a session has asked the database."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    sa.event.listen(shelf.sync_engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(shelf.sync_engine, "before_cursor_execute", note)


@pytest.mark.parametrize("count", [2, 7])
async def test_as_many_statements_change_few_rows_and_many(
    shelf: AsyncEngine, statements: list[str], count: int
) -> None:
    service = service_of(shelf)
    labels = [Label(text=f"{number}", data=[number]) for number in range(count)]
    made(await service.create_many(labels))

    statements.clear()
    changed = made(
        await service.update_many([(label.id, {"text": f"{label.text}!"}) for label in labels])
    )

    assert len(statements) == 2
    assert [(label.text, label.version) for label in changed] == [
        (f"{number}!", 2) for number in range(count)
    ]
    rows = await stored(shelf)
    assert [(row["text"], row["version"], row["data"]) for row in rows] == [
        (f"{number}!", 2, [number]) for number in range(count)
    ]


async def test_many_are_changed_in_their_order(shelf: AsyncEngine) -> None:
    """What one gives up, the next may take."""
    service = service_of(shelf)
    labels = [Label(text=text) for text in "abc"]
    made(await service.create_many(labels))
    first, second, third = (label.id for label in labels)
    nobody = LabelId(uuid7())

    made(await service.update_many([(third, {"text": "d"}), (first, {"text": "c"})]))
    taken = await service.update_many([(second, {"text": "d"}), (third, {"text": "e"})])
    missing = await service.update_many([(second, {}), (third, {"below_id": nobody})])

    assert refused(taken) == ("conflict", ("text",))
    assert refused(missing) == ("reference_conflict", ("below",))
    assert refused(await service.update_many([(second, {}), (nobody, {})]))[0] == "not_found"
    rows = await stored(shelf)
    assert [(row["text"], row["version"]) for row in rows] == [("b", 1), ("c", 2), ("d", 2)]


async def test_of_many_who_is_overtaken_is_told_by_whom(shelf: AsyncEngine) -> None:
    if is_sqlite(shelf):
        pytest.skip("a transaction of SQLite locks all rows")
    labels = made(await service_of(shelf).create_many([Label(text=text) for text in "abc"]))
    ids = [label.id for label in labels]
    other = sa.update(LabelRow).where(LabelRow.id == ids[1])

    async with SqlLabelUnitOfWork(shelf) as work:
        found = await work.labels.get_many(ids)
        async with reading(shelf) as connection:
            await connection.execute(other.values(version=2))
        with pytest.raises(PreconditionFailedError) as caught:
            await work.labels.save_many(found)
    assert (caught.value.expected, caught.value.actual) == (1, 2)

    async with SqlLabelUnitOfWork(shelf) as work:
        found = await work.labels.get_many(ids)
        async with reading(shelf) as connection:
            await connection.execute(sa.delete(LabelRow).where(LabelRow.id == ids[1]))
        with pytest.raises(NotFoundError):
            await work.labels.save_many(found)
    assert {row["version"] for row in await stored(shelf)} == {1}


async def test_who_change_the_same_rows_at_once_do_not_stop_each_other(shelf: AsyncEngine) -> None:
    service = service_of(shelf)
    labels = made(await service.create_many([Label(text=f"{number}") for number in range(20)]))
    changes = [(label.id, {"price": Decimal(1)}) for label in labels]

    results = await asyncio.gather(
        *(service.update_many(changes[::way]) for way in (1, -1, 1, -1, 1, -1))
    )

    refusals = [result.error for result in results if isinstance(result, Err)]
    # Overtaken, but never by a deadlock.
    assert all("at the same time" in refusal.message for refusal in refusals), refusals
    (version,) = {row["version"] for row in await stored(shelf)}
    assert version == 1 + len(results) - len(refusals)


async def test_what_many_are_is_read_again_once_they_are_saved(shelf: AsyncEngine) -> None:
    made(await service_of(shelf).create_many([Label(text=text) for text in "ab"]))

    async with SqlLabelUnitOfWork(shelf) as work:
        labels = list(await work.labels.find(QueryOptions()))
        for label in labels:
            label.text += "!"
        await work.labels.save_many(labels)
        again = await work.labels.get_many([label.id for label in labels])
        assert {label.text for label in again} == {"a!", "b!"}
        again[0].text = "c"
        await work.labels.save(again[0])
        # The same one twice is saved twice.
        await work.labels.save_many([again[1], again[1]])
        await work.commit()

    assert sorted(row["version"] for row in await stored(shelf)) == [3, 4]


LABEL_CHANGES = changes_table(Row.metadata.tables["labels"])


class NotedLabels(SqlLabelRepository):
    """Labels, with a log of their changes."""

    changes = ChangeLog(table=LABEL_CHANGES)


@dataclass(kw_only=True, eq=False)
class NotedLabel(Audited, Label):
    """A label that knows who has written it."""


async def test_changes_of_many_are_noted_one_by_one(
    shelf: AsyncEngine, statements: list[str]
) -> None:
    made(await service_of(shelf).create_many([Label(text=text) for text in "abc"]))
    statements.clear()

    async with SqlLabelUnitOfWork(shelf) as work:
        repository = NotedLabels(work.session)
        found = await repository.find(QueryOptions(order_by=("text",)))
        labels = [NotedLabel(**vars(label)) for label in found]
        labels[0].text = "x"
        labels[1].mark_deleted()
        await repository.save_many(labels)
        await work.commit()

    # All rows, their versions, the change of all, and the notes.
    assert len(statements) == 4
    async with reading(shelf) as connection:
        noted = (await connection.execute(sa.select(LABEL_CHANGES))).all()
    told = {(line.owner_id, line.operation): line.changes for line in noted}
    assert told == {
        (labels[0].id, "update"): {"text": {"from": "a", "to": "x"}},
        (labels[1].id, "delete"): {},
    }


class HardLabels(SqlLabelRepository):
    """Labels that are gone when they are deleted."""

    def __init__(self, session: AsyncSession) -> None:
        super().__init__(session)
        self._is_soft = False


class NotedHardLabels(HardLabels):
    """Such labels, with a log of their changes."""

    changes = NotedLabels.changes


@pytest.mark.parametrize("kind", [HardLabels, NotedHardLabels])
async def test_many_are_deleted_at_once(
    shelf: AsyncEngine, statements: list[str], kind: type[HardLabels]
) -> None:
    first = Label(text="a")
    labels = [first, Label(text="b"), Label(text="c", below_id=first.id), Label(text="d")]
    made(await service_of(shelf).create_many(labels))
    ids = [label.id for label in labels]
    statements.clear()

    async with SqlLabelUnitOfWork(shelf) as work:
        repository = kind(work.session)
        # Who is below goes first.
        await repository.remove_many(await repository.get_many([ids[2], ids[0], ids[1]]))
        assert await repository.get_many(ids) != []
        assert await repository.get(ids[0]) is None
        await work.commit()

    assert [row["text"] for row in await stored(shelf)] == ["d"]
    assert len([sql for sql in statements if sql.startswith("DELETE")]) == 1
    async with reading(shelf) as connection:
        noted = (await connection.execute(sa.select(LABEL_CHANGES))).all()
    assert {line.operation for line in noted} <= {"delete"}
    assert len(noted) == (3 if kind is NotedHardLabels else 0)


@pytest.mark.parametrize("defers", [False, True])
async def test_one_is_deleted_if_it_is_as_it_was(
    shelf: AsyncEngine, transactions: list[AsyncSession], defers: bool
) -> None:
    first, second = Label(text="a"), Label(text="b")
    second.below_id = first.id
    made(await service_of(shelf).create_many([first, second]))

    async def delete(label: Label, *, version: int = 1, note: str | None = None) -> None:
        work = SqlLabelUnitOfWork(shelf, outbox=label_outbox())
        with nullcontext() if note is None else noting_commit(Noted(note)):
            async with work.deferring() if defers else work:
                repository = HardLabels(work.session)
                found = await repository.get(label.id)
                assert found is not None
                found.version = version
                found.tear()
                await repository.remove(found)
                await work.commit()

    with pytest.raises(ReferenceConflictError) as caught:
        await delete(first)
    assert not caught.value.is_missing
    with pytest.raises(PreconditionFailedError):
        await delete(second, version=7)
    with pytest.raises(ConflictError):
        await delete(second, note="nowhere")
    assert await events(shelf) == 0
    await delete(second, note="a")
    assert await marked(shelf) == ["a"]
    await delete(first)

    assert await stored(shelf) == []
    assert await events(shelf) == 2
    assert (transactions == []) is defers


async def test_of_many_that_are_deleted_none_may_be_needed_or_missing(shelf: AsyncEngine) -> None:
    first, second = Label(text="a"), Label(text="b")
    second.below_id = first.id
    made(await service_of(shelf).create_many([first, second, Label(text="c")]))

    async with SqlLabelUnitOfWork(shelf) as work:
        found = await HardLabels(work.session).find(QueryOptions(order_by=("text",)))
        with pytest.raises(ReferenceConflictError) as caught:
            await HardLabels(work.session).remove_many([found[0], found[2]])
    assert not caught.value.is_missing

    async with SqlLabelUnitOfWork(shelf) as work:
        found[2].version = 7
        with pytest.raises(PreconditionFailedError):
            await HardLabels(work.session).remove_many(found[1:])
        with pytest.raises(NotFoundError):
            await HardLabels(work.session).remove_many([found[1], Label(text="x")])
    assert [row["text"] for row in await stored(shelf)] == ["a", "b", "c"]


async def test_many_are_marked_as_deleted_at_once(
    shelf: AsyncEngine, statements: list[str]
) -> None:
    service = service_of(shelf)
    labels = made(await service.create_many([Label(text=text) for text in "abcd"]))
    statements.clear()

    made(await service.delete_many([label.id for label in labels]))

    assert len(statements) == 2
    assert {(row["is_deleted"], row["version"]) for row in await stored(shelf)} == {(True, 2)}
    assert refused(await service.delete_many([label.id for label in labels]))[0] == "not_found"


async def test_what_was_added_can_be_changed_and_removed_in_the_same_transaction(
    shelf: AsyncEngine,
) -> None:
    async with SqlLabelUnitOfWork(shelf) as work:
        some = [Label(text=text, created_at=NOW, updated_at=NOW) for text in "abc"]
        await work.labels.add_many(some)
        some[0].text = "d"
        await work.labels.save(some[0])
        await work.labels.remove(some[1])
        assert [label.text for label in await work.labels.get_many([some[0].id])] == ["d"]
        await work.commit()

    assert [(row["text"], row["is_deleted"]) for row in await stored(shelf)] == [
        ("b", True),
        ("c", False),
        ("d", False),
    ]


async def test_what_waits_is_seen_by_what_is_asked_after_it(shelf: AsyncEngine) -> None:
    async with SqlLabelUnitOfWork(shelf).deferring() as work:
        label = Label(text="a", created_at=NOW, updated_at=NOW)
        await work.labels.add(label)

        found = await work.labels.get(label.id)
        assert found is not None
        assert found.text == "a"


@pytest.mark.parametrize("ending", ["left", "rolled back", "raised"])
@pytest.mark.criterion("R90.1")
async def test_what_is_not_committed_is_not_stored(shelf: AsyncEngine, ending: str) -> None:
    with suppress(ZeroDivisionError):
        async with SqlLabelUnitOfWork(shelf).deferring() as work:
            await work.labels.add(Label(text="a", created_at=NOW, updated_at=NOW))
            if ending == "rolled back":
                await work.rollback()
                await work.commit()
            if ending == "raised":
                raise ZeroDivisionError

    assert await stored(shelf) == []


@pytest.mark.criterion("R59.1")
async def test_events_are_stored_with_what_they_tell(
    shelf: AsyncEngine, transactions: list[AsyncSession]
) -> None:
    service = service_of(shelf)
    label = made(await service.create(Label(text="a")))
    made(await service.create(Label(text="b (torn)")))

    made(await service.update(label.id, {"text": "c"}))
    assert await events(shelf) == 0
    made(await service.update(label.id, {"tear": True}))
    assert await events(shelf) == 1
    other = made(await service.create(Label(text="b")))
    # Nothing is told of what did not happen.
    assert refused(await service.update(other.id, {"tear": True}))[0] == "conflict"
    stale = await service.update(other.id, {"tear": True}, expected_version=7)
    assert refused(stale)[0] == "precondition_failed"
    assert await events(shelf) == 1
    # In one statement, or one visit to the database.
    assert transactions == []


@pytest.mark.criterion("R59.1")
@pytest.mark.parametrize("count", [1, 5])
async def test_events_of_new_aggregates_are_stored_with_them(
    shelf: AsyncEngine, transactions: list[AsyncSession], count: int
) -> None:
    service = service_of(shelf)

    def torn() -> list[Label]:
        labels = [Label(text=f"{number}") for number in range(count)]
        for label in labels:
            label.tear()
            label.tear()
        return labels

    made(await service.create_many(torn()))
    assert refused(await service.create_many(torn())) == ("conflict", ("text",))

    assert len(await stored(shelf)) == count
    assert await events(shelf) == 2 * count
    assert transactions == []


async def events(engine: AsyncEngine) -> int:
    """Return how many events there are."""
    async with querying(engine) as source:
        return len(await source.rows(sa.select(OUTBOX_TABLE.c[0])))


class Noted:
    """A note of a commit: a mark on the label of a text, once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_committed = False

    @property
    def change(self) -> RowNote | None:
        return None if self.is_committed else RowNote(MARK, {"its_text": self.text})

    def missed(self) -> ConflictError:
        return ConflictError("note")

    def committed(self) -> None:
        self.is_committed = True


MARK = (
    sa.update(LabelRow)
    .where(LabelRow.text == sa.bindparam("its_text"), LabelRow.colour.is_(None))
    .values(colour=Colour.RED)
)


@pytest.mark.criterion("R30.1")
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("has_events", [False, True])
async def test_a_note_is_committed_with_what_it_is_about(
    shelf: AsyncEngine, transactions: list[AsyncSession], count: int, has_events: bool
) -> None:
    service = service_of(shelf)
    for text in ("book", "letter"):
        made(await service.create(Label(text=text)))
    labels = [Label(text=f"{number}") for number in range(count)]
    for label in labels if has_events else ():
        label.tear()
    note = Noted("book")

    with noting_commit(note):
        made(await service.create_many(labels))
    assert note.is_committed
    assert await marked(shelf) == ["book"]
    assert await events(shelf) == count * has_events

    note = Noted("letter")
    with noting_commit(note):
        made(await service.update(labels[0].id, {"tear": True} if has_events else {"data": 1}))
        # The second commit has nothing to note.
        made(await service.delete(labels[0].id))
    assert await marked(shelf) == ["book", "letter"]
    assert await events(shelf) == (count + 1) * has_events
    assert transactions == []


@pytest.mark.criterion("R30.1")
@pytest.mark.parametrize("in_transaction", [False, True])
async def test_without_the_row_of_its_note_nothing_is_done(
    shelf: AsyncEngine, in_transaction: bool
) -> None:
    service = service_of(shelf, access=Open() if in_transaction else None)
    label = made(await service.create(Label(text="a")))
    torn = Label(text="b")
    torn.tear()
    note = Noted("nowhere")

    with noting_commit(note):
        for refusal in (
            await service.create(torn),
            await service.create_many([torn, Label(text="c")]),
            await service.update(label.id, {"tear": True}),
            await service.update(label.id, {"text": "d"}),
        ):
            assert isinstance(refusal, Err)
            assert refusal.error.code == "conflict"
            assert "note" in refusal.error.message

    assert not note.is_committed
    assert [(row["text"], row["version"]) for row in await stored(shelf)] == [("a", 1)]
    assert await events(shelf) == 0


@pytest.mark.criterion("R30.1")
async def test_what_is_not_done_is_not_noted(shelf: AsyncEngine) -> None:
    service = service_of(shelf)
    label = made(await service.create(Label(text="a")))
    made(await service.create(Label(text="book")))
    note = Noted("book")

    with noting_commit(note):
        stale = await service.update(label.id, {"text": "b"}, expected_version=7)
        assert refused(stale)[0] == "precondition_failed"
        assert refused(await service.create(Label(text="a")))[0] == "conflict"
        async with SqlLabelUnitOfWork(shelf).deferring() as work:
            overtaken = await work.labels.get(label.id)
            assert overtaken is not None
            async with reading(shelf) as connection:
                await connection.execute(sa.update(LabelRow).values(version=2))
            await work.labels.save(overtaken)
            with pytest.raises(PreconditionFailedError):
                await work.commit()

    assert not note.is_committed
    assert await marked(shelf) == []


async def test_a_note_waits_for_who_changes_the_row_otherwise(shelf: AsyncEngine) -> None:
    """What changes no version is in nobody's way, whenever it is committed."""
    if is_sqlite(shelf):
        pytest.skip("SQLite has one writer at a time")
    service = service_of(shelf)
    label = made(await service.create(Label(text="a")))
    made(await service.create(Label(text="book")))
    note = Noted("book")

    async with shelf.begin() as other:
        await other.execute(
            sa.update(LabelRow).where(LabelRow.id == label.id).values(colour=Colour.BLUE)
        )
        with noting_commit(note):
            changing = asyncio.create_task(service.update(label.id, {"text": "b"}))
        await asyncio.sleep(0.2)
        assert not changing.done()
    made(await changing)

    assert note.is_committed
    assert [row["text"] for row in await stored(shelf)] == ["b", "book"]
    assert await marked(shelf) == ["book"]


async def marked(engine: AsyncEngine) -> list[str]:
    """Return the texts of the labels that `Noted` has marked."""
    async with reading(engine) as connection:
        found = sa.select(LabelRow.text).where(LabelRow.colour == Colour.RED)
        return list(await connection.scalars(found.order_by(LabelRow.text)))


async def test_what_may_not_be_there_is_not_stored(shelf: AsyncEngine) -> None:
    service = service_of(shelf, access=Closed())

    assert refused(await service.create(Label(text="a")))[0] == "forbidden"
    assert await stored(shelf) == []
