"""What row classes share."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column


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

    # SQLAlchemy's own sets one attribute after the other and keeps books of each; of a row that is
    # new it stores whatever values are there.
    def __init__(self, **values: Any) -> None:
        """Hold the values of columns, and rows that are related.

        Raises:
            TypeError: Something is neither.
        """
        row_type: type = type(self)
        columns = _columns(row_type)
        held = vars(self)
        for name, value in values.items():
            if name in columns:
                held[name] = value
            elif hasattr(row_type, name):
                setattr(self, name, value)
            else:
                raise TypeError(f"{row_type.__name__} has no {name}")

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Compare the version in every UPDATE and DELETE; the repository raises it."""
        return {"version_id_col": cls.version, "version_id_generator": False}


@cache
def _columns(row_type: type) -> frozenset[str]:
    mapper: Mapper[Any] = sa.inspect(row_type)
    return frozenset(attribute.key for attribute in mapper.column_attrs)


def required[RowT](row: RowT | None) -> RowT:
    """Return a row that an aggregate cannot be without.

    Raises:
        LookupError: It is missing: somebody else has deleted it.
    """
    if row is None:
        raise LookupError("a row that every aggregate of its kind has is missing")
    return row
