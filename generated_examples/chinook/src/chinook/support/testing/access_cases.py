"""The data that tests of access work on: who may do what with a row, worked out beforehand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..core.json import Json
from .asked_cases import Asked, AskedCase
from .cases import Sample


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
class AccessRow(Asked):
    """An operation, and what comes of it for each caller."""

    changed: Mapping[str, Sample] = field(default_factory=dict)
    """What the row has afterwards, and had not before."""
    shows: bool = False
    """Whether the answer has the row, or counts it."""
    embedded: str = ""
    """What the row shows of another one; `unaware` see the row without it."""
    refused: Mapping[int, tuple[Caller, ...]] = field(default_factory=dict)
    """Status of the refusal to those that get it."""
    permitted: tuple[Caller, ...] = ()
    """What they get depends on the row, and is no refusal."""
    unaware: tuple[Caller, ...] = ()
    """Those that may ask and do not see the row: lists, counts, exports."""

    @property
    def is_reading(self) -> bool:
        """Whether nothing is different afterwards, so that one row serves many callers."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessCase(AskedCase):
    """Who may do what with the rows of one resource, or with what has no rows."""

    operations: tuple[AccessRow, ...]


ACCESS_TABLES = ("operation", "permission")
"""Names of arguments that stand for a row of the table of access."""


def access_parameters(name: str, case: AccessCase) -> Iterator[tuple[object, str]]:
    """Yield the rows of a case's table that a test takes by that name, and what to call each."""
    for operation in case.operations:
        if name == "operation" and (operation.refused or operation.unaware):
            yield operation, operation.label
        elif name == "permission" and operation.is_reading and operation.permitted:
            yield (operation, operation.permitted), operation.label
        elif name == "permission":
            for caller in operation.permitted:
                yield (operation, (caller,)), f"{operation.label}-{caller.label}"
