"""Values with the place they were written at."""

from apigen.diagnostics import Span
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Located[T]:
    """A value and its span. For text, the span maps to its characters when it has their width."""

    value: T
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Named[T]:
    """An entry of a mapping whose keys are names."""

    name: Located[str]
    value: T
