"""Order rows the same way on every database: texts by code point, null greater than any value.

A position in that order can be continued from: `after` says which rows come later. Knows nothing
of pages or cursors, only of columns and values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class CodePointOrder(FunctionElement[Any]):
    """A text that compares by code point, as SQLite and Python do, whatever the collation."""

    inherit_cache = True


@compiles(CodePointOrder)
def _as_it_is(found: CodePointOrder, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(found.clauses, **options)


@compiles(CodePointOrder, "postgresql")
def _collated(found: CodePointOrder, compiler: SQLCompiler, **options: Any) -> str:
    return f'({compiler.process(found.clauses, **options)}) COLLATE "C"'


def by_code_point(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the column as it is compared: texts by code point."""
    stored = getattr(column.type, "impl_instance", column.type)
    if not isinstance(stored, sa.String):
        return column
    return sa.type_coerce(CodePointOrder(column), column.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class SortKey:
    """One column of an order."""

    column: ColumnElement[Any]
    descending: bool
    nullable: bool

    def clause(self) -> ColumnElement[Any]:
        """Return the item of ORDER BY."""
        column = by_code_point(self.column)
        ordered = column.desc() if self.descending else column.asc()
        if not self.nullable:
            return ordered
        return ordered.nulls_first() if self.descending else ordered.nulls_last()

    def beyond(self, value: object) -> ColumnElement[bool]:
        """Return which rows come later than `value` by this column alone."""
        column = by_code_point(self.column)
        if value is None:
            return self.column.is_not(None) if self.descending else sa.false()
        if self.descending:
            return column < value
        if self.nullable:
            return sa.or_(column > value, self.column.is_(None))
        return column > value

    def level(self, value: object) -> ColumnElement[bool]:
        """Return which rows are equal to `value` by this column."""
        return self.column.is_(None) if value is None else self.column == value


def after(
    keys: Sequence[SortKey], values: Sequence[ColumnElement[Any] | None]
) -> ColumnElement[bool]:
    """Return which rows come after the row that has these values of the sort keys.

    Args:
        keys: The order.
        values: Parameters of the types of the columns; None for null.
    """
    directions = {key.descending for key in keys}
    if len(directions) == 1 and not any(key.nullable for key in keys):
        # One comparison of rows, which an index over the columns can answer.
        left = sa.tuple_(*(by_code_point(key.column) for key in keys))
        right = sa.tuple_(*values)
        return left < right if directions == {True} else left > right
    level: list[ColumnElement[bool]] = []
    alternatives: list[ColumnElement[bool]] = []
    for key, value in zip(keys, values, strict=True):
        alternatives.append(sa.and_(*level, key.beyond(value)))
        level.append(key.level(value))
    return sa.or_(*alternatives)
