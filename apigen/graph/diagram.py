"""An entity diagram as values: boxes in groups, joined by edges.

Says what is connected with what, not where it goes on paper (`placement`, `routing`) nor in
which notation (`mermaid`, `entity_drawing`).
"""

from enum import StrEnum

from apigen.values import dataclass


class BoxKind(StrEnum):
    """What a box stands for; the value is its stereotype."""

    AGGREGATE = "aggregate"
    CHILD = "child"
    VALUE = "value object"
    UNION = "union"


class End(StrEnum):
    """How many stand at one end of an edge; the value is UML's multiplicity."""

    ONE = "1"
    ZERO_OR_ONE = "0..1"
    MANY = "0..*"
    ONE_OR_MORE = "1..*"
    NONE = ""
    """A value has no life of its own to count."""


class EdgeKind(StrEnum):
    """Why two boxes are connected."""

    REF = "ref"
    MANY = "many"
    CHILD = "child"
    VALUE = "value"
    ID = "id"
    """A typed identifier without a foreign key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field as a reader sees it."""

    name: str
    type: str
    mark: str
    """`PK`, `FK`, `UK` or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An entity, child, value object or union."""

    key: str
    """Qualified name: unique in a diagram."""
    group: str
    title: str
    kind: BoxKind
    doc: str
    rows: tuple[Row, ...]
    note: str
    """What the entity also has, such as `timestamps · version`; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line from a row of one box to another box, or to the same one."""

    source: str
    row: int
    """Index of the row of the source box that the line starts at."""
    target: str
    kind: EdgeKind
    label: str
    source_end: End
    target_end: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A bounded context, in the order of the spec."""

    key: str
    title: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A whole drawing; every edge joins boxes of it, every box is in one of its groups."""

    title: str
    groups: tuple[Group, ...]
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
