"""Every place of a spec where a class, a field, a collection or a member is named.

What a name means is what the lowering says it means: fields are those of the lowered entities,
types are looked up in the symbol table, rules tell what they mention. Parts of mixins are looked
at once for every entity that uses them.
"""

import re
from collections.abc import Iterable, Iterator

from apigen.amend.behaviour_references import BehaviourReferences, followers, whole
from apigen.amend.paths import expansion, field_named, field_path
from apigen.amend.reference import (
    ClassTarget,
    CollectionTarget,
    FieldTarget,
    MemberTarget,
    Reference,
    Role,
)
from apigen.amend.spec import SHARED, Spec
from apigen.amend.values import in_row, in_value
from apigen.diagnostics.collector import Collector
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, ObjectType
from apigen.ir.types import (
    EnumRef,
    ListOf,
    LiteralDefault,
    MapOf,
    ObjectRef,
    SetOf,
    TypeRef,
)
from apigen.lower.contexts import Declarations
from apigen.lower.mixins import FlatEntity, flatten
from apigen.source.json_text import json_node
from apigen.source.node import SequenceNode
from apigen.source.positions import Word
from apigen.spec.document import SeedRows
from apigen.spec.entities import (
    ApiEntitySpec,
    ChildSpec,
    IdSpec,
    IndexSpec,
    MixinSpec,
    UniqueSpec,
)
from apigen.spec.fields import FieldSpec, TypeSpec
from apigen.spec.located import Located, Named
from apigen.spec.type_syntax import (
    CollectionSyntax,
    CoreSyntax,
    EnumSyntax,
    NamedSyntax,
    RelationSyntax,
)

_KEY_PART = re.compile(r"[^\s()|]+")
type _Keys = tuple[tuple[Located[str] | None, UniqueSpec | IndexSpec], ...]


def references(spec: Spec) -> tuple[Reference, ...]:
    """Return every place once, in no particular order."""
    return tuple(dict.fromkeys(_References(spec).all()))


class _References:
    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._types = spec.system.types
        self._follow = followers(spec)
        self._behaviour = BehaviourReferences(spec, self, self._follow)

    def all(self) -> Iterator[Reference]:
        """Yield them, those of a mixin once a user."""
        used: set[int] = set()
        for context in self._spec.contexts.values():
            for named in context.types.values():
                yield from self._type(named, context)
            for entity in context.entities.values():
                flat = flatten(entity, context, dict(self._spec.contexts), used, Collector())
                yield from self._uses(entity.value.use or (), context)
                yield from self._entity(flat)
            yield from self._behaviour.context(context)
            yield from self._seeds(context)
        for context in self._spec.contexts.values():
            for mixin in context.mixins.values():
                target = ClassTarget(qname=f"{context.name}.{mixin.name.value}")
                yield whole(mixin.name, target, Role.DECLARATION)
                yield from self._uses(mixin.value.use or (), context)
                if id(mixin.value) not in used:
                    yield from self._unused(mixin.value, context)
        yield from self._rules()

    # ---------------------------------------------------------------- classes

    def class_(
        self, name: Located[str], here: str, role: Role, *, text: str = ""
    ) -> Iterator[Reference]:
        """Yield a name of a class; `text` is what it means when that is more than its letters."""
        qname = self._spec.class_named(text or name.value, here)
        if qname is not None:
            yield whole(name, ClassTarget(qname=qname), role)

    def _uses(self, names: Iterable[Located[str]], context: Declarations) -> Iterator[Reference]:
        for name in names:
            for place in (context.name, SHARED):
                known = self._spec.contexts.get(place)
                if known is not None and name.value in known.mixins:
                    yield whole(name, ClassTarget(qname=f"{place}.{name.value}"), Role.MIXIN)
                    break

    def _unused(self, mixin: MixinSpec, context: Declarations) -> Iterator[Reference]:
        """Yield the types of a mixin without a user: its fields have no owner to look them up."""
        for named in mixin.fields or ():
            if named.value.type is not None:
                yield from self.core(named.value.type.core, None, context.name)

    def core(self, core: CoreSyntax, type_: TypeRef | None, here: str) -> Iterator[Reference]:
        """Yield the names in a type."""
        match core:
            case NamedSyntax(name=name):
                yield from self.class_(name, here, Role.TYPE)
            case RelationSyntax(targets=targets):
                for target in targets:
                    yield from self.class_(target, here, Role.TYPE)
            case CollectionSyntax(item=item):
                inner = type_.item if isinstance(type_, ListOf | SetOf | MapOf) else None
                yield from self.core(item, inner, here)
            case EnumSyntax(members=members):
                if isinstance(type_, EnumRef):
                    for member in members:
                        target_member = MemberTarget(enum=type_.target, member=member.value)
                        yield whole(member, target_member, Role.DECLARATION)

    # ------------------------------------------------------------ value types

    def _type(self, named: Named[TypeSpec], context: Declarations) -> Iterator[Reference]:
        spec, qname = named.value, f"{context.name}.{named.name.value}"
        yield whole(named.name, ClassTarget(qname=qname), Role.DECLARATION)
        enum = EnumRef(target=qname)
        if spec.type is not None:
            yield from self.core(spec.type.core, enum, context.name)
        for member in spec.enum or ():
            target = MemberTarget(enum=qname, member=member.name.value)
            yield whole(member.name, target, Role.DECLARATION)
        for variant in spec.one_of or ():
            yield from self.core(variant.value.core, None, context.name)
        declared = self._types.get(qname)
        if isinstance(declared, ObjectType):
            yield from self._fields(spec.fields or (), declared.fields, context.name)
            if spec.measure is not None:
                for name in (spec.measure.value, spec.measure.unit):
                    if name is not None:
                        yield from self._field_names((name,), declared.fields)
            if spec.example is not None:
                type_ = ObjectRef(target=qname)
                yield from in_value(spec.example, type_, self._types, Role.VALUE)

    # --------------------------------------------------------------- entities

    def _entity(self, flat: FlatEntity) -> Iterator[Reference]:
        entity = self._spec.system.entities[f"{flat.context}.{flat.name.value}"]
        yield whole(flat.name, ClassTarget(qname=entity.qname), Role.DECLARATION)
        parts = [Named(name=part.name, value=part.value) for part in flat.fields]
        yield from self._fields(parts, entity.fields, flat.context)
        for part in flat.children:
            yield from self._child(part.name, part.value, entity.children, flat.context)
        yield from self._keys((*flat.unique, *flat.indexes), entity.fields)
        if flat.spec.id is not None:
            yield from self._identity(flat.spec.id, entity.fields)
        if isinstance(flat.spec.api, ApiEntitySpec):
            yield from self._api(flat.spec.api, entity)
        yield from self._behaviour.entity(flat, entity)

    def _child(
        self, name: Located[str], spec: ChildSpec, children: tuple[Child, ...], here: str
    ) -> Iterator[Reference]:
        child = next((known for known in children if known.span == name.span), None)
        if child is None:
            return
        yield whole(
            name, CollectionTarget(declared=child.span, name=child.attribute), Role.DECLARATION
        )
        if spec.entity is not None:
            yield whole(spec.entity, ClassTarget(qname=child.qname), Role.DECLARATION)
        yield from self._fields(spec.fields or (), child.fields, here)
        for own in (spec.key_field, spec.order_by):
            if own is not None:
                yield from self._field_names((own,), child.fields)
        yield from self._keys(spec.unique or (), child.fields)
        for named in spec.children or ():
            yield from self._child(named.name, named.value, child.children, here)

    def _fields(
        self, written: Iterable[Named[FieldSpec]], fields: tuple[Field, ...], here: str
    ) -> Iterator[Reference]:
        for named in written:
            own = tuple(field for field in fields if field.span == named.name.span)
            if not own:
                continue
            spec = named.value
            yield whole(named.name, FieldTarget.of(own[0]), Role.DECLARATION)
            if spec.type is not None:
                yield from self.core(spec.type.core, own[0].type, here)
            if isinstance(spec.unique, tuple):
                yield from self._field_names(spec.unique, fields)
            if spec.through is not None:
                short = f"{here}.{spec.through.value.rpartition('.')[2]}"
                yield from self.class_(spec.through, here, Role.THROUGH, text=short)
            yield from self.values(spec, own[0])

    def values(self, spec: FieldSpec, field: Field) -> Iterator[Reference]:
        """Yield the names in the default, the example and the backfill of a field."""
        for node in (
            spec.default if isinstance(field.default, LiteralDefault) else None,
            spec.example,
            spec.backfill if isinstance(field.backfill, LiteralDefault) else None,
        ):
            if node is not None:
                yield from in_value(node, field.type, self._types, Role.VALUE)

    def _keys(self, keys: _Keys, fields: tuple[Field, ...]) -> Iterator[Reference]:
        for _, key in keys:
            yield from self._field_names(key.fields or (), fields)
            if isinstance(key, IndexSpec):
                yield from self._field_names((*(key.include or ()), *(key.sort or ())), fields)

    def _identity(self, spec: IdSpec, fields: tuple[Field, ...]) -> Iterator[Reference]:
        if spec.type is None or "(" not in spec.type.value:
            return
        text = spec.type.value
        for found in _KEY_PART.finditer(text, text.index("(")):
            field = field_named(found[0], fields)
            if field is not None:
                word = Word(span=spec.type.span, text=text, start=found.start(), end=found.end())
                yield Reference(target=FieldTarget.of(field), word=word, role=Role.KEY)

    def _field_names(
        self, names: Iterable[Located[str]], fields: tuple[Field, ...]
    ) -> Iterator[Reference]:
        """Yield names such as `customer`, `customer_id`, `-price.amount`."""
        for name in names:
            yield from self.path(name, fields, Role.KEY)

    # ------------------------------------------------------------------- REST

    def _api(self, api: ApiEntitySpec, entity: Entity) -> Iterator[Reference]:
        if api.nested_under is not None:
            yield from self.path(api.nested_under, entity.fields, Role.API)
        for filtered in api.filters or ():
            yield from self.path(filtered.name, entity.fields, Role.API)
        for sort in api.sort or ():
            yield from self.path(sort, entity.fields, Role.API)
        for expand in api.expand or ():
            yield from expansion(expand, entity, self._spec.system)

    def path(
        self, name: Located[str], fields: tuple[Field, ...], role: Role
    ) -> Iterator[Reference]:
        """Yield the parts of a path such as `customer.name`."""
        return field_path(name, fields, role, self._spec.system)

    # ------------------------------------------------------------------ seeds

    def _seeds(self, context: Declarations) -> Iterator[Reference]:
        for _, named in context.seeds:
            name = named.name
            qname = self._spec.class_named(name.value, context.name)
            entity = self._spec.system.entities.get(qname or "")
            if entity is None:
                continue
            yield whole(name, ClassTarget(qname=entity.qname), Role.SEED)
            if isinstance(named.value, SeedRows):
                rows = named.value.rows
                for row in rows:
                    yield from in_row(row, entity.fields, entity.children, self._types)
            elif named.value.value in self._spec.texts:
                file = named.value.value
                node = json_node(self._spec.texts[file], file=file)
                for item in node.items if isinstance(node, SequenceNode) else ():
                    yield from in_row(item, entity.fields, entity.children, self._types)

    # ------------------------------------------------------------------ rules

    def _rules(self) -> Iterator[Reference]:
        entities = {entity.span: qname for qname, entity in self._spec.system.entities.items()}
        for mention in self._spec.mentions:
            word = Word(span=mention.rule, text=mention.text, start=mention.start, end=mention.end)
            if mention.declared is None:
                target = MemberTarget(enum=mention.enum, member=mention.name)
                yield Reference(target=target, word=word, role=Role.RULE)
                continue
            named = entities.get(mention.declared, "")
            # What apigen adds to an entity, its `id`, is declared where the entity is.
            if named.rpartition(".")[2] == mention.name:
                class_ = ClassTarget(qname=named)
                yield Reference(target=class_, word=word, role=Role.RULE)
                continue
            if mention.declared in self._follow:
                followed = FieldTarget.of(self._follow[mention.declared])
                yield Reference(target=followed, word=word, role=Role.RULE)
                continue
            for child in self._spec.collections.get(mention.declared, ()):
                if child.attribute == mention.name:
                    yield Reference(
                        target=CollectionTarget(declared=child.span, name=child.attribute),
                        word=word,
                        role=Role.RULE,
                    )
            field = field_named(mention.name, self._spec.fields.get(mention.declared, ()))
            if field is not None:
                yield Reference(target=FieldTarget.of(field), word=word, role=Role.RULE)
