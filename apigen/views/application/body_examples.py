"""What the documentation shows of request bodies: examples that clients could send as they are.

They are the first samples of the tests, so that what is documented has been tried.
"""

import re
from collections.abc import Iterable
from functools import cached_property

from apigen.ir.field import Field
from apigen.ir.system import Entity, System
from apigen.python.imports import ImportSet
from apigen.python.literals import literal, text
from apigen.python.sample_values import Reference, Value, Wire
from apigen.python.samples import Samples

type _Body = dict[str, object]

_SECRET = re.compile(
    "(?:^|_)(?:pas+wo?r?d|pass(?:phrase)?|pwd|token|secrete?)(?:$|_)", re.IGNORECASE
)
"""Names of what bandit takes for a password that somebody has left in the code."""


class BodyExamples:
    """The examples of one system."""

    def __init__(self, system: System) -> None:
        self._system = system

    @cached_property
    def _samples(self) -> Samples:
        return Samples(self._system)

    def of_entity(self, entity: Entity, names: Iterable[str]) -> _Body | None:
        """Return what makes or changes a row, as far as it has one of `names`.

        None where there is no sample.
        """
        payload = self._samples.payload(entity, 0)
        if payload is None:
            return None
        wanted = set(names)
        return {name: self._plain(value) for name, value in payload.items() if name in wanted}

    def of_fields(self, fields: Iterable[Field]) -> _Body | None:
        """Return what a command is told; None where there is no sample."""
        found: _Body = {}
        for field in fields:
            value = self._samples.field(field, 0)
            if value is None and not field.nullable:
                return None
            found[field.wire] = self._plain(self._wire(field, value))
        return found

    def _wire(self, field: Field, value: Value) -> Wire:
        return self._samples.json.wire(field.type, value)

    def _plain(self, value: Wire) -> object:
        """Return a value in which references are keys."""
        match value:
            case Reference(entity=qname, n=n):
                return self._plain(self._samples.key_wire(self._system.entities[qname], n))
            case list():
                return [self._plain(item) for item in value]
            case dict():
                return {name: self._plain(item) for name, item in value.items()}
            case _:
                return value


def example_source(value: object, imports: ImportSet) -> str:
    """Return source of an example, marked for bandit where it would see a password in it."""
    match value:
        case dict() if _has_secret(value):
            entries = (
                f"{text(name)}: {example_source(item, imports)},{_mark(name, item)}"
                for name, item in value.items()
            )
            return "{\n" + "\n".join(entries) + "\n}"
        case list() if _has_secret(value):
            return f"[{', '.join(example_source(item, imports) for item in value)}]"
        case _:
            return literal(value, imports)


def _mark(name: str, value: object) -> str:
    return "  # nosec B105" if _is_secret(name, value) else ""


def _is_secret(name: str, value: object) -> bool:
    return not isinstance(value, dict | list) and _SECRET.search(name) is not None


def _has_secret(value: object) -> bool:
    match value:
        case dict():
            return any(_is_secret(name, item) or _has_secret(item) for name, item in value.items())
        case list():
            return any(_has_secret(item) for item in value)
        case _:
            return False
