"""AG014: behaviour in contexts that have nothing it could stand on yet."""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic
from apigen.ir.behaviour import Command, Query, Reaction
from apigen.ir.system import System


def unserved(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for commands, queries and reactions that no code can be made for."""
    for context in system.contexts:
        if not context.entities:
            elements: tuple[Command | Query | Reaction, ...] = (
                *context.commands,
                *context.queries,
                *context.reactions,
            )
            for element in elements:
                yield _finding(
                    element, "in a context without entities", "move it to a context that has one"
                )


def _finding(element: Command | Query | Reaction, where: str, way_out: str) -> Diagnostic:
    kind = type(element).__name__.lower()
    return Diagnostic(
        code="AG014",
        message=f"a {kind} {where} is not supported yet",
        span=element.span,
        help=way_out,
    )
