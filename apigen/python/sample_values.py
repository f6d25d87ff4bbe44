"""What samples are made of: values by attribute, references, and their JSON."""

import base64
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from apigen.ir.field import Field, Surface
from apigen.ir.system import EnumType, Identity, IdKind, ObjectType, System, UnionType
from apigen.python.scalar_samples import ScalarValue
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The key of sample `n` of an entity, known only when that row exists."""

    entity: str
    n: int


type Value = ScalarValue | Reference | list[Value] | dict[str, Value] | None
"""Objects, unions and children are dicts by attribute; collections lists; enums member names."""

type Wire = bool | int | float | str | Reference | list[Wire] | dict[str, Wire] | None
"""JSON with references in it."""

GENERATED = frozenset({IdKind.UUID7, IdKind.UUID4, IdKind.ULID, IdKind.INT, IdKind.BIGINT})
"""Keys that the project makes."""

WANTED = 5
"""How many samples tests have: two full pages of two and one that is not full."""


def enum_type(system: System, qname: str) -> EnumType:
    """Return the enumeration of that name."""
    found = system.types[qname]
    assert isinstance(found, EnumType)
    return found


def object_type(system: System, qname: str) -> ObjectType:
    """Return the value object of that name."""
    found = system.types[qname]
    assert isinstance(found, ObjectType)
    return found


def union_type(system: System, qname: str) -> UnionType:
    """Return the union of that name."""
    found = system.types[qname]
    assert isinstance(found, UnionType)
    return found


def json_scalar(value: ScalarValue | None) -> bool | int | float | str | None:
    """Return the JSON of a scalar value, as generated projects write it."""
    match value:
        case Decimal():
            return f"{value:f}"
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return duration_text(value)
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return value


def duration_text(value: timedelta) -> str:
    """Return ISO 8601 as pydantic writes it: `PT5M`, `P1DT2H`, `-PT1S`."""
    sign = "-" if value < timedelta() else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0").rstrip(".")
    days = f"{value.days}D" if value.days else ""
    clock = "".join(
        (
            f"{hours}H" if hours else "",
            f"{minutes}M" if minutes else "",
            f"{seconds}{fraction}S" if seconds or fraction else "",
        )
    )
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{days}{'T' + clock if clock else ''}"


def creatable(fields: Sequence[Field], identity: Identity) -> Iterator[Field]:
    """Yield the fields that a create request has, a generated key left out."""
    for field in fields:
        generated_key = field.attribute in identity.fields and identity.kind in GENERATED
        if Surface.CREATE in field.writes and not generated_key:
            yield field
