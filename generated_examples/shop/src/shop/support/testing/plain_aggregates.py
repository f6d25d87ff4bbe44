"""Aggregates as JSON without DTOs: for entities that no request makes."""

from collections.abc import Mapping
from types import GenericAlias
from typing import Any

import pydantic

from ..core.json import dumps, loads
from ..infrastructure.seeding import Names, renamed


def aggregate_from_json[T](
    cls: type[T], data: bytes, names: Names, *, context: Mapping[str, str] | None = None
) -> T:
    """Return an aggregate with the fields of a JSON object.

    Args:
        cls: Class of the aggregate.
        data: The object.
        names: Keys that are called otherwise in the domain.
        context: What types ask for to read a value: the default locale of plain texts.
    """
    # In a list, because pydantic takes no settings for a dataclass itself. Any: its class is only
    # known now.
    kind: Any = GenericAlias(list, (cls,))
    config = pydantic.ConfigDict(extra="forbid", val_json_bytes="base64")
    adapter: pydantic.TypeAdapter[list[T]] = pydantic.TypeAdapter(kind, config=config)
    (made,) = adapter.validate_json(
        dumps([renamed(loads(data), names)]),
        context=context,
    )
    return made
