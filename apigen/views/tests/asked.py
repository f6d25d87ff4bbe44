"""What tests ask over HTTP: requests, the row that they are about, and what comes of them."""

from collections.abc import Mapping
from dataclasses import field as default

from apigen.ir.system import Entity
from apigen.python.access_samples import Answer, Caller
from apigen.python.sample_values import Value, Wire
from apigen.values import dataclass

type Values = Mapping[str, Value]
type Answers = tuple[tuple[Caller, Answer], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One operation as it is asked for, and what comes of it."""

    operation: str
    variant: str = ""
    """Tells apart what is asked for in several ways."""
    method: str
    path: str
    answers: Answers
    inputs: Mapping[str, Wire] = default(default_factory=dict)
    """What placeholders of the path stand for, beside the key."""
    query: Mapping[str, Wire] = default(default_factory=dict)
    body: Mapping[str, Wire] | None = None
    row: Mapping[str, Wire] = default(default_factory=dict)
    """What is different in the row that it is asked for."""
    changed: Mapping[str, Wire] = default(default_factory=dict)
    """What the row has afterwards."""
    shows: bool = False
    """Whether the answer has the row, or counts it."""
    embedded: str = ""
    """What the answer shows of another row, which has permissions of its own."""
    other: Mapping[str, Wire] | None = None
    """Another body that could be sent."""
    has_etag: bool = False
    """Whether it takes If-Match."""
    is_idempotent: bool = False
    """Whether it takes an Idempotency-Key."""
    succeeds: bool = True
    """Whether it is known to."""
    is_command: bool = False
    is_once: bool = False
    """Whether the same twice has one effect anyway."""

    @property
    def is_write(self) -> bool:
        """Whether it may change something."""
        return self.method != "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the operations of one table are about."""

    entity: Entity
    """What is served: an entity, or a projection as one."""
    source: Entity
    """Whose rows they are."""
    row: Values
    """The row that everybody asks for."""
