"""What a context shows: its entities that are served, and its projections.

A projection is read exactly like an entity that nobody can change, so it is made into one: with
the fields it shows, under its own name, identified like the rows it is worked out from. Views of
reading take these, and a system whose entities they are among.
"""

from dataclasses import replace

from apigen.ir.behaviour import Projection, Query
from apigen.ir.system import Context, Entity, ProjectionResource, System
from apigen.ir.types import ObjectRef


def read_entities(system: System, context: Context) -> tuple[Entity, ...]:
    """Return what has a reader in the context: entities in the spec's order, then projections.

    What is not served is read by questions at most.
    """
    every = (*context.entities, *projection_entities(system, context))
    return tuple(entity for entity in every if entity.resource is not None)


def projection_entities(system: System, context: Context) -> tuple[Entity, ...]:
    """Return the projections of a context as entities."""
    return tuple(_entity(system, one) for one in context.projections)


def with_projections(system: System) -> System:
    """Return the system with its projections among its entities, by their qualified names."""
    found = {
        entity.qname: entity
        for context in system.contexts
        for entity in projection_entities(system, context)
    }
    return replace(system, entities={**system.entities, **found}) if found else system


def projection_of(system: System, entity: Entity) -> Projection | None:
    """Return the projection that an entity stands for; None for one of the spec's own."""
    return next(
        (
            one.projection
            for context in system.contexts
            for one in context.projections
            if one.projection.qname == entity.qname
        ),
        None,
    )


def queries_of(context: Context) -> tuple[Query, ...]:
    """Return the queries of a context: those of entities, of projections, its own."""
    owned = (query for entity in context.entities for query in entity.queries)
    shown = (query for one in context.projections for query in one.queries)
    return (*owned, *shown, *context.queries)


def source_of(system: System, query: Query) -> Entity:
    """Return what a query reads; `system` has the projections among its entities."""
    return system.entities[query.source]


def sort_path(system: System, source: Entity, attribute: str) -> tuple[str, ...]:
    """Return the path that rows are sorted by: of a measure, its number."""
    field = next(one for one in source.fields if one.attribute == attribute)
    if isinstance(field.type, ObjectRef):
        measure = getattr(system.types[field.type.target], "measure", None)
        if measure is not None:
            return (attribute, measure.value)
    return (attribute,)


def _entity(system: System, one: ProjectionResource) -> Entity:
    projection = one.projection
    source = system.entities[projection.source]
    return replace(
        source,
        id=projection.id,
        qname=projection.qname,
        name=projection.name,
        doc=projection.doc,
        span=projection.span,
        identity=replace(source.identity, fields=(projection.key,), client_supplied=False),
        fields=tuple(field.field for field in projection.fields),
        children=(),
        inverses=(),
        timestamps=False,
        versioned=False,
        etag=False,
        invariants=(),
        unique=(),
        indexes=(),
        arcs=(),
        resource=one.resource,
        custom_invariants=(),
        exclusions=(),
        lifecycle=None,
        commands=(),
        events=(),
        queries=one.queries,
        access=one.access,
        audit=None,
    )
