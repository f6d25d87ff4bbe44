"""Identifiers as the values of key columns: a value each, however many columns there are."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

_CHUNK = 500
"""How many identifiers one statement asks for: databases limit the number of parameters."""


def key_values(id: object) -> tuple[object, ...]:
    """Return the values of the key's columns."""
    return tuple(id) if isinstance(id, tuple) else (id,)


def has_key(columns: Sequence[ColumnElement[Any]]) -> list[ColumnElement[bool]]:
    """Return what a row with a key meets, with names in place of the values: see `named_key`."""
    return [column == sa.bindparam(f"key_{place}") for place, column in enumerate(columns)]


def named_key(id: object) -> dict[str, object]:
    """Return the values of the names that `has_key` gives."""
    return {f"key_{place}": value for place, value in enumerate(key_values(id))}


def among(
    columns: Sequence[ColumnElement[Any]], keys: Sequence[tuple[object, ...]]
) -> Iterator[ColumnElement[bool]]:
    """Yield what rows with these keys meet: a condition for each part that a statement takes."""
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        if len(columns) == 1:
            yield columns[0].in_([value for (value,) in chunk])
        else:
            yield sa.tuple_(*columns).in_(chunk)
