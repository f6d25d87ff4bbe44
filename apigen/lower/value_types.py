"""Declared types: named scalars, enumerations, value objects and unions, a used one first."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from apigen.diagnostics import Span
from apigen.ir.field import Field, Origin
from apigen.ir.system import (
    EnumStore,
    EnumType,
    Measure,
    ObjectStore,
    ObjectType,
    ScalarType,
    UnionType,
    UnionVariant,
    ValueType,
)
from apigen.ir.types import (
    EnumRef,
    ObjectRef,
    Scalar,
    ScalarKind,
    TypeRef,
)
from apigen.lower.contexts import Declarations
from apigen.lower.element_facts import element_facts
from apigen.lower.enums import enum_members
from apigen.lower.field_flags import FieldOwner
from apigen.lower.fields import FieldDraft, lower_field, unsortable
from apigen.lower.ordering import targets_first
from apigen.lower.scalars import NUMBERS
from apigen.lower.symbols import Found, SymbolKind
from apigen.lower.types import Owner, lower_type
from apigen.lower.workspace import Workspace
from apigen.spec.block import plain_data
from apigen.spec.fields import ConstrainedSpec, EnumMemberSpec, TypeSpec
from apigen.spec.located import Located, Named
from apigen.spec.type_syntax import (
    CollectionSyntax,
    CoreSyntax,
    EnumSyntax,
    NamedSyntax,
)
from apigen.values import dataclass

_KINDS = ("type", "enum", "fields", "one_of")
_ONLY = {
    "tag": "one_of",
    "measure": "fields",
    "invariants": "fields",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectDraft:
    """A value object whose expressions are still text."""

    qname: str
    spec: TypeSpec
    fields: tuple[FieldDraft, ...]


class TypeLowering:
    """Lowers every declared type once, in the order in which they use each other."""

    def __init__(self, work: Workspace) -> None:
        """Start with nothing lowered."""
        self._work = work
        # The enumerations of lifecycles are there already, and use nothing.
        self.order: list[str] = list(work.types)
        """Qualified names, a used type before its user."""
        self.objects: list[ObjectDraft] = []
        """In the same order."""

    def lower_all(self) -> None:
        """Lower the types of all contexts (AG213 for one that contains itself)."""
        declared = {
            f"{context.name}.{name}": (context, named)
            for context in self._work.contexts.values()
            for name, named in context.types.items()
        }
        order = targets_first(declared, lambda qname: self._targets(*declared[qname]))
        for circle in order.circles:
            name = declared[circle[0]][1].name
            through = " → ".join(qname.rpartition(".")[2] for qname in circle)
            self._work.found.error(
                "AG213",
                f"type `{name.value}` contains itself",
                name.span,
                help=f"through {through}: break the circle, such as by an entity and an `id`",
            )
        for qname in order.nodes:
            known = len(self._work.types)
            lowered = self._type(qname, *declared[qname])
            # Enumerations written in place are added by the fields that hold them.
            self.order += list(self._work.types)[known:]
            if lowered is not None:
                self._work.types[qname] = lowered
                self.order.append(qname)

    def _targets(self, context: Declarations, named: Named[TypeSpec]) -> Iterator[str]:
        for used in _uses(named.value):
            match self._work.symbols.look_up(used.value, context.name):
                case Found(symbol=symbol) if symbol.kind is SymbolKind.TYPE:
                    yield symbol.qname
                case _:
                    pass

    def _type(self, qname: str, context: Declarations, named: Named[TypeSpec]) -> ValueType | None:
        spec, work = named.value, self._work
        if spec.broken:
            return None
        given = [kind for kind in _KINDS if getattr(spec, kind) is not None]
        if len(given) != 1:
            said = " and ".join(f"`{kind}`" for kind in given)
            if not given and spec.type is None and _had_type(spec):
                return None
            work.found.error(
                "AG213",
                f"type `{named.name.value}` has {said}"
                if given
                else f"type `{named.name.value}` does not say what it is",
                named.name.span,
                help="give exactly one of `type`, `enum`, `fields` and `one_of`",
            )
            return None
        kind = given[0]
        if spec.type is not None and isinstance(spec.type.core, EnumSyntax):
            kind = "enum"
        self._refuse_keys(spec, kind)
        match kind:
            case "enum":
                return self._enum(qname, named)
            case "fields":
                return self._object(qname, context, named)
            case "one_of":
                return self._union(qname, context, named)
            case _:
                return self._scalar(qname, context, named)

    def _refuse_keys(self, spec: TypeSpec, kind: str) -> None:
        for key, wanted in _ONLY.items():
            value = getattr(spec, key)
            if value is not None and kind != wanted:
                self._work.found.error(
                    "AG207",
                    f"`{key}` does not apply to a type without `{wanted}`",
                    _span_of(value, spec.span),
                    help=f"remove it, or declare `{wanted}`",
                )
        store = spec.store
        allowed = {"fields": ("columns", "json"), "enum": ("check",)}.get(kind, ())
        if store is not None and store.value not in allowed:
            self._work.found.error(
                "AG207",
                f"`store: {store.value}` does not apply here",
                store.span,
                help="value objects: columns or json; enums: check",
            )

    def _scalar(
        self, qname: str, context: Declarations, named: Named[TypeSpec]
    ) -> ValueType | None:
        spec, work = named.value, self._work
        assert spec.type is not None
        owner = Owner(context=context.name, enum_name=named.name.value, allows_relations=False)
        type_ = lower_type(spec.type.core, spec, owner, work)
        if type_ is None:
            return None
        if spec.type.nullable:
            work.found.error(
                "AG202",
                "a type is not optional by itself",
                spec.type.span,
                help="put `?` where it is used: `Sku?`",
            )
        if not isinstance(type_, Scalar):
            work.found.error(
                "AG213",
                f"`{named.name.value}` gives another name to {spec.type.text}",
                spec.type.span,
                help="a named type narrows a built-in one: `Sku: str(3..40)`",
            )
            return None
        return ScalarType(
            **element_facts("type", qname, named.name, spec, work),
            type=replace(type_, named=qname),
            example=plain_data(spec.example) if spec.example is not None else None,
        )

    def _enum(self, qname: str, named: Named[TypeSpec]) -> ValueType | None:
        spec, work = named.value, self._work
        members = spec.enum
        if spec.type is not None and isinstance(spec.type.core, EnumSyntax):
            members = tuple(
                Named(name=member, value=EnumMemberSpec(span=member.span))
                for member in spec.type.core.members
            )
        lowered = enum_members(members or (), qname, named.name.span, work)
        if lowered is None:
            return None
        return EnumType(
            **element_facts("type", qname, named.name, spec, work),
            members=lowered,
            store=EnumStore.CHECK,
        )

    def _object(
        self, qname: str, context: Declarations, named: Named[TypeSpec]
    ) -> ValueType | None:
        spec, work = named.value, self._work
        if not spec.fields:
            work.found.error(
                "AG213",
                f"type `{named.name.value}` has no fields",
                named.name.span,
                help="such as `fields: { amount: decimal, currency: currency }`",
            )
            return None
        owner = FieldOwner(
            qname=qname,
            class_name=named.name.value,
            context=context.name,
            origin=Origin.USER,
            is_value=True,
        )
        drafts = tuple(lower_field(field.name, field.value, owner, work) for field in spec.fields)
        fields = tuple(unsortable(field) for draft in drafts for field in draft.fields)
        drafts = tuple(
            replace(draft, fields=tuple(unsortable(field) for field in draft.fields))
            for draft in drafts
        )
        self.objects.append(ObjectDraft(qname=qname, spec=spec, fields=drafts))
        store = spec.store.value if spec.store is not None else "columns"
        return ObjectType(
            **element_facts("type", qname, named.name, spec, work),
            fields=fields,
            invariants=(),
            measure=self._measure(spec, drafts),
            store=ObjectStore(store) if store in ("columns", "json") else ObjectStore.COLUMNS,
            example=plain_data(spec.example) if spec.example is not None else None,
        )

    def _measure(self, spec: TypeSpec, drafts: tuple[FieldDraft, ...]) -> Measure | None:
        measure = spec.measure
        if measure is None or measure.value is None or measure.unit is None:
            return None
        named = {draft.name.value: draft for draft in drafts}
        value = self._part(measure.value, named, "a number", _is_number)
        unit = self._part(measure.unit, named, "a text or an enum", _is_unit)
        if value is None or unit is None:
            return None
        return Measure(value=value, unit=unit)

    def _part(
        self,
        name: Located[str],
        named: dict[str, FieldDraft],
        wanted: str,
        accepts: Callable[[Field], bool],
    ) -> str | None:
        draft = named.get(name.value)
        if draft is None:
            self._work.found.error(
                "AG309",
                f"no field `{name.value}` in this type",
                name.span,
                help=f"fields: {', '.join(f'`{field}`' for field in named)}",
            )
            return None
        if not draft.fields:
            return None
        field = draft.fields[0]
        if not accepts(field):
            self._work.found.error(
                "AG424",
                f"`{name.value}` cannot be part of a measure: it is not {wanted} that is"
                " always there",
                name.span,
                help="such as `amount: decimal` and `currency: currency`",
            )
            return None
        return field.attribute

    def _union(self, qname: str, context: Declarations, named: Named[TypeSpec]) -> ValueType | None:
        spec, work = named.value, self._work
        tag = spec.tag.value if spec.tag is not None else "kind"
        variants: list[UnionVariant] = []
        if not spec.one_of:
            work.found.error(
                "AG213",
                f"type `{named.name.value}` has no variants",
                named.name.span,
                help="such as `one_of: { phone: phone, email: email }`",
            )
            return None
        if not tag.isidentifier() or not tag.isascii() or tag != tag.lower():
            assert spec.tag is not None
            work.found.error(
                "AG101",
                f"tag names are snake_case, not `{tag[:40]}`",
                spec.tag.span,
                help="such as `kind`",
            )
            tag = "kind"
        for variant in spec.one_of:
            pascal = work.settings.naming.name(variant.name.value).pascal
            owner = Owner(
                context=context.name,
                enum_name=named.name.value + pascal,
                allows_relations=False,
            )
            bare = ConstrainedSpec(span=variant.value.span)
            type_ = lower_type(variant.value.core, bare, owner, work)
            if type_ is None:
                continue
            if not isinstance(type_, ObjectRef | Scalar | EnumRef):
                work.found.error(
                    "AG213",
                    f"variant `{variant.name.value}` is neither a value object nor a scalar",
                    variant.value.span,
                    help="put it into a value object of its own",
                )
                continue
            self._check_tag(tag, type_, variant.name)
            variants.append(UnionVariant(tag=variant.name.value, type=type_))
        return UnionType(
            **element_facts("type", qname, named.name, spec, work),
            tag=tag,
            variants=tuple(variants),
        )

    def _check_tag(self, tag: str, type_: TypeRef, variant: Located[str]) -> None:
        taken = ["value"]
        if isinstance(type_, ObjectRef):
            declared = self._work.types.get(type_.target)
            taken = (
                [field.wire for field in declared.fields]
                if isinstance(declared, ObjectType)
                else []
            )
        if tag in taken:
            self._work.found.error(
                "AG104",
                f"the tag and a field of variant `{variant.value}` both become the JSON name"
                f" `{tag}`",
                variant.span,
                help="set `tag` to a name that no variant has",
            )


def _is_number(field: Field) -> bool:
    return isinstance(field.type, Scalar) and field.type.kind in NUMBERS and not field.nullable


def _is_unit(field: Field) -> bool:
    if field.nullable:
        return False
    match field.type:
        case EnumRef():
            return True
        case Scalar(kind=ScalarKind.STR | ScalarKind.CURRENCY | ScalarKind.SLUG):
            return True
        case _:
            return False


def _uses(spec: TypeSpec) -> Iterator[Located[str]]:
    if spec.type is not None:
        yield from _names(spec.type.core)
    for field in spec.fields or ():
        if field.value.type is not None:
            yield from _names(field.value.type.core)
    for variant in spec.one_of or ():
        yield from _names(variant.value.core)


def _names(core: CoreSyntax) -> Iterator[Located[str]]:
    match core:
        case NamedSyntax(name=name):
            yield name
        case CollectionSyntax(item=item):
            yield from _names(item)
        case _:
            return


def _had_type(spec: TypeSpec) -> bool:
    """Whether the mapping was not empty, so that what is missing was refused when it was read."""
    return any(
        getattr(spec, key) is not None for key in ("min", "max", "pattern", "normalize", "tag")
    )


def _span_of(value: object, default: Span) -> Span:
    if isinstance(value, tuple) and value:
        value = value[0].name
    span = getattr(value, "span", None)
    return span if isinstance(span, Span) else default
