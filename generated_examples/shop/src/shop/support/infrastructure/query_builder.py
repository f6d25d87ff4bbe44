"""Build queries over mapped rows from names that are checked against the mapper.

A name is an attribute of the aggregate: a column, a part of a value object (`price.amount`), a
collection (`lines.quantity`, `tags`). What comes back is typed by the row class.

Source: requirement 46.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapper

from ..core.errors import ValidationError
from ..domain.specification import AttributeSpecification, Operator, Specification
from .ordering import SortKey
from .specification_sql import Target, to_sql


@dataclass(frozen=True, kw_only=True)
class QueryBuilder[RowT: DeclarativeBase]:
    """A query over one class of rows; every method returns a new one."""

    row_type: type[RowT]
    session: AsyncSession
    conditions: tuple[ColumnElement[bool], ...] = ()
    sorting: tuple[SortKey, ...] = ()
    first_row: int = 0
    row_limit: int | None = None

    def where(self, name: str, operator: Operator, value: object) -> Self:
        """Keep rows whose attribute compares so.

        Raises:
            ValidationError: There is no such attribute.
        """
        path = tuple(name.split("."))
        return self.matching(AttributeSpecification[RowT](path, operator, value))

    def matching[T](self, specification: Specification[T]) -> Self:
        """Keep rows that the specification is satisfied by.

        Raises:
            ValidationError: It names an attribute that does not exist.
        """
        condition = to_sql(specification, lambda path: resolve(self.row_type, path))
        return replace(self, conditions=(*self.conditions, condition))

    def having[OtherT: DeclarativeBase](
        self,
        relationship: InstrumentedAttribute[list[OtherT]],
        refine: Callable[["QueryBuilder[OtherT]"], "QueryBuilder[OtherT]"],
    ) -> Self:
        """Keep rows that have a related row which `refine` keeps: `having(OrderRow.lines, …)`."""
        other: type[OtherT] = relationship.property.mapper.class_
        refined = refine(QueryBuilder(row_type=other, session=self.session))
        condition = relationship.any(sa.and_(sa.true(), *refined.conditions))
        return replace(self, conditions=(*self.conditions, condition))

    def order_by(self, *names: str) -> Self:
        """Sort by attributes, `-name` for descending, after those given before.

        Raises:
            ValidationError: There is no such attribute, or it has no order.
        """
        keys = []
        for name in names:
            target = resolve(self.row_type, tuple(name.removeprefix("-").split(".")))
            if not isinstance(target.column, sa.Column):
                raise _unknown(self.row_type, name, "cannot be sorted by")
            keys.append(
                SortKey(
                    column=target.column,
                    descending=name.startswith("-"),
                    nullable=bool(target.column.nullable),
                )
            )
        return replace(self, sorting=(*self.sorting, *keys))

    def offset(self, count: int) -> Self:
        """Leave out the first rows."""
        return replace(self, first_row=count)

    def limit(self, count: int | None) -> Self:
        """Return that many rows at most."""
        return replace(self, row_limit=count)

    async def all(self) -> list[RowT]:
        """Run the query; the key ends the order."""
        keys = [
            SortKey(column=column, descending=False, nullable=False)
            for column in sa.inspect(self.row_type).primary_key
        ]
        statement = (
            sa.select(self.row_type)
            .where(*self.conditions)
            .order_by(*(key.clause() for key in (*self.sorting, *keys)))
            .offset(self.first_row or None)
            .limit(self.row_limit)
        )
        return list((await self.session.scalars(statement)).all())

    async def first(self) -> RowT | None:
        """Return the first row, or None."""
        return next(iter(await self.limit(1).all()), None)

    async def count(self) -> int:
        """Return how many rows there are, whatever the limit."""
        statement = sa.select(sa.func.count()).select_from(self.row_type).where(*self.conditions)
        return (await self.session.execute(statement)).scalar_one()


def resolve(row_type: type[DeclarativeBase], path: tuple[str, ...]) -> Target:
    """Return the column that an attribute path leads to.

    Raises:
        ValidationError: There is no such attribute.
    """
    mapper = sa.inspect(row_type)
    column = _column(mapper, path)
    if column is not None:
        return Target(column=column)
    relationship = mapper.relationships.get(path[0]) if path else None
    if relationship is None:
        raise _unknown(row_type, ".".join(path), "has no attribute")
    attribute = getattr(row_type, relationship.key)
    exists = attribute.any if relationship.uselist else attribute.has
    inner = resolve(relationship.mapper.class_, path[1:])
    return Target(
        column=inner.column,
        holds=lambda condition: exists(inner.holds(condition)),
        crosses_one=not relationship.uselist,
    )


def _column(mapper: Mapper[Any], path: tuple[str, ...]) -> ColumnElement[Any] | None:
    attributes = mapper.column_attrs
    name = "_".join(path)
    if name in attributes:
        return attributes[name].columns[0]
    own = [column for column in mapper.primary_key if not column.info.get("parent")]
    # `tags` ends at the join table, whose other key is the identifier of the tag; `id` of an
    # aggregate with a natural key is that key.
    if path in ((), ("id",)) and len(own) == 1:
        return own[0]
    return None


def _unknown(row_type: type[DeclarativeBase], name: str, problem: str) -> ValidationError:
    mapper = sa.inspect(row_type)
    known = ", ".join(sorted((*mapper.column_attrs.keys(), *mapper.relationships.keys())))
    message = f"{row_type.__name__} {problem} {name}; it has {known}"
    return ValidationError(name, None, "unknown_field", message)
