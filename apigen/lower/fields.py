"""One field of the spec to the fields of the IR: type, default, surfaces, filters, names."""

import re
from dataclasses import replace

from apigen.diagnostics import Label, Span
from apigen.ir.field import Field, FilterOp, FkAction, IndexMethod, Origin, Surface
from apigen.ir.names import Name
from apigen.ir.types import (
    NO_EXTENSION,
    ActorDefault,
    Default,
    Extension,
    ManyOf,
    RefTo,
    TypeRef,
)
from apigen.lower.actor_defaults import actor_default, is_of_actor
from apigen.lower.defaults import lower_default
from apigen.lower.encryption import cipher_filters, field_cipher
from apigen.lower.field_flags import FieldOwner, check_flags, is_true
from apigen.lower.files import check_file, file_limits, is_file
from apigen.lower.filters import auto_filters, field_filters, field_sorts, in_order
from apigen.lower.former_names import former_at, former_names
from apigen.lower.identifiers import (
    column_name,
    label_of,
    physical_name,
    stable_id,
    wire_name,
    wire_override,
)
from apigen.lower.lifespans import field_lifespan
from apigen.lower.localized import check_localized, localized
from apigen.lower.types import Owner, lower_type, relation_targets
from apigen.lower.workspace import Workspace
from apigen.source.node import ScalarNode
from apigen.spec.block import plain_data
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located
from apigen.spec.type_syntax import RelationSyntax
from apigen.values import dataclass

_PROVIDER = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDraft:
    """A field of the spec and what became of it.

    `fields` is empty when the declaration was wrong, and has one entry a target for an arc.
    """

    name: Located[str]
    spec: FieldSpec
    fields: tuple[Field, ...]
    arc_nullable: bool = False
    """For several `fields`: whether none of them may be set."""

    @property
    def is_arc(self) -> bool:
        """Whether it is a ref to one of several entities."""
        return len(self.fields) > 1


def lower_field(
    name: Located[str], spec: FieldSpec, owner: FieldOwner, work: Workspace
) -> FieldDraft:
    """Return the draft of a field; computed expressions are filled in later."""
    broken = FieldDraft(name=name, spec=spec, fields=())
    if spec.type is None:
        work.poisoned.add(f"{owner.qname}.{name.value}")
        return broken
    type_owner = Owner(
        context=owner.context,
        enum_name=owner.class_name + work.settings.naming.name(name.value).pascal,
        allows_relations=not owner.is_value,
        allows_many=not owner.is_child,
        allows_files=owner.holds_files,
    )
    core = spec.type.core
    type_ = lower_type(core, spec, type_owner, work)
    if type_ is None:
        work.poisoned.add(f"{owner.qname}.{name.value}")
        return broken
    if not check_file(name, spec, work):
        work.poisoned.add(f"{owner.qname}.{name.value}")
        return broken
    check_flags(name, spec, type_, owner, work)
    check_localized(name, spec, type_, owner, work)
    if isinstance(core, RelationSyntax) and len(core.targets) > 1:
        return _arc(name, spec, core, type_owner, owner, work)
    field = _field(name, name.value, spec, type_, spec.type.nullable, owner, work)
    return FieldDraft(name=name, spec=spec, fields=(field,))


def _arc(
    name: Located[str],
    spec: FieldSpec,
    core: RelationSyntax,
    type_owner: Owner,
    owner: FieldOwner,
    work: Workspace,
) -> FieldDraft:
    fields = tuple(
        _field(
            name,
            f"{name.value}_{Name.of(target.rpartition('.')[2]).snake}",
            spec,
            RefTo(target=target),
            True,
            owner,
            work,
        )
        for target in relation_targets(core, type_owner, work)
    )
    nullable = spec.type is not None and spec.type.nullable
    return FieldDraft(name=name, spec=spec, fields=fields, arc_nullable=nullable)


def _field(
    written: Located[str],
    name: str,
    spec: FieldSpec,
    type_: TypeRef,
    nullable: bool,
    owner: FieldOwner,
    work: Workspace,
) -> Field:
    attribute = f"{name}_id" if isinstance(type_, RefTo) else name
    writes, reads = _surfaces(written.value, spec, owner)
    cipher = field_cipher(written, spec, type_, owner, work)
    filters = (
        field_filters(written, spec, type_, nullable, reads, work)
        if cipher is None
        else cipher_filters(written, spec, nullable, work)
    )
    qname = f"{owner.qname}.{name}"
    column = None
    if spec.column is not None:
        column = physical_name(spec.column, "column", work.found)
    wire = wire_override(spec.wire, work.found) if spec.wire is not None else None
    if spec.fake is not None and not _PROVIDER.fullmatch(spec.fake.value):
        work.found.error(
            "AG607",
            f"`{spec.fake.value[:40]}` is not a provider of Faker",
            spec.fake.span,
            help="the name of one, such as `first_name`",
        )
    is_many = isinstance(type_, ManyOf)
    stored = localized(written, spec, type_, owner, work)
    default = _default(written, spec, stored, nullable, owner, work)
    limits = file_limits(name, spec, work) if is_file(spec) else None
    if isinstance(default, ActorDefault) or limits is not None:
        # Who somebody is, their token says, not they.
        writes = frozenset({Surface.INTERNAL})
    return Field(
        id=stable_id("field", qname),
        qname=qname,
        name=Name.of(name),
        doc=spec.doc.value if spec.doc is not None else "",
        span=written.span,
        ext=Extension(entries=spec.ext) if spec.ext else NO_EXTENSION,
        # A ref to one of several is a field a target: `owner_customer` was `holder_customer`.
        renamed_from=former_names(spec.renamed_from, suffix=name.removeprefix(written.value)),
        renamed_at=former_at(spec.renamed_from),
        attribute=attribute,
        # A list asks for the text that it shows, so all else is as of any text.
        type=stored,
        nullable=nullable,
        default=default,
        computed=None,
        writes=writes,
        reads=reads,
        filter=filters,
        sort=cipher is None and field_sorts(spec, type_, reads, work),
        search=is_true(spec.search),
        index=_index(spec, type_),
        encrypted=cipher,
        on_delete=FkAction(spec.on_delete.value)
        if spec.on_delete is not None
        else FkAction.RESTRICT,
        inverse=spec.inverse.value if spec.inverse is not None else None,
        join=None,
        column=column or ("" if is_many else column_name(attribute)),
        wire=wire or wire_name(attribute, work.settings.naming.wire),
        label=spec.label.value if spec.label is not None else label_of(name),
        example=plain_data(spec.example) if spec.example is not None else None,
        fake=spec.fake.value if spec.fake is not None else None,
        pii=_personal(spec),
        audit_reads=is_true(spec.audit_reads),
        origin=owner.origin,
        stored=spec.computed is not None and is_true(spec.stored),
        lifespan=field_lifespan(spec, type_, work),
        file=limits,
    )


def _personal(spec: FieldSpec) -> str | None:
    """Return the class of personal data, `personal` where `pii` does not say which."""
    if spec.pii is None or spec.pii.value is False:
        return None
    return spec.pii.value if isinstance(spec.pii.value, str) else "personal"


def _surfaces(
    name: str, spec: FieldSpec, owner: FieldOwner
) -> tuple[frozenset[Surface], frozenset[Surface]]:
    reads = frozenset({Surface.RESPONSE})
    if spec.computed is not None:
        return frozenset(), reads if not is_true(spec.hidden) else frozenset()
    if is_true(spec.hidden):
        return frozenset({Surface.INTERNAL}), frozenset()
    if is_true(spec.readonly):
        return frozenset({Surface.INTERNAL}), reads
    if is_true(spec.writeonly):
        reads = frozenset()
    if is_true(spec.immutable) or name in owner.key_fields:
        return frozenset({Surface.CREATE}), reads
    return frozenset({Surface.CREATE, Surface.UPDATE}), reads


def _default(
    name: Located[str],
    spec: FieldSpec,
    type_: TypeRef,
    nullable: bool,
    owner: FieldOwner,
    work: Workspace,
) -> Default | None:
    if spec.default is None:
        return None
    if spec.computed is not None:
        work.found.error(
            "AG210",
            f"`{name.value}` has a default and is computed",
            spec.default.span,
            labels=(Label(span=spec.computed.span, text="computed here"),),
            help="a computed value is never missing: remove one",
        )
        return None
    is_null = getattr(spec.default, "value", 0) is None and not getattr(spec.default, "raw", "")
    if is_null or getattr(spec.default, "raw", "") == "null":
        work.found.error(
            "AG208",
            "null is no default",
            spec.default.span,
            help="`?` alone makes a field null when it is left out",
        )
        return None
    if isinstance(spec.default, ScalarNode) and is_of_actor(spec.default):
        place = "a value object" if owner.is_value else "a child" if owner.is_child else ""
        return actor_default(spec.default, type_, work, nullable=nullable, place=place)
    return lower_default(spec.default, type_, work, shorthand=spec.shorthand)


def _index(spec: FieldSpec, type_: TypeRef) -> IndexMethod | None:
    if isinstance(type_, ManyOf) or (spec.computed is not None and not is_true(spec.stored)):
        return None
    asked = spec.index
    if asked is not None:
        if isinstance(asked.value, bool):
            return IndexMethod.BTREE if asked.value else None
        return IndexMethod(asked.value)
    if isinstance(type_, RefTo):
        # A foreign key without an index makes every delete of its target a full scan.
        return IndexMethod.BTREE
    is_filtered = isinstance(spec.filter, tuple) or (
        isinstance(spec.filter, Located) and spec.filter.value not in (False, "auto")
    )
    return IndexMethod.BTREE if is_filtered else None


def synthesized(
    owner: str,
    attribute: str,
    type_: TypeRef,
    work: Workspace,
    span: Span,
    *,
    nullable: bool = False,
    filterable: bool = False,
    visible: bool = True,
    writes: frozenset[Surface] = frozenset({Surface.INTERNAL}),
    doc: str = "",
) -> Field:
    """Return a field that apigen adds: `id`, `created_at`, `version`, …."""
    ops = set(auto_filters(type_)) if filterable else set()
    if ops and nullable:
        ops.add(FilterOp.IS_NULL)
    return Field(
        id=stable_id("field", f"{owner}.{attribute}"),
        qname=f"{owner}.{attribute}",
        name=Name.of(attribute),
        doc=doc,
        span=span,
        attribute=attribute,
        type=type_,
        nullable=nullable,
        default=None,
        computed=None,
        writes=writes,
        reads=frozenset({Surface.RESPONSE}) if visible else frozenset(),
        filter=in_order(ops),
        sort=filterable,
        search=False,
        index=None,
        on_delete=FkAction.RESTRICT,
        inverse=None,
        join=None,
        column=attribute,
        wire=wire_name(attribute, work.settings.naming.wire),
        label=label_of(attribute),
        example=None,
        fake=None,
        origin=Origin.SYNTH,
    )


def unsortable(field: Field) -> Field:
    """Return the field without the list features, for value objects and children."""
    return replace(field, filter=(), sort=False, search=False, index=None)
