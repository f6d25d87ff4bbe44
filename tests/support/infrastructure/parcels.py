"""A domain that does something, written as the generator writes it: parcels that are sent."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from apigen.support.application.command_handlers import (
    AggregateHandler,
    CommandContext,
    CommandTarget,
    FactoryHandler,
)
from apigen.support.application.commands import Command
from apigen.support.core.identifiers import uuid7
from apigen.support.core.protocols import IsolationLevel
from apigen.support.domain.constraints import check_invariant
from apigen.support.domain.entity import AggregateRoot
from apigen.support.domain.event_registry import EventRegistry
from apigen.support.domain.events import DomainEvent
from apigen.support.infrastructure.column_types import EnumText
from apigen.support.infrastructure.history import LifecycleHistory, history_table
from apigen.support.infrastructure.inbox import Inbox, inbox_table
from apigen.support.infrastructure.outbox import Outbox, outbox_table
from apigen.support.infrastructure.repository import SqlRepository
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

ParcelId = NewType("ParcelId", UUID)


class ParcelStatus(StrEnum):
    """Where a parcel is."""

    PACKED = "packed"
    SENT = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelSent:
    """What is told of a parcel that is sent."""

    parcel_id: ParcelId
    carrier: str


class ParcelSentEvent(DomainEvent[ParcelSent]):
    """A parcel is on its way."""

    event_type = "post.ParcelSent"


EVENTS = EventRegistry([ParcelSentEvent])


@dataclass(kw_only=True, eq=False)
class Parcel(AggregateRoot[ParcelId]):
    """Something to be sent."""

    id: ParcelId = field(default_factory=lambda: ParcelId(uuid7()))
    status: ParcelStatus = ParcelStatus.PACKED
    weight: int = 1

    def check_invariants(self) -> None:
        """Refuse what weighs nothing."""
        check_invariant(self.weight > 0, code="weightless", message="A parcel weighs something.")

    def send(self, *, carrier: str) -> None:
        """Give it to a carrier."""
        self.require_state("send", self.status, (ParcelStatus.PACKED,))
        self.status = ParcelStatus.SENT
        self.record(ParcelSentEvent(payload=ParcelSent(parcel_id=self.id, carrier=carrier)))

    def add_weight(self, grams: int) -> None:
        """Make it heavier."""
        self.weight += grams


class Row(DeclarativeBase):
    """Base of the rows."""


OUTBOX_TABLE = outbox_table(Row.metadata)
INBOX_TABLE = inbox_table(Row.metadata)


class ParcelRow(Row):
    """Table parcels."""

    __tablename__ = "parcels"

    id: Mapped[UUID] = mapped_column(sa.Uuid(), primary_key=True)
    status: Mapped[ParcelStatus] = mapped_column(EnumText(ParcelStatus))
    weight: Mapped[int] = mapped_column(sa.Integer())
    version: Mapped[int] = mapped_column(sa.Integer())

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012


HISTORY_TABLE = history_table(Row.metadata.tables["parcels"])


class SqlParcelRepository(SqlRepository[Parcel, ParcelId, ParcelRow]):
    """Parcels in the table parcels."""

    row_type = ParcelRow
    resource = "parcel"
    history = LifecycleHistory(table=HISTORY_TABLE, state="status")

    def to_row(self, entity: Parcel) -> ParcelRow:
        """Return the row that the parcel should have."""
        return ParcelRow(
            id=entity.id, status=entity.status, weight=entity.weight, version=entity.version
        )

    def to_aggregate(self, row: ParcelRow) -> Parcel:
        """Return the parcel that the row holds."""
        return Parcel(
            id=ParcelId(row.id), status=row.status, weight=row.weight, version=row.version
        )


class SqlPostUnitOfWork(SqlUnitOfWork):
    """One transaction over parcels."""

    @property
    def parcels(self) -> SqlParcelRepository:
        """The parcels."""
        return SqlParcelRepository(self.session)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackParcel(Command[Parcel]):
    """Make a parcel."""

    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SendParcel(Command[Parcel]):
    """Send a parcel."""

    id: ParcelId
    carrier: str = "snail"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddWeight(Command[Parcel]):
    """Make a parcel heavier, once for each order."""

    id: ParcelId
    grams: int = 1
    order: str = ""


type ParcelHandler[CommandT: Command[Parcel]] = AggregateHandler[
    SqlPostUnitOfWork, Parcel, ParcelId, CommandT
]


class Post:
    """Everything put together."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.outbox = Outbox(OUTBOX_TABLE, EVENTS)
        self.inbox = Inbox(INBOX_TABLE)
        self.target = CommandTarget(
            resource="parcel", unit_of_work=self.work, repository=lambda work: work.parcels
        )

    def work(self, *, isolation: IsolationLevel | None = None) -> SqlPostUnitOfWork:
        """Return a transaction."""
        return SqlPostUnitOfWork(
            self.engine, isolation=isolation, outbox=self.outbox, inbox=self.inbox
        )

    @property
    def pack(self) -> FactoryHandler[SqlPostUnitOfWork, Parcel, ParcelId, PackParcel]:
        """Handler of PackParcel."""

        async def make(
            command: PackParcel, work: SqlPostUnitOfWork, context: CommandContext
        ) -> Parcel:
            return Parcel(weight=command.weight)

        return FactoryHandler(self.target, operation="pack", make=make)

    @property
    def send(self) -> ParcelHandler[SendParcel]:
        """Handler of SendParcel."""

        async def act(
            parcel: Parcel, command: SendParcel, work: SqlPostUnitOfWork, context: CommandContext
        ) -> None:
            parcel.send(carrier=command.carrier)

        return AggregateHandler(
            self.target, operation="send", id=lambda command: command.id, act=act, lock=True
        )

    @property
    def add_weight(self) -> ParcelHandler[AddWeight]:
        """Handler of AddWeight."""

        async def act(
            parcel: Parcel, command: AddWeight, work: SqlPostUnitOfWork, context: CommandContext
        ) -> None:
            parcel.add_weight(command.grams)

        return AggregateHandler(
            self.target,
            operation="add_weight",
            id=lambda command: command.id,
            act=act,
            once=lambda command: command.order,
        )

    async def create_tables(self) -> None:
        """Make the tables."""
        async with self.engine.begin() as connection:
            await connection.run_sync(Row.metadata.create_all)

    async def packed(self, *, weight: int = 1) -> Parcel:
        """Return a stored parcel."""
        result = await self.pack(PackParcel(weight=weight))
        assert result.is_ok
        return result.value
