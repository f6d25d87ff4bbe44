"""Events as JSON, and JSON as the events that a program knows.

An event is found by the name of its type; one that an older program has written is lifted to the
version of today. Knows nothing of where events are kept.

Source: requirements 108.2, 108.4.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from ..core.json import Json, dumps, loads
from .events import AnyEvent, DomainEvent

type StoredEvent = DomainEvent[dict[str, object]]
"""An event as an older program wrote it: the payload is the JSON of then."""

type Upcaster = Callable[[StoredEvent], Mapping[str, object]]
"""Returns the values of the fields that the payload of the next version has and this has not."""


def stored_value[T](event: StoredEvent, field: str, kind: type[T]) -> T:
    """Return a field of a stored payload as a value of its type.

    Raises:
        KeyError: The payload has no such field.
        ValueError: What it has is no such value.
    """
    return TypeAdapter(kind).validate_python(event.payload[field])


class EventRegistry:
    """The types of event that a program knows, by discriminator."""

    def __init__(
        self,
        kinds: Iterable[type[AnyEvent]] = (),
        *,
        upcasters: Mapping[type[AnyEvent], Mapping[int, Upcaster]] | None = None,
    ) -> None:
        """Know these types.

        Args:
            kinds: The classes of events.
            upcasters: For a type, from each version that is still read to the next one.

        Raises:
            ValueError: Two types have one discriminator, or a step between versions is missing.
        """
        self._kinds: dict[str, type[AnyEvent]] = {}
        self._upcasters = upcasters or {}
        # Only the class of the event knows the type of its payload, hence Any. Made when needed:
        # a program that starts pays for none of them.
        self._adapters: dict[str, TypeAdapter[Any]] = {}
        for kind in kinds:
            if kind.event_type in self._kinds:
                raise ValueError(f"two events are called {kind.event_type}")
            self._kinds[kind.event_type] = kind
        for kind, steps in self._upcasters.items():
            if steps and set(steps) != set(range(min(steps), kind.schema_version)):
                raise ValueError(f"the upcasts of {kind.event_type} have a gap: {sorted(steps)}")

    @classmethod
    def united(cls, registries: Iterable["EventRegistry"]) -> "EventRegistry":
        """Return a registry of everything that several know.

        Raises:
            ValueError: Two types have one discriminator.
        """
        known = tuple(registries)
        return cls(
            (kind for registry in known for kind in registry._kinds.values()),
            upcasters={
                kind: steps for registry in known for kind, steps in registry._upcasters.items()
            },
        )

    def to_json(self, event: AnyEvent) -> bytes:
        """Return an event as one JSON object; `type` tells which it is, `payload` holds its own.

        Raises:
            KeyError: The type of the event is not known.
        """
        kind = self._kinds[event.event_type]
        payload = self._adapter(kind).dump_python(event.payload, mode="json")
        envelope = {name: getattr(event, name) for name in _ENVELOPE}
        version = kind.schema_version
        return dumps(
            {"type": kind.event_type, "schema_version": version, **envelope, "payload": payload}
        )

    def from_json(self, source: bytes | str) -> AnyEvent:
        """Return the event that was written down, lifted to the version of today.

        Raises:
            KeyError: Its type is not known.
            ValueError: It is not JSON, not an event, or of a version that is not read.
        """
        document = loads(source)
        if not isinstance(document, dict):
            raise ValueError("an event is a JSON object")
        kind = self._kinds[str(document.pop("type", None))]
        version = document.pop("schema_version", None)
        stored = _stored_adapter().validate_python(document)
        lifted = self._lifted(kind, version, stored)
        payload = self._adapter(kind).validate_python(lifted.payload)
        return kind(payload=payload, **{name: getattr(stored, name) for name in _ENVELOPE})

    def _adapter(self, kind: type[AnyEvent]) -> TypeAdapter[Any]:
        if kind.event_type not in self._adapters:
            self._adapters[kind.event_type] = TypeAdapter(kind.payload_type())
        return self._adapters[kind.event_type]

    def _lifted(self, kind: type[AnyEvent], version: Json, stored: StoredEvent) -> StoredEvent:
        steps = self._upcasters.get(kind, {})
        if not isinstance(version, int) or version > kind.schema_version:
            raise ValueError(f"{kind.event_type} of version {version} can not be read")
        for step in range(version, kind.schema_version):
            if step not in steps:
                raise ValueError(f"{kind.event_type} of version {step} can not be read")
            stored = replace(stored, payload={**stored.payload, **steps[step](stored)})
        return stored


_ENVELOPE = tuple(part.name for part in fields(DomainEvent) if part.name != "payload")


@cache
def _stored_adapter() -> TypeAdapter[StoredEvent]:
    return TypeAdapter(DomainEvent[dict[str, object]])
