"""Write sample values as the source of a generated test module."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from apigen.ir.system import System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import literal, text, tuple_of
from apigen.python.sample_values import Reference, Wire
from apigen.python.scalar_samples import ScalarValue

_LONG = 12
"""Uniform texts longer than this are written as a product."""


class Copies:
    """An array of one item, many times; stands in a payload."""

    def __init__(self, item: Wire, count: int) -> None:
        self.item = item
        self.count = count


class Source:
    """Writes values into one module, importing what they need."""

    def __init__(self, system: System, imports: ImportSet) -> None:
        self._system = system
        self._imports = imports

    def wire(self, value: Wire | Copies) -> str:
        """Return source for a payload, or a part of one."""
        match value:
            case Reference():
                ref = self._imports.use(layout.support(self._system, "testing.cases", "Ref"))
                number = f", {value.n}" if value.n else ""
                return f"{ref}({text(value.entity)}{number})"
            case Copies():
                copies = self._imports.use(layout.support(self._system, "testing.cases", "Copies"))
                return f"{copies}({self.wire(value.item)}, {value.count})"
            case str():
                return uniform(value)
            case dict():
                return self.mapping({key: self.wire(item) for key, item in value.items()})
            case list():
                return "[" + ", ".join(self.wire(item) for item in value) + "]"
            case _:
                return literal(value, self._imports)

    def mapping(self, entries: Mapping[str, str]) -> str:
        """Return source of a dict; values are source already."""
        return "{" + ", ".join(f"{text(key)}: {value}" for key, value in entries.items()) + "}"

    def names(self, values: Sequence[str]) -> str:
        """Return source of a tuple of texts."""
        return tuple_of(map(text, values))

    def several(self, values: Sequence[str]) -> str:
        """Return source of a tuple; values are source already."""
        return tuple_of(values)

    def columns(self, payloads: Sequence[Mapping[str, Wire]]) -> str:
        """Return source of payloads of one shape, a line a field."""
        if not payloads[0]:
            # Columns could not tell how many there are.
            return f"({'{}, ' * len(payloads)})"
        columns = self._imports.use(layout.support(self._system, "testing.cases", "columns"))
        table = {name: self._column([p[name] for p in payloads]) for name in payloads[0]}
        return f"{columns}({self.mapping(table)})"

    def _column(self, values: Sequence[Wire]) -> str:
        objects = [value for value in values if isinstance(value, dict)]
        is_regular = len(objects) == len(values) and len({tuple(o) for o in objects}) == 1
        if is_regular and objects[0]:
            return self.columns(objects)
        return "[" + ", ".join(map(self.wire, values)) + "]"

    def scalar(self, value: ScalarValue) -> str:
        """Return source of a Python value."""
        match value:
            case str():
                return uniform(value)
            case bytes():
                return repr(value)
            case UUID():
                return f"{self._imports.add('uuid', 'UUID')}({str(value)!r})"
            case bool() | int() | float() | Decimal() | date() | datetime() | time() | timedelta():
                return literal(value, self._imports)


def uniform(value: str) -> str:
    """Return source of a text: a product when it is one character many times."""
    if len(value) > _LONG and len(set(value)) == 1:
        return f"{text(value[0])} * {len(value)}"
    return text(value)
