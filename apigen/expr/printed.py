"""What a printer returns, and how it spells what it does not own."""

from collections.abc import Callable
from dataclasses import field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from apigen.expr.kinds import scale_of_literal, short_name
from apigen.ir.types import Literal
from apigen.values import dataclass

SUPPORT = "support"
"""Begin of a module path inside the project's own package: `support.domain.rules`."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Import:
    """A name that printed source relies on: `from module import name`.

    With an empty `name` it is the module itself, under `alias`: `import datetime as dt`.
    """

    module: str
    name: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """Source of one expression and what has to be imported for it.

    `types` are the enums and value objects it names, by qualified name.
    """

    text: str
    imports: tuple[Import, ...] = ()
    types: tuple[str, ...] = ()


def _pascal_last(qname: str) -> str:
    return short_name(qname)


def _upper_member(qname: str, member: str) -> str:
    return member.upper()


def _same(name: str) -> str:
    return name


def _zero(qname: str, type_name: str) -> str:
    return f"{type_name}.zero()"


def _plain_import(wanted: Import) -> str:
    return wanted.name or wanted.alias or wanted.module


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How the target spells names; the defaults suit names that need no escaping."""

    attribute: Callable[[str], str] = field(default=_same)
    """An attribute of the IR (`Field.attribute`) as the attribute of an object."""
    type_name: Callable[[str], str] = field(default=_pascal_last)
    """Qualified name of an enum or value object to the name of its class."""
    member: Callable[[str, str], str] = field(default=_upper_member)
    """Qualified name of an enum and a member's name to the identifier of the member."""
    zero: Callable[[str, str], str] = field(default=_zero)
    """Qualified name of a measure and its class to source of none of it, in its default unit."""
    imported: Callable[[Import], str] = field(default=_plain_import)
    """How an import is called; registers it where that is wanted."""


class Needs:
    """Gathers imports while something is printed."""

    def __init__(self, spelling: Spelling) -> None:
        """Start with nothing needed."""
        self._spelling = spelling
        self._imports: set[Import] = set()
        self._types: set[str] = set()

    def module(self, module: str, alias: str) -> str:
        """Return how a module is called."""
        return self._take(Import(module=module, alias=alias))

    def name(self, module: str, name: str) -> str:
        """Return how a name of a module is called."""
        return self._take(Import(module=module, name=name))

    def _take(self, wanted: Import) -> str:
        self._imports.add(wanted)
        return self._spelling.imported(wanted)

    def type(self, qname: str) -> str:
        """Return the name of an enum's or value object's class."""
        self._types.add(qname)
        return self._spelling.type_name(qname)

    def printed(self, text: str) -> Printed:
        """Bind a text to what it needs."""
        return Printed(
            text=text, imports=tuple(sorted(self._imports)), types=tuple(sorted(self._types))
        )


def literal_source(value: Literal | None, needs: Needs) -> str:
    """Return Python source that evaluates to exactly `value`."""
    match value:
        case None | bool() | int() | str():
            return repr(value)
        case float():
            return repr(value)
        case Decimal():
            whole = value == value.to_integral_value() and scale_of_literal(value) == 0
            digits = str(int(value)) if whole else repr(format(value, "f"))
            return f"{needs.name('decimal', 'Decimal')}({digits})"
        case datetime():
            return f"{needs.module('datetime', 'dt')}.datetime.fromisoformat({value.isoformat()!r})"
        case date():
            module = needs.module("datetime", "dt")
            return f"{module}.date({value.year}, {value.month}, {value.day})"
        case time():
            return f"{needs.module('datetime', 'dt')}.time.fromisoformat({value.isoformat()!r})"
        case timedelta():
            minutes, seconds = divmod(value.seconds, 60)
            hours, minutes = divmod(minutes, 60)
            parts = (
                ("days", value.days),
                ("hours", hours),
                ("minutes", minutes),
                ("seconds", seconds),
                ("microseconds", value.microseconds),
            )
            arguments = ", ".join(f"{name}={number}" for name, number in parts if number)
            return f"{needs.module('datetime', 'dt')}.timedelta({arguments})"
