"""How long clients are served fields, entities and resources (AG606)."""

from dataclasses import replace

from apigen.diagnostics import Label
from apigen.ir.element import Deprecation, Lifespan
from apigen.ir.types import EnumRef, ObjectRef, Scalar, TypeRef, UnionRef
from apigen.lower.versions import check_order, deprecation
from apigen.lower.workspace import Workspace
from apigen.spec.entities import ApiEntitySpec, EntitySpec
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located
from apigen.spec.projections import ApiProjectionSpec
from apigen.spec.versions import DeprecatedSpec


def field_lifespan(spec: FieldSpec, type_: TypeRef, work: Workspace) -> Lifespan:
    """Return which versions have a field; one of a deprecated type is deprecated with it."""
    lifespan = work.versions.lifespan(spec, work.found)
    of_type = _type_deprecation(type_, work)
    if of_type is None or spec.deprecated is not None:
        return lifespan
    return replace(lifespan, deprecated=of_type)


def _type_deprecation(type_: TypeRef, work: Workspace) -> Deprecation | None:
    match type_:
        case EnumRef(target=target) | ObjectRef(target=target) | UnionRef(target=target):
            name: str | None = target
        case Scalar(named=named):
            name = named
        case _:
            name = None
    if name is None:
        return None
    context, _, short = name.rpartition(".")
    declared = work.contexts[context].types.get(short) if context in work.contexts else None
    return deprecation(declared.value.deprecated) if declared is not None else None


def entity_lifespan(spec: EntitySpec, work: Workspace) -> Lifespan:
    """Return which versions have an entity, what its `api` says of it included."""
    lifespan = work.versions.lifespan(spec, work.found)
    api = api_of(spec, work)
    leaving = resource_deprecation(api, work)
    own = lifespan.deprecated
    if leaving is None or own is None:
        return replace(lifespan, deprecated=own or leaving) if leaving is not None else lifespan
    if own.sunset is not None and leaving.sunset is not None and own.sunset != leaving.sunset:
        written = _sunset(spec.deprecated)
        assert written is not None
        second = api.sunset or _sunset(api.deprecated) if api is not None else None
        assert second is not None
        _two_dates(written, second, work)
    return replace(
        lifespan,
        deprecated=Deprecation(
            reason=own.reason or leaving.reason,
            since=own.since or leaving.since,
            sunset=own.sunset or leaving.sunset,
        ),
    )


def api_of(spec: EntitySpec, work: Workspace) -> ApiEntitySpec | None:
    """Return the `api` block that counts for an entity, when it is one."""
    default = work.settings.entity.api if work.settings.entity is not None else None
    chosen = spec.api if spec.api is not None else default
    return chosen if isinstance(chosen, ApiEntitySpec) else None


def resource_deprecation(
    api: ApiEntitySpec | ApiProjectionSpec | None, work: Workspace
) -> Deprecation | None:
    """Return what `api.deprecated` and `api.sunset` say together."""
    if api is None:
        return None
    leaving = deprecation(api.deprecated)
    inner = _sunset(api.deprecated)
    if isinstance(api.deprecated, DeprecatedSpec):
        check_order(api.deprecated.since, api.sunset or inner, work.found)
    if api.sunset is None:
        return leaving
    if inner is not None and inner.value != api.sunset.value:
        _two_dates(inner, api.sunset, work)
    return replace(leaving or Deprecation(), sunset=api.sunset.value)


def _sunset(spec: Located[bool] | DeprecatedSpec | None) -> Located[str] | None:
    return spec.sunset if isinstance(spec, DeprecatedSpec) else None


def _two_dates(first: Located[str], second: Located[str], work: Workspace) -> None:
    work.found.error(
        "AG606",
        f"it cannot end both {first.value} and {second.value}",
        second.span,
        labels=(Label(span=first.span, text="the other date"),),
        help="keep one of them",
    )
