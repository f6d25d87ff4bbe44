"""Aggregates of one row each, written as the generator writes them: labels on shelves."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from apigen.support.core.identifiers import uuid7
from apigen.support.domain.entity import AggregateRoot
from apigen.support.domain.event_registry import EventRegistry
from apigen.support.domain.events import DomainEvent
from apigen.support.infrastructure.column_types import EnumText, Json, ScaledDecimal, UtcDateTime
from apigen.support.infrastructure.outbox import Outbox, outbox_table
from apigen.support.infrastructure.repository import SqlRepository
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

LabelId = NewType("LabelId", UUID)


class Colour(StrEnum):
    """What a label looks like."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """What is told of a label that is torn off."""

    text: str


class TornEvent(DomainEvent[Torn]):
    """A label is torn off."""

    event_type = "labels.Torn"


@dataclass(kw_only=True, eq=False)
class Label(AggregateRoot[LabelId]):
    """A label, on another one or on nothing; deleted softly."""

    id: LabelId = field(default_factory=lambda: LabelId(uuid7()))
    text: str
    below_id: LabelId | None = None
    colour: Colour | None = None
    price: Decimal | None = None
    data: Any = None

    def check_invariants(self) -> None:
        """Allow everything: the tests are about storing."""

    def tear(self) -> None:
        """Tear it off."""
        self.text += " (torn)"
        self.record(TornEvent(payload=Torn(text=self.text)))


class Row(DeclarativeBase):
    """Base of the rows."""


OUTBOX_TABLE = outbox_table(Row.metadata)


class LabelRow(Row):
    """Table labels."""

    __tablename__ = "labels"
    __table_args__ = (sa.UniqueConstraint("text", name="uq_labels_text"),)

    id: Mapped[UUID] = mapped_column(sa.Uuid(), primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(sa.String(80))
    below_id: Mapped[UUID | None] = mapped_column(
        "below", sa.Uuid(), sa.ForeignKey("labels.id", name="fk_labels_below")
    )
    colour: Mapped[Colour | None] = mapped_column(EnumText(Colour, {"red": "r"}))
    price: Mapped[Decimal | None] = mapped_column(ScaledDecimal(12, 2))
    data: Mapped[Any] = mapped_column(Json(nullable=False), nullable=False)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(sa.Integer())
    is_deleted: Mapped[bool] = mapped_column(sa.Boolean())

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012


class SqlLabelRepository(SqlRepository[Label, LabelId, LabelRow]):
    """Labels in the table labels."""

    row_type = LabelRow
    resource = "label"

    def to_row(self, entity: Label) -> LabelRow:
        """Return the row that the label should have."""
        return LabelRow(
            id=entity.id,
            text=entity.text,
            below_id=entity.below_id,
            colour=entity.colour,
            price=entity.price,
            data=entity.data,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
            is_deleted=entity.is_deleted,
        )

    def to_aggregate(self, row: LabelRow) -> Label:
        """Return the label that the row holds."""
        return Label(
            id=LabelId(row.id),
            text=row.text,
            below_id=None if row.below_id is None else LabelId(row.below_id),
            colour=row.colour,
            price=row.price,
            data=row.data,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
            is_deleted=row.is_deleted,
        )


class SqlLabelUnitOfWork(SqlUnitOfWork):
    """One transaction over labels."""

    @property
    def labels(self) -> SqlLabelRepository:
        """The labels."""
        return SqlLabelRepository(self.session)


def label_outbox() -> Outbox:
    """Return where events of labels go."""
    return Outbox(OUTBOX_TABLE, EventRegistry([TornEvent]))
