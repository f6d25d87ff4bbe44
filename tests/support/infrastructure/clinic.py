"""A domain with secrets, written as the generator writes it: patients and their complaints."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NewType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from apigen.support.core.formats import Phone
from apigen.support.core.identifiers import uuid7
from apigen.support.core.json import Json
from apigen.support.domain.entity import AggregateRoot
from apigen.support.infrastructure.encrypted_columns import BlindIndex, Ciphertext
from apigen.support.infrastructure.field_encryption import Digest, EncryptedField, Sealed
from apigen.support.infrastructure.idempotency import idempotency_table
from apigen.support.infrastructure.read_model import Children, Opened, ReadModel
from apigen.support.infrastructure.repository import SqlRepository
from apigen.support.infrastructure.rows import VersionedRow
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

PatientId = NewType("PatientId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurer:
    """Who pays."""

    name: str
    since: dt.date


@dataclass(kw_only=True, eq=False)
class Patient(AggregateRoot[PatientId]):
    """Somebody to be healed."""

    id: PatientId = field(default_factory=lambda: PatientId(uuid7()))
    name: str
    national_id: str
    phone: Phone | None = None
    born: dt.date = dt.date(2000, 2, 29)
    debt: Decimal = Decimal(0)
    insurer: Insurer | None = None
    allergies: list[str] = field(default_factory=list)
    notes: Json = None

    def check_invariants(self) -> None:
        """Take everybody."""


@dataclass(kw_only=True, eq=False)
class Remark:
    """A line of a complaint."""

    id: int = 0
    text: str


@dataclass(kw_only=True, eq=False)
class Complaint(AggregateRoot[int]):
    """Something that a patient says, under a number that the database draws."""

    id: int = 0
    text: str
    remarks: list[Remark] = field(default_factory=list)

    def check_invariants(self) -> None:
        """Take everything."""


class Row(DeclarativeBase):
    """Base of the rows."""


PHONE = EncryptedField[Phone](name="f-phone", column="patients.phone", kind=str)
NATIONAL_ID = EncryptedField[str](name="f-nid", column="patients.national_id", kind=str)
BORN = EncryptedField[dt.date](name="f-born", column="patients.born", kind=dt.date)
DEBT = EncryptedField[Decimal](name="f-debt", column="patients.debt", kind=Decimal, scale=2)
INSURER = EncryptedField[Insurer](
    name="f-insurer", column="patients.insurer", kind=Insurer, names={"since": ("insuredSince", {})}
)
ALLERGIES = EncryptedField[list[str]](
    name="f-allergies", column="patients.allergies", kind=list[str]
)
NOTES = EncryptedField[Json](name="f-notes", column="patients.notes", holds_null=True)
TEXT = EncryptedField[str](name="f-text", column="complaints.text", kind=str)
REMARK = EncryptedField[str](name="f-remark", column="remarks.text", kind=str)

IDEMPOTENCY_TABLE = idempotency_table(Row.metadata)


class PatientRow(VersionedRow, Row):
    """Table patients."""

    __tablename__ = "patients"
    __table_args__ = (sa.UniqueConstraint("national_id_index", name="uq_patients_national_id"),)

    id: Mapped[PatientId] = mapped_column(sa.Uuid(), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    national_id: Mapped[Sealed[str]] = mapped_column(Ciphertext(NATIONAL_ID))
    national_id_index: Mapped[Digest] = mapped_column(
        BlindIndex(NATIONAL_ID), info={"field": "national_id"}
    )
    phone: Mapped[Sealed[Phone] | None] = mapped_column(Ciphertext(PHONE))
    born: Mapped[Sealed[dt.date]] = mapped_column(Ciphertext(BORN))
    debt: Mapped[Sealed[Decimal]] = mapped_column(Ciphertext(DEBT))
    insurer: Mapped[Sealed[Insurer] | None] = mapped_column(Ciphertext(INSURER))
    allergies: Mapped[Sealed[list[str]]] = mapped_column(Ciphertext(ALLERGIES))
    notes: Mapped[Sealed[Json]] = mapped_column(Ciphertext(NOTES))


class RemarkRow(Row):
    """Table remarks."""

    __tablename__ = "remarks"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(sa.Integer(), primary_key=True)
    complaint_id: Mapped[int] = mapped_column(sa.ForeignKey("complaints.id"), info={"parent": True})
    position: Mapped[int] = mapped_column(sa.Integer())
    text: Mapped[Sealed[str]] = mapped_column(Ciphertext(REMARK))


class ComplaintRow(VersionedRow, Row):
    """Table complaints."""

    __tablename__ = "complaints"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(sa.Integer(), primary_key=True)
    text: Mapped[Sealed[str]] = mapped_column(Ciphertext(TEXT))
    remarks: Mapped[list[RemarkRow]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="RemarkRow.position"
    )


class SqlPatientRepository(SqlRepository[Patient, PatientId, PatientRow]):
    """Patients in the table patients."""

    row_type = PatientRow
    resource = "patient"

    def to_row(self, entity: Patient) -> PatientRow:
        """Return the row that the patient should have."""
        return PatientRow(
            id=entity.id,
            name=entity.name,
            national_id=NATIONAL_ID.sealed(entity.national_id, entity.id),
            national_id_index=NATIONAL_ID.digested(entity.national_id),
            phone=PHONE.sealed(entity.phone, entity.id),
            born=BORN.sealed(entity.born, entity.id),
            debt=DEBT.sealed(entity.debt, entity.id),
            insurer=INSURER.sealed(entity.insurer, entity.id),
            allergies=ALLERGIES.sealed(entity.allergies, entity.id),
            notes=NOTES.sealed(entity.notes, entity.id),
            version=entity.version,
        )

    def to_aggregate(self, row: PatientRow) -> Patient:
        """Return the patient that the row holds."""
        return Patient(
            id=row.id,
            name=row.name,
            national_id=NATIONAL_ID.opened(row.national_id, row.id),
            phone=PHONE.opened(row.phone, row.id),
            born=BORN.opened(row.born, row.id),
            debt=DEBT.opened(row.debt, row.id),
            insurer=INSURER.opened(row.insurer, row.id),
            allergies=ALLERGIES.opened(row.allergies, row.id),
            notes=NOTES.opened(row.notes, row.id),
            version=row.version,
        )


def _remark_row(entity: Remark, place: int) -> RemarkRow:
    return RemarkRow(
        id=entity.id or None, position=place, text=REMARK.sealed(entity.text, entity.id)
    )


class SqlComplaintRepository(SqlRepository[Complaint, int, ComplaintRow]):
    """Complaints in the table complaints."""

    row_type = ComplaintRow
    resource = "complaint"

    def to_row(self, entity: Complaint) -> ComplaintRow:
        """Return the rows that the complaint should have."""
        return ComplaintRow(
            id=entity.id or None,
            text=TEXT.sealed(entity.text, entity.id),
            version=entity.version,
            remarks=[_remark_row(child, place) for place, child in enumerate(entity.remarks)],
        )

    def to_aggregate(self, row: ComplaintRow) -> Complaint:
        """Return the complaint that the rows hold."""
        return Complaint(
            id=row.id,
            text=TEXT.opened(row.text, row.id),
            version=row.version,
            remarks=[
                Remark(id=child.id, text=REMARK.opened(child.text, child.id))
                for child in row.remarks
            ],
        )

    def assign_ids(self, entity: Complaint, row: ComplaintRow) -> None:
        """Take over what storing has decided."""
        if entity.id != row.id:
            entity.id = row.id
            row.text = TEXT.sealed(entity.text, entity.id)
        for child, child_row in zip(entity.remarks, row.remarks, strict=True):
            if child.id != child_row.id:
                child.id = child_row.id
                child_row.text = REMARK.sealed(child.text, child.id)


class SqlClinicUnitOfWork(SqlUnitOfWork):
    """One transaction over the clinic."""

    @property
    def patients(self) -> SqlPatientRepository:
        """The patients."""
        return SqlPatientRepository(self.session)

    @property
    def complaints(self) -> SqlComplaintRepository:
        """The complaints."""
        return SqlComplaintRepository(self.session)


_patients = PatientRow.__table__
_complaints = ComplaintRow.__table__
_remarks = RemarkRow.__table__
_id = (_patients.c.id,)

PATIENTS: ReadModel = ReadModel(
    resource="patient",
    table=_patients,
    key=_id,
    outputs=(
        _patients.c.id,
        _patients.c.name,
        Opened(
            name="national_id",
            column=_patients.c.national_id,
            key=_id,
            open=NATIONAL_ID.shown,
            found_by=_patients.c.national_id_index,
        ),
        Opened(name="phone", column=_patients.c.phone, key=_id, open=PHONE.shown),
        Opened(name="born", column=_patients.c.born, key=_id, open=BORN.shown),
        Opened(name="debt", column=_patients.c.debt, key=_id, open=DEBT.shown),
        Opened(name="insurer", column=_patients.c.insurer, key=_id, open=INSURER.shown),
        Opened(name="allergies", column=_patients.c.allergies, key=_id, open=ALLERGIES.shown),
        Opened(name="notes", column=_patients.c.notes, key=_id, open=NOTES.shown),
    ),
    version=_patients.c.version,
)
REMARKS: ReadModel = ReadModel(
    resource="remark",
    table=_remarks,
    key=(_remarks.c.id,),
    outputs=(
        _remarks.c.id,
        Opened(name="text", column=_remarks.c.text, key=(_remarks.c.id,), open=REMARK.shown),
    ),
)
COMPLAINTS: ReadModel = ReadModel(
    resource="complaint",
    table=_complaints,
    key=(_complaints.c.id,),
    outputs=(
        _complaints.c.id,
        Opened(name="text", column=_complaints.c.text, key=(_complaints.c.id,), open=TEXT.shown),
    ),
    collections=(
        Children(
            name="remarks",
            model=REMARKS,
            parent=_remarks.c.complaint_id,
            order_by=(_remarks.c.position,),
        ),
    ),
    version=_complaints.c.version,
)
