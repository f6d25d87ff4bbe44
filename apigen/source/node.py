"""YAML as a tree that remembers where everything stood.

A node is data only. It is made by `apigen.source.loader` and read by `apigen.spec`.
"""

from apigen.diagnostics import Span
from apigen.values import dataclass

type ScalarValue = str | int | float | bool | None
"""A date, or a number YAML would change (`1.10`, `007`), stays its text; see `ScalarNode.raw`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarNode:
    """A leaf. `raw` is the text as written, without quotes; `quoted` tells whether it had some.

    For a plain, single-line scalar, column `span.column + k` is character `raw[k]`, so that a
    parser of field strings or rules can point into it.
    """

    value: ScalarValue
    raw: str
    quoted: bool
    block: bool
    """Written as `|` or `>` block, so that offsets inside it can not be mapped to columns."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceNode:
    """A list."""

    items: tuple["Node", ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One key of a mapping with its value. `key_span` is the narrowest place to point at."""

    key: str
    key_node: ScalarNode
    value: "Node"

    @property
    def key_span(self) -> Span:
        """Where the key stands."""
        return self.key_node.span


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingNode:
    """A mapping in written order; keys are unique (the loader refuses duplicates, AG004)."""

    entries: tuple[Entry, ...]
    span: Span

    def get(self, key: str) -> "Node | None":
        """Return the value of `key`, or None."""
        for entry in self.entries:
            if entry.key == key:
                return entry.value
        return None

    def entry(self, key: str) -> Entry | None:
        """Return the entry of `key`, or None."""
        for entry in self.entries:
            if entry.key == key:
                return entry
        return None


type Node = ScalarNode | SequenceNode | MappingNode
