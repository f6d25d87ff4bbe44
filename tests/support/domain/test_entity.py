"""Things with an identity."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NewType
from uuid import UUID

import pytest
from ulid import ULID

from apigen.support.core.identifiers import uuid7
from apigen.support.domain.entity import (
    UNASSIGNED_ID,
    AggregateRoot,
    BaseEntity,
    ChildEntity,
    UlidEntity,
)

NoteId = NewType("NoteId", UUID)
PostId = NewType("PostId", ULID)
AT = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass(kw_only=True, eq=False)
class Note(AggregateRoot[NoteId]):
    """Identified by a UUID."""

    id: NoteId = field(default_factory=lambda: NoteId(uuid7()))
    text: str = ""

    def check_invariants(self) -> None:
        """Allow everything."""


@dataclass(kw_only=True, eq=False)
class Numbered(BaseEntity[int]):
    """Identified by a number that a database draws."""

    id: int = UNASSIGNED_ID


@dataclass(kw_only=True, eq=False)
class Named(BaseEntity[str]):
    """Identified by a field of its own."""

    name: str

    def __post_init__(self) -> None:
        super().__post_init__()
        self.id = self.name


@dataclass(kw_only=True, eq=False)
class Post(UlidEntity[PostId]):
    """Identified by a ULID."""

    def check_invariants(self) -> None:
        """Allow everything."""


@pytest.mark.criterion("R6.1")
def test_an_entity_has_its_times_and_is_not_deleted() -> None:
    entity = Numbered(id=1)

    assert entity.created_at.tzinfo is UTC
    assert entity.updated_at == entity.created_at
    assert (entity.is_deleted, entity.deleted_at) == (False, None)


def test_a_time_of_change_that_is_given_stays() -> None:
    entity = Numbered(id=1, created_at=AT, updated_at=AT.replace(day=3))

    assert (entity.created_at, entity.updated_at) == (AT, AT.replace(day=3))


@pytest.mark.criterion("R6.2", "R27.1", "R39.1")
def test_identifiers_may_be_of_any_type() -> None:
    note = Note(text="x")

    assert isinstance(note.id, UUID)
    assert Numbered(id=7).id == 7
    assert Named(name="eur").id == "eur"


@pytest.mark.criterion("R6.3")
def test_marks_set_their_times() -> None:
    entity = Numbered(id=1)

    entity.mark_updated(AT)
    assert (entity.updated_at, entity.is_deleted) == (AT, False)

    later = AT.replace(day=3)
    entity.mark_deleted(later)
    assert (entity.is_deleted, entity.deleted_at, entity.updated_at) == (True, later, later)

    last = AT.replace(day=4)
    entity.restore(last)
    assert (entity.is_deleted, entity.deleted_at, entity.updated_at) == (False, None, last)


@pytest.mark.criterion("R6.4")
def test_ulids_are_made_for_new_entities() -> None:
    first, second = Post(), Post()

    assert isinstance(first.id, ULID)
    assert first.id != second.id


def test_equality_is_class_and_identifier() -> None:
    note = Note(text="a")

    assert Note(id=note.id, text="b") == note
    assert hash(Note(id=note.id, text="b")) == hash(note)
    assert Note(text="a") != note
    assert Numbered(id=1) != 1


def test_without_an_identifier_only_itself_is_equal_and_nothing_is_hashable() -> None:
    first, second = Numbered(), Numbered()

    assert first == first
    assert first != second
    with pytest.raises(TypeError):
        hash(first)


@pytest.mark.criterion("R28.2", "R28.4")
def test_roots_and_children_have_to_say_what_they_allow() -> None:
    with pytest.raises(TypeError):
        AggregateRoot(version=1)  # type: ignore[abstract]
    with pytest.raises(TypeError):
        ChildEntity()  # type: ignore[abstract]
