"""Projections over the current state of an entity (AG103, AG207, AG302, AG42x, AG504)."""

from collections.abc import Mapping
from dataclasses import replace

from apigen.diagnostics import Span
from apigen.expr.scope import RuleKind, ScopeField
from apigen.ir.behaviour import Projection, ProjectionField
from apigen.ir.element import Lifespan
from apigen.ir.expr import Path, Root, TypedExpr
from apigen.ir.field import Field, Origin, Surface
from apigen.ir.system import Entity, IdKind
from apigen.ir.value_parts import parts_of
from apigen.lower.element_facts import element_facts
from apigen.lower.field_flags import FieldOwner
from apigen.lower.fields import FieldDraft, lower_field
from apigen.lower.meanings import Meanings, parse
from apigen.lower.queries import Source
from apigen.lower.symbols import SymbolKind
from apigen.lower.workspace import Workspace
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located, Named
from apigen.spec.projections import ProjectionSpec
from apigen.spec.type_syntax import RelationSyntax
from apigen.values import dataclass

_OF_TABLES = (
    "default",
    "stored",
    "unique",
    "index",
    "immutable",
    "readonly",
    "writeonly",
    "hidden",
    "search",
    "audit_reads",
    "on_delete",
    "inverse",
    "through",
    "column",
    "backfill",
    "pii",
    "encrypted",
)
"""Keys of fields that hold a value of their own; one of a projection shows another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionDraft:
    """A projection, and what queries may read of it."""

    projection: Projection
    source: Source
    spec: ProjectionSpec


def lower_projection(
    named: Named[ProjectionSpec],
    context: str,
    entities: Mapping[str, Entity],
    meanings: Meanings,
    work: Workspace,
) -> ProjectionDraft | None:
    """Return a projection; None when it is not known what it shows."""
    spec, qname = named.value, f"{context}.{named.name.value}"
    entity = _source(named, context, entities, work)
    if entity is None:
        return None
    fields: list[ProjectionField] = []
    scope: list[ScopeField] = []
    for one in spec.fields or ():
        draft = _field(one, qname, named.name.value, context, work)
        value = _value(one, draft, entity, meanings, work)
        if value is None:
            work.poisoned.add(f"{qname}.{one.name.value}")
            scope.append(_broken(one.name))
            continue
        field = _as_shown(draft.fields[0], value, entity, work)
        fields.append(ProjectionField(field=field, value=value))
        scope.append(replace(meanings.field(field), computed=value))
    key = _key(named, tuple(fields), entity, work)
    if key is None:
        return None
    return ProjectionDraft(
        projection=Projection(
            **element_facts("projection", qname, named.name, spec, work),
            context=context,
            source=entity.qname,
            fields=tuple(fields),
            key=key,
        ),
        source=Source(
            qname=qname,
            name=work.settings.naming.name(named.name.value),
            entity=entity.qname,
            is_projection=True,
            fields=tuple(one.field for one in fields),
            scope=tuple(scope),
            children=(),
        ),
        spec=spec,
    )


def _source(
    named: Named[ProjectionSpec], context: str, entities: Mapping[str, Entity], work: Workspace
) -> Entity | None:
    of = named.value.of
    if of is None:
        work.found.error(
            "AG006",
            "a projection needs `of`",
            named.name.span,
            help="such as `of: Order`",
        )
        return None
    symbol = work.symbols.find(of, context, SymbolKind.ENTITY, work.found)
    if symbol is None:
        return None
    entity = entities.get(symbol.qname)
    if entity is None:
        work.found.error(
            "AG103",
            f"`{of.value}` is a {symbol.kind.value}, and a projection shows rows of an entity",
            of.span,
            help="name the entity it belongs to",
        )
    elif entity.context != context:
        work.found.error(
            "AG302",
            f"`{of.value}` is in context `{entity.context}`",
            of.span,
            help=f"put the projection into `{entity.context}`",
        )
        return None
    return entity


def _field(
    named: Named[FieldSpec], qname: str, class_name: str, context: str, work: Workspace
) -> FieldDraft:
    """Return a field as clients see it: never input, and filtered as its type allows."""
    name, spec = named.name, named.value
    core = spec.type.core if spec.type is not None else None
    if isinstance(core, RelationSyntax) and core.kind != "id":
        target = core.targets[0].value
        work.found.error(
            "AG302",
            f"a field of a projection can not be a `{core.kind}`",
            core.span,
            help=f"`id({target})` shows its key",
        )
        return FieldDraft(name=name, spec=spec, fields=())
    for key in _OF_TABLES:
        value = getattr(spec, key)
        if value is None or getattr(value, "value", True) is False:
            continue
        span = getattr(value[0] if isinstance(value, tuple) and value else value, "span", None)
        work.found.error(
            "AG207",
            f"`{key}` does not apply to a field of a projection",
            span if isinstance(span, Span) else spec.span,
            help="it shows what the entity holds: set it there",
        )
    owner = FieldOwner(qname=qname, class_name=class_name, context=context, origin=Origin.USER)
    bare = _without_table(spec)
    draft = lower_field(name, bare, owner, work)
    return replace(
        draft,
        fields=tuple(
            replace(
                field,
                writes=frozenset[Surface](),
                reads=frozenset({Surface.RESPONSE}),
                index=None,
            )
            for field in draft.fields
        ),
    )


def _without_table(spec: FieldSpec) -> FieldSpec:
    return replace(
        spec,
        computed=None,
        default=None,
        stored=None,
        unique=None,
        index=None,
        immutable=None,
        readonly=None,
        writeonly=None,
        hidden=None,
        search=None,
        on_delete=None,
        inverse=None,
        through=None,
        column=None,
        backfill=None,
        pii=None,
    )


def _value(
    named: Named[FieldSpec],
    draft: FieldDraft,
    entity: Entity,
    meanings: Meanings,
    work: Workspace,
) -> TypedExpr | None:
    """Return how a field is worked out: its rule, or the field of the source of its name."""
    if not draft.fields:
        return None
    field = draft.fields[0]
    scope = meanings.entity(entity.qname)
    return parse(
        named.value.computed or _of_same_name(named.name, entity),
        meanings.scope(RuleKind.PROJECTION, entity.qname, scope.fields, scope.children),
        work,
        expected=field.type,
        nullable=field.nullable,
    )


def _as_shown(field: Field, value: TypedExpr, entity: Entity, work: Workspace) -> Field:
    """Return a field in the versions that it says, else in those of the value that it shows."""
    tree, own = value.tree, field.lifespan
    if own.since or own.until or not isinstance(tree, Path) or tree.root is not Root.SELF:
        return field
    fields, crossed = entity.fields, list[Lifespan]()
    for step in tree.steps:
        shown = next((one for one in fields if one.attribute == step.attribute), None)
        if shown is None:
            return field
        crossed.append(shown.lifespan)
        fields = tuple(parts_of(shown.type, work.types))
    order = work.versions.names
    since = max((one.since for one in crossed if one.since), key=order.index, default=None)
    until = min((one.until for one in crossed if one.until), key=order.index, default=None)
    return replace(field, lifespan=replace(own, since=since, until=until))


def _of_same_name(name: Located[str], entity: Entity) -> Located[str]:
    """Return the rule that shows the field of this name: of a ref, its key."""
    known: Field | None = next(
        (one for one in entity.fields if name.value in (one.attribute, one.name.text)), None
    )
    return name if known is None else Located(value=known.attribute, span=name.span)


def _broken(name: Located[str]) -> ScopeField:
    return ScopeField(
        name=name.value, attribute=name.value, type=None, nullable=False, span=name.span
    )


def _key(
    named: Named[ProjectionSpec],
    fields: tuple[ProjectionField, ...],
    entity: Entity,
    work: Workspace,
) -> str | None:
    """Return the attribute that shows the key of the source, or report AG504."""
    if entity.identity.kind is IdKind.COMPOSITE:
        work.found.error(
            "AG504",
            f"rows of `{named.name.value}` have no key: that of `{entity.name.text}` has parts",
            named.name.span,
            help=f"give `{entity.name.text}` an id of its own, and make the fields `unique`",
        )
        return None
    key = entity.identity.fields[0]
    for one in fields:
        tree = one.value.tree
        if (
            isinstance(tree, Path)
            and tree.root is Root.SELF
            and [step.attribute for step in tree.steps] == [key]
        ):
            return one.field.attribute
    poisoned = any(
        work.is_poisoned(f"{entity.context}.{named.name.value}", one.name.value)
        for one in named.value.fields or ()
    )
    if not poisoned:
        work.found.error(
            "AG504",
            f"rows of `{named.name.value}` have no key: it does not show `{key}` of"
            f" `{entity.name.text}`",
            named.name.span,
            help=f"add a field `{key}` of the type it has there"
            if entity.identity.kind is IdKind.NATURAL
            else f"add a field `{key}: id({entity.name.text})`",
        )
    return None
