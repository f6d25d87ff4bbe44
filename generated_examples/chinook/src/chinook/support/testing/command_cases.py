"""The data that tests of commands work on: one case a command, as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..application.commands import Command
from .cases import AnyCase, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event that a command records."""

    type: str
    fields: tuple[str, ...]
    """All of the payload."""
    payload: Mapping[str, Sample] = field(default_factory=dict)
    """The part of it that can be known beforehand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """A row and an input that a condition of the command refuses, and no other, or just permits."""

    code: str
    row: Mapping[str, Sample] = field(default_factory=dict)
    """What to change in the row of the case."""
    input: Mapping[str, Sample] = field(default_factory=dict)


# Of any command and aggregate: what they are matters only inside of the case, hence Any.
@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCase:
    """A command: the row it is for, what it is told, and what comes of it."""

    command: type[Command[Any]]
    entity: AnyCase
    """Of its aggregate."""
    creates: bool = False
    """The command makes the aggregate: there is no row before."""
    row: Mapping[str, Sample] = field(default_factory=dict)
    """JSON of the aggregate before."""
    input: Mapping[str, Sample] = field(default_factory=dict)
    """By the names of the command."""
    changed: Mapping[str, Sample] = field(default_factory=dict)
    """What responses show afterwards."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """How many there are afterwards of what it adds or removes."""
    events: tuple[Recorded, ...] = ()
    guards: tuple[Guarded, ...] = ()
    """What a condition refuses."""
    edges: tuple[Guarded, ...] = ()
    """What a condition only just permits: `<` in place of `<=` would refuse it."""
    state: str = ""
    """Name of the field that has the state, when the command is for some states only."""
    illegal: tuple[str, ...] = ()
    """The states that it is not for."""
    history: str = ""
    """Table that keeps the moves; empty when none does."""
    once: bool = False
    """The same twice has one effect."""
    context: Mapping[str, str] | None = None
    """What types ask for to read a value: the default locale of plain texts."""
    versioned: bool = True


def command_parameters(name: str, case: CommandCase) -> Iterator[tuple[object, str]]:
    """Yield the rows of a case's table that a test takes by that name, and what to call each."""
    match name:
        case "guarded":
            for guarded in case.guards:
                yield guarded, guarded.code
        case "edge":
            for guarded in case.edges:
                yield guarded, guarded.code
        case "illegal":
            for state in case.illegal:
                yield state, state
        case _:
            return


COMMAND_TABLES = ("guarded", "edge", "illegal")
"""Names of arguments that stand for a row of the table of a command."""
