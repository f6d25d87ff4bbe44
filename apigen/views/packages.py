"""Modules that are nothing but their docstring: packages, and what has nothing in it yet."""

from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyModule:
    """A module that is nothing but its docstring."""

    doc: str
