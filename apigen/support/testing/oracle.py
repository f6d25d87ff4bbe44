"""What a list should show, worked out in Python from the rows that are stored.

The semantics of the query language written a second time, as simply as possible, so that the
statements which the database runs have something to be compared with.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ..core.json import Json
from .cases import Column
from .rows import Rows

type Row = Mapping[str, Json]

_DURATION = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")


def values_at(row: Row, column: Column, rows: Rows) -> list[object]:
    """Return what a column's path leads to from a row; several values over a collection."""
    found: list[Json] = [dict(row)]
    for step, entity in column.way:
        inner: list[Json] = []
        for value in found:
            if not isinstance(value, dict):
                inner.append(None)
            elif not entity:
                inner.append(value.get(step))
            else:
                key = value.get(step)
                keys = key if isinstance(key, list) else [key]
                inner.extend(None if one is None else dict(rows.known(entity, one)) for one in keys)
        found = inner
    return [comparable(value, column.kind) for value in found]


def comparable(value: Json, kind: str) -> object:
    """Return a JSON value as something that compares as the database compares it."""
    if value is None:
        return None
    match kind:
        case "number":
            return Decimal(str(value))
        case "moment":
            return datetime.fromisoformat(str(value)).astimezone(UTC)
        case "duration":
            return _duration(str(value))
        case _:
            return value


def matches(values: Sequence[object], op: str, wanted: Sequence[object]) -> bool:
    """Whether one of `values` satisfies `op`; `ne` and `not_in` are the opposites of eq and in."""
    if op in ("ne", "not_in"):
        return not matches(values, "eq" if op == "ne" else "in", wanted)
    return any(_matches_one(value, op, wanted) for value in values)


def _matches_one(value: object, op: str, wanted: Sequence[object]) -> bool:
    first = wanted[0]
    if op == "is_null":
        return (value is None) is first
    if value is None:
        return False
    match op:
        case "eq":
            return value == first
        case "in":
            return value in wanted
        case "lt" | "lte" | "gt" | "gte":
            return _ordered(value, op, first)
        case "contains":
            return str(first).lower() in str(value).lower()
        case "startswith":
            return str(value).lower().startswith(str(first).lower())
        case "endswith":
            return str(value).lower().endswith(str(first).lower())
        case _:
            raise ValueError(f"no operator {op}")


def _ordered(value: Any, op: str, wanted: Any) -> bool:
    # Any: both sides come from one column, so they are of one type, which has an order.
    match op:
        case "lt":
            return bool(value < wanted)
        case "lte":
            return bool(value <= wanted)
        case "gt":
            return bool(value > wanted)
        case _:
            return bool(value >= wanted)


def is_sorted(values: Iterable[object], *, descending: bool) -> bool:
    """Whether values are in order; nulls may be at either end, but only at one, together."""
    listed = list(values)
    present = [value for value in listed if value is not None]
    start = listed.index(present[0]) if present else 0
    if [value for value in listed[start : start + len(present)] if value is None]:
        return False
    pairs = list(pairwise(present))
    if descending:
        return all(not _ordered(first, "lt", second) for first, second in pairs)
    return all(not _ordered(first, "gt", second) for first, second in pairs)


def found_by(row: Row, words: str, fields: Sequence[str]) -> bool:
    """Whether `?q=words` finds a row: every word in one of the fields."""
    texts = [str(row[field]).lower() for field in fields if row.get(field) is not None]
    return all(any(word in text for text in texts) for word in words.lower().split())


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    assert found is not None, text
    sign, days, hours, minutes, seconds = found.groups()
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        microseconds=int(Decimal(seconds or 0) * 1_000_000),
    )
    return -length if sign else length
