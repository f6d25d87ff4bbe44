"""What row classes share."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class PlainRow:
    """A row that may be gone when it is deleted: that somebody else was first is no news."""

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Tell SQLAlchemy not to warn of it."""
        return {"confirm_deleted_rows": False}


class VersionedRow(PlainRow):
    """A row that is only written when its version is still the one that was read."""

    version: Mapped[int] = mapped_column(sa.Integer(), nullable=False, sort_order=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Compare the version in every UPDATE and DELETE; the repository raises it."""
        return {"version_id_col": cls.version, "version_id_generator": False}


def required[RowT](row: RowT | None) -> RowT:
    """Return a row that an aggregate cannot be without.

    Raises:
        LookupError: It is missing: somebody else has deleted it.
    """
    if row is None:
        raise LookupError("a row that every aggregate of its kind has is missing")
    return row
