"""The data that tests of access work on: who may do what with a row, worked out beforehand."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.json import Json
from .cases import ResourceCase, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who asks; no subject is somebody without a token."""

    subject: str = ""
    roles: tuple[str, ...] = ()
    claims: Mapping[str, Json] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What the test is called."""
        return "-".join((self.subject or "anonymous", *self.roles)).replace(" ", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """An operation, and what comes of it for each caller."""

    operation: str
    method: str
    path: str = ""
    """Below the collection; `{id}` stands for the key of the row."""
    body: Mapping[str, Sample] | None = None
    refused: Mapping[int, tuple[Caller, ...]] = field(default_factory=dict)
    """Status of the refusal to those that get it."""
    permitted: tuple[Caller, ...] = ()
    """What they get depends on the row, and is no refusal."""
    unaware: tuple[Caller, ...] = ()
    """Those that may ask and do not see the row: lists and counts."""


# What the aggregate is matters only inside of the case, hence Any.
@dataclass(frozen=True, slots=True, kw_only=True)
class AccessCase:
    """Who may do what with one kind of resource."""

    resource: ResourceCase
    make: Callable[[bytes], Any]
    row: Mapping[str, Sample]
    """JSON of the row that everybody asks for."""
    operations: tuple[AccessRow, ...]


ACCESS_TABLES = ("operation", "permission")
"""Names of arguments that stand for a row of the table of access."""


def access_parameters(name: str, case: AccessCase) -> Iterator[tuple[object, str]]:
    """Yield the rows of a case's table that a test takes by that name, and what to call each."""
    for operation in case.operations:
        if name == "operation" and (operation.refused or operation.unaware):
            yield operation, operation.operation
        elif name == "permission":
            for caller in operation.permitted:
                yield (operation, caller), f"{operation.operation}-{caller.label}"
