"""AG602: two resources, commands or queries that answer at one path.

Knows which paths the operations of a resource have, as
`apigen.views.interface.resource_routes` writes them. A key in a path meets a fixed word only when
it may be that word: a UUID is never `archive`.
"""

import re
from collections.abc import Iterator, Mapping

from apigen.diagnostics import Diagnostic, Label, Span
from apigen.ir.behaviour import Command, Query
from apigen.ir.system import (
    Entity,
    EnumType,
    IdKind,
    Operation,
    ProjectionResource,
    Resource,
    System,
)
from apigen.ir.types import EnumRef, IdOf, RefTo, Scalar, ScalarKind, TypeRef
from apigen.values import dataclass

_ROUTES: Mapping[Operation, tuple[str, bool, str]] = {
    Operation.LIST: ("GET", False, ""),
    Operation.CREATE: ("POST", False, ""),
    Operation.GET: ("GET", True, ""),
    Operation.UPDATE: ("PATCH", True, ""),
    Operation.REPLACE: ("PUT", True, ""),
    Operation.DELETE: ("DELETE", True, ""),
    Operation.RESTORE: ("POST", True, "restore"),
    Operation.BULK_CREATE: ("POST", False, "bulk"),
    Operation.BULK_UPDATE: ("PATCH", False, "bulk"),
    Operation.BULK_DELETE: ("POST", False, "bulk-delete"),
    Operation.COUNT: ("GET", False, "count"),
    Operation.EXPORT: ("GET", False, "export"),
    Operation.HISTORY: ("GET", True, "history"),
}
"""Method, whether the key is in the path, and the word at its end."""

_FILE_METHODS = ("PUT", "GET", "DELETE")

_WORDS = frozenset({ScalarKind.STR, ScalarKind.TEXT, ScalarKind.SLUG})
"""Kinds whose values may be a word that stands in a path; other texts need signs."""
_CODES = frozenset({ScalarKind.COUNTRY, ScalarKind.CURRENCY, ScalarKind.LOCALE})


@dataclass(frozen=True, slots=True)
class _Key:
    """A segment that holds a part of a key; `type` is None for a generated one."""

    name: str
    type: TypeRef | None


type _Segment = str | _Key


@dataclass(frozen=True, slots=True, kw_only=True)
class _Route:
    """One operation's place."""

    method: str
    segments: tuple[_Segment, ...]

    def __str__(self) -> str:
        """Return the path as OpenAPI writes it."""
        return "".join(
            f"/{part}" if isinstance(part, str) else f"/{{{part.name}}}" for part in self.segments
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answerer:
    """What answers at paths: the operations of a resource, a command, a query."""

    title: str
    span: Span
    owner: str
    """Whose it is. Of one owner, fixed words come before keys: they meet only when equal."""
    routes: tuple[_Route, ...]
    help: str


_TASK_ROUTES = (
    _Route(method="GET", segments=("tasks",)),
    _Route(method="GET", segments=("tasks", _Key("task_id", None))),
    _Route(method="POST", segments=("tasks", _Key("task_id", None), "cancel")),
)
_RESOURCE_HELP = "set `api: { path: … }` or `plural` on one of them"
_PATH_HELP = "set `api: { path: … }` on one of them"
_ROUTE_HELP = "give one of them a path of its own: `api: POST /:id/…`"


def route_collisions(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each resource, command or query with a path that another has already."""
    # Every path begins with a fixed word, so only routes with the same one can meet.
    taken: dict[tuple[str, _Segment], list[tuple[_Answerer, _Route]]] = {}
    for second in _answerers(system):
        met = next(
            (
                (first, one, other)
                for other in second.routes
                for first, one in taken.get((other.method, other.segments[0]), ())
                if _meet(system, one, other, is_of_one=first.owner == second.owner)
            ),
            None,
        )
        for route in second.routes:
            taken.setdefault((route.method, route.segments[0]), []).append((second, route))
        if met is None:
            continue
        first, one, other = met
        where = f"`{one}`" if str(one) == str(other) else f"`{one}`, which is `{other}` too"
        yield Diagnostic(
            code="AG602",
            message=f"`{first.title}` and `{second.title}` both answer at {where}",
            span=second.span,
            labels=(Label(span=first.span, text="the other one"),),
            help=second.help,
        )


def _answerers(system: System) -> Iterator[_Answerer]:
    """Yield the resources of all entities first, then what else they and their contexts have."""
    served = tuple(
        (entity, entity.resource)
        for entity in system.entities.values()
        if entity.resource is not None
    )
    for entity, resource in served:
        yield _Answerer(
            title=entity.name.text,
            span=entity.span,
            owner=entity.qname,
            routes=_routes(system, entity, resource),
            help=_RESOURCE_HELP,
        )
    if system.has_tasks and system.outputs.rest:
        yield _Answerer(
            title="background tasks",
            span=system.tasks[0].span,
            owner="",
            routes=_TASK_ROUTES,
            help="how background tasks are is told there: set `api: { path: … }` on the other one",
        )
    for entity, resource in served:
        collection = (*_above(system, entity, resource), *_words(resource.path))
        yield from _of_owner((*entity.commands, *entity.queries), entity, collection)
    for context in system.contexts:
        for one in context.projections:
            yield from _of_projection(system, one)
        yield from _of_owner((*context.commands, *context.queries), None, ())


def _of_projection(system: System, one: ProjectionResource) -> Iterator[_Answerer]:
    """Yield a projection that is served and its queries."""
    projection, resource = one.projection, one.resource
    if resource is None:
        return
    collection = _words(resource.path)
    key = _key(system.entities[projection.source])
    yield _Answerer(
        title=projection.name.text,
        span=projection.span,
        owner=projection.qname,
        routes=_operations(resource, collection, (*collection, *key)),
        help=_PATH_HELP,
    )
    for query in one.queries:
        if query.route is None:
            continue
        yield _Answerer(
            title=f"{projection.name.text}.{query.name.text}",
            span=query.span,
            owner=projection.qname,
            routes=(
                _Route(
                    method=query.route.method,
                    segments=(*collection, *_written(query.route.path)),
                ),
            ),
            help=_ROUTE_HELP,
        )


def _written(path: str) -> tuple[_Segment, ...]:
    """Return the segments of a written path whose parameters are inputs."""
    parts = path.removeprefix("/").split("/") if path else ()
    return tuple(_Key(part.strip("{}"), None) if part.startswith("{") else part for part in parts)


def _of_owner(
    asked: tuple[Command | Query, ...], entity: Entity | None, collection: tuple[_Segment, ...]
) -> Iterator[_Answerer]:
    for one in asked:
        if one.route is None:
            continue
        segments = [*collection]
        for part in one.route.path.removeprefix("/").split("/") if one.route.path else ():
            if part == "{id}" and entity is not None:
                segments += _key(entity)
            elif part.startswith("{"):
                segments.append(_Key(part.strip("{}"), None))
            else:
                segments.append(part)
        yield _Answerer(
            title=f"{entity.name.text}.{one.name.text}" if entity is not None else one.name.text,
            span=one.span,
            owner=entity.qname if entity is not None else "",
            routes=(_Route(method=one.route.method, segments=tuple(segments)),),
            help=_ROUTE_HELP,
        )


def _routes(system: System, entity: Entity, resource: Resource) -> tuple[_Route, ...]:
    collection = (*_above(system, entity, resource), *_words(resource.path))
    item = (*collection, *_key(entity))
    return (*_operations(resource, collection, item), *_of_files(entity, item))


def _of_files(entity: Entity, item: tuple[_Segment, ...]) -> Iterator[_Route]:
    for field in entity.fields:
        if field.file is not None:
            place = (*item, field.file.segment)
            yield from (_Route(method=method, segments=place) for method in _FILE_METHODS)
            yield _Route(method="GET", segments=(*place, "link"))


def _operations(
    resource: Resource, collection: tuple[_Segment, ...], item: tuple[_Segment, ...]
) -> tuple[_Route, ...]:
    found: list[_Route] = []
    for operation in resource.operations:
        method, has_key, word = _ROUTES[operation]
        segments = (*(item if has_key else collection), *((word,) if word else ()))
        found.append(_Route(method=method, segments=segments))
    return tuple(found)


def _above(system: System, entity: Entity, resource: Resource) -> tuple[_Segment, ...]:
    """Return the segments of the parent that the resource is nested under."""
    for field in entity.fields:
        if field.attribute == resource.nested_under and isinstance(field.type, RefTo):
            parent = system.entities[field.type.target]
            path = parent.resource.path if parent.resource else f"/{parent.name.plural_kebab}"
            return (*_words(path), _Key(field.attribute, _key(parent)[0].type))
    return ()


def _words(path: str) -> tuple[str, ...]:
    return tuple(path.removeprefix("/").split("/"))


def _key(entity: Entity) -> tuple[_Key, ...]:
    """Return the segments of the key; a generated one is of no type that could be a word."""
    identity = entity.identity
    if identity.kind is IdKind.STR:
        return (_Key("id", Scalar(kind=ScalarKind.STR)),)
    if identity.kind in (IdKind.INT, IdKind.BIGINT):
        return (_Key("id", Scalar(kind=ScalarKind.INT)),)
    if identity.kind not in (IdKind.NATURAL, IdKind.COMPOSITE):
        return (_Key("id", None),)
    types = {field.attribute: field.type for field in entity.fields}
    return tuple(_Key(name, types[name]) for name in identity.fields)


def _meet(system: System, one: _Route, other: _Route, *, is_of_one: bool) -> bool:
    """Tell whether one request may be meant for both."""
    if len(one.segments) != len(other.segments):
        return False
    pairs = tuple(zip(one.segments, other.segments, strict=True))
    if is_of_one:
        return all(
            left == right if isinstance(left, str) else isinstance(right, _Key)
            for left, right in pairs
        )
    return all(_may_be_equal(system, left, right) for left, right in pairs)


def _may_be_equal(system: System, left: _Segment, right: _Segment) -> bool:
    match left, right:
        case str(), str():
            return left == right
        case _Key(), str():
            return _accepts(system, left.type, right)
        case str(), _Key():
            return _accepts(system, right.type, left)
        case _:
            return True


def _accepts(system: System, type_: TypeRef | None, word: str) -> bool:
    """Tell whether a word may be a key of this type."""
    match type_:
        case Scalar(kind=kind, constraints=limits) if kind in _WORDS:
            shortest = limits.min if isinstance(limits.min, int) else 0
            longest = limits.max if isinstance(limits.max, int) else len(word)
            fits = limits.pattern is None or re.fullmatch(limits.pattern, word) is not None
            return fits and shortest <= len(word) <= longest
        case Scalar(kind=kind) if kind in _CODES:
            return len(word) in (2, 3)
        case Scalar(kind=ScalarKind.INT | ScalarKind.BIGINT):
            return word.isdigit()
        case EnumRef(target=target):
            declared = system.types[target]
            return isinstance(declared, EnumType) and any(
                member.name == word for member in declared.members
            )
        case RefTo(target=target) | IdOf(target=target) if target in system.entities:
            keys = _key(system.entities[target])
            return len(keys) == 1 and _accepts(system, keys[0].type, word)
        case _:
            return False
