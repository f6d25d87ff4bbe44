"""Change stored rows into wanted ones: the rows of one aggregate, root and children.

A repository builds the rows that an aggregate should have; here the stored ones become equal to
them, updating in place what is there, inserting what is new and deleting what is gone.
Knows only what mappers tell: columns, relationships, unique constraints.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import UniqueConstraint, inspect
from sqlalchemy.orm import DeclarativeBase, Mapper, RelationshipProperty
from sqlalchemy.schema import Table


def walk(row: DeclarativeBase) -> Iterator[DeclarativeBase]:
    """Yield a row and all rows below it."""
    yield row
    for relationship in _mapper(row).relationships:
        for child in _children(row, relationship):
            yield from walk(child)


def drop_missing(stored: DeclarativeBase, wanted: DeclarativeBase) -> bool:
    """Remove the stored children that are not wanted; return whether there were any.

    The caller flushes before `copy_into`: a unique value that one child gives up and another
    takes would otherwise be inserted before it is deleted. For the same reason a child whose
    unique values change is removed here and inserted again, under its own identifier.
    """
    dropped = False
    for relationship in _mapper(stored).relationships:
        identify = _identity_columns(relationship)
        unique = _unique_columns(relationship)
        desired = {_values(child, identify): child for child in _children(wanted, relationship)}
        kept = []
        for child in _children(stored, relationship):
            target = desired.get(_values(child, identify))
            if target is None or _values(child, unique) != _values(target, unique):
                dropped = True
                continue
            dropped = drop_missing(child, target) or dropped
            kept.append(child)
        _assign(stored, relationship, kept)
    return dropped


def copy_into(stored: DeclarativeBase, wanted: DeclarativeBase) -> None:
    """Give the stored row the values and children of the wanted one, which is used up."""
    mapper = _mapper(stored)
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        # A key never changes; keys to the parent are the relationship's business.
        if column.primary_key or column is mapper.version_id_col or column.info.get("parent"):
            continue
        value = getattr(wanted, attribute.key)
        if getattr(stored, attribute.key) != value:
            setattr(stored, attribute.key, value)
    for relationship in mapper.relationships:
        identify = _identity_columns(relationship)
        existing = {_values(child, identify): child for child in _children(stored, relationship)}
        result = []
        desired = _children(wanted, relationship)
        _assign(wanted, relationship, [])
        for child in desired:
            current = existing.get(_values(child, identify))
            if current is None:
                result.append(child)
            else:
                copy_into(current, child)
                result.append(current)
        _assign(stored, relationship, result)


def _mapper(row: DeclarativeBase) -> Mapper[Any]:
    return inspect(type(row))


def _children(row: DeclarativeBase, relationship: RelationshipProperty[Any]) -> list[Any]:
    value = getattr(row, relationship.key)
    if relationship.uselist:
        return list(value)
    return [] if value is None else [value]


def _assign(
    row: DeclarativeBase, relationship: RelationshipProperty[Any], children: list[Any]
) -> None:
    if relationship.uselist:
        current = getattr(row, relationship.key)
        if list(current) != children:
            current[:] = children
    else:
        wanted = children[0] if children else None
        if getattr(row, relationship.key) is not wanted:
            setattr(row, relationship.key, wanted)


def _identity_columns(relationship: RelationshipProperty[Any]) -> tuple[str, ...]:
    """Return the attributes that tell the children of one parent apart."""
    mapper = relationship.mapper
    return tuple(
        mapper.get_property_by_column(column).key
        for column in mapper.primary_key
        if column not in relationship.remote_side
    )


def _unique_columns(relationship: RelationshipProperty[Any]) -> tuple[str, ...]:
    mapper = relationship.mapper
    table = mapper.local_table
    constraints = table.constraints if isinstance(table, Table) else ()
    return tuple(
        mapper.get_property_by_column(column).key
        for constraint in sorted(constraints, key=lambda found: str(found.name))
        if isinstance(constraint, UniqueConstraint)
        for column in constraint.columns
        if column not in relationship.remote_side
    )


def _values(row: DeclarativeBase, attributes: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, attribute) for attribute in attributes)
