"""The block of a command, of an entity or of a context."""

import re
from typing import ClassVar

from apigen.diagnostics.collector import Collector
from apigen.ir.limits import Rate
from apigen.ir.types import Json
from apigen.source.node import MappingNode, Node, ScalarNode
from apigen.source.spans import part, text_span
from apigen.spec.access import ACCESS_RULE, AccessSpec
from apigen.spec.block import Block, key
from apigen.spec.combined import BlockOf, ByKind, Converted, ListOf, MapOf
from apigen.spec.fields import FIELDS, PII_CLASSES, RENAMED_FROM, FieldSpec
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule
from apigen.spec.quantity import Duration
from apigen.spec.rate_limits import MESSAGE_RATE_LIMIT, RateLimitSpec
from apigen.spec.shape import Flag, Place, RuleText, Shape, Text, Whole, Word, as_text
from apigen.spec.type_syntax import TypeSyntax, TypeText
from apigen.spec.versions import DEPRECATED, VERSION, DeprecatedSpec
from apigen.values import dataclass

ISOLATION = Word("read_committed", "repeatable_read", "serializable")
_MOVE = re.compile(r"\s*(\w+(?:\s*\|\s*\w+)*)\s*->\s*(\w+)\s*")
_ROUTE = re.compile(r"([A-Z]+)\s+(/\S*)")
_METHODS = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveSpec:
    """`a|b -> c`; the source `any` stands for every state that is not final."""

    sources: tuple[Located[str], ...]
    """None when it could not be read, which is reported."""
    target: Located[str]


class MoveShape(Shape[MoveSpec]):
    """A move between states."""

    expected = "a move"
    example = "draft -> placed"

    def read(self, node: Node, place: Place, found: Collector) -> MoveSpec | None:
        """Return the move; whether there are such states is the lowering's business."""
        match = _MOVE.fullmatch(node.raw) if isinstance(node, ScalarNode) else None
        if match is None or not isinstance(node, ScalarNode):
            self.refuse(node, place, found)
            return MoveSpec(sources=(), target=Located(value="", span=node.span))
        text, span = node.raw, text_span(node)

        def located(start: int, end: int) -> Located[str]:
            return Located(value=text[start:end], span=part(span, text, start, end))

        return MoveSpec(
            sources=tuple(
                located(match.start(1) + word.start(), match.start(1) + word.end())
                for word in re.finditer(r"\w+", match[1])
            ),
            target=located(match.start(2), match.end(2)),
        )

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string", "pattern": f"^{_MOVE.pattern}$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardSpec(Block):
    """A condition of a command with a message of its own; a bare expression is `rule` alone."""

    TITLE: ClassVar[str] = "a guard"

    rule: Located[str] | None = key(RuleText(), required=True)
    message: Located[str] | None = key(Text(example="An order needs a line."))


def _guard(text: Located[str]) -> GuardSpec:
    return GuardSpec(span=text.span, rule=text)


GUARDS = MapOf(
    ByKind(
        expected="an expression",
        example="len(lines) > 0",
        scalar=Converted(RuleText(), _guard),
        truth=Converted(RuleText(), _guard),
        mapping=BlockOf(lambda: GuardSpec),
    ),
    what="problem codes to expressions",
    example="{ empty_order: len(lines) > 0 }",
    names=NameRule(kind="guard", case="snake"),
)

type Assignments = tuple[Named[Located[str]], ...]

VALUES = MapOf(RuleText(), what="fields to expressions", example="{ placed_at: now }", names=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionSpec:
    """An event that is recorded, and what the spec says of its payload."""

    event: Located[str]
    values: Assignments = ()


class EmissionsShape(Shape[tuple[EmissionSpec, ...]]):
    """Names of events, or a mapping of events to payloads."""

    expected = "an event, a list of events, or a mapping of events to values"
    example = "OrderPlaced"

    def __init__(self) -> None:
        """Read the two forms."""
        self._list = ListOf(Text(example="OrderPlaced"), lift=True)

    def read(self, node: Node, place: Place, found: Collector) -> tuple[EmissionSpec, ...] | None:
        """Return the emissions in written order."""
        if not isinstance(node, MappingNode):
            place = Place(key=place.key, example=self.example, expected=self.expected)
            names = self._list.read(node, place, found)
            return None if names is None else tuple(EmissionSpec(event=name) for name in names)
        emissions: list[EmissionSpec] = []
        for entry in node.entries:
            bare = isinstance(entry.value, ScalarNode) and entry.value.value is None
            values = () if bare else VALUES.read(entry.value, Place(key=entry.key), found)
            emissions.append(EmissionSpec(event=as_text(entry.key_node), values=values or ()))
        return tuple(emissions)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        payload: dict[str, Json] = {"anyOf": [{"type": "null"}, VALUES.schema()]}
        return {"anyOf": [self._list.schema(), {"type": "object", "additionalProperties": payload}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySpec(Block):
    """How often what failed for a passing reason is tried again."""

    TITLE: ClassVar[str] = "`retry`"

    attempts: Located[int] | None = key(Whole(low=1, high=100))
    backoff: Located[str] | None = key(Word("exponential", "linear", "fixed"))
    delay: Located[float] | None = key(Duration())
    max_delay: Located[float] | None = key(Duration())
    jitter: Located[bool] | None = key(Flag())


RETRY = BlockOf(lambda: RetrySpec, example="{ attempts: 3 }")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSpec(Block):
    """A problem that a handler may answer with."""

    TITLE: ClassVar[str] = "an error"

    status: Located[int] | None = key(Whole(low=400, high=599), required=True)
    message: Located[str] | None = key(Text(example="The card was declined."))


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSpec(Block):
    """Where a command or query is reached over HTTP; a bare text is method and path."""

    TITLE: ClassVar[str] = "`api` of a command"

    method: Located[str] | None = key(Word(*_METHODS))
    path: Located[str] | None = key(Text(example="/:id/ship"))
    status: Located[int] | None = key(Whole(low=200, high=299))
    tags: tuple[Located[str], ...] | None = key(ListOf(Text(example="Orders"), lift=True))


class RouteText(Shape[RouteSpec]):
    """`METHOD /path`, a parameter of the path written `:name`."""

    expected = "a method and a path"
    example = "POST /:id/ship"

    def __init__(self, methods: tuple[str, ...] = _METHODS) -> None:
        """Accept these methods."""
        self._methods = methods

    def read(self, node: Node, place: Place, found: Collector) -> RouteSpec | None:
        """Return the route; whether its parameters exist is the lowering's business."""
        match = _ROUTE.fullmatch(node.raw) if isinstance(node, ScalarNode) else None
        if match is None or not isinstance(node, ScalarNode) or match[1] not in self._methods:
            self.refuse(node, place, found)
            return None
        text, span = node.raw, text_span(node)
        return RouteSpec(
            span=node.span,
            method=Located(value=match[1], span=part(span, text, 0, match.end(1))),
            path=Located(value=match[2], span=part(span, text, match.start(2), match.end(2))),
        )

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string", "pattern": f"^({'|'.join(self._methods)})\\s+/\\S*$"}


ROUTE = ByKind[Located[bool] | RouteSpec](
    expected="false, a method and a path, or a mapping",
    example="POST /:id/ship",
    truth=Flag(),
    scalar=RouteText(),
    mapping=BlockOf(lambda: RouteSpec),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec(Block):
    """Something that can be asked for."""

    TITLE: ClassVar[str] = "a command"
    PLANNED: ClassVar[tuple[str, ...]] = ("background", "flag")

    input: tuple[Named[FieldSpec], ...] | None = key(FIELDS)
    creates: Located[bool] | None = key(Flag())
    moves: MoveSpec | None = key(MoveShape())
    when: Located[str] | tuple[Named[GuardSpec], ...] | None = key(
        ByKind[Located[str] | tuple[Named[GuardSpec], ...]](
            expected="an expression, or a mapping of problem codes to expressions",
            example="{ empty_order: len(lines) > 0 }",
            truth=RuleText(),
            scalar=RuleText(),
            mapping=GUARDS,
        )
    )
    set: Assignments | None = key(VALUES)
    append: tuple[Named[Assignments], ...] | None = key(
        MapOf(VALUES, what="collections to new children", example="{ lines: { quantity: 1 } }")
    )
    remove: Assignments | None = key(
        MapOf(
            RuleText(),
            what="collections to conditions",
            example="{ lines: id == input.line_id }",
        )
    )
    emits: tuple[EmissionSpec, ...] | None = key(EmissionsShape())
    erases: tuple[Located[str], ...] | None = key(ListOf(Word("pii", *PII_CLASSES), lift=True))
    returns: TypeSyntax | None = key(TypeText())
    errors: tuple[Named[ErrorSpec], ...] | None = key(
        MapOf(
            BlockOf(lambda: ErrorSpec, example="{ status: 409 }"),
            what="problem codes to statuses",
            example="{ card_declined: { status: 402 } }",
            names=NameRule(kind="error", case="snake"),
        )
    )
    handler: Located[str] | None = key(Word("generated", "custom"))
    idempotent: Located[bool] | Located[str] | None = key(
        ByKind[Located[bool] | Located[str]](
            expected="true, false or an expression",
            example="true",
            truth=Flag(),
            scalar=RuleText(),
        )
    )
    lock: Located[bool] | None = key(Flag())
    isolation: Located[str] | None = key(ISOLATION)
    timeout: Located[float] | None = key(Duration())
    retry: RetrySpec | None = key(RETRY)
    access: AccessSpec | None = key(ACCESS_RULE)
    rate_limit: Located[Rate] | RateLimitSpec | None = key(MESSAGE_RATE_LIMIT)
    api: Located[bool] | RouteSpec | None = key(ROUTE)
    since: Located[str] | None = key(VERSION)
    until: Located[str] | None = key(VERSION)
    deprecated: Located[bool] | DeprecatedSpec | None = key(DEPRECATED)
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


COMMANDS = MapOf(
    BlockOf(lambda: CommandSpec, example="{ moves: draft -> placed }"),
    what="commands",
    example="{ place: { moves: draft -> placed } }",
    names=NameRule(kind="command", case="snake"),
)
