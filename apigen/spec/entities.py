"""The blocks of entities, their children, mixins and their REST surface."""

from typing import ClassVar

from apigen.diagnostics.collector import Collector
from apigen.ir.limits import Rate
from apigen.ir.types import Json
from apigen.source.node import Entry, MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.scalars import resolve
from apigen.source.spans import part, text_span
from apigen.spec.access import ACCESS, AccessSpec
from apigen.spec.block import Block, key, read_block
from apigen.spec.caching import CACHE, CacheSpec
from apigen.spec.combined import BlockOf, ByKind, Converted, ListOf, MapOf, SwitchOf
from apigen.spec.commands import COMMANDS, CommandSpec
from apigen.spec.compression import RESOURCE_COMPRESSION, ResourceCompressionSpec
from apigen.spec.cors import CORS, CorsSpec
from apigen.spec.events import EVENTS, EventSpec
from apigen.spec.fields import (
    FIELDS,
    INVARIANTS,
    NAME,
    OPERATORS,
    RENAMED_FROM,
    FieldSpec,
    RuleSpec,
)
from apigen.spec.lifecycle import LIFECYCLE, LifecycleSpec
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule, check_name
from apigen.spec.quantity import Duration, Size
from apigen.spec.queries import QUERIES, QuerySpec
from apigen.spec.rate_limits import RATE_LIMIT, RateLimitSpec
from apigen.spec.shape import Flag, Place, RuleText, Shape, Text, Whole, Word, as_text
from apigen.spec.versions import DEPRECATED, VERSION, Day, DeprecatedSpec
from apigen.values import dataclass

PAGE_STYLES = ("offset", "cursor", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdSpec(Block):
    """Key strategy: `ulid prefix=ord client`, or a mapping."""

    TITLE: ClassVar[str] = "`id`"

    type: Located[str] | None = key(Text(example="uuid7"), required=True)
    prefix: Located[str] | None = key(Text(example="ord"))
    client: Located[bool] | None = key(Flag())


class IdShape(Shape[IdSpec]):
    """A key strategy with modifiers, or a mapping."""

    expected = "a key strategy"
    example = "uuid7"

    def read(self, node: Node, place: Place, found: Collector) -> IdSpec | None:
        """Return the strategy; what it means is for `apigen.lower.identity`."""
        if isinstance(node, MappingNode):
            return read_block(IdSpec, node, found)
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str) or not node.raw:
            self.refuse(node, place, found)
            return None
        text, span = node.raw, text_span(node)
        entries: list[Entry] = []
        at = 0
        for number, word in enumerate(text.split()):
            at = text.index(word, at)
            name, equals, value = word.partition("=") if number else ("type", "=", word)
            value_at = at + len(word) - len(value)
            key_span = part(span, text, at, at + len(name)) if number else span
            value_span = part(span, text, value_at, at + len(word)) if equals else key_span
            raw = value if equals else "true"
            entries.append(
                Entry(
                    key=name,
                    key_node=ScalarNode(
                        value=name, raw=name, quoted=False, block=False, span=key_span
                    ),
                    value=ScalarNode(
                        value=resolve(raw), raw=raw, quoted=False, block=False, span=value_span
                    ),
                )
            )
            at += len(word)
        return read_block(IdSpec, MappingNode(entries=tuple(entries), span=node.span), found)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/IdSpec"}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedSpec(Block):
    """Settings of `versioned`."""

    TITLE: ClassVar[str] = "`versioned`"

    etag: Located[bool] | None = key(Flag())


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftDeleteSpec(Block):
    """Settings of `soft_delete`."""

    TITLE: ClassVar[str] = "`soft_delete`"

    restore: Located[bool] | None = key(Flag())
    purge_after: Located[float] | None = key(Duration())
    unique: Located[str] | None = key(Word("active", "all"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSpec(Block):
    """Settings of `audit`."""

    TITLE: ClassVar[str] = "`audit`"

    reads: Located[bool] | None = key(Flag())
    fields: tuple[Located[str], ...] | None = key(ListOf(NAME, lift=True))


VERSIONED = SwitchOf(lambda: VersionedSpec, example="{ etag: false }")
SOFT_DELETE = SwitchOf(lambda: SoftDeleteSpec, example="{ restore: true }")
AUDIT = SwitchOf(lambda: AuditSpec, example="{ reads: true }")


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueSpec(Block):
    """A composite uniqueness; in list form it has fields only."""

    TITLE: ClassVar[str] = "`unique`"

    fields: tuple[Located[str], ...] | None = key(ListOf(NAME, lift=True), required=True)
    where: Located[str] | None = key(RuleText())


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSpec(Block):
    """An index."""

    TITLE: ClassVar[str] = "an index"

    fields: tuple[Located[str], ...] | None = key(ListOf(NAME, lift=True), required=True)
    where: Located[str] | None = key(RuleText())
    method: Located[str] | None = key(Word("btree", "hash", "gin", "trgm"))
    include: tuple[Located[str], ...] | None = key(ListOf(NAME, lift=True))
    sort: tuple[Located[str], ...] | None = key(ListOf(Text(example="-created_at"), lift=True))


class KeysShape[B: (UniqueSpec, IndexSpec)](Shape[tuple[tuple[Located[str] | None, B], ...]]):
    """A list of field lists, or a mapping of names to settings."""

    expected = "a list of field lists, or a mapping of names"
    example = "[[first, second]]"

    def __init__(self, block: type[B]) -> None:
        """Read into `block`."""
        self._block: type[B] = block
        self._fields = ListOf(NAME, lift=True, what="a list of fields")

    def read(
        self, node: Node, place: Place, found: Collector
    ) -> tuple[tuple[Located[str] | None, B], ...] | None:
        """Return the entries; those of a list have no name."""
        if isinstance(node, ScalarNode):
            self.refuse(node, place, found)
            return None
        entries: list[tuple[Located[str] | None, B]] = []
        if isinstance(node, SequenceNode):
            for item in node.items:
                fields = self._fields.read(item, place, found)
                if fields:
                    entries.append((None, self._block(span=item.span, fields=fields)))
            return tuple(entries)
        for entry in node.entries:
            name = as_text(entry.key_node)
            usable = check_name(name, NameRule(kind=place.key, case="snake"), found)
            if isinstance(entry.value, MappingNode):
                block = read_block(self._block, entry.value, found)
            else:
                fields = self._fields.read(entry.value, Place(key=entry.key), found)
                block = self._block(span=entry.value.span, fields=fields)
            if usable:
                entries.append((name, block))
        return tuple(entries)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        block: Json = {"$ref": f"#/definitions/{self._block.__name__}"}
        fields = self._fields.schema()
        return {
            "anyOf": [
                {"type": "array", "items": fields},
                {"type": "object", "additionalProperties": {"anyOf": [fields, block]}},
            ]
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionSpec(Block):
    """Rows that must not overlap."""

    TITLE: ClassVar[str] = "`exclude`"

    equal: tuple[Located[str], ...] | None = key(ListOf(NAME, lift=True))
    overlap: tuple[Located[str], ...] | None = key(
        ListOf(NAME), required=True, example="[starts_at, ends_at]"
    )
    where: Located[str] | None = key(RuleText())


EXCLUDE = MapOf(
    BlockOf(lambda: ExclusionSpec, example="{ equal: room, overlap: [starts_at, ends_at] }"),
    what="names to exclusions",
    example="{ room_busy: { equal: room, overlap: [starts_at, ends_at] } }",
    names=NameRule(kind="exclusion", case="snake"),
)
UNIQUE = KeysShape(UniqueSpec)
INDEXES = KeysShape(IndexSpec)


CHILDREN = MapOf(
    BlockOf(lambda: ChildSpec, example="{ fields: { quantity: int } }"),
    what="collections of owned entities",
    example="{ lines: { fields: { quantity: int } } }",
    names=NameRule(kind="collection", case="snake"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec(Block):
    """Owned entities, under the name of their collection."""

    TITLE: ClassVar[str] = "a child"
    UNKNOWN_HELP: ClassVar[str] = "fields go under `fields:`"

    fields: tuple[Named[FieldSpec], ...] | None = key(FIELDS, required=True)
    entity: Located[str] | None = key(Text(example="OrderLine"))
    one: Located[bool] | None = key(Flag())
    min: Located[int] | None = key(Whole())
    max: Located[int] | None = key(Whole(low=1))
    key_field: Located[str] | None = key(NAME, name="key")
    order_by: Located[str] | None = key(NAME)
    nested: Located[str] | None = key(Word("none", "create", "write"))
    children: "tuple[Named[ChildSpec], ...] | None" = key(CHILDREN)
    invariants: tuple[Named[RuleSpec], ...] | None = key(INVARIANTS)
    unique: tuple[tuple[Located[str] | None, UniqueSpec], ...] | None = key(UNIQUE)
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


EXPORT = ByKind[Located[bool] | tuple[Located[str], ...]](
    expected="true, false or a list of csv and json",
    example="[csv, json]",
    truth=Flag(),
    scalar=ListOf(Word("csv", "json"), lift=True),
    sequence=ListOf(Word("csv", "json")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsSpec(Block):
    """Operations switched on or off against the default set."""

    TITLE: ClassVar[str] = "`operations`"
    PLANNED: ClassVar[tuple[str, ...]] = ("import",)

    list_: Located[bool] | None = key(Flag(), name="list")
    get: Located[bool] | None = key(Flag())
    create: Located[bool] | None = key(Flag())
    update: Located[bool] | None = key(Flag())
    replace: Located[bool] | None = key(Flag())
    delete: Located[bool] | None = key(Flag())
    restore: Located[bool] | None = key(Flag())
    bulk_create: Located[bool] | None = key(Flag())
    bulk_update: Located[bool] | None = key(Flag())
    bulk_delete: Located[bool] | None = key(Flag())
    count: Located[bool] | None = key(Flag())
    export: Located[bool] | tuple[Located[str], ...] | None = key(EXPORT)
    history: Located[bool] | None = key(Flag())


OPERATIONS = (
    "list",
    "get",
    "create",
    "update",
    "replace",
    "delete",
    "restore",
    "bulk_create",
    "bulk_update",
    "bulk_delete",
    "count",
    "export",
    "history",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagingSpec(Block):
    """How lists are cut; a bare word is the style."""

    TITLE: ClassVar[str] = "`pagination`"

    style: Located[str] | None = key(Word(*PAGE_STYLES))
    size: Located[int] | None = key(Whole(low=1, high=10_000))
    max_size: Located[int] | None = key(Whole(low=1, high=10_000))


PAGING = ByKind(
    expected="offset, cursor, none or a mapping",
    example="cursor",
    scalar=Converted(Word(*PAGE_STYLES), lambda style: PagingSpec(span=style.span, style=style)),
    mapping=BlockOf(lambda: PagingSpec),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSizeSpec(Block):
    """Page sizes of one entity."""

    TITLE: ClassVar[str] = "`page_size`"

    size: Located[int] | None = key(Whole(low=1, high=10_000))
    max_size: Located[int] | None = key(Whole(low=1, high=10_000))


PAGE_SIZE = ByKind(
    expected="a number, or a mapping of size and max_size",
    example="{ size: 50, max_size: 200 }",
    scalar=Converted(
        Whole(low=1, high=10_000), lambda size: PageSizeSpec(span=size.span, size=size)
    ),
    mapping=BlockOf(lambda: PageSizeSpec),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityIdempotencySpec(Block):
    """Whether writing operations of one entity honour `Idempotency-Key`."""

    TITLE: ClassVar[str] = "`idempotency` of an entity"
    PLANNED: ClassVar[tuple[str, ...]] = ("ttl",)

    required: Located[bool] | None = key(Flag())


def _required(word: Located[str]) -> EntityIdempotencySpec:
    return EntityIdempotencySpec(span=word.span, required=Located(value=True, span=word.span))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiEntitySpec(Block):
    """The REST surface of an entity."""

    TITLE: ClassVar[str] = "`api` of an entity"
    PLANNED: ClassVar[tuple[str, ...]] = ("dedupe",)

    path: Located[str] | None = key(Text(example="/products"))
    tags: tuple[Located[str], ...] | None = key(ListOf(Text(example="Orders"), lift=True))
    nested_under: Located[str] | None = key(NAME)
    operations: tuple[Located[str], ...] | OperationsSpec | None = key(
        ByKind[tuple[Located[str], ...] | OperationsSpec](
            expected="a list of operations, or a mapping of operations to true or false",
            example="[list, get]",
            sequence=ListOf(Word(*OPERATIONS, planned=("import",))),
            mapping=BlockOf(lambda: OperationsSpec),
        )
    )
    pagination: PagingSpec | None = key(PAGING)
    page_size: PageSizeSpec | None = key(PAGE_SIZE)
    filters: tuple[Named[tuple[Located[str], ...]], ...] | None = key(
        MapOf(
            ListOf(Word(*OPERATORS), lift=True),
            what="paths to operators",
            example="{ price.amount: [gte, lte] }",
        )
    )
    sort: tuple[Located[str], ...] | None = key(ListOf(Text(example="name"), lift=True))
    search: Located[bool] | None = key(Flag())
    expand: tuple[Located[str], ...] | None = key(ListOf(Text(example="customer"), lift=True))
    body_limit: Located[int] | None = key(Size())
    rate_limit: Located[bool] | Located[Rate] | RateLimitSpec | None = key(RATE_LIMIT)
    cors: Located[bool] | CorsSpec | None = key(CORS)
    compression: Located[bool] | tuple[Located[str], ...] | ResourceCompressionSpec | None = key(
        RESOURCE_COMPRESSION
    )
    idempotency: Located[bool] | EntityIdempotencySpec | None = key(
        ByKind[Located[bool] | EntityIdempotencySpec](
            expected="true, false, required or a mapping",
            example="required",
            truth=Flag(),
            scalar=Converted(Word("required"), _required),
            mapping=BlockOf(lambda: EntityIdempotencySpec),
        )
    )
    cache: Located[bool] | CacheSpec | None = key(CACHE)
    deprecated: Located[bool] | DeprecatedSpec | None = key(DEPRECATED)
    sunset: Located[str] | None = key(Day())


API_ENTITY = SwitchOf(lambda: ApiEntitySpec, example="{ pagination: cursor }")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityDefaultsSpec(Block):
    """Settings applied to every entity that does not say otherwise."""

    TITLE: ClassVar[str] = "`defaults.entity`"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "crud_events",
        "tenant",
        "store",
        "graphql",
        "grpc",
    )

    id: IdSpec | None = key(IdShape())
    timestamps: Located[bool] | None = key(Flag())
    versioned: Located[bool] | VersionedSpec | None = key(VERSIONED)
    soft_delete: Located[bool] | SoftDeleteSpec | None = key(SOFT_DELETE)
    audit: Located[bool] | AuditSpec | None = key(AUDIT)
    api: Located[bool] | ApiEntitySpec | None = key(API_ENTITY)
    access: tuple[Named[AccessSpec], ...] | None = key(ACCESS)
    cache: Located[bool] | CacheSpec | None = key(CACHE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySpec(EntityDefaultsSpec):
    """An aggregate root."""

    TITLE: ClassVar[str] = "an entity"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "extends",
        "abstract",
        "inheritance",
        "crud_events",
        "tenant",
        "store",
        "graphql",
        "grpc",
        "flag",
    )
    UNKNOWN_HELP: ClassVar[str] = "fields go under `fields:`"

    fields: tuple[Named[FieldSpec], ...] | None = key(FIELDS)
    children: tuple[Named[ChildSpec], ...] | None = key(CHILDREN)
    use: tuple[Located[str], ...] | None = key(ListOf(Text(example="Coded"), lift=True))
    unique: tuple[tuple[Located[str] | None, UniqueSpec], ...] | None = key(UNIQUE)
    indexes: tuple[tuple[Located[str] | None, IndexSpec], ...] | None = key(INDEXES)
    exclude: tuple[Named[ExclusionSpec], ...] | None = key(EXCLUDE)
    invariants: tuple[Named[RuleSpec], ...] | None = key(INVARIANTS)
    lifecycle: LifecycleSpec | None = key(LIFECYCLE)
    commands: tuple[Named[CommandSpec], ...] | None = key(COMMANDS)
    events: tuple[Named[EventSpec], ...] | None = key(EVENTS)
    queries: tuple[Named[QuerySpec], ...] | None = key(QUERIES)
    table: Located[str] | None = key(NAME)
    plural: Located[str] | None = key(Text(example="People"))
    since: Located[str] | None = key(VERSION)
    until: Located[str] | None = key(VERSION)
    deprecated: Located[bool] | DeprecatedSpec | None = key(DEPRECATED)
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixinSpec(Block):
    """Parts that entities share; a clash is an error, never an override."""

    TITLE: ClassVar[str] = "a mixin"
    UNKNOWN_HELP: ClassVar[str] = "fields go under `fields:`"

    fields: tuple[Named[FieldSpec], ...] | None = key(FIELDS)
    children: tuple[Named[ChildSpec], ...] | None = key(CHILDREN)
    use: tuple[Located[str], ...] | None = key(ListOf(Text(example="Coded"), lift=True))
    unique: tuple[tuple[Located[str] | None, UniqueSpec], ...] | None = key(UNIQUE)
    indexes: tuple[tuple[Located[str] | None, IndexSpec], ...] | None = key(INDEXES)
    exclude: tuple[Named[ExclusionSpec], ...] | None = key(EXCLUDE)
    invariants: tuple[Named[RuleSpec], ...] | None = key(INVARIANTS)
    access: tuple[Named[AccessSpec], ...] | None = key(ACCESS)
    events: tuple[Named[EventSpec], ...] | None = key(EVENTS)
