"""Reduce values of the IR to plain data, whose text is then hashed.

Says how to walk; what is left out on the way is for the caller to say.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter

from apigen.diagnostics import Span
from apigen.ir.names import Name

type Reduction = Callable[[object], object]


def reduction(
    without: Callable[[type], frozenset[str]] = lambda kind: frozenset(),
    *,
    special: Mapping[type, Reduction] | None = None,
    keeps_order: bool = False,
) -> Reduction:
    """Return a function that reduces a value to tuples of plain data; spans are left out.

    Args:
        without: Names of the fields of a class that are left out.
        special: Functions for classes that are not reduced field by field.
        keeps_order: Whether the order of a mapping means something.
    """
    # One function a class, made when it is met: a system has many values of few classes.
    reducers: dict[type, Reduction] = {
        **dict.fromkeys((str, int, bool, float, type(None)), lambda value: value),
        Span: lambda span: None,
        # All spellings of a name follow from its text and its plural.
        Name: attrgetter("text", "plural_snake"),
        **(special or {}),
    }

    def reduced(value: object) -> object:
        kind = type(value)
        reduce = reducers.get(kind)
        if reduce is None:
            if keeps_order and issubclass(kind, Mapping):
                reduce = reducers[kind] = lambda value: reduced((*value.items(),))  # type: ignore[attr-defined]
            else:
                reduce = reducers[kind] = _reducer(kind, without(kind), reduced)
        return reduce(value)

    return reduced


def _reducer(kind: type, left_out: frozenset[str], reduced: Reduction) -> Reduction:
    if issubclass(kind, Enum):
        return attrgetter("_value_")
    if issubclass(kind, tuple | list):
        return lambda value: [*map(reduced, value)] if value else ()  # type: ignore[call-overload]
    if issubclass(kind, frozenset | set):
        return lambda value: sorted(repr(reduced(part)) for part in value)  # type: ignore[attr-defined]
    if issubclass(kind, Mapping):
        return lambda value: sorted((str(k), repr(reduced(v))) for k, v in value.items())  # type: ignore[attr-defined]
    if not is_dataclass(kind):
        return lambda value: value
    names = tuple(part.name for part in fields(kind) if part.name not in left_out)
    title = kind.__name__
    if not names:
        return lambda value: title
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda value: (title, reduced(only(value)))
    parts = attrgetter(*names)
    return lambda value: (title, *map(reduced, parts(value)))
