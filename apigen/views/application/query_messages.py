"""The messages of questions with a name: what each is asked with, and what it answers."""

from dataclasses import replace

from apigen.ir.behaviour import Query, Shape
from apigen.ir.field import Field
from apigen.ir.system import Context, System
from apigen.ir.types import ActorDefault
from apigen.python import layout
from apigen.python.annotations import domain_annotation, optional
from apigen.python.defaults import DefaultSource, default_source
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring
from apigen.values import dataclass
from apigen.views.application.hidden_paths import hidden_paths
from apigen.views.localization import shows_localized
from apigen.views.read_entities import (
    queries_of,
    source_of,
    with_projections,
)
from apigen.views.versions.systems import older_systems

ANSWERS = {
    Shape.PAGE: "bytes",
    Shape.LIST: "bytes",
    Shape.ONE: "bytes | None",
    Shape.COUNT: "int",
    Shape.EXISTS: "bool",
}
SHOWING = frozenset({Shape.PAGE, Shape.LIST, Shape.ONE})
"""Whose answers show rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryMessage:
    """A question, and what it is asked with."""

    name: str
    base: str
    doc: str
    cache_ttl: str
    """Source of a duration; empty when answers are not kept."""
    attributes: tuple[str, ...]


def query_messages(
    system: System, context: Context, imports: ImportSet
) -> tuple[QueryMessage, ...]:
    """Return the messages of a context; `system` has the projections among its entities."""
    return tuple(_message(system, query, imports) for query in queries_of(context))


def _message(system: System, query: Query, imports: ImportSet) -> QueryMessage:
    imports.add("dataclasses", "dataclass")
    if query.shape is Shape.PAGE:
        base = imports.use(layout.support(system, "application.queries", "PageQuery"))
    elif query.shape in SHOWING and shows_less_somewhere(system, query):
        generic = imports.use(layout.support(system, "application.queries", "RowsQuery"))
        base = f"{generic}[{ANSWERS[query.shape]}]"
    else:
        generic = imports.use(layout.support(system, "application.commands", "Query"))
        base = f"{generic}[{ANSWERS[query.shape]}]"
    ttl = ""
    if query.cache is not None and shows_localized(source_of(system, query)):
        name = imports.use(layout.support(system, "application.localized_queries", "InLanguage"))
        base = f"{name}[{ANSWERS[query.shape]}], {base}"
    if query.cache is not None:
        imports.add("typing", "ClassVar")
        duration = imports.add("datetime", "timedelta")
        ttl = f"{duration}(seconds={query.cache.ttl_s:g})"
    return QueryMessage(
        name=layout.query_message(system, query).name,
        base=base,
        doc=docstring(query.doc or f"`{query.name.text}`.", indent=4),
        cache_ttl=ttl,
        attributes=tuple(_attribute(system, field, imports) for field in query.input),
    )


def shows_less_somewhere(system: System, query: Query) -> bool:
    """Tell whether a version of the API does not show everything of the rows that are asked for."""
    systems = (system, *older_systems(system).values())
    return any(
        hidden_paths(served, replace(source_of(served, query), resource=None))
        for served in map(with_projections, systems)
    )


def _attribute(system: System, field: Field, imports: ImportSet) -> str:
    annotation = domain_annotation(field.type, system=system, imports=imports, hashable=True)
    source = f"{spell(field.attribute)}: {optional(annotation, field.nullable)}"
    default = default_of(system, field, imports)
    if default is None:
        return source
    if default.is_factory:
        made = imports.add("dataclasses", "field")
        return f"{source} = {made}(default_factory={default.value})"
    return f"{source} = {default.value}"


def default_of(system: System, field: Field, imports: ImportSet) -> DefaultSource | None:
    """Return what an input is when it is not sent; None when it has to be."""
    if field.default is None or isinstance(field.default, ActorDefault):
        return DefaultSource(value="None", is_factory=False) if field.nullable else None
    return default_source(field, field.default, system=system, imports=imports)
