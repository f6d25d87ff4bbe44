"""Defaults of fields (normalisation 1): literals to typed values, and the few dynamic ones."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from apigen.diagnostics import Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.system import EnumType, ObjectType, UnionType, ValueType
from apigen.ir.types import (
    Default,
    DynamicDefault,
    EnumRef,
    IdOf,
    Json,
    ListOf,
    Literal,
    LiteralDefault,
    LocalizedText,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
    plain_type,
)
from apigen.lower.scalars import FREE_TEXT, read_literal, violation
from apigen.lower.workspace import Workspace
from apigen.source.node import MappingNode, Node, ScalarNode, SequenceNode
from apigen.spec.block import plain_data

_DYNAMIC = {
    "now": (DynamicDefault.NOW, ScalarKind.DATETIME),
    "today": (DynamicDefault.TODAY, ScalarKind.DATE),
    "uuid()": (DynamicDefault.UUID, ScalarKind.UUID),
}


def lower_default(
    node: Node, type_: TypeRef, work: Workspace, *, shorthand: bool
) -> Default | None:
    """Return the default, or report AG208; `actor.…` is `apigen.lower.actor_defaults`.

    In a field string a bare word is never a text: `= draft` is a member, `= "draft"` a text.
    """
    if isinstance(node, ScalarNode) and not node.quoted:
        if node.raw in _DYNAMIC and isinstance(type_, Scalar):
            dynamic, kind = _DYNAMIC[node.raw]
            if type_.kind is kind:
                return dynamic
        text = plain_type(type_)
        is_text = isinstance(text, Scalar) and text.kind in FREE_TEXT
        if shorthand and is_text and isinstance(node.value, str):
            quoted = node.raw.replace('"', '\\"')
            refuse_value(node, type_, work, help=f'for text: quote it, `= "{quoted}"`')
            return None
    checker = ValueChecker(work, noun="default")
    value = checker.check(node, type_)
    if value is None:
        return None
    return LiteralDefault(value=value)


type PlainValue = Literal | list[object] | dict[str, object]


class ValueChecker:
    """Reads values written in the spec (defaults, seeds, examples) as values of a type."""

    def __init__(self, work: Workspace, *, noun: str) -> None:
        """Call the value `noun` in messages: "default" or "value"."""
        self._types: Mapping[str, ValueType] = work.types
        self._work = work
        self._noun = noun

    def check(self, node: Node, type_: TypeRef) -> PlainValue | None:
        """Return the value, JSON-like for collections and objects; report AG208 otherwise."""
        match type_:
            case Scalar(kind=ScalarKind.JSON):
                return self._json(node)
            case Scalar():
                return self._scalar(node, type_)
            case EnumRef(target=target):
                return self._member(node, target)
            case (
                ListOf(item=item, constraints=constraints)
                | SetOf(item=item, constraints=constraints)
            ):
                return self._list(node, item, type_, constraints.min, constraints.max)
            case MapOf(item=item):
                return self._map(node, item, type_)
            case ObjectRef(target=target):
                return self._object(node, target)
            case UnionRef():
                return self._variant(node, type_)
            case IdOf() | RefTo():
                if isinstance(node, ScalarNode) and isinstance(node.value, str | int):
                    return node.value
                return self._refused(node, type_)
            case ManyOf():
                if not isinstance(node, SequenceNode):
                    return self._refused(node, type_)
                return self._json(node)
            case LocalizedText(item=item):
                return self._localized(node, item)
            case _:
                assert_never(type_)

    def _localized(self, node: Node, item: Scalar) -> PlainValue | None:
        """Return a text, or a text a locale."""
        if not isinstance(node, MappingNode):
            return self._scalar(node, item)
        default, known = self._work.settings.i18n.default, self._work.settings.i18n.locales
        texts: dict[str, object] = {}
        for entry in node.entries:
            text = self._scalar(entry.value, item)
            if text is not None:
                texts[entry.key] = text
            if entry.key not in known:
                self._work.found.error(
                    "AG208",
                    f"`{entry.key[:40]}` is not a locale of the API",
                    entry.key_span,
                    help=f"one of {', '.join(f'`{one}`' for one in known)}",
                )
        if default not in texts:
            self._work.found.error(
                "AG208",
                f"the {self._noun} has no text in `{default}`, the default locale",
                node.span,
                help=f"add `{default}`",
            )
        return texts

    def json(self, node: Node, type_: TypeRef) -> Json:
        """Return the value as JSON carries it: decimals and dates as text."""
        value = self.check(node, type_)
        return as_json(value, node)

    def _json(self, node: Node) -> PlainValue | None:
        data: object = plain_data(node)
        return data if isinstance(data, bool | int | float | str | list | dict) else None

    def _scalar(self, node: Node, type_: Scalar) -> Literal | None:
        if not isinstance(node, ScalarNode):
            refuse_value(node, type_, self._work, noun=self._noun)
            return None
        value = read_literal(type_.kind, node)
        if value is None:
            refuse_value(node, type_, self._work, noun=self._noun)
            return None
        broken = violation(type_.kind, type_.constraints, value)
        if broken:
            self._work.found.error(
                "AG208",
                f"{self._noun} `{_shown(node)}` is not {a(type_name(type_))}{broken}",
                node.span,
                help="widen the type, or choose a value inside it",
            )
            return None
        return value

    def _member(self, node: Node, target: str) -> Literal | None:
        declared = self._types.get(target)
        if not isinstance(declared, EnumType):
            return None
        names = tuple(member.name for member in declared.members)
        if isinstance(node, ScalarNode) and node.raw in names:
            return node.raw
        near = nearest(node.raw, names) if isinstance(node, ScalarNode) else ()
        help = f"members: {', '.join(f'`{name}`' for name in names[:12])}"
        if near:
            help = f"{did_you_mean(near)} {help}"
        refuse_value(node, EnumRef(target=target), self._work, help=help, noun=self._noun)
        return None

    def _list(
        self, node: Node, item: TypeRef, type_: TypeRef, low: object, high: object
    ) -> PlainValue | None:
        if not isinstance(node, SequenceNode):
            return self._refused(node, type_)
        count = len(node.items)
        if (isinstance(low, int) and count < low) or (isinstance(high, int) and count > high):
            return self._refused(node, type_)
        return [self.json(entry, item) for entry in node.items]

    def _map(self, node: Node, item: TypeRef, type_: TypeRef) -> PlainValue | None:
        if not isinstance(node, MappingNode):
            return self._refused(node, type_)
        return {entry.key: self.json(entry.value, item) for entry in node.entries}

    def _object(self, node: Node, target: str) -> PlainValue | None:
        declared = self._types.get(target)
        if not isinstance(declared, ObjectType):
            return None
        if not isinstance(node, MappingNode):
            return self._refused(node, ObjectRef(target=target))
        fields = {field.attribute: field for field in declared.fields}
        before = len(self._work.found)
        value: dict[str, object] = {}
        for entry in node.entries:
            field = fields.get(entry.key)
            # Expressions are read later: what is computed is told by that nobody writes it.
            if field is None or not field.writes:
                self._unknown_part(entry.key, entry.key_span, declared, tuple(fields))
                continue
            is_null = isinstance(entry.value, ScalarNode) and entry.value.value is None
            value[entry.key] = (
                None if is_null and field.nullable else self.json(entry.value, field.type)
            )
        missing = [
            name
            for name, field in fields.items()
            if name not in value and not field.nullable and field.default is None and field.writes
        ]
        if missing and len(self._work.found) == before:
            refuse_value(
                node,
                ObjectRef(target=target),
                self._work,
                help=f"it lacks {', '.join(f'`{name}`' for name in missing)}",
                noun=self._noun,
            )
        return value

    def _variant(self, node: Node, union: UnionRef) -> PlainValue | None:
        declared = self._types.get(union.target)
        if not isinstance(declared, UnionType):
            return None
        tag = node.get(declared.tag) if isinstance(node, MappingNode) else None
        chosen = next(
            (v for v in declared.variants if isinstance(tag, ScalarNode) and v.tag == tag.raw), None
        )
        if not isinstance(node, MappingNode) or chosen is None:
            tags = ", ".join(f"`{variant.tag}`" for variant in declared.variants)
            return self._refused(tag or node, union, f"`{declared.tag}` says which it is: {tags}")
        rest = tuple(entry for entry in node.entries if entry.key != declared.tag)
        if isinstance(chosen.type, ObjectRef):
            parts = self._object(replace(node, entries=rest), chosen.type.target)
            return {declared.tag: chosen.tag, **parts} if isinstance(parts, dict) else None
        if [entry.key for entry in rest] != ["value"]:
            help = f"write `{{ {declared.tag}: {chosen.tag}, value: … }}`"
            return self._refused(node, union, help)
        return {declared.tag: chosen.tag, "value": self.json(rest[0].value, chosen.type)}

    def _unknown_part(
        self, key: str, span: Span, declared: ObjectType, names: tuple[str, ...]
    ) -> None:
        self._work.found.error(
            "AG208",
            f"`{declared.name.text}` has no field `{key}`",
            span,
            help=did_you_mean(nearest(key, names)) or f"fields: {', '.join(names)}",
        )

    def _refused(self, node: Node, type_: TypeRef, help: str = "") -> PlainValue | None:
        refuse_value(node, type_, self._work, help=help, noun=self._noun)
        return None


def as_json(value: object, node: Node) -> Json:
    """Return a checked value as JSON: numbers that JSON would round are kept as written."""
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, list | dict):
        # Built by `ValueChecker`, whose items went through here.
        return value
    return node.raw if isinstance(node, ScalarNode) else None


def refuse_value(
    node: Node, type_: TypeRef, work: Workspace, *, help: str = "", noun: str = "default"
) -> None:
    """Report AG208."""
    work.found.error(
        "AG208",
        f"{noun} `{_shown(node)}` is not {a(type_name(type_))}",
        node.span,
        help=help or _value_help(type_),
    )


def _value_help(type_: TypeRef) -> str:
    if not isinstance(type_, Scalar):
        return ""
    return {
        ScalarKind.STR: 'for text: quote it, `= "…"`',
        ScalarKind.TEXT: 'for text: quote it, `= "…"`',
        ScalarKind.BOOL: "`true` or `false`",
        ScalarKind.DATE: "`2026-01-31` or `today`",
        ScalarKind.DATETIME: "`2026-01-31T08:30:00Z` or `now`",
        ScalarKind.TIME: "such as `08:30`",
        ScalarKind.DURATION: "such as `30m`",
        ScalarKind.UUID: "a UUID or `uuid()`",
        ScalarKind.CURRENCY: "a code such as `EUR`",
        ScalarKind.COUNTRY: "a code such as `DE`",
        ScalarKind.BYTES: "bytes have no default",
    }.get(type_.kind, "")


def _shown(node: Node) -> str:
    match node:
        case ScalarNode(raw=raw):
            return raw if len(raw) <= 40 else f"{raw[:37]}…"
        case SequenceNode():
            return "[…]"
        case MappingNode():
            return "{…}"


def a(noun: str) -> str:
    """Return a noun with its article; one in backquotes is told by its first letter."""
    article = "an" if noun.lstrip("`")[:1].lower() in "aeiou" else "a"
    return f"{article} {noun}"


def type_name(type_: TypeRef) -> str:
    """Return a type as the language writes it, without constraints."""
    match type_:
        case Scalar(kind=kind, named=named):
            return f"`{named.rpartition('.')[2]}`" if named else kind.value
        case EnumRef(target=target) | ObjectRef(target=target) | UnionRef(target=target):
            return f"`{target.rpartition('.')[2]}`"
        case ListOf(item=item):
            return f"list({type_name(item)})"
        case SetOf(item=item):
            return f"set({type_name(item)})"
        case MapOf(item=item):
            return f"map({type_name(item)})"
        case IdOf(target=target):
            return f"id({target.rpartition('.')[2]})"
        case RefTo(target=target):
            return f"ref({target.rpartition('.')[2]})"
        case ManyOf(target=target):
            return f"many({target.rpartition('.')[2]})"
        case LocalizedText(item=item):
            return f"localized {type_name(item)}"
