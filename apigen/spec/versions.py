"""Keys that tell which versions of the API have an element, and until when it is answered.

A block takes `since`, `until` and `deprecated` as attributes of its own with the shapes here;
`Dated` is what `apigen.lower.versions` reads them by.
"""

from datetime import date
from typing import ClassVar, Protocol

from apigen.diagnostics.collector import Collector
from apigen.ir.types import Json
from apigen.source.node import Node, ScalarNode
from apigen.spec.block import Block, key
from apigen.spec.combined import SwitchOf
from apigen.spec.located import Located
from apigen.spec.shape import Place, Shape, Text, as_text
from apigen.values import dataclass


class Day(Shape[Located[str]]):
    """A date, as ISO 8601 writes it."""

    expected = "a date"
    example = "2027-06-30"

    def read(self, node: Node, place: Place, found: Collector) -> Located[str] | None:
        """Return the text; AG606 for what is no date."""
        if not isinstance(node, ScalarNode) or node.value is None:
            self.refuse(node, place, found)
            return None
        try:
            day = date.fromisoformat(node.raw)
        except ValueError:
            day = None
        if day is None or day.isoformat() != node.raw:
            found.error(
                "AG606",
                f"`{node.raw}` is not a date",
                node.span,
                help=f"year, month and day: `{place.key}: {self.example}`",
            )
            return None
        return as_text(node)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeprecatedSpec(Block):
    """Settings of `deprecated`."""

    TITLE: ClassVar[str] = "`deprecated`"

    reason: Located[str] | None = key(Text(example="It told too little."))
    use: Located[str] | None = key(Text(example="messages"))
    since: Located[str] | None = key(Day())
    sunset: Located[str] | None = key(Day())


@dataclass(frozen=True, slots=True, kw_only=True)
class DeprecatedVersionSpec(Block):
    """Settings of `deprecated` of a version of the API."""

    TITLE: ClassVar[str] = "`deprecated` of a version"

    since: Located[str] | None = key(Day())


VERSION = Text(example="v2")
"""Name of a version of the API, in `since` and `until`."""
SUNSET = Day()
DEPRECATED = SwitchOf(lambda: DeprecatedSpec, example="{ sunset: 2027-06-30 }")
DEPRECATED_VERSION = SwitchOf(lambda: DeprecatedVersionSpec, example="{ since: 2026-06-30 }")


class Dated(Protocol):
    """A block with the three keys."""

    @property
    def since(self) -> Located[str] | None:
        """First version that has it."""
        ...

    @property
    def until(self) -> Located[str] | None:
        """First version that does not."""
        ...

    @property
    def deprecated(self) -> Located[bool] | DeprecatedSpec | None:
        """Whether clients are told to stop using it."""
        ...
