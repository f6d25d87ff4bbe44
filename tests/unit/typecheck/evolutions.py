"""Evolutions made by hand, of a system that is not looked at."""

from apigen.evolve.record import Evolution, Lock, Rename, SpecChange
from tests.unit.graph.systems import system


def evolution(
    *, changes: tuple[SpecChange, ...] = (), renames: tuple[Rename, ...] = ()
) -> Evolution:
    """Return an evolution that says no more than `changes` and `renames`."""
    return Evolution(
        system=system(),
        lock=Lock(symbols=(), schema=None),
        changes=changes,
        renames=renames,
        revisions=(),
        version=None,
        changelog="",
    )
