"""AG211: an answer that is kept is given again without being read, and so without being logged."""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic, Severity, Span
from apigen.ir.system import Child, Entity, Resource, System
from apigen.ir.types import ManyOf, RefTo


def kept_reads(system: System) -> Iterator[Diagnostic]:
    """Yield an error for all that keeps answers with rows whose reads are logged."""
    for name, span, shown in _kept(system):
        logged = next((one for one in shown if one.logs_reads), None)
        if logged is not None:
            yield Diagnostic(
                code="AG211",
                message=(
                    f"`cache` of `{name}` and the log of reads of `{logged.name.text}`"
                    " contradict each other"
                ),
                span=span,
                severity=Severity.ERROR,
                help="a kept answer is given without being logged: leave out `cache`",
            )


def _kept(system: System) -> Iterator[tuple[str, Span, tuple[Entity, ...]]]:
    """Yield the name and the place of all that keeps answers, and the entities these show."""
    sources = {entity.qname: entity for entity in system.entities.values()}
    for context in system.contexts:
        queries = [*context.queries]
        for entity in context.entities:
            queries += entity.queries
            if entity.resource is not None and entity.resource.cache is not None:
                embedded = tuple(_embedded(system, entity, entity.resource))
                yield entity.name.text, entity.span, (entity, *embedded)
        for one in context.projections:
            queries += one.queries
            source = sources.get(one.projection.source)
            if source is not None:
                sources[one.projection.qname] = source
                if one.resource is not None and one.resource.cache is not None:
                    yield one.projection.name.text, one.projection.span, (source,)
        for query in queries:
            shown = sources.get(query.source)
            if query.cache is not None and shown is not None:
                yield query.name.text, query.span, (shown,)


def _embedded(system: System, entity: Entity, resource: Resource) -> Iterator[Entity]:
    """Yield the entities that a client may ask to be embedded."""
    for path in resource.expand:
        owner: Entity | Child = entity
        for step in path:
            child = next((one for one in owner.children if one.attribute == step), None)
            target = next(
                (
                    field.type.target
                    for field in owner.fields
                    if field.name.text == step and isinstance(field.type, RefTo | ManyOf)
                ),
                "",
            )
            if not target and isinstance(owner, Entity):
                found = (one.source for one in owner.inverses if one.attribute == step)
                target = next(found, "")
            if child is not None:
                owner = child
            elif target in system.entities:
                owner = system.entities[target]
                yield owner
            else:
                break
