"""Fields of what is sent: inputs of commands and queries, payloads of events.

They have types, defaults and names as fields of entities have, and nothing that needs a table
(AG102, AG207, AG302).
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from apigen.diagnostics import Span
from apigen.ir.field import Origin
from apigen.lower.actor_defaults import is_of_actor
from apigen.lower.field_flags import FieldOwner
from apigen.lower.fields import FieldDraft, lower_field, unsortable
from apigen.lower.identifiers import stable_id
from apigen.lower.workspace import Workspace
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located, Named
from apigen.spec.type_syntax import RelationSyntax
from apigen.values import dataclass

OF_TABLES = (
    "computed",
    "stored",
    "unique",
    "index",
    "immutable",
    "readonly",
    "writeonly",
    "hidden",
    "filter",
    "sort",
    "search",
    "audit_reads",
    "on_delete",
    "inverse",
    "through",
    "column",
    "backfill",
    "encrypted",
)
OF_CLIENTS = ("default", "since", "until", "deprecated")
"""What belongs to fields that clients send or are shown."""
OF_COMMANDS = frozenset(
    {
        "id",
        "now",
        "actor",
        "command_id",
        "timestamp",
        "correlation_id",
        "user_id",
        "expected_version",
    }
)
"""What every command carries, or its method is given, beside its inputs."""
OF_EVENTS = frozenset({"event_id", "occurred_at", "aggregate_id"})
"""What every event has beside its payload; a rule reads both as `event.<name>`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A command, query or event whose fields are lowered."""

    qname: str
    class_name: str
    """Prefix of enumerations that are written in place."""
    context: str
    kind: str
    """Kind of its fields in stable ids: `input` or `payload`."""
    what: str
    """What messages call one of its fields: `an input`."""
    reserved: Collection[str]
    unfit: tuple[str, ...]
    """Keys of a field that mean nothing here."""
    allows_refs: bool


def message_fields(
    fields: tuple[Named[FieldSpec], ...], message: Message, work: Workspace
) -> tuple[FieldDraft, ...]:
    """Return the drafts of the fields; those that were wrong have no field."""
    return tuple(_field(named.name, named.value, message, work) for named in fields)


def _field(name: Located[str], spec: FieldSpec, message: Message, work: Workspace) -> FieldDraft:
    broken = FieldDraft(name=name, spec=spec, fields=())
    if name.value in message.reserved:
        work.found.error(
            "AG102",
            f"`{name.value}` is reserved by apigen, which adds it",
            name.span,
            help="rename it",
        )
        return broken
    core = spec.type.core if spec.type is not None else None
    if isinstance(core, RelationSyntax) and core.kind != "id":
        target = core.targets[0].value
        if core.kind == "many" or not message.allows_refs:
            work.found.error(
                "AG302",
                f"{message.what} can not be a `{core.kind}`",
                core.span,
                help=f"`set(id({target}))` holds the keys of many"
                if core.kind == "many"
                else f"`id({target})` holds its key",
            )
            return broken
        if len(core.targets) > 1:
            work.found.error(
                "AG302",
                f"{message.what} refers to one entity",
                core.span,
                help=f"`ref({target})`, and a command for each of the others",
            )
            return broken
    unfit = [key for key in message.unfit if _is_set(getattr(spec, key))]
    for key in unfit:
        work.found.error(
            "AG207",
            f"`{key}` does not apply to {message.what}",
            _span_of(getattr(spec, key), spec),
            help="it belongs to fields of entities",
        )
    if spec.default is not None and is_of_actor(spec.default):
        work.found.error(
            "AG207",
            f"a default of the actor does not apply to {message.what}",
            spec.default.span,
            help="rules read `actor` themselves; a field of an entity may have such a default",
        )
        return broken
    owner = FieldOwner(
        qname=message.qname,
        class_name=message.class_name,
        context=message.context,
        origin=Origin.USER,
    )
    draft = lower_field(name, _without(spec, message.unfit), owner, work)
    return replace(
        draft,
        fields=tuple(
            replace(unsortable(field), id=stable_id(message.kind, field.qname))
            for field in draft.fields
        ),
    )


def _without(spec: FieldSpec, unfit: tuple[str, ...]) -> FieldSpec:
    nothing: dict[str, Any] = dict.fromkeys(unfit)  # each of these keys may be left out
    return replace(spec, **nothing)


def _is_set(value: object) -> bool:
    return value is not None and getattr(value, "value", True) is not False


def _span_of(value: object, spec: FieldSpec) -> Span:
    first = value[0] if isinstance(value, tuple) and value else value
    span = getattr(first, "span", None)
    return span if isinstance(span, Span) else spec.span
