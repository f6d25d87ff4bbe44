"""How stored events of older versions are read as those of today (AG406, AG505)."""

from collections.abc import Mapping
from dataclasses import replace

from apigen.diagnostics import Label
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.expr.scope import EventScope, RuleKind
from apigen.ir.behaviour import Assign, Upcast
from apigen.ir.field import Field
from apigen.lower.meanings import Meanings, parse
from apigen.lower.workspace import Workspace
from apigen.spec.events import EventSpec, UpcastSpec
from apigen.spec.located import Located


def upcasts(
    event: Located[str],
    spec: EventSpec,
    version: int,
    payload: tuple[Field, ...],
    scope: EventScope,
    meanings: Meanings,
    work: Workspace,
) -> tuple[Upcast, ...]:
    """Return the upcasts, oldest first; each version that may be stored needs one (AG505)."""
    known: dict[int, UpcastSpec] = {}
    for upcast in spec.upcast or ():
        if upcast.version.value >= version:
            work.found.error(
                "AG505",
                f"`{event.value}` has no version after {upcast.version.value} to read it as",
                upcast.version.span,
                labels=()
                if spec.version is None
                else (Label(span=spec.version.span, text="the version of today"),),
                help=f"`version: {upcast.version.value + 1}`, or remove this",
            )
        else:
            known[upcast.version.value] = upcast
    oldest = min(known, default=version - 1)
    for older in range(max(oldest, 1), version):
        if older not in known:
            work.found.error(
                "AG505",
                f"stored `{event.value}` of version {older} could not be read",
                spec.version.span if spec.version is not None else event.span,
                help=f"add `upcast: {{ {older}: {{ … }} }}`: what version {older} lacks",
            )
    return tuple(
        Upcast(
            version=older,
            values=_upcast_values(
                known, older, version, payload, scope, event.value, meanings, work
            ),
        )
        for older in sorted(known)
    )


def _upcast_values(
    known: Mapping[int, UpcastSpec],
    older: int,
    version: int,
    payload: tuple[Field, ...],
    scope: EventScope,
    event: str,
    meanings: Meanings,
    work: Workspace,
) -> tuple[Assign, ...]:
    by_name = {key: field for field in payload for key in (field.name.text, field.attribute)}
    # What this version or a later one fills was not there before.
    added = {
        by_name[value.name.value].attribute
        for later in range(older, version)
        if later in known
        for value in known[later].values
        if value.name.value in by_name
    }
    before = tuple(field for field in scope.payload if field.attribute not in added)
    former = tuple(
        replace(meanings.field(field), name=name, attribute=name)
        for field in payload
        for name in field.renamed_from
    )
    values: list[Assign] = []
    for value in known[older].values:
        field = by_name.get(value.name.value)
        if field is None:
            if not any(value.name.value == one.name for one in scope.payload):
                work.found.error(
                    "AG406",
                    f"`{value.name.value}` cannot be set: `{event}` has no such field",
                    value.name.span,
                    help=did_you_mean(nearest(value.name.value, by_name))
                    or "an upcast fills fields of the payload",
                )
            continue
        typed = parse(
            value.value,
            meanings.scope(
                RuleKind.UPCAST, event, event=replace(scope, payload=(*before, *former))
            ),
            work,
            expected=field.type,
            nullable=field.nullable,
        )
        if typed is not None:
            values.append(Assign(attribute=field.attribute, value=typed))
    return tuple(values)
