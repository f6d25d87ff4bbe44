"""How the reader of a resource is made whose answers are kept."""

from apigen.ir.caching import CachePolicy
from apigen.ir.system import Context, Entity, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text, tuple_of
from apigen.views.infrastructure.kept_answers import resource_is_made_of
from apigen.views.localization import holds_localized
from apigen.views.read_entities import read_entities
from apigen.views.relation_paths import embedded_in, fields_asked_for


def cached_reader(
    system: System, entity: Entity, reader: str, model: str, imports: ImportSet
) -> str:
    """Return source of a reader whose answers are kept, around one that asks the database.

    Args:
        system: With the projections among its entities.
        entity: The resource.
        reader: Source of what asks the database.
        model: Name of the read model.
        imports: Of the module.
    """
    assert entity.resource is not None
    assert entity.resource.cache is not None

    def support(module: str, name: str) -> str:
        return imports.use(layout.support(system, module, name))

    def kind(qname: str) -> str:
        return imports.use(layout.entity_class(system, qname))

    made_of = resource_is_made_of(system, entity)
    parts = [f"root={kind(made_of.root)}"]
    if made_of.others:
        parts.append(f"others={tuple_of(map(kind, made_of.others))}")
    if made_of.further:
        parts.append(f"further={tuple_of(map(kind, made_of.further))}")
    key = imports.use(layout.id_type(system, entity.qname))
    arguments = [
        reader,
        "cache",
        f"name={text(entity.qname)}",
        f"audience={support('infrastructure.read_audience', 'ReadAudience')}({model})",
        f"made_of={support('application.cached_reads', 'MadeOf')}({', '.join(parts)})",
        f"policy={_policy(system, entity.resource.cache, imports)}",
    ]
    if _is_localized(system, entity):
        arguments.append(f"language={support('core.languages', 'language_tag')}")
    cached = support("application.cached_reads", "CachedReader")
    return f"{cached}[{key}]({', '.join(arguments)})"


def _is_localized(system: System, entity: Entity) -> bool:
    """Tell whether answers may depend on the language that is asked for."""
    crossed = (owner for owner, _ in fields_asked_for(system, entity))
    return any(holds_localized(one) for one in (entity, *embedded_in(system, entity), *crossed))


def _policy(system: System, policy: CachePolicy, imports: ImportSet) -> str:
    kind = imports.use(layout.support(system, "application.cached_reads", "CachePolicy"))
    duration = imports.add("datetime", "timedelta")
    parts = [f"ttl={duration}(seconds={policy.ttl_s:g})"]
    if policy.tags:
        parts.append(f"tags={tuple_of(map(text, policy.tags))}")
    if policy.coalesce:
        parts.append("coalesce=True")
    return f"{kind}({', '.join(parts)})"


def keeps_reads(system: System, context: Context) -> bool:
    """Tell whether what any resource of a context answers is kept."""
    return any(
        one.resource is not None and one.resource.cache is not None
        for one in read_entities(system, context)
    )
