"""The key of an entity: strategy, prefix, and the fields of natural and composite keys (AG301)."""

import re

from apigen.diagnostics import Label, Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.field import Field
from apigen.ir.system import Identity, IdKind
from apigen.ir.types import (
    Constraints,
    EnumRef,
    IdOf,
    RefTo,
    Scalar,
    ScalarKind,
    TypeRef,
)
from apigen.lower.fields import FieldDraft
from apigen.lower.ordering import targets_first
from apigen.lower.workspace import Workspace
from apigen.spec.entities import IdSpec
from apigen.spec.located import Located

_TEXT = re.compile(r"(natural|composite)\(([^()]*)\)")
_PREFIX = re.compile(r"[a-z][a-z0-9]{0,15}")
_GENERATED = ("uuid7", "uuid4", "ulid", "int", "bigint")
_KEY_SCALARS = frozenset(ScalarKind) - {
    ScalarKind.FLOAT,
    ScalarKind.JSON,
    ScalarKind.BYTES,
    ScalarKind.TEXT,
    ScalarKind.BOOL,
    ScalarKind.DURATION,
}


def key_fields(spec: IdSpec | None) -> tuple[str, ...]:
    """Return the names in `natural(…)` or `composite(…)`, right or wrong."""
    match = _TEXT.fullmatch(spec.type.value) if spec is not None and spec.type is not None else None
    if match is None:
        return ()
    return tuple(part.strip() for part in match[2].split("|"))


def identity(
    spec: IdSpec | None, class_name: str, drafts: tuple[FieldDraft, ...], work: Workspace
) -> Identity:
    """Return the identity of an entity; a wrong one is reported and becomes uuid7."""
    type_name = f"{class_name}Id"
    fallback = Identity(
        kind=IdKind.UUID7,
        fields=("id",),
        type_name=type_name,
        prefix=None,
        client_supplied=False,
    )
    if spec is None or spec.type is None:
        return fallback
    text = spec.type.value
    match = _TEXT.fullmatch(text)
    if match is not None:
        return _of_fields(spec, match[1], drafts, fallback, work)
    if text not in (*_GENERATED, "str"):
        known = (*_GENERATED, "str", "natural", "composite")
        work.found.error(
            "AG301",
            f"`{text}` is not a key strategy",
            spec.type.span,
            help=did_you_mean(nearest(text, known))
            or "uuid7 uuid4 ulid int bigint str natural(field) composite(a|b)",
        )
        return fallback
    return Identity(
        kind=IdKind(text),
        fields=("id",),
        type_name=type_name,
        prefix=_prefix(spec, text, work),
        client_supplied=text == "str" or (spec.client is not None and spec.client.value),
    )


def _prefix(spec: IdSpec, kind: str, work: Workspace) -> str | None:
    if spec.prefix is None:
        return None
    prefix = spec.prefix.value
    if kind not in ("uuid7", "uuid4", "ulid"):
        work.found.error(
            "AG207",
            f"`prefix` does not apply to `{kind}` ids",
            spec.prefix.span,
            help="uuid7, uuid4 and ulid take one",
        )
        return None
    if not _PREFIX.fullmatch(prefix):
        work.found.error(
            "AG607",
            f"`{prefix[:40]}` is not a prefix",
            spec.prefix.span,
            help="up to 16 lower-case letters and digits, such as `ord`",
        )
        return None
    return prefix


def _of_fields(
    spec: IdSpec, kind: str, drafts: tuple[FieldDraft, ...], fallback: Identity, work: Workspace
) -> Identity:
    assert spec.type is not None
    names = key_fields(spec)
    for flag, key in ((spec.prefix, "prefix"), (spec.client, "client")):
        if flag is not None:
            work.found.error(
                "AG207",
                f"`{key}` does not apply to {kind} ids",
                flag.span,
                help="the fields of the key are always given by the client",
            )
    if (kind == "natural") != (len(names) == 1):
        work.found.error(
            "AG301",
            f"a {kind} key has {'one field' if kind == 'natural' else 'several fields'}",
            spec.type.span,
            help="`natural(sku)`, `composite(a|b)`",
        )
        return fallback
    by_name = {draft.name.value: draft for draft in drafts}
    attributes: list[str] = []
    for name in names:
        draft = by_name.get(name)
        if draft is None:
            work.found.error(
                "AG301",
                f"`{name}` cannot be part of the id: there is no such field",
                spec.type.span,
                help=did_you_mean(nearest(name, by_name)) or "name a field of this entity",
            )
            return fallback
        if not draft.fields:
            return fallback
        why = _unfit_name(name, kind) or _unfit(draft)
        if why:
            work.found.error(
                "AG301",
                f"`{name}` cannot be part of the id: {why}",
                spec.type.span,
                labels=(Label(span=draft.name.span, text="declared here"),),
                help="mark it `immutable` and required"
                if not _unfit_name(name, kind)
                else f"rename it; `wire={name} column={name}` keep its name outside",
            )
            return fallback
        attributes.append(draft.fields[0].attribute)
    return Identity(
        kind=IdKind(kind),
        fields=tuple(attributes),
        type_name=fallback.type_name,
        prefix=None,
        client_supplied=True,
    )


def _unfit_name(name: str, kind: str) -> str:
    if name == "id":
        return "every aggregate has an attribute `id`, which is the whole key"
    if kind == "composite" and name in ("count", "index"):
        return f"the key is a tuple in code, and a tuple has `{name}` already"
    return ""


def _unfit(draft: FieldDraft) -> str:
    field, spec = draft.fields[0], draft.spec
    if draft.is_arc:
        return "it is one of several refs"
    if field.nullable:
        return "it may be null"
    if spec.computed is not None:
        return "it is computed"
    for flag in ("hidden", "writeonly", "readonly"):
        value: Located[bool] | None = getattr(spec, flag)
        if value is not None and value.value:
            return f"it is {flag}"
    if spec.immutable is None or not spec.immutable.value:
        return "it may change"
    match field.type:
        case Scalar(kind=kind) if kind in _KEY_SCALARS:
            return ""
        case EnumRef() | RefTo() | IdOf():
            return ""
        case _:
            return "its type has no exact text form for a path"


def key_type(owner: Identity, fields: dict[str, Field]) -> TypeRef | None:
    """Return the type of the values of a key, None for a composite one.

    A natural key that is a ref has the type of the ref: see `resolved_keys`.
    """
    match owner.kind:
        case IdKind.UUID7 | IdKind.UUID4:
            return Scalar(kind=ScalarKind.STR if owner.prefix else ScalarKind.UUID)
        case IdKind.ULID:
            return Scalar(kind=ScalarKind.STR if owner.prefix else ScalarKind.ULID)
        case IdKind.INT:
            return Scalar(kind=ScalarKind.INT)
        case IdKind.BIGINT:
            return Scalar(kind=ScalarKind.BIGINT)
        case IdKind.STR:
            return Scalar(kind=ScalarKind.STR, constraints=Constraints(max=255))
        case IdKind.NATURAL:
            field = fields.get(owner.fields[0])
            return field.type if field is not None else None
        case IdKind.COMPOSITE:
            return None


def resolved_keys(
    types: dict[str, TypeRef], spans: dict[str, Span], work: Workspace
) -> dict[str, TypeRef]:
    """Follow keys that are refs to the value at the end (AG301 for a circle)."""

    def target(qname: str) -> tuple[str, ...]:
        type_ = types[qname]
        return (type_.target,) if isinstance(type_, RefTo | IdOf) else ()

    order = targets_first(types, target)
    for circle in order.circles:
        name = circle[0].rpartition(".")[2]
        through = " → ".join(qname.rpartition(".")[2] for qname in circle)
        work.found.error(
            "AG301",
            f"the id of `{name}` is made of itself",
            spans[circle[0]],
            help=f"through {through}: give one of them an id of its own",
        )
    resolved: dict[str, TypeRef] = {}
    for qname in order.nodes:
        end = target(qname)
        if not end:
            resolved[qname] = types[qname]
        elif end[0] in resolved:
            resolved[qname] = resolved[end[0]]
    return resolved


def refuse_composite_target(name: str, span: Span, work: Workspace) -> None:
    """Report AG302: a foreign key of one column cannot hold a composite key."""
    work.found.error(
        "AG302",
        f"`{name}` has a composite id, which one column cannot hold",
        span,
        help=f"give `{name}` an id of its own and make the fields `unique` together",
    )
