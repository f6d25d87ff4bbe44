"""The block of a lifecycle: the states of an entity."""

from typing import ClassVar

from apigen.diagnostics.collector import Collector
from apigen.ir.types import Json
from apigen.source.node import MappingNode, Node, ScalarNode
from apigen.spec.block import Block, key
from apigen.spec.combined import BlockOf, ListOf
from apigen.spec.fields import NAME, RENAMED_FROM
from apigen.spec.located import Located, Named
from apigen.spec.shape import Flag, Place, Shape, Text, plain_text
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StateSpec(Block):
    """A state."""

    TITLE: ClassVar[str] = "a state"

    label: Located[str] | None = key(Text(example="On its way"))
    final: Located[bool] | None = key(Flag())
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


class StatesShape(Shape[tuple[Named[StateSpec], ...]]):
    """A list of states, or a mapping of them; a state without settings may have no value."""

    expected = "a list or mapping of states"
    example = "[draft, placed]"

    def __init__(self) -> None:
        """A state's settings are a block."""
        self._state = BlockOf(lambda: StateSpec, example="{ final: true }")

    def read(
        self, node: Node, place: Place, found: Collector
    ) -> tuple[Named[StateSpec], ...] | None:
        """Return the states in written order; duplicates are the lowering's business."""
        if isinstance(node, ScalarNode):
            self.refuse(node, place, found)
            return None
        states: list[Named[StateSpec]] = []
        if isinstance(node, MappingNode):
            for entry in node.entries:
                name = plain_text(entry.key_node, found)
                bare = isinstance(entry.value, ScalarNode) and entry.value.value is None
                state = (
                    StateSpec(span=entry.key_span)
                    if bare
                    else self._state.read(entry.value, Place(key=entry.key), found)
                )
                if state is not None:
                    states.append(Named(name=name, value=state))
            return tuple(states)
        for item in node.items:
            if isinstance(item, ScalarNode):
                states.append(Named(name=plain_text(item, found), value=StateSpec(span=item.span)))
            else:
                self.refuse(item, place, found)
        return tuple(states)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        named: dict[str, Json] = {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "null"}, self._state.schema()]},
        }
        return {"anyOf": [{"type": "array", "items": {"type": "string"}}, named]}


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleSpec(Block):
    """The states of an entity, between which commands move it."""

    TITLE: ClassVar[str] = "`lifecycle`"

    states: tuple[Named[StateSpec], ...] | None = key(StatesShape(), required=True)
    field: Located[str] | None = key(NAME)
    initial: Located[str] | None = key(Text(example="draft"))
    final: tuple[Located[str], ...] | None = key(ListOf(Text(example="delivered"), lift=True))
    history: Located[bool] | None = key(Flag())
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


LIFECYCLE = BlockOf(lambda: LifecycleSpec, example="{ states: [draft, placed] }")
