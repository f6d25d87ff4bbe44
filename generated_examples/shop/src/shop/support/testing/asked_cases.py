"""The data of requests that tests send: an operation, what is said with it, a row to ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .cases import AnyCase, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An operation as it is asked for."""

    operation: str
    variant: str = ""
    """Tells apart what is asked for in several ways."""
    method: str
    path: str = ""
    """Below that of the case; `{id}` stands for the key of the row."""
    inputs: Mapping[str, Sample] = field(default_factory=dict)
    """What its other placeholders stand for."""
    query: Mapping[str, Sample] = field(default_factory=dict)
    body: Mapping[str, Sample] | None = None
    """Of bulk operations, what is sent for one row."""
    row: Mapping[str, Sample] = field(default_factory=dict)
    """What is different in the row of the case."""

    @property
    def label(self) -> str:
        """What the test is called."""
        return f"{self.operation}-{self.variant}" if self.variant else self.operation


# What the aggregate is matters only inside of the case, hence Any.
@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCase:
    """The rows of one resource, or that there are none."""

    path: str
    """Of the resource, from the root; the key of a parent as a placeholder."""
    entity: AnyCase | None = None
    """Whose rows they are; None: there are none."""
    row: Mapping[str, Sample] = field(default_factory=dict)
    """JSON of the row that everybody asks for."""
    key: tuple[str, ...] = ()
    """What answers call the parts of its key, where that is not what the entity calls them."""
