"""Queries and projections of all entities and contexts, with their routes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from apigen.diagnostics import Label
from apigen.ir.behaviour import Command, Query
from apigen.ir.system import Entity, Resource
from apigen.lower.contexts import Declarations
from apigen.lower.entities import EntityDraft
from apigen.lower.meanings import Meanings
from apigen.lower.projection_resources import projection_resource
from apigen.lower.projections import ProjectionDraft, lower_projection
from apigen.lower.queries import Source, Sources, lower_query
from apigen.lower.query_routes import with_query_routes
from apigen.lower.workspace import Workspace
from apigen.spec.located import Named
from apigen.spec.queries import QuerySpec
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionParts:
    """A projection with what clients may ask of it; who may is not yet known."""

    draft: ProjectionDraft
    resource: Resource | None
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What contexts show beside their entities, by name of the context."""

    queries: Mapping[str, tuple[Query, ...]]
    projections: Mapping[str, tuple[ProjectionParts, ...]]


def read_models(
    entities: dict[str, Entity],
    drafts: Mapping[str, EntityDraft],
    meanings: Meanings,
    work: Workspace,
    *,
    is_served: bool,
) -> tuple[dict[str, Entity], Reading]:
    """Return the entities with their queries, and what belongs to contexts; resources are there."""
    projections = {
        context.name: tuple(
            draft
            for named in context.projections.values()
            if (draft := lower_projection(named, context.name, entities, meanings, work))
            is not None
        )
        for context in work.contexts.values()
    }
    sources = Sources(
        entities={qname: _source(entity, meanings) for qname, entity in entities.items()},
        projections={
            draft.source.qname: draft.source for group in projections.values() for draft in group
        },
        meanings=meanings,
        work=work,
    )
    finished = {
        qname: _with_queries(entity, drafts[qname].flat.spec.queries or (), sources)
        for qname, entity in entities.items()
    }
    return finished, Reading(
        queries={
            context.name: with_query_routes(
                _queries(tuple(context.queries.values()), context, None, sources),
                context.queries.values(),
                is_served=is_served,
                work=work,
            )
            for context in work.contexts.values()
        },
        projections={
            name: tuple(_parts(draft, sources, is_served=is_served) for draft in group)
            for name, group in projections.items()
        },
    )


def _source(entity: Entity, meanings: Meanings) -> Source:
    scope = meanings.entity(entity.qname)
    return Source(
        qname=entity.qname,
        name=entity.name,
        entity=entity.qname,
        is_projection=False,
        fields=entity.fields,
        scope=scope.fields,
        children=scope.children,
    )


def _queries(
    specs: tuple[Named[QuerySpec], ...],
    context: Declarations,
    owner: Source | None,
    sources: Sources,
) -> tuple[Query, ...]:
    found = (lower_query(named, context.name, owner, sources) for named in specs)
    return tuple(query for query in found if query is not None)


def _check_names(
    specs: Iterable[Named[QuerySpec]], commands: tuple[Command, ...], work: Workspace
) -> None:
    """Report AG104 for a query that has the name of a command: `access` would mean both."""
    spans = {command.name.text: command.span for command in commands}
    for named in specs:
        first = spans.get(named.name.value)
        if first is not None:
            work.found.error(
                "AG104",
                f"`{named.name.value}` is a command and a query",
                named.name.span,
                labels=(Label(span=first, text="the command"),),
                help="rename one: `access` knows both by their names",
            )


def _with_queries(entity: Entity, specs: tuple[Named[QuerySpec], ...], sources: Sources) -> Entity:
    if not specs:
        return entity
    context = sources.work.contexts[entity.context]
    _check_names(specs, entity.commands, sources.work)
    queries = _queries(specs, context, sources.entities[entity.qname], sources)
    return replace(
        entity,
        queries=with_query_routes(
            queries, specs, is_served=entity.resource is not None, work=sources.work
        ),
    )


def _parts(draft: ProjectionDraft, sources: Sources, *, is_served: bool) -> ProjectionParts:
    context = sources.work.contexts[draft.projection.context]
    specs = draft.spec.queries or ()
    resource = (
        projection_resource(draft.projection, draft.spec, sources.work) if is_served else None
    )
    return ProjectionParts(
        draft=draft,
        resource=resource,
        queries=with_query_routes(
            _queries(specs, context, draft.source, sources),
            specs,
            is_served=resource is not None,
            work=sources.work,
        ),
    )
