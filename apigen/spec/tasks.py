"""The block of a background task."""

from typing import ClassVar

from apigen.diagnostics.collector import Collector
from apigen.ir.types import Json
from apigen.source.node import Node, ScalarNode, SequenceNode
from apigen.spec.block import Block, key
from apigen.spec.combined import BlockOf, ByKind, Converted, ListOf, MapOf
from apigen.spec.commands import RETRY, RetrySpec
from apigen.spec.fields import FIELDS, NAME, FieldSpec
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule
from apigen.spec.quantity import Duration
from apigen.spec.shape import Flag, Place, Shape, Text, Whole, Word
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSpec(Block):
    """When a task is due; a bare text is the cron expression alone."""

    TITLE: ClassVar[str] = "a schedule"

    cron: Located[str] | None = key(Text(example='"0 3 * * *"'), required=True)
    timezone: Located[str] | None = key(Text(example="Europe/Berlin"))


class UniqueShape(Shape[Located[bool] | tuple[Located[str], ...]]):
    """`true`, or the inputs of which two tasks may not have the same values."""

    expected = "true, false or a list of inputs"
    example = "true"

    def __init__(self) -> None:
        """Read either."""
        self._flag, self._names = Flag(), ListOf(NAME)

    def read(
        self, node: Node, place: Place, found: Collector
    ) -> Located[bool] | tuple[Located[str], ...] | None:
        """Return the flag or the names."""
        if isinstance(node, SequenceNode):
            return self._names.read(node, place, found)
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return self._flag.read(node, place, found)
        self.refuse(node, place, found)
        return None

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"anyOf": [self._flag.schema(), self._names.schema()]}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec(Block):
    """Work that is done in the background."""

    TITLE: ClassVar[str] = "a task"

    schedule: ScheduleSpec | None = key(
        ByKind(
            expected="a cron expression, or a mapping of `cron` and `timezone`",
            example='"0 3 * * *"',
            scalar=Converted(
                Text(example='"0 3 * * *"'), lambda cron: ScheduleSpec(span=cron.span, cron=cron)
            ),
            mapping=BlockOf(lambda: ScheduleSpec),
        )
    )
    run: Located[str] | None = key(Text(example="Order.cancel"))
    input: tuple[Named[FieldSpec], ...] | None = key(FIELDS)
    queue: Located[str] | None = key(Text(example="low"))
    priority: Located[int] | None = key(Whole(low=0, high=9))
    timeout: Located[float] | None = key(Duration())
    retry: RetrySpec | None = key(RETRY)
    unique: Located[bool] | tuple[Located[str], ...] | None = key(UniqueShape())
    progress: Located[bool] | None = key(Flag())
    handler: Located[str] | None = key(Word("generated", "custom"))


TASKS = MapOf(
    BlockOf(lambda: TaskSpec, example='{ schedule: "0 3 * * *", handler: custom }'),
    what="tasks",
    example='{ expire_carts: { schedule: "0 3 * * *", handler: custom } }',
    names=NameRule(kind="task", case="snake"),
)
