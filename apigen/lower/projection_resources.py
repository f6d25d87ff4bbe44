"""The REST surface of projections; their fields say what they are filtered and sorted by."""

from apigen.ir.behaviour import Projection
from apigen.ir.system import Filterable, Operation, Resource
from apigen.lower.caching import resource_cache
from apigen.lower.compression import compression
from apigen.lower.cors import cors_itself, resource_cors
from apigen.lower.filters import sort_path
from apigen.lower.lifespans import resource_deprecation
from apigen.lower.rate_limits import limits_itself, rate_limit
from apigen.lower.settings import bad_path, is_path, page_sizes, paging
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located
from apigen.spec.projections import ApiProjectionSpec, ProjectionSpec, ReadOperationsSpec

_OPERATIONS = (Operation.LIST, Operation.GET, Operation.COUNT, Operation.EXPORT)
_DEFAULT = frozenset({Operation.LIST, Operation.GET})
_FORMATS = ("csv", "json")


def projection_resource(
    projection: Projection, spec: ProjectionSpec, work: Workspace
) -> Resource | None:
    """Return the resource of a projection, None for `api: false`."""
    chosen = spec.api
    if isinstance(chosen, Located) and not chosen.value:
        return None
    api = chosen if isinstance(chosen, ApiProjectionSpec) else ApiProjectionSpec(span=spec.span)
    operations, export = _operations(api)
    leaving = resource_deprecation(api, work)
    fields = tuple(one.field for one in projection.fields)
    return Resource(
        path=_path(projection, api, work),
        tags=tuple(dict.fromkeys(tag.value for tag in api.tags))
        if api.tags
        else (" ".join(projection.name.plural_snake.split("_")).capitalize(),),
        nested_under=None,
        operations=operations,
        export=export,
        paging=page_sizes(
            api.page_size, paging(api.pagination, work.settings.paging, work.found), work.found
        ),
        filters=tuple(
            Filterable(path=(field.attribute,), ops=field.filter)
            for field in fields
            if field.filter
        ),
        sorts=tuple(sort_path(field, work) for field in fields if field.sort),
        search=(),
        expand=(),
        body_limit_bytes=None,
        cors=resource_cors(api.cors, work.settings.cors, work.found),
        cors_itself=cors_itself(api.cors, work.settings.cors),
        rate_limit=rate_limit(api.rate_limit, work.rate_limit, work),
        limits_itself=limits_itself(api.rate_limit),
        compression=compression(api.compression, work.settings.compression, work.found),
        deprecated=leaving is not None,
        sunset=leaving.sunset if leaving is not None else None,
        cache=resource_cache(api.cache, spec.cache, work=work),
    )


def _path(projection: Projection, api: ApiProjectionSpec, work: Workspace) -> str:
    kebab = work.settings.naming.path == "kebab"
    derived = f"/{projection.name.plural_kebab if kebab else projection.name.plural_snake}"
    if api.path is None:
        return derived
    if not is_path(api.path.value):
        bad_path(api.path, work.found)
        return derived
    return api.path.value


def _operations(api: ApiProjectionSpec) -> tuple[tuple[Operation, ...], tuple[str, ...]]:
    """Return the operations, and the formats of an export."""
    wanted = set(_DEFAULT)
    formats: tuple[str, ...] = _FORMATS
    match api.operations:
        case tuple(words):
            wanted = {Operation(word.value) for word in words}
        case ReadOperationsSpec() as switches:
            for operation in _OPERATIONS:
                name = "list_" if operation is Operation.LIST else operation.value
                value: Located[bool] | tuple[Located[str], ...] | None = getattr(switches, name)
                if value is None:
                    continue
                if isinstance(value, tuple):
                    formats = tuple(dict.fromkeys(word.value for word in value))
                elif not value.value:
                    wanted.discard(operation)
                    continue
                wanted.add(operation)
        case None:
            pass
    ordered = tuple(operation for operation in Operation if operation in wanted)
    return ordered, formats if Operation.EXPORT in wanted else ()
