"""What a version of the API does not show, removed from documents and from values stored as one."""

from collections.abc import Sequence
from typing import Any

import orjson

from ..application.queries import Hidden


def parts_below(hidden: Hidden, name: str) -> Hidden:
    """Return what is hidden in the value of a name, as paths that begin there."""
    return tuple(path[1:] for path in hidden if len(path) > 1 and path[0] == name)


# Values are whatever JSON has, hence Any here and below.
def without_parts(value: Any, hidden: Hidden) -> Any:
    """Return a part of a document without what is hidden; one that is not parsed yet is."""
    if isinstance(value, orjson.Fragment):
        value = orjson.loads(orjson.dumps(value))
    for path in hidden:
        remove(value, path)
    return value


def remove(value: Any, path: Sequence[str]) -> None:
    """Remove what a path leads to, of every element of an array on the way."""
    if isinstance(value, list):
        for item in value:
            remove(item, path)
    elif isinstance(value, dict):
        _remove_of(value, path[0], path[1:])


def _remove_of(value: dict[str, Any], step: str, rest: Sequence[str]) -> None:
    tag, is_variant, variant = step.partition("=")
    if step == "*":
        for item in value.values():
            remove(item, rest)
    elif is_variant:
        if value.get(tag) == variant:
            remove(value, rest)
    elif not rest:
        value.pop(step, None)
    elif step in value:
        remove(value[step], rest)
