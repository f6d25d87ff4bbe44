"""The blocks of events, and of reactions to them."""

from typing import ClassVar

from apigen.diagnostics.collector import Collector
from apigen.ir.types import Json
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode
from apigen.spec.block import Block, key
from apigen.spec.combined import BlockOf, ListOf, MapOf
from apigen.spec.commands import RETRY, VALUES, Assignments, RetrySpec
from apigen.spec.fields import FIELDS, NAME, RENAMED_FROM, FieldSpec
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule
from apigen.spec.quantity import Duration, bad_literal
from apigen.spec.shape import Flag, Place, RuleText, Shape, Text, Whole
from apigen.spec.versions import DEPRECATED, DeprecatedSpec
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UpcastSpec:
    """What an event of an older version lacks."""

    version: Located[int]
    values: Assignments


class UpcastsShape(Shape[tuple[UpcastSpec, ...]]):
    """A mapping of older versions to values."""

    expected = "a mapping of older versions to values"
    example = "{ 1: { placed_at: event.occurred_at } }"

    def read(self, node: Node, place: Place, found: Collector) -> tuple[UpcastSpec, ...] | None:
        """Return the upcasts in written order."""
        if not isinstance(node, MappingNode):
            self.refuse(node, place, found)
            return None
        upcasts: list[UpcastSpec] = []
        for entry in node.entries:
            version = entry.key_node.value
            if isinstance(version, bool) or not isinstance(version, int) or version < 1:
                bad_literal(entry.key_node, "a version of an event", "1", found)
                continue
            values = VALUES.read(entry.value, Place(key=entry.key), found)
            upcasts.append(
                UpcastSpec(version=Located(value=version, span=entry.key_span), values=values or ())
            )
        return tuple(upcasts)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {
            "type": "object",
            "propertyNames": {"pattern": "^[1-9][0-9]*$"},
            "additionalProperties": VALUES.schema(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpec(Block):
    """Something that has happened; a list is `pick` alone."""

    TITLE: ClassVar[str] = "an event"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "topic",
        "key",
        "retain",
        "apply",
        "since",
    )
    UNKNOWN_HELP: ClassVar[str] = "fields go under `fields:`"

    pick: tuple[Located[str], ...] | None = key(ListOf(NAME, lift=True))
    fields: tuple[Named[FieldSpec], ...] | None = key(FIELDS)
    version: Located[int] | None = key(Whole(low=1))
    upcast: tuple[UpcastSpec, ...] | None = key(UpcastsShape())
    public: Located[bool] | None = key(Flag())
    deprecated: Located[bool] | DeprecatedSpec | None = key(DEPRECATED)
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


class EventShape(Shape[EventSpec]):
    """A list of picked fields, or a mapping."""

    expected = "a list of fields, or a mapping"
    example = "[total]"

    def __init__(self) -> None:
        """Read the list."""
        self._pick = ListOf(NAME)

    def read(self, node: Node, place: Place, found: Collector) -> EventSpec | None:
        """Return the event."""
        if isinstance(node, SequenceNode):
            return EventSpec(span=node.span, pick=self._pick.read(node, place, found))
        if isinstance(node, ScalarNode):
            self.refuse(node, place, found)
            return None
        return _EVENT.read(node, place, found)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"anyOf": [self._pick.schema(), _EVENT.schema()]}


_EVENT = BlockOf(lambda: EventSpec, example="{ pick: [total] }")
EVENTS = MapOf(
    EventShape(),
    what="events",
    example="{ OrderPlaced: [total] }",
    names=NameRule(kind="event", case="pascal"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionSpec(Block):
    """An event that makes a command run."""

    TITLE: ClassVar[str] = "a reaction"

    event: Located[str] | None = key(Text(example="OrderPaid"), required=True)
    run: Located[str] | None = key(Text(example="Order.ship"), required=True)
    target: Located[str] | None = key(RuleText())
    with_: Assignments | None = key(VALUES, name="with")
    when: Located[str] | None = key(RuleText())
    delay: Located[float] | None = key(Duration())
    retry: RetrySpec | None = key(RETRY)
    inbox: Located[bool] | None = key(Flag())
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


REACTIONS = MapOf(
    BlockOf(lambda: ReactionSpec, example="{ event: OrderPaid, run: award_points }"),
    what="reactions",
    example="{ points_on_payment: { event: OrderPaid, run: award_points } }",
    names=NameRule(kind="reaction", case="snake"),
)
