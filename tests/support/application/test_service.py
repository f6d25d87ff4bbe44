"""Operations on aggregates: hooks, results, versions, all or nothing."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import pytest

from apigen.support.application.children import merge_child, merge_children, refuse_children
from apigen.support.application.results import ErrorKind, ServiceError
from apigen.support.application.service import GenericService, ServiceHooks
from apigen.support.core.errors import (
    ConflictError,
    DomainError,
    FieldError,
    PoolTimeoutError,
    PreconditionFailedError,
    ReferenceConflictError,
    SharedModuleError,
    ValidationError,
)
from apigen.support.core.protocols import (
    AsyncRepository,
    Criterion,
    QueryOptions,
    UnitOfWork,
)
from apigen.support.core.result import Err, Ok
from apigen.support.domain.constraints import check_invariant, check_string
from apigen.support.domain.entity import AggregateRoot, ChildEntity

NOW = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass(kw_only=True, eq=False)
class Note(AggregateRoot[int]):
    """The aggregate of these tests."""

    id: int
    text: str

    def check_invariants(self) -> None:
        check_string("text", self.text, minimum=1)
        check_invariant(self.text != "never", code="not_never", message="Never say never.")


@dataclass(frozen=True)
class NewNote:
    """A create payload."""

    id: int
    text: str


class Store(AsyncRepository[Note, int]):
    """What is committed, and a copy that a transaction works on."""

    def __init__(self) -> None:
        self.stored: dict[int, Note] = {}
        self.working: dict[int, Note] = {}
        self.failure: Exception | None = None
        self.lost_race: Exception | None = None

    async def add(self, entity: Note) -> None:
        if self.failure:
            raise self.failure
        if entity.id in self.working:
            raise ConflictError("note", fields=("id",))
        self.working[entity.id] = entity

    async def add_many(self, entities: Sequence[Note]) -> None:
        for entity in entities:
            await self.add(entity)

    async def get(
        self, id: int, *, include_deleted: bool = False, lock: bool = False
    ) -> Note | None:
        note = self.working.get(id)
        return None if note is None or (note.is_deleted and not include_deleted) else note

    async def get_many(self, ids: Iterable[int]) -> list[Note]:
        found = [await self.get(id) for id in ids]
        return [note for note in found if note is not None]

    async def save(self, entity: Note) -> None:
        if self.lost_race:
            raise self.lost_race
        entity.version += 1

    async def save_many(self, entities: Sequence[Note]) -> None:
        for entity in entities:
            await self.save(entity)

    async def remove(self, entity: Note) -> None:
        if self.lost_race:
            raise self.lost_race
        entity.mark_deleted()

    async def remove_many(self, entities: Sequence[Note]) -> None:
        for entity in entities:
            await self.remove(entity)

    async def find(self, options: QueryOptions[Note]) -> Sequence[Note]:
        return [
            n
            for n in self.working.values()
            if not options.where or options.where.is_satisfied_by(n)
        ]

    async def count(self, where: Criterion[Note] | None = None) -> int:
        return len(await self.find(QueryOptions(where=where)))


@dataclass
class Work(UnitOfWork):
    """A transaction over a store."""

    notes: Store
    commits: int = 0

    def deferring(self, *, reads_others: bool = False) -> Self:
        return self

    async def __aenter__(self) -> Self:
        self.notes.working = deepcopy(self.notes.stored)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.notes.working = {}

    async def commit(self) -> None:
        self.commits += 1
        self.notes.stored = self.notes.working

    async def rollback(self) -> None:
        self.notes.working = {}

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    async def once(self, consumer: str, key: str) -> bool:
        return True


def rewrite(note: Note, text: str) -> None:
    note.text = text


@dataclass
class World:
    """A service and what it works on."""

    store: Store = field(default_factory=Store)
    hooks: ServiceHooks[Note, NewNote, str] = field(default_factory=ServiceHooks)

    @property
    def service(self) -> GenericService[Work, Note, int, NewNote, str]:
        return GenericService(
            resource="note",
            unit_of_work=lambda: Work(self.store),
            repository=lambda work: work.notes,
            build=lambda data: Note(id=data.id, text=data.text),
            change=rewrite,
            hooks=self.hooks,
            clock=lambda: NOW,
        )

    async def has(self, *ids: int) -> "World":
        for id in ids:
            assert (await self.service.create(NewNote(id, f"text {id}"))).is_ok
        return self


@pytest.mark.criterion("R2.4")
async def test_creating_stores_dates_and_answers_with_the_aggregate() -> None:
    world = World()

    result = await world.service.create(NewNote(1, "a"))

    assert isinstance(result, Ok)
    assert (result.value.text, result.value.created_at, result.value.updated_at) == ("a", NOW, NOW)
    assert world.store.stored[1].text == "a"


@pytest.mark.criterion("R2.4")
async def test_a_broken_constraint_and_a_broken_rule_are_answers() -> None:
    world = World()

    empty = await world.service.create(NewNote(1, ""))
    never = await world.service.create(NewNote(1, "never"))

    assert isinstance(empty, Err)
    assert empty.error == ServiceError(
        kind=ErrorKind.INVALID,
        code="validation_error",
        message="text: must have at least 1",
        details=(FieldError("text", "must have at least 1", "min_length"),),
    )
    assert isinstance(never, Err)
    assert (never.error.kind, never.error.code) == (ErrorKind.INVALID, "not_never")
    assert world.store.stored == {}


async def test_changing_raises_the_version_and_dates_the_change() -> None:
    world = await World().has(1)

    result = await world.service.update(1, "new", expected_version=1)

    assert isinstance(result, Ok)
    assert (world.store.stored[1].text, world.store.stored[1].version) == ("new", 2)
    assert result.value.updated_at == NOW


async def test_a_stale_version_changes_and_deletes_nothing() -> None:
    world = await World().has(1)
    world.store.stored[1].version = 5

    for result in (
        await world.service.update(1, "new", expected_version=4),
        await world.service.delete(1, expected_version=4),
    ):
        assert isinstance(result, Err)
        assert result.error.kind is ErrorKind.PRECONDITION_FAILED
    assert (world.store.stored[1].text, world.store.stored[1].is_deleted) == ("text 1", False)


@pytest.mark.parametrize(
    ("expected", "kind"), [(None, ErrorKind.CONFLICT), (1, ErrorKind.PRECONDITION_FAILED)]
)
async def test_a_lost_race_is_a_conflict_unless_a_version_was_expected(
    expected: int | None, kind: ErrorKind
) -> None:
    world = await World().has(1)
    world.store.lost_race = PreconditionFailedError("note", expected=1, actual=2)

    updated = await world.service.update(1, "two", expected_version=expected)
    deleted = await world.service.delete(1, expected_version=expected)

    for result in (updated, deleted):
        assert isinstance(result, Err)
        assert result.error.kind is kind


async def test_what_does_not_exist_is_an_answer() -> None:
    service = World().service

    results = (
        await service.update(1, "x"),
        await service.delete(1),
        await service.restore(1),
        await service.update_many([(1, "x"), (2, "y")]),
    )

    assert [isinstance(r, Err) and r.error.kind for r in results] == [ErrorKind.NOT_FOUND] * 4


async def test_a_deleted_aggregate_can_be_restored_once() -> None:
    world = await World().has(1)
    assert (await world.service.delete(1)).is_ok
    assert world.store.stored[1].is_deleted

    stale = await world.service.restore(1, expected_version=9)
    assert isinstance(stale, Err)
    first = await world.service.restore(1)
    again = await world.service.restore(1)

    assert isinstance(first, Ok)
    assert isinstance(again, Ok)
    assert (again.value.is_deleted, again.value.version, first.value.version) == (False, 2, 2)


@pytest.mark.criterion("R1.4")
async def test_bulk_operations_do_all_or_nothing() -> None:
    world = await World().has(1)

    created = await world.service.create_many([NewNote(2, "b"), NewNote(3, "")])
    clash = await world.service.create_many([NewNote(2, "b"), NewNote(1, "again")])
    changed = await world.service.update_many([(1, "x"), (9, "y")])
    deleted = await world.service.delete_many([1, 9])

    assert not any(result.is_ok for result in (created, clash, changed, deleted))
    assert isinstance(created, Err)
    assert [detail.field for detail in created.error.details] == ["1.text"]
    assert isinstance(clash, Err)
    assert clash.error.kind is ErrorKind.CONFLICT
    assert list(world.store.stored) == [1]
    assert (world.store.stored[1].text, world.store.stored[1].is_deleted) == ("text 1", False)


async def test_bulk_operations_answer_in_the_order_asked() -> None:
    world = await World().has(1, 2, 3)

    changed = await world.service.update_many([(3, "c"), (1, "a")])
    deleted = await world.service.delete_many([2, 1])

    assert isinstance(changed, Ok)
    assert isinstance(deleted, Ok)
    assert [(note.id, note.text) for note in changed.value] == [(3, "c"), (1, "a")]
    assert [note.id for note in deleted.value] == [2, 1]


async def test_an_id_given_twice_is_refused() -> None:
    world = await World().has(1)

    result = await world.service.update_many([(1, "a"), (1, "b")])

    assert isinstance(result, Err)
    assert result.error.details[0].constraint == "unique_items"


@pytest.mark.criterion("R2.1")
async def test_hooks_run_before_and_after_each_operation() -> None:
    seen: list[str] = []
    world = World()

    def told(name: str, *, is_stored: bool) -> None:
        assert bool(world.store.stored) is is_stored or name not in (
            "before_create",
            "after_create",
        )
        seen.append(name)

    async def before_create(note: Note, data: NewNote) -> None:
        told("before_create", is_stored=False)
        note.text = data.text.title()

    async def after_create(note: Note) -> None:
        told("after_create", is_stored=True)

    async def before_update(note: Note, data: str) -> None:
        seen.append(f"before_update {data}")

    async def after_update(note: Note) -> None:
        seen.append("after_update")

    async def before_delete(note: Note) -> None:
        seen.append("before_delete")

    async def after_delete(note: Note) -> None:
        seen.append("after_delete")

    world.hooks = ServiceHooks(
        before_create=(before_create,),
        after_create=(after_create,),
        before_update=(before_update,),
        after_update=(after_update,),
        before_delete=(before_delete,),
        after_delete=(after_delete,),
    )

    await world.service.create(NewNote(1, "tea time"))
    assert world.store.stored[1].text == "Tea Time"
    await world.service.update(1, "x")
    await world.service.delete(1)

    assert seen == [
        "before_create",
        "after_create",
        "before_update x",
        "after_update",
        "before_delete",
        "after_delete",
    ]


@pytest.mark.criterion("R2.1")
async def test_a_hook_can_refuse_and_nothing_happens_after_a_failure() -> None:
    after: list[Note] = []
    world = await World().has(1)

    async def refuse(note: Note) -> None:
        raise DomainError("Not this one.", code="kept")

    async def remember(note: Note) -> None:
        after.append(note)

    world.hooks = ServiceHooks(before_delete=(refuse,), after_delete=(remember,))
    result = await world.service.delete(1)

    assert isinstance(result, Err)
    assert (result.error.kind, result.error.code) == (ErrorKind.INVALID, "kept")
    assert after == []
    assert not world.store.stored[1].is_deleted


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ReferenceConflictError("note", fields=("author_id",), is_missing=True), ErrorKind.INVALID),
        (ReferenceConflictError("note", is_missing=False), ErrorKind.CONFLICT),
        (ConflictError("note", fields=("text",)), ErrorKind.CONFLICT),
    ],
)
async def test_errors_of_the_storage_are_answers(error: Exception, kind: ErrorKind) -> None:
    world = World()
    world.store.failure = error

    result = await world.service.create(NewNote(1, "a"))

    assert isinstance(result, Err)
    assert result.error.kind is kind


@pytest.mark.parametrize("error", [PoolTimeoutError(1), SharedModuleError("?"), OSError("gone")])
async def test_what_nobody_can_answer_for_stays_an_exception(error: Exception) -> None:
    world = World()
    world.store.failure = error

    with pytest.raises(type(error)):
        await world.service.create(NewNote(1, "a"))


@dataclass(kw_only=True, eq=False)
class Line(ChildEntity[int]):
    """A child."""

    id: int = 0
    text: str

    def check_invariants(self) -> None:
        """Allow everything."""


def new_line(item: tuple[int | None, str]) -> Line:
    return Line(text=item[1])


def change_line(line: Line, item: tuple[int | None, str]) -> None:
    line.text = item[1]


def merged(lines: list[Line], items: list[tuple[int | None, str]]) -> list[Line]:
    return merge_children(
        "lines", lines, items, id_of=lambda item: item[0], create=new_line, change=change_line
    )


def test_children_are_changed_made_and_left_out_as_the_payload_says() -> None:
    one, two = Line(id=1, text="a"), Line(id=2, text="b")

    result = merged([one, two], [(None, "new"), (2, "B")])

    assert [(line.id, line.text) for line in result] == [(0, "new"), (2, "B")]
    assert result[1] is two


@pytest.mark.parametrize("items", [[(9, "x")], [(1, "x"), (1, "y")]])
def test_a_payload_names_only_children_there_are_and_each_once(
    items: list[tuple[int | None, str]],
) -> None:
    with pytest.raises(ValidationError) as raised:
        merged([Line(id=1, text="a")], items)
    assert raised.value.field == f"lines.{len(items) - 1}.id"


def test_children_that_only_a_new_element_may_have_are_refused_with_their_place() -> None:
    def refuse(line: Line, item: tuple[int | None, str]) -> None:
        refuse_children("parts")

    with pytest.raises(ValidationError) as raised:
        merge_children(
            "lines",
            [Line(id=1, text="a")],
            [(None, "new"), (1, "b")],
            id_of=lambda item: item[0],
            create=new_line,
            change=refuse,
        )

    assert (raised.value.field, raised.value.constraint) == ("lines.1.parts", "create_only")


def test_an_only_child_is_changed_made_or_gone() -> None:
    line = Line(id=1, text="a")

    assert merge_child(line, (None, "b"), create=new_line, change=change_line) is line
    assert line.text == "b"
    made = merge_child(None, (None, "c"), create=new_line, change=change_line)
    assert made is not None
    assert made.text == "c"
    assert merge_child(line, None, create=new_line, change=change_line) is None
