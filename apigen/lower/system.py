"""The whole lowering, in the documented order. Never raises for what a spec says."""

from dataclasses import replace

from apigen.diagnostics import Outcome, Span
from apigen.diagnostics.collector import Collector
from apigen.expr.mentions import Mention
from apigen.ir.access import AccessTable
from apigen.ir.behaviour import Query
from apigen.ir.system import (
    Child,
    Context,
    Entity,
    Idempotency,
    ObjectType,
    ProjectionResource,
    System,
    ValueType,
)
from apigen.ir.types import TypeRef
from apigen.lower.behaviour import Behaviour, behave, with_routes
from apigen.lower.caching import refuse_lonely_coalescing
from apigen.lower.command_routes import routed
from apigen.lower.contexts import SHARED, Declarations, declare
from apigen.lower.encryption import encryption
from apigen.lower.entities import EntityDraft, draft_entity, finish_entity
from apigen.lower.entities import declare as declare_entity
from apigen.lower.files import files
from apigen.lower.identifiers import physical_name, stable_id
from apigen.lower.identity import key_type, resolved_keys
from apigen.lower.lifecycle import declare_lifecycle
from apigen.lower.meanings import Meanings
from apigen.lower.messaging import messaging, reactions_have_inbox
from apigen.lower.metrics import metrics
from apigen.lower.mixins import flatten
from apigen.lower.rate_limits import rate_limit
from apigen.lower.reading import Reading, read_models
from apigen.lower.relations import relate
from apigen.lower.resources import resource
from apigen.lower.roles import role_names
from apigen.lower.rows import actor_scope, entity_scopes
from apigen.lower.rules import RuleBook
from apigen.lower.security import security
from apigen.lower.seeds import in_dependency_order, seeds
from apigen.lower.settings import api, app_info, database, outputs, preset, settings
from apigen.lower.symbols import SymbolTable
from apigen.lower.tables import AccessTables
from apigen.lower.value_types import ObjectDraft, TypeLowering
from apigen.lower.versions import Versions, api_versions
from apigen.lower.workspace import Workspace
from apigen.source.spans import file_start
from apigen.spec.document import SpecDocument


def lower(document: SpecDocument, *, mentions: list[Mention] | None = None) -> Outcome[System]:
    """Return the resolved system, and AG1xx to AG3xx, AG42x and AG60x for what is wrong.

    The system lacks what could not be resolved; it is complete when there are no errors.
    `mentions` takes what the rules mention.
    """
    found = Collector()
    root = document.root.spec
    contexts = declare(document, found)
    work = Workspace(
        symbols=SymbolTable(contexts),
        settings=settings(root, found),
        found=found,
        contexts=contexts,
        mentions=mentions,
        roles=role_names(root.security),
        versions=Versions(declared=api_versions(root.api, found)),
    )
    work = replace(work, security=security(root.security, work))
    work = replace(
        work,
        rate_limit=rate_limit(root.api.rate_limit if root.api is not None else None, None, work),
    )
    used_mixins: set[int] = set()
    flats = [
        flatten(entity, context, contexts, used_mixins, found)
        for context in contexts.values()
        for entity in context.entities.values()
    ]
    children = [declare_entity(flat, work) for flat in flats]
    lifecycles = [declare_lifecycle(flat, work) for flat in flats]
    types = TypeLowering(work)
    types.lower_all()
    drafts = {
        draft.qname: draft
        for flat, declared, lifecycle in zip(flats, children, lifecycles, strict=True)
        for draft in (draft_entity(flat, declared, lifecycle, work),)
    }
    meanings = Meanings(work.types, _keys(drafts, work))
    _finish_objects(types.objects, meanings, work)
    entities = {qname: finish_entity(draft, meanings, work) for qname, draft in drafts.items()}
    entities = relate(entities, drafts, work)
    meanings.surround(entity_scopes(entities.values(), meanings, work), actor_scope(work))
    entities, behaviour = behave(
        entities, drafts, meanings, work, inbox=reactions_have_inbox(root.messaging)
    )
    generated = outputs(root.generate)
    if generated.rest:
        entities = {
            qname: replace(
                entity, resource=resource(entity, drafts[qname].flat.spec, entities, work)
            )
            for qname, entity in entities.items()
        }
    entities = with_routes(entities, drafts, work)
    entities, reading = read_models(entities, drafts, meanings, work, is_served=generated.rest)
    access = AccessTables(
        meanings=meanings,
        work=work,
        has_security=root.security is not None,
    )
    access.check_defaults()
    entities = {
        qname: access.of_entity(entity, drafts[qname].flat) for qname, entity in entities.items()
    }
    if not flats and not _has_unread_entities(document):
        found.error(
            "AG013",
            "the spec has no entity",
            file_start(document.root.name),
            help="add one: `entities: { Task: { fields: { title: str(1..80) } } }`",
        )
    planted = tuple(
        seed for context in contexts.values() for seed in seeds(context, entities, work)
    )
    app = app_info(root, document.root.name, found)
    system = System(
        app=app,
        contexts=tuple(
            _context(
                context,
                contexts,
                entities,
                types.order,
                behaviour,
                reading,
                access,
                work,
                is_served=generated.rest,
            )
            for context in contexts.values()
            if context.name != SHARED or context.types
        ),
        database=database(root.database, found),
        api=replace(
            api(root.api, work.settings, work.versions.declared, found), rate_limit=work.rate_limit
        ),
        outputs=generated,
        preset=preset(root),
        seeds=in_dependency_order(planted, entities),
        types=dict(work.types),
        entities=entities,
        children=_all_children(entities),
        security=work.security,
        messaging=messaging(root.messaging, found),
        encryption=encryption(root.security),
        i18n=work.settings.i18n,
        files=files(
            root.features,
            app.package,
            work,
            are_there=any(
                field.file is not None for entity in entities.values() for field in entity.fields
            ),
        ),
        cache=work.settings.cache.backend,
    )
    system = replace(system, metrics=metrics(root.features, system.api, found))
    refuse_lonely_coalescing(root.api, system, found)
    if system.has_idempotency and system.api.idempotency is None:
        system = replace(system, api=replace(system.api, idempotency=Idempotency()))
    outcome = Outcome(value=system, diagnostics=found.found)
    if outcome.has_errors:
        return outcome
    _warn_unused_mixins(contexts, used_mixins, found)
    access.warn(contexts)
    return Outcome(value=system, diagnostics=found.found)


def _has_unread_entities(document: SpecDocument) -> bool:
    """Whether entities are there but could not be read, which is reported already."""
    return any(
        ("entities" in file.sections and file.spec.entities is None)
        or ("contexts" in file.sections and not file.spec.contexts)
        for file in document.files
    )


def _warn_unused_mixins(
    contexts: dict[str, Declarations], used: set[int], found: Collector
) -> None:
    for context in contexts.values():
        for mixin in context.mixins.values():
            if id(mixin.value) not in used:
                found.warning(
                    "AG106",
                    f"mixin `{mixin.name.value}` is never used",
                    mixin.name.span,
                    help=f"`use: {mixin.name.value}` in an entity, or remove it",
                )


def _finish_objects(objects: list[ObjectDraft], meanings: Meanings, work: Workspace) -> None:
    """Type the rules of value objects, a used one before its user."""
    for draft in objects:
        declared = work.types.get(draft.qname)
        if not isinstance(declared, ObjectType):
            continue
        rules = RuleBook(draft.qname, draft.fields, (), (), meanings, work)
        finished = replace(
            declared,
            fields=tuple(field for known in rules.drafts for field in known.fields),
            invariants=rules.invariants(draft.spec.invariants or (), in_table=False),
        )
        work.types[draft.qname] = finished
        meanings.enter(finished)


def _keys(drafts: dict[str, EntityDraft], work: Workspace) -> dict[str, TypeRef]:
    """Return the type of the key of each entity and child, composite ones left out."""
    types: dict[str, TypeRef] = {}
    spans: dict[str, Span] = {}
    for qname, draft in drafts.items():
        fields = {field.attribute: field for known in draft.drafts for field in known.fields}
        type_ = key_type(draft.identity, fields)
        if type_ is not None:
            types[qname] = type_
            spans[qname] = draft.flat.name.span
        pending = list(draft.children)
        while pending:
            child = pending.pop()
            child_type = key_type(child.identity, {})
            if child_type is not None:
                types[child.declaration.qname] = child_type
            pending += child.children
    return resolved_keys(types, spans, work)


def _context(
    context: Declarations,
    contexts: dict[str, Declarations],
    entities: dict[str, Entity],
    order: list[str],
    behaviour: Behaviour,
    reading: Reading,
    access: AccessTables,
    work: Workspace,
    *,
    is_served: bool,
) -> Context:
    uses = [used.value for used in context.uses if used.value in contexts]
    if SHARED in contexts and contexts[SHARED].types and context.name != SHARED:
        uses.insert(0, SHARED)
    schema = None
    if context.schema is not None:
        schema = physical_name(context.schema, "schema", work.found)
    commands = routed(
        behaviour.commands[context.name],
        context.commands.values(),
        is_served=is_served,
        work=work,
    )
    queries = reading.queries[context.name]
    projections = tuple(
        access.of_projection(parts, entities[parts.draft.projection.source])
        for parts in reading.projections[context.name]
    )
    return Context(
        id=stable_id("context", context.name),
        qname=context.name,
        name=work.settings.naming.name(context.name),
        doc=context.doc,
        span=context.span,
        ext=context.ext,
        uses=tuple(dict.fromkeys(uses)),
        schema=schema,
        types=_types_of(context.name, order, work),
        entities=tuple(e for e in entities.values() if e.context == context.name),
        commands=commands,
        events=behaviour.events[context.name],
        queries=queries,
        reactions=behaviour.reactions[context.name],
        tasks=behaviour.tasks[context.name],
        projections=projections,
        access=access.of_context(
            context, commands, tuple(_read_by(query, entities, projections) for query in queries)
        ),
    )


def _read_by(
    query: Query, entities: dict[str, Entity], projections: tuple[ProjectionResource, ...]
) -> tuple[Query, Entity, AccessTable]:
    """Return a query with the entity whose rows it reads, and who may read what it reads."""
    for one in projections:
        if one.projection.qname == query.source:
            return query, entities[one.projection.source], one.access
    entity = entities[query.source]
    return query, entity, entity.access


def _types_of(context: str, order: list[str], work: Workspace) -> tuple[ValueType, ...]:
    """Return the types of a context, a used one before its user; enums of fields come last."""
    ordered = [name for name in order if name in work.types]
    known = frozenset(ordered)
    ordered += [name for name in work.types if name not in known]
    return tuple(work.types[name] for name in ordered if name.rpartition(".")[0] == context)


def _all_children(entities: dict[str, Entity]) -> dict[str, Child]:
    found: dict[str, Child] = {}
    pending = [child for entity in entities.values() for child in entity.children]
    while pending:
        child = pending.pop(0)
        found[child.qname] = child
        pending += child.children
    return found
