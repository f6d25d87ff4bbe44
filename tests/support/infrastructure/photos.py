"""An aggregate with a file, written as the generator writes it: photos of something."""

import datetime as dt
from dataclasses import dataclass, field
from typing import NewType
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from apigen.support.core.identifiers import uuid7
from apigen.support.domain.entity import AggregateRoot
from apigen.support.domain.value_object import ValueObject
from apigen.support.infrastructure.column_types import JsonOf, UtcDateTime
from apigen.support.infrastructure.repository import SqlRepository
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

PhotoId = NewType("PhotoId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFile(ValueObject):
    """A stored file."""

    name: str
    content_type: str
    size: int
    sha256: str
    key: str

    def check_invariants(self) -> None:
        """Allow everything."""


@dataclass(kw_only=True, eq=False)
class Photo(AggregateRoot[PhotoId]):
    """A photo of something."""

    id: PhotoId = field(default_factory=lambda: PhotoId(uuid7()))
    title: str
    image: PhotoFile | None = None

    def check_invariants(self) -> None:
        """Allow everything."""


class Row(DeclarativeBase):
    """Base of the rows."""


class PhotoRow(Row):
    """Table photos."""

    __tablename__ = "photos"

    id: Mapped[UUID] = mapped_column(sa.Uuid(), primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(sa.String(80))
    image: Mapped[PhotoFile | None] = mapped_column(JsonOf(PhotoFile))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(sa.Integer())
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012


class SqlPhotoRepository(SqlRepository[Photo, PhotoId, PhotoRow]):
    """Photos in the database."""

    resource = "photo"
    row_type = PhotoRow

    def to_row(self, entity: Photo) -> PhotoRow:
        """Return the row."""
        return PhotoRow(
            id=entity.id,
            title=entity.title,
            image=entity.image,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
        )

    def to_aggregate(self, row: PhotoRow) -> Photo:
        """Return the aggregate."""
        return Photo(
            id=PhotoId(row.id),
            title=row.title,
            image=row.image,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )


class SqlPhotoUnitOfWork(SqlUnitOfWork):
    """A transaction on photos."""

    @property
    def photos(self) -> SqlPhotoRepository:
        """The photos."""
        return SqlPhotoRepository(self.session)
