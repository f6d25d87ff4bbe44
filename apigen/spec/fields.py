"""The blocks of fields, rules and value types."""

import re
from dataclasses import replace
from typing import ClassVar

from apigen.diagnostics import Edit, Fix, Span
from apigen.diagnostics.collector import Collector
from apigen.ir.types import Json
from apigen.source.node import Entry, MappingNode, Node, ScalarNode
from apigen.spec.block import Block, key, key_table, read_block
from apigen.spec.combined import BlockOf, ByKind, Converted, ListOf, MapOf, SwitchOf
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule
from apigen.spec.quantity import Size
from apigen.spec.shape import (
    Anything,
    Flag,
    Place,
    RuleText,
    Scalar,
    Shape,
    Text,
    Whole,
    Word,
    plain_text,
)
from apigen.spec.shorthand import field_mapping
from apigen.spec.type_syntax import TypeSyntax, TypeText
from apigen.spec.versions import DEPRECATED, VERSION, DeprecatedSpec
from apigen.values import dataclass

OPERATORS = (
    "eq",
    "ne",
    "in",
    "not_in",
    "lt",
    "lte",
    "gt",
    "gte",
    "contains",
    "startswith",
    "endswith",
    "is_null",
)
PII_CLASSES = ("contact", "identity", "location", "health", "financial")
"""What kinds of personal data there are, `personal` for a bare `pii` aside."""
NAME = Text(example="name")
RENAMED_FROM = ListOf(Text(example="old_name"), lift=True)
"""Names that an element had; the newest of them that the last run knew counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstrainedSpec(Block):
    """What narrows a type; a field and a named scalar type share these keys."""

    type: TypeSyntax | None = key(TypeText())
    min: ScalarNode | None = key(Scalar())
    max: ScalarNode | None = key(Scalar())
    gt: ScalarNode | None = key(Scalar())
    lt: ScalarNode | None = key(Scalar())
    step: ScalarNode | None = key(Scalar())
    precision: Located[int] | None = key(Whole(low=1, high=100))
    scale: Located[int] | None = key(Whole(low=0, high=100))
    pattern: Located[str] | None = key(Text(example='"^[A-Z]+$"'))
    normalize: tuple[Located[str], ...] | None = key(
        ListOf(Word("trim", "lower", "upper", "nfc", "slug"), lift=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedSpec(Block):
    """Settings of `encrypted`."""

    TITLE: ClassVar[str] = "`encrypted`"
    PLANNED: ClassVar[tuple[str, ...]] = ("key",)

    blind_index: Located[bool] | None = key(Flag())


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimitsSpec(Block):
    """What may be uploaded to a `file`."""

    TITLE: ClassVar[str] = "`file`"
    PLANNED: ClassVar[tuple[str, ...]] = ("storage", "scan")

    max_size: Located[int] | None = key(Size())
    types: tuple[Located[str], ...] | None = key(ListOf(Text(example="image/png"), lift=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec(ConstrainedSpec):
    """A field; a field string and a mapping read alike."""

    TITLE: ClassVar[str] = "a field"
    PLANNED: ClassVar[tuple[str, ...]] = (
        "mask",
        "retain",
        "access",
        "load",
        "db_type",
    )

    type: TypeSyntax | None = key(TypeText(), required=True)
    shorthand: bool = False
    """Whether it was a field string, in which a bare word is no text."""
    default: Node | None = key(Anything())
    computed: Located[str] | None = key(RuleText())
    stored: Located[bool] | None = key(Flag())
    unique: Located[bool] | Located[str] | tuple[Located[str], ...] | None = key(
        ByKind[Located[bool] | Located[str] | tuple[Located[str], ...]](
            expected="true, false, global or a list of fields",
            example="true",
            truth=Flag(),
            scalar=Word("global"),
            sequence=ListOf(NAME),
        )
    )
    index: Located[bool] | Located[str] | None = key(
        ByKind[Located[bool] | Located[str]](
            expected="true, false, btree, hash, gin or trgm",
            example="true",
            truth=Flag(),
            scalar=Word("btree", "hash", "gin", "trgm"),
        )
    )
    immutable: Located[bool] | None = key(Flag())
    readonly: Located[bool] | None = key(Flag())
    writeonly: Located[bool] | None = key(Flag())
    hidden: Located[bool] | None = key(Flag())
    filter: Located[bool] | Located[str] | tuple[Located[str], ...] | None = key(
        ByKind[Located[bool] | Located[str] | tuple[Located[str], ...]](
            expected="true, false, auto or a list of operators",
            example="[eq, in]",
            truth=Flag(),
            scalar=Word("auto", *OPERATORS),
            sequence=ListOf(Word(*OPERATORS)),
        )
    )
    sort: Located[bool] | Located[str] | None = key(
        ByKind[Located[bool] | Located[str]](
            expected="true, false or auto", example="true", truth=Flag(), scalar=Word("auto")
        )
    )
    search: Located[bool] | None = key(Flag())
    localized: Located[bool] | None = key(Flag())
    file: FileLimitsSpec | None = key(
        BlockOf(lambda: FileLimitsSpec, example="{ max_size: 5mb, types: [image/png] }")
    )
    audit_reads: Located[bool] | None = key(Flag())
    on_delete: Located[str] | None = key(Word("restrict", "cascade", "set_null", "none"))
    inverse: Located[str] | None = key(NAME)
    through: Located[str] | None = key(Text(example="Enrollment"))
    wire: Located[str] | None = key(NAME)
    column: Located[str] | None = key(NAME)
    label: Located[str] | None = key(Text(example="Full name"))
    pii: Located[bool] | Located[str] | None = key(
        ByKind[Located[bool] | Located[str]](
            expected="true, false or a class of personal data",
            example="contact",
            truth=Flag(),
            scalar=Word(*PII_CLASSES),
        )
    )
    encrypted: Located[bool] | EncryptedSpec | None = key(
        SwitchOf(lambda: EncryptedSpec, example="{ blind_index: true }")
    )
    example: Node | None = key(Anything())
    fake: Located[str] | None = key(Text(example="first_name"))
    since: Located[str] | None = key(VERSION)
    until: Located[str] | None = key(VERSION)
    deprecated: Located[bool] | DeprecatedSpec | None = key(DEPRECATED)
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)
    backfill: Node | None = key(Anything())


class FieldShape(Shape[FieldSpec]):
    """A field string or a mapping."""

    expected = "a field"
    example = "str(1..80)"

    def read(self, node: Node, place: Place, found: Collector) -> FieldSpec | None:
        """Return the field."""
        if isinstance(node, MappingNode):
            return read_block(FieldSpec, node, found)
        if isinstance(node, ScalarNode) and node.raw:
            mapping = field_mapping(node, key_table(FieldSpec), found)
            if mapping is None:
                return FieldSpec(span=node.span)
            return read_block(FieldSpec, mapping, found, shorthand=True)
        self.refuse(node, place, found)
        return None

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        shorthand: dict[str, Json] = {
            "type": "string",
            "pattern": r"^[A-Za-z][\w.]*(\([^\s,]*\))?\??(\s+[a-z_]+(=\S+)?)*(\s+:?=\s.+)?$",
        }
        return {"anyOf": [shorthand, {"$ref": "#/definitions/FieldSpec"}]}


class FieldsShape(Shape[tuple[Named[FieldSpec], ...]]):
    """A mapping of field names to fields."""

    expected = "a mapping of fields"
    example = "{ title: str(1..80) }"

    def __init__(self) -> None:
        """Fields are in snake_case."""
        self._map = MapOf(
            FieldShape(),
            what="fields",
            example=self.example,
            names=NameRule(kind="field", case="snake"),
        )

    def read(
        self, node: Node, place: Place, found: Collector
    ) -> tuple[Named[FieldSpec], ...] | None:
        """Return the fields, after joining those a comma has split (AG009)."""
        if isinstance(node, MappingNode):
            node = _rejoined(node, found)
        return self._map.read(node, place, found)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return self._map.schema()


def _rejoined(node: MappingNode, found: Collector) -> MappingNode:
    """Mend `{price: decimal(12, 2)}`, which YAML reads as the keys `price` and `2)`."""
    if not any(entry.key.endswith(")") or ")" in entry.key for entry in node.entries):
        return node
    entries: list[Entry] = []
    for entry in node.entries:
        last = entries[-1] if entries else None
        if last is None or ")" not in entry.key or not _is_open(last.value):
            entries.append(entry)
            continue
        assert isinstance(last.value, ScalarNode)
        first = last.value
        tail = entry.key
        span = Span(
            file=first.span.file,
            line=first.span.line,
            column=first.span.column,
            end_line=entry.key_span.end_line,
            end_column=entry.key_span.end_column,
        )
        mended = _mended(first.raw, tail)
        fix = None
        if mended is not None:
            fix = Fix(title=f"write `{mended}`", edits=(Edit(span=span, text=mended),))
        found.error(
            "AG009",
            "the comma split this field in two",
            span,
            help="no commas in field strings: `decimal precision=12 scale=2`, `enum(a|b)`",
            fix=fix,
        )
        # Without a repair the field is still a field: text, so that uses of it stay silent.
        value = ScalarNode(
            value=mended or "json", raw=mended or "json", quoted=False, block=True, span=span
        )
        entries[-1] = replace(last, value=value)
    return replace(node, entries=tuple(entries))


def _is_open(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.raw.count("(") > node.raw.count(")")


def _mended(head: str, tail: str) -> str | None:
    decimal = re.fullmatch(r"decimal\(\s*(\d+)\s*,?\s*(\d+)\s*\)(\??.*)", f"{head},{tail}")
    if decimal is not None:
        rest = decimal[3]
        mark = "?" if rest.startswith("?") else ""
        rest = rest.removeprefix("?")
        return f"decimal{mark} precision={decimal[1]} scale={decimal[2]}{rest}"
    enum = re.fullmatch(r"enum\(([\w\s|]+)\)(\??.*)", f"{head}|{tail}")
    if enum is not None:
        members = "|".join(part.strip() for part in enum[1].split("|") if part.strip())
        return f"enum({members}){enum[2]}"
    return None


FIELDS = FieldsShape()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec(Block):
    """An invariant; a bare expression is the same with `rule` alone."""

    TITLE: ClassVar[str] = "a rule"

    rule: Located[str] | None = key(RuleText())
    message: Located[str] | None = key(Text(example="A price cannot be negative."))
    code: Located[str] | None = key(NAME)
    db: Located[bool] | Located[str] | None = key(
        ByKind[Located[bool] | Located[str]](
            expected="true, false or auto", example="true", truth=Flag(), scalar=Word("auto")
        )
    )
    handler: Located[str] | None = key(Word("generated", "custom"))


def _rule(text: Located[str]) -> RuleSpec:
    return RuleSpec(span=text.span, rule=text)


INVARIANTS = MapOf(
    ByKind(
        expected="an expression",
        example="quantity > 0",
        scalar=Converted(RuleText(), _rule),
        truth=Converted(RuleText(), _rule),
        mapping=BlockOf(lambda: RuleSpec),
    ),
    what="rule codes to expressions",
    example="{ positive: quantity > 0 }",
    names=NameRule(kind="rule", case="snake"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumMemberSpec(Block):
    """A member of an enumeration."""

    TITLE: ClassVar[str] = "an enum member"

    value: Located[str] | None = key(Text(example="P"))
    label: Located[str] | None = key(Text(example="Paid in full"))
    deprecated: Located[bool] | None = key(Flag())
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


class MembersShape(Shape[tuple[Named[EnumMemberSpec], ...]]):
    """A list of members, or a mapping of them; a member without settings may have no value."""

    expected = "a list or mapping of members"
    example = "[draft, paid]"

    def __init__(self) -> None:
        """A member's settings are a block."""
        self._member = BlockOf(lambda: EnumMemberSpec, example="{ value: P }")

    def read(
        self, node: Node, place: Place, found: Collector
    ) -> tuple[Named[EnumMemberSpec], ...] | None:
        """Return the members in written order; duplicates are the lowering's business."""
        if isinstance(node, ScalarNode):
            self.refuse(node, place, found)
            return None
        members: list[Named[EnumMemberSpec]] = []
        if isinstance(node, MappingNode):
            for entry in node.entries:
                name = plain_text(entry.key_node, found)
                bare = isinstance(entry.value, ScalarNode) and entry.value.value is None
                member = (
                    EnumMemberSpec(span=entry.key_span)
                    if bare
                    else self._member.read(entry.value, Place(key=entry.key), found)
                )
                if member is not None:
                    members.append(Named(name=name, value=member))
            return tuple(members)
        for item in node.items:
            if not isinstance(item, ScalarNode):
                self.refuse(item, place, found)
                continue
            name = plain_text(item, found)
            members.append(Named(name=name, value=EnumMemberSpec(span=item.span)))
        return tuple(members)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        named: dict[str, Json] = {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "null"}, self._member.schema()]},
        }
        return {"anyOf": [{"type": "array", "items": {"type": "string"}}, named]}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSpec(Block):
    """The two fields that make a value object an amount of a unit."""

    TITLE: ClassVar[str] = "`measure`"

    value: Located[str] | None = key(NAME, required=True)
    unit: Located[str] | None = key(NAME, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSpec(ConstrainedSpec):
    """An entry under `types`: exactly one of type, enum, fields and one_of."""

    TITLE: ClassVar[str] = "a type"

    broken: bool = False
    """Whether it was a string that could not be read, which is reported."""
    enum: tuple[Named[EnumMemberSpec], ...] | None = key(MembersShape())
    fields: tuple[Named[FieldSpec], ...] | None = key(FIELDS)
    one_of: tuple[Named[TypeSyntax], ...] | None = key(
        MapOf(
            TypeText(),
            what="tags to types",
            example="{ phone: phone, email: email }",
            names=NameRule(kind="tag", case="snake"),
        )
    )
    tag: Located[str] | None = key(Text(example="kind"))
    invariants: tuple[Named[RuleSpec], ...] | None = key(INVARIANTS)
    measure: MeasureSpec | None = key(
        BlockOf(lambda: MeasureSpec, example="{ value: amount, unit: currency }")
    )
    store: Located[str] | None = key(Word("columns", "json", "check", planned=("native", "lookup")))
    example: Node | None = key(Anything())
    deprecated: Located[bool] | DeprecatedSpec | None = key(DEPRECATED)
    renamed_from: tuple[Located[str], ...] | None = key(RENAMED_FROM)


class TypeShape(Shape[TypeSpec]):
    """A type string with modifiers, or a mapping."""

    expected = "a type"
    example = "str(3..40)"

    def read(self, node: Node, place: Place, found: Collector) -> TypeSpec | None:
        """Return the type."""
        if isinstance(node, MappingNode):
            return read_block(TypeSpec, node, found)
        if isinstance(node, ScalarNode) and node.raw:
            mapping = field_mapping(node, key_table(TypeSpec), found)
            if mapping is None:
                return TypeSpec(span=node.span, broken=True)
            return read_block(TypeSpec, mapping, found)
        self.refuse(node, place, found)
        return None

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"anyOf": [{"type": "string"}, {"$ref": "#/definitions/TypeSpec"}]}
