"""Entities: what apigen adds to them (normalisation 6), then their rules, keys and tables."""

from dataclasses import replace

from apigen.ir.field import Field, IndexMethod, Origin, Surface
from apigen.ir.system import Entity, Identity, IdKind, SoftDelete
from apigen.ir.types import IdOf, RefTo, Scalar, ScalarKind
from apigen.lower.audit import SIGNATURES, audit_of, audited_by, signatures
from apigen.lower.children import (
    ChildDeclaration,
    ChildDraft,
    declare_children,
    draft_children,
    finish_child,
    refuse_reserved,
    table_name,
)
from apigen.lower.element_facts import element_facts
from apigen.lower.exclusions import exclusions
from apigen.lower.field_flags import FieldOwner
from apigen.lower.fields import FieldDraft, lower_field, synthesized
from apigen.lower.identifiers import physical_name
from apigen.lower.identity import identity, key_fields
from apigen.lower.keys import Keyed, arcs, indexes, uniquenesses
from apigen.lower.lifecycle import LifecycleDraft, status_field
from apigen.lower.lifespans import entity_lifespan
from apigen.lower.meanings import Meanings
from apigen.lower.mixins import FlatEntity
from apigen.lower.rules import RuleBook, custom_rules
from apigen.lower.workspace import Workspace
from apigen.spec.entities import (
    AuditSpec,
    EntityDefaultsSpec,
    IdSpec,
    SoftDeleteSpec,
    VersionedSpec,
)
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located, Named
from apigen.values import dataclass

_LONGEST_S = 36_500 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviours:
    """The switches of an entity, the spec's defaults applied."""

    timestamps: bool
    versioned: bool
    etag: bool
    soft_delete: SoftDelete | None
    unique_live_only: bool
    audit: AuditSpec | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityDraft:
    """An entity with its fields lowered; expressions are still text."""

    flat: FlatEntity
    qname: str
    drafts: tuple[FieldDraft, ...]
    identity: Identity
    leading: tuple[Field, ...]
    """The synthesized `id`, when there is one."""
    trailing: tuple[Field, ...]
    """The status of a lifecycle, created_at, updated_at, created_by, updated_by, version,
    is_deleted, deleted_at, as far as they are on."""
    lifecycle: LifecycleDraft | None
    behaviours: Behaviours
    children: tuple[ChildDraft, ...]
    plural: str | None
    """The spec's own plural."""
    table: str


def behaviours(spec: EntityDefaultsSpec, defaults: EntityDefaultsSpec | None) -> Behaviours:
    """Return the switches, an entity's own before those of `defaults.entity`."""
    fallback = defaults or EntityDefaultsSpec(span=spec.span)
    timestamps = spec.timestamps or fallback.timestamps
    versioned = spec.versioned or fallback.versioned
    soft = spec.soft_delete or fallback.soft_delete
    is_versioned = versioned.value if isinstance(versioned, Located) else True
    has_etag = is_versioned
    if isinstance(versioned, VersionedSpec) and versioned.etag is not None:
        has_etag = versioned.etag.value
    soft_delete: SoftDelete | None = None
    live_only = False
    if isinstance(soft, SoftDeleteSpec):
        soft_delete = SoftDelete(
            restore=soft.restore is None or soft.restore.value,
            purge_after_s=soft.purge_after.value if soft.purge_after is not None else None,
        )
        live_only = soft.unique is None or soft.unique.value == "active"
    elif soft is not None and soft.value:
        soft_delete = SoftDelete(restore=True)
        live_only = True
    return Behaviours(
        timestamps=timestamps is None or timestamps.value,
        versioned=is_versioned,
        etag=has_etag,
        soft_delete=soft_delete,
        unique_live_only=live_only,
        audit=audited_by(spec, fallback),
    )


def declare(flat: FlatEntity, work: Workspace) -> tuple[ChildDeclaration, ...]:
    """Enter the children of an entity into the symbol table."""
    return declare_children(
        tuple((part.name, part.value) for part in flat.children),
        flat.name.value,
        f"{flat.context}.{flat.name.value}",
        flat.context,
        work,
    )


def draft_entity(
    flat: FlatEntity,
    children: tuple[ChildDeclaration, ...],
    lifecycle: LifecycleDraft | None,
    work: Workspace,
) -> EntityDraft:
    """Lower the fields and the identity of an entity."""
    name = flat.name.value
    qname = f"{flat.context}.{name}"
    defaults = work.settings.entity
    switches = behaviours(flat.spec, defaults)
    soft = flat.spec.soft_delete or (defaults.soft_delete if defaults is not None else None)
    if isinstance(soft, SoftDeleteSpec) and soft.purge_after is not None:
        _check_kept(soft.purge_after, work)
    id_spec = flat.spec.id or (defaults.id if defaults is not None else None)
    reserved = _synthesized_names(switches, id_spec)
    status = status_field(qname, lifecycle, work) if lifecycle is not None else None
    if lifecycle is not None:
        reserved[lifecycle.field.value] = True
    drafts: list[FieldDraft] = []
    for part in flat.fields:
        if part.name.value in reserved:
            refuse_reserved(part.name, work, is_there=reserved[part.name.value])
            continue
        owner = FieldOwner(
            qname=qname,
            class_name=name,
            context=flat.context,
            origin=part.origin(name),
            holds_files=True,
            key_fields=frozenset(key_fields(id_spec)),
        )
        drafts.append(lower_field(part.name, part.value, owner, work))
    if lifecycle is not None and status is None:
        # Uses of a status whose states are wrong stay silent.
        drafts.append(
            FieldDraft(name=lifecycle.field, spec=FieldSpec(span=flat.name.span), fields=())
        )
    key = identity(id_spec, work.settings.naming.name(name).pascal, tuple(drafts), work)
    plural = _plural(flat.spec.plural, work)
    spelling = work.settings.naming.name(name, plural=plural)
    table = None
    if flat.spec.table is not None:
        table = physical_name(flat.spec.table, "table", work.found)
    for child in children:
        if child.collection.value in reserved:
            there = reserved[child.collection.value]
            refuse_reserved(child.collection, work, is_there=there)
    return EntityDraft(
        flat=flat,
        qname=qname,
        drafts=tuple(drafts),
        identity=key,
        # A field `id` is here only when it was refused as part of the key.
        leading=() if "id" in key_fields(id_spec) else _id_field(qname, key, flat, work),
        trailing=(
            *((status,) if status is not None else ()),
            *_trailing(qname, switches, flat, work),
        ),
        lifecycle=lifecycle,
        behaviours=switches,
        children=draft_children(children, key, flat.context, Origin.USER, work),
        plural=plural,
        table=table or table_name(spelling, work),
    )


def _check_kept(kept: Located[float], work: Workspace) -> None:
    """Refuse a time that no calendar has (AG607)."""
    if kept.value > _LONGEST_S:
        work.found.error(
            "AG607", "nothing is kept that long", kept.span, help="at most `36500d`, 100 years"
        )


def _plural(plural: Located[str] | None, work: Workspace) -> str | None:
    if plural is None:
        return None
    text = plural.value
    if text.isascii() and text.replace("_", "").isalnum() and text[0].isalpha():
        return text
    work.found.error(
        "AG101",
        f"`{text[:40]}` is not a plural",
        plural.span,
        help="letters and digits, such as `People`",
    )
    return None


def _synthesized_names(switches: Behaviours, id_spec: IdSpec | None) -> dict[str, bool]:
    """Return the names that every aggregate has attributes of, and whether the spec's has them.

    A field `id` that is part of the key is refused there (AG301).
    """
    key = key_fields(id_spec)
    names = {} if "id" in key else {"id": not key}
    names |= dict.fromkeys(("created_at", "updated_at"), switches.timestamps)
    if switches.audit is not None:
        # Without a log, the names are the spec's to give.
        names |= dict.fromkeys(SIGNATURES, True)
    names["version"] = switches.versioned
    names |= dict.fromkeys(("is_deleted", "deleted_at"), switches.soft_delete is not None)
    return names


def _id_field(qname: str, key: Identity, flat: FlatEntity, work: Workspace) -> tuple[Field, ...]:
    if key.kind in (IdKind.NATURAL, IdKind.COMPOSITE):
        return ()
    writes = frozenset({Surface.CREATE if key.client_supplied else Surface.INTERNAL})
    return (
        synthesized(
            qname,
            "id",
            IdOf(target=qname),
            work,
            flat.name.span,
            filterable=True,
            writes=writes,
        ),
    )


def _trailing(
    qname: str, switches: Behaviours, flat: FlatEntity, work: Workspace
) -> tuple[Field, ...]:
    span = flat.name.span
    instant = Scalar(kind=ScalarKind.DATETIME)
    fields: list[Field] = []
    if switches.timestamps:
        fields += (
            synthesized(qname, attribute, instant, work, span, filterable=True)
            for attribute in ("created_at", "updated_at")
        )
    if switches.audit is not None:
        fields += signatures(qname, work, span)
    if switches.versioned:
        fields.append(synthesized(qname, "version", Scalar(kind=ScalarKind.INT), work, span))
    if switches.soft_delete is not None:
        fields.append(
            synthesized(
                qname, "is_deleted", Scalar(kind=ScalarKind.BOOL), work, span, visible=False
            )
        )
        when = synthesized(qname, "deleted_at", instant, work, span, nullable=True, visible=False)
        is_purged = switches.soft_delete.purge_after_s is not None
        fields.append(replace(when, index=IndexMethod.BTREE) if is_purged else when)
    return tuple(fields)


def finish_entity(draft: EntityDraft, meanings: Meanings, work: Workspace) -> Entity:
    """Type the rules of an entity and lower its keys; relations and the resource come later."""
    flat = draft.flat
    spec = flat.spec
    children = [finish_child(child, flat.name.value, meanings, work) for child in draft.children]
    rules = RuleBook(
        draft.qname,
        draft.drafts,
        (*draft.leading, *draft.trailing),
        tuple(scope for _, scope in children),
        meanings,
        work,
    )
    keyed = Keyed(
        title=flat.name.value,
        table=draft.table,
        drafts=rules.drafts,
        synthesized=(*draft.leading, *draft.trailing),
        live_only=draft.behaviours.unique_live_only,
        rules=rules,
    )
    schema = work.contexts[flat.context].schema
    fields = tuple(
        _with_key_index(field, draft.identity) for known in rules.drafts for field in known.fields
    )
    return Entity(
        **element_facts("entity", draft.qname, flat.name, spec, work, plural=draft.plural),
        context=flat.context,
        identity=draft.identity,
        fields=(*draft.leading, *fields, *draft.trailing),
        children=tuple(child for child, _ in children),
        inverses=(),
        timestamps=draft.behaviours.timestamps,
        versioned=draft.behaviours.versioned,
        etag=draft.behaviours.etag,
        soft_delete=draft.behaviours.soft_delete,
        invariants=rules.invariants(
            tuple(Named(name=part.name, value=part.value) for part in flat.invariants),
            in_table=True,
        ),
        custom_invariants=custom_rules(
            tuple(Named(name=part.name, value=part.value) for part in flat.invariants), work
        ),
        lifecycle=draft.lifecycle.lifecycle if draft.lifecycle is not None else None,
        unique=uniquenesses(flat.unique, keyed, work),
        indexes=indexes(flat.indexes, keyed, work),
        arcs=arcs(draft.table, rules.drafts),
        exclusions=exclusions(flat.exclude, keyed, work),
        table=draft.table,
        schema=schema.value if schema is not None else None,
        resource=None,
        lifespan=entity_lifespan(spec, work),
        audit=audit_of(draft.behaviours.audit, keyed, tuple(part for part, _ in children), work),
    )


def _with_key_index(field: Field, key: Identity) -> Field:
    """Drop the index of a ref that leads the primary key, which is one already."""
    if key.fields[0] == field.attribute and isinstance(field.type, RefTo):
        return replace(field, index=None)
    return field
