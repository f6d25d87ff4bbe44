"""Keys of what is kept, and tags that say what it was made of: who changes that drops the tags.

Source: requirements 25.2, 62.2, 110.2.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from .protocols import CacheProvider

ANY_CHANGE = "*"
"""Tag of what is made of nobody knows what: each change drops it."""


def cache_key(kind: str, *parts: object) -> str:
    """Return a key: `<kind>:<digest>`, the same for parts that print the same.

    The parts are not to be read from it, whatever clients or tokens put into them.
    """
    digest = blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=20)
    return f"{kind}:{digest.hexdigest()}"


def kind_tag(kind: type) -> str:
    """Return the tag of all aggregates of a class."""
    return f"{kind.__module__}.{kind.__qualname__}"


# Any: identifiers of any aggregate.
def row_tag(kind: type, id: Any) -> str:
    """Return the tag of one aggregate."""
    parts = id if isinstance(id, tuple) else (id,)
    return f"{kind_tag(kind)}:{'/'.join(_text(part) for part in parts)}"


# Any: aggregates of any class, which know their identifier.
def changed_tags(stored: Iterable[Any]) -> list[str]:
    """Return the tags that a change of these aggregates drops, each once."""
    tags: dict[str, None] = {}
    for aggregate in stored:
        kind = type(aggregate)
        tags[row_tag(kind, aggregate.id)] = None
        tags[kind_tag(kind)] = None
    return [*tags, ANY_CHANGE] if tags else []


def dropping(cache: CacheProvider) -> Callable[[Iterable[Any]], Awaitable[None]]:
    """Return what drops all that was made of aggregates that are stored; a unit of work tells."""

    async def drop(stored: Iterable[Any]) -> None:
        await cache.drop(changed_tags(stored))

    return drop


def _text(part: object) -> str:
    """Return a part of a key as text: one text for whatever the database takes for the same."""
    match part:
        case Decimal():
            return format(part.normalize(), "f")
        case datetime() if part.tzinfo is not None:
            return part.astimezone(UTC).isoformat()
        case _:
            return str(part).replace("/", "//")
