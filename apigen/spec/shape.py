"""Shapes of values: each reads a node, says what is wrong with it, and describes itself as schema.

A shape knows nothing of the key it stands under but the name it is given for messages.
"""

from abc import ABC, abstractmethod

from apigen.diagnostics import Edit, Fix
from apigen.diagnostics.collector import Collector
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.types import Json
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.scalars import kind_of
from apigen.source.spans import text_span
from apigen.spec.located import Located
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a shape may say about where its value stands."""

    key: str
    example: str = ""
    expected: str = ""
    """What the key takes, when that is more than the shape at hand."""


class Shape[T](ABC):
    """How the value of a key is read."""

    expected: str = "value"
    """What stands after "takes", with its article."""
    example: str = ""
    """A value of this shape, as one writes it."""
    takes_true: bool = False
    """Whether the bare modifier `key` of a field string makes sense."""

    @abstractmethod
    def read(self, node: Node, place: Place, found: Collector) -> T | None:
        """Return the value, or report and return None."""

    @abstractmethod
    def schema(self) -> dict[str, Json]:
        """Return the JSON Schema (draft-07) of the value."""

    def refuse(self, node: Node, place: Place, found: Collector) -> None:
        """Report AG006: the node has not this shape."""
        example = place.example or self.example
        shown = f"`{place.key}: {example}`" if "\n" not in example else example
        found.error(
            "AG006",
            f"`{place.key}` takes {place.expected or self.expected}, not {describe(node)}",
            node.span,
            help=f"such as {shown}" if example else "",
        )


def describe(node: Node) -> str:
    """Name the kind of a node with its article."""
    match node:
        case MappingNode():
            return "a mapping"
        case SequenceNode():
            return "a list"
        case ScalarNode(value=None):
            return "nothing"
        case ScalarNode(value=value, quoted=True):
            return "a text" if isinstance(value, str) else f"a {kind_of(value)}"
        case ScalarNode(raw=raw):
            return f"`{raw}`" if len(raw) <= 40 else f"`{raw[:37]}…`"


def as_text(node: ScalarNode) -> Located[str]:
    """Return a scalar's text as written."""
    return Located(value=node.raw, span=text_span(node))


def plain_text(node: ScalarNode, found: Collector) -> Located[str]:
    """Return a scalar's text; report AG007 when YAML takes it for something else.

    The text comes back in either case, as that is what was meant.
    """
    value = node.value
    if isinstance(value, str):
        return as_text(node)
    shown = "nothing" if value is None else str(value).lower()
    quoted = f'"{node.raw}"'
    found.error(
        "AG007",
        f"YAML reads `{node.raw}` as {_reading(value)} {shown}".rstrip(),
        node.span,
        help=f"quote it: `{quoted}`",
        fix=Fix(title="quote it", edits=(Edit(span=node.span, text=quoted),)),
    )
    return as_text(node)


def _reading(value: object) -> str:
    if isinstance(value, bool):
        return "the truth value"
    if isinstance(value, int | float):
        return "the number"
    return ""


class Text(Shape[Located[str]]):
    """Any text."""

    expected = "a text"

    def __init__(self, example: str = "some text") -> None:
        """Show `example` in messages."""
        self.example = example

    def read(self, node: Node, place: Place, found: Collector) -> Located[str] | None:
        """Return the text; AG007 for what YAML reads as a number or truth value."""
        if not isinstance(node, ScalarNode) or node.value is None:
            self.refuse(node, place, found)
            return None
        return plain_text(node, found)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string"}


class RuleText(Shape[Located[str]]):
    """An expression of the rule language: any scalar as written, also `0` or `true`."""

    expected = "an expression"
    example = "quantity > 0"

    def read(self, node: Node, place: Place, found: Collector) -> Located[str] | None:
        """Return the text as written; a quoted scalar gives what is inside its quotes."""
        if not isinstance(node, ScalarNode) or node.raw == "":
            self.refuse(node, place, found)
            return None
        return as_text(node)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": ["string", "boolean", "number"]}


class Flag(Shape[Located[bool]]):
    """`true` or `false`."""

    expected = "true or false"
    example = "true"
    takes_true = True

    def read(self, node: Node, place: Place, found: Collector) -> Located[bool] | None:
        """Return the truth value."""
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return Located(value=node.value, span=node.span)
        self.refuse(node, place, found)
        return None

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "boolean"}


class Whole(Shape[Located[int]]):
    """A whole number within bounds."""

    expected = "a whole number"
    example = "10"

    def __init__(self, *, low: int = 0, high: int = 2**31 - 1) -> None:
        """Accept `low` to `high`, both included."""
        self._low = low
        self._high = high

    def read(self, node: Node, place: Place, found: Collector) -> Located[int] | None:
        """Return the number; AG607 when it is out of bounds."""
        value = node.value if isinstance(node, ScalarNode) else None
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(node, place, found)
            return None
        if not self._low <= value <= self._high:
            found.error(
                "AG607",
                f"`{place.key}` is from {self._low} to {self._high}, not {value}",
                node.span,
            )
            return None
        return Located(value=value, span=node.span)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "integer", "minimum": self._low, "maximum": self._high}


class Word(Shape[Located[str]]):
    """One of a few words; words of the language that this version lacks earn AG014."""

    def __init__(self, *words: str, planned: tuple[str, ...] = ()) -> None:
        """Accept `words`; know of `planned`."""
        self._words = words
        self._planned = planned
        self.expected = " or ".join((", ".join(words[:-1]), words[-1])) if words[1:] else words[0]
        self.example = words[0]

    def read(self, node: Node, place: Place, found: Collector) -> Located[str] | None:
        """Return the word."""
        if not isinstance(node, ScalarNode):
            self.refuse(node, place, found)
            return None
        if node.raw in self._words:
            return as_text(node)
        if node.raw in self._planned:
            not_supported(f"{place.key}: {node.raw}", node, found)
            return None
        near = nearest(node.raw, self._words)
        found.error(
            "AG006",
            f"`{place.key}` takes {place.expected or self.expected}, not {describe(node)}",
            node.span,
            help=did_you_mean(near) or f"such as `{place.key}: {place.example or self.example}`",
        )
        return None

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"enum": list(self._words)}


def not_supported(what: str, node: Node, found: Collector) -> None:
    """Report AG014 at a value."""
    found.error(
        "AG014",
        f"`{what}` is not supported yet",
        node.span,
        help="leave it out; `apigen schema` writes what this version supports",
    )


class Anything(Shape[Node]):
    """Any value, taken as it is."""

    expected = "any value"
    takes_true = True

    def read(self, node: Node, place: Place, found: Collector) -> Node | None:
        """Return the node."""
        return node

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {}


class Scalar(Shape[ScalarNode]):
    """A literal: a number, text or truth value, with its text as written."""

    expected = "a literal"
    example = "10"

    def read(self, node: Node, place: Place, found: Collector) -> ScalarNode | None:
        """Return the node."""
        if isinstance(node, ScalarNode) and (node.value is not None or node.quoted):
            return node
        self.refuse(node, place, found)
        return None

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": ["string", "number", "boolean"]}
