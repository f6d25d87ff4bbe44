"""The data that tests of writes over HTTP work on: what is sent, and with which headers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .asked_cases import Asked, AskedCase
from .cases import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(Asked):
    """An operation that changes something."""

    other: Mapping[str, Sample] | None = None
    """Another body that could be sent."""
    etag: bool = False
    """Whether it takes If-Match."""
    idempotent: bool = False
    """Whether it takes an Idempotency-Key."""
    succeeds: bool = True
    """Whether it is known to: what is written by hand nobody knows."""
    once: bool = False
    """Whether the same twice has one effect anyway."""

    @property
    def is_for_a_row(self) -> bool:
        """Whether it changes a row that is there."""
        return "{id}" in self.path or self.operation in ("bulk_update", "bulk_delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteCase(AskedCase):
    """The writes of one resource."""

    writes: tuple[Write, ...]


WRITE_TABLES = ("stale", "raced", "repeated", "reused")
"""Names of arguments that stand for a row of the table of writes."""


def write_parameters(name: str, case: WriteCase) -> Iterator[tuple[object, str]]:
    """Yield the rows of a case's table that a test takes by that name, and what to call each."""
    for write in case.writes:
        fits = {
            "stale": write.etag,
            "raced": write.etag and write.succeeds and not write.once,
            "repeated": write.idempotent and write.succeeds,
            "reused": write.idempotent and write.succeeds and write.other is not None,
        }
        if fits.get(name, False):
            yield write, write.label
