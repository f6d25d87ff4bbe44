"""Shapes made of shapes: lists, mappings by name, choices by kind of node, switches."""

from collections.abc import Callable

from apigen.diagnostics.collector import Collector
from apigen.ir.types import Json
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode
from apigen.spec.block import Block, read_block
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule, check_name
from apigen.spec.shape import Place, Shape, as_text


class ListOf[T](Shape[tuple[T, ...]]):
    """A list; with `lift`, one scalar stands for a list of one."""

    def __init__(self, item: Shape[T], *, lift: bool = False, what: str = "") -> None:
        """Read every item with `item`; call the list `what` in messages."""
        self._item = item
        self._lift = lift
        self.expected = what or "a list"
        self.example = f"[{item.example}]"

    def read(self, node: Node, place: Place, found: Collector) -> tuple[T, ...] | None:
        """Return the items that could be read."""
        if isinstance(node, SequenceNode):
            items = (self._item.read(item, place, found) for item in node.items)
            return tuple(item for item in items if item is not None)
        if self._lift and isinstance(node, ScalarNode) and node.value is not None:
            item = self._item.read(node, place, found)
            return () if item is None else (item,)
        self.refuse(node, place, found)
        return None

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        listed: dict[str, Json] = {"type": "array", "items": self._item.schema()}
        return {"anyOf": [self._item.schema(), listed]} if self._lift else listed


class MapOf[T](Shape[tuple[Named[T], ...]]):
    """A mapping whose keys are names and whose values have one shape."""

    def __init__(
        self, item: Shape[T], *, what: str, example: str, names: NameRule | None = None
    ) -> None:
        """Read every value with `item`; `what` the keys name, in the plural."""
        self._item = item
        self._names = names
        self.expected = f"a mapping of {what}"
        self.example = example

    def read(self, node: Node, place: Place, found: Collector) -> tuple[Named[T], ...] | None:
        """Return the entries that could be read, in written order."""
        if not isinstance(node, MappingNode):
            self.refuse(node, place, found)
            return None
        entries: list[Named[T]] = []
        for entry in node.entries:
            name = as_text(entry.key_node)
            usable = self._names is None or check_name(name, self._names, found)
            value = self._item.read(entry.value, Place(key=entry.key), found)
            if usable and value is not None:
                entries.append(Named(name=name, value=value))
        return tuple(entries)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "object", "additionalProperties": self._item.schema()}


class BlockOf[B: Block](Shape[B]):
    """A mapping with known keys."""

    def __init__(self, block: Callable[[], type[B]], *, example: str = "") -> None:
        """Read into the class `block` returns; late, so that blocks may hold each other."""
        self._block = block
        self.example = example

    @property
    def expected(self) -> str:  # type: ignore[override]
        """What stands after "takes"."""
        return "a mapping"

    def read(self, node: Node, place: Place, found: Collector) -> B | None:
        """Return the block."""
        if not isinstance(node, MappingNode):
            self.refuse(node, place, found)
            return None
        return read_block(self._block(), node, found)

    def schema(self) -> dict[str, Json]:
        """Refer to the block's definition."""
        return {"$ref": f"#/definitions/{self._block().__name__}"}


class OrEmpty[B: Block](Shape[B]):
    """A mapping with known keys, or nothing, which is one without keys."""

    expected = "a mapping, or nothing"

    def __init__(self, block: Callable[[], type[B]], *, example: str) -> None:
        """Read into the class `block` returns."""
        self._class = block
        self._block = BlockOf(block, example=example)
        self.example = example

    def read(self, node: Node, place: Place, found: Collector) -> B | None:
        """Return the block."""
        if isinstance(node, ScalarNode) and node.value is None:
            return self._class()(span=node.span)
        return self._block.read(node, place, found)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"anyOf": [{"type": "null"}, self._block.schema()]}


class ByKind[T](Shape[T]):
    """The kind of node decides which shape reads it: never a trial of several."""

    def __init__(
        self,
        *,
        expected: str,
        example: str,
        scalar: Shape[T] | None = None,
        sequence: Shape[T] | None = None,
        mapping: Shape[T] | None = None,
        truth: Shape[T] | None = None,
    ) -> None:
        """Read with the shape of the node's kind; `truth` is asked first for true and false."""
        self.expected = expected
        self.example = example
        self._scalar = scalar
        self._sequence = sequence
        self._mapping = mapping
        self._truth = truth
        self.takes_true = truth is not None

    def read(self, node: Node, place: Place, found: Collector) -> T | None:
        """Return what the shape for this kind of node makes of it."""
        shape: Shape[T] | None
        match node:
            case ScalarNode(value=bool()) if self._truth is not None:
                shape = self._truth
            case ScalarNode(value=None):
                shape = None
            case ScalarNode():
                shape = self._scalar
            case SequenceNode():
                shape = self._sequence
            case MappingNode():
                shape = self._mapping
        if shape is None:
            self.refuse(node, place, found)
            return None
        if isinstance(node, ScalarNode):
            place = Place(
                key=place.key, example=place.example or self.example, expected=self.expected
            )
        return shape.read(node, place, found)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        shapes = (self._truth, self._scalar, self._sequence, self._mapping)
        return {"anyOf": [shape.schema() for shape in shapes if shape is not None]}


class Converted[S, T](Shape[T]):
    """A shape whose value is turned into another, to give several shapes one type."""

    def __init__(self, shape: Shape[S], convert: Callable[[S], T]) -> None:
        """Read with `shape`, then apply `convert`."""
        self._shape = shape
        self._convert = convert
        self.expected = shape.expected
        self.example = shape.example
        self.takes_true = shape.takes_true

    def read(self, node: Node, place: Place, found: Collector) -> T | None:
        """Return the converted value."""
        value = self._shape.read(node, place, found)
        return None if value is None else self._convert(value)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return self._shape.schema()


class SwitchOf[B: Block](Shape[Located[bool] | B]):
    """`false` (off), `true` (on, defaults) or a mapping (on, configured)."""

    takes_true = True

    def __init__(self, block: Callable[[], type[B]], *, example: str) -> None:
        """Read a mapping into `block`."""
        self._block = BlockOf(block)
        self.expected = "true, false or a mapping"
        self.example = example

    def read(self, node: Node, place: Place, found: Collector) -> Located[bool] | B | None:
        """Return the truth value or the block."""
        if isinstance(node, MappingNode):
            return self._block.read(node, place, found)
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return Located(value=node.value, span=node.span)
        self.refuse(node, place, found)
        return None

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"anyOf": [{"type": "boolean"}, self._block.schema()]}
