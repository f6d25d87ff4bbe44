"""Columns of a value object that rows may have or not: all are null together where it is absent.

A required one that comes to such an object is filled in the rows that have it, and in no other.
"""

from apigen.ir.schema import ColumnShape, Condition, TableShape


def joins(column: ColumnShape, before: TableShape) -> bool:
    """Tell whether a column becomes a required part of an optional object that rows may have.

    Args:
        column: The column, as it becomes.
        before: Its table, as it was.
    """
    if not column.beside or not _known(column, before):
        return False
    was = next((one for one in before.columns if one.id == column.id), None)
    # A lock that does not tell has None: the column may have been required all along.
    return was is None or was.beside == ()


def rejoins(column: ColumnShape, after: TableShape) -> bool:
    """Tell whether a column that goes comes back, on the way back, to rows that have its object.

    Args:
        column: The column, a required part of an optional object or not.
        after: Its table when the column is gone.
    """
    return column.joined is not None and bool(_known(column, after))


def joined_fill(column: ColumnShape, before: TableShape) -> Condition | None:
    """Return what rows get that have the object; None when the spec does not say."""
    if column.joined is None:
        return None
    others = [f'sa.column("{{{id_}}}").is_not(None)' for id_ in _known(column, before)]
    has_it = others[0] if len(others) == 1 else f"sa.or_({', '.join(others)})"
    return Condition(
        expression=f"sa.case(({has_it}, {column.joined.expression}))",
        imports=tuple(dict.fromkeys(("sqlalchemy as sa", *column.joined.imports))),
    )


def _known(column: ColumnShape, before: TableShape) -> tuple[str, ...]:
    """Return the other columns of the object that were there."""
    there = {one.id for one in before.columns}
    return tuple(id_ for id_ in column.beside or () if id_ in there)
