"""What the template of value objects is given: enums, identifiers, named scalars, values.

What they have in common with entities is in `domain`.
"""

from apigen.ir.system import (
    Child,
    Context,
    Entity,
    EnumType,
    IdKind,
    ObjectType,
    ScalarType,
    System,
    UnionType,
)
from apigen.ir.types import EnumRef, ObjectRef, Scalar, ScalarKind
from apigen.python import layout
from apigen.python.annotations import domain_annotation, id_base, scalar_type
from apigen.python.identifiers import member_names, spell, spell_class
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.domain.checks import CheckWriter, has_checks, stored
from apigen.views.domain.entities import (
    Attribute,
    ComputedProperty,
    attribute,
    checks_doc,
    computed_property,
    described,
    innermost_first,
)
from apigen.views.nouns import a, noun


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumMemberLine:
    """One member of a StrEnum."""

    source: str
    doc: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumClass:
    """A StrEnum."""

    name: str
    doc: str
    members: tuple[EnumMemberLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedType:
    """A NewType or alias, and the function that checks its values."""

    source: str
    doc: str | None
    name: str
    annotation: str
    check_name: str | None
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeId:
    """An identifier of several parts."""

    name: str
    doc: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureParts:
    """What makes a value object an amount of a unit."""

    number: str
    number_annotation: str
    unit: str
    unit_annotation: str
    rounded: str
    """Source of `number` as the field can hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueClass:
    """A value object, or one variant of a union."""

    name: str
    base: str
    doc: str
    attributes: tuple[Attribute, ...]
    properties: tuple[ComputedProperty, ...]
    measure: MeasureParts | None
    has_checks: bool
    """False when the base class checks already."""
    checks_doc: str
    checks: tuple[str, ...]
    alias: str | None
    """`type Payment = PaymentCard | PaymentCash`, after the last variant."""
    alias_doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueModule:
    """value_objects.py of a context."""

    doc: str
    imports: tuple[str, ...]
    enums: tuple[EnumClass, ...]
    named: tuple[NamedType, ...]
    composites: tuple[CompositeId, ...]
    values: tuple[ValueClass, ...]


def value_module(system: System, context: Context) -> ValueModule:
    """Return the view of value_objects.py: enums, identifiers, named scalars, value objects."""
    module = layout.domain(system, context.name.snake, "value_objects")
    owners: list[Entity | Child] = []
    for entity in context.entities:
        owners += (entity, *innermost_first(entity.children))
    imports = ImportSet(module, _defined(system, context, owners))
    enums = tuple(_enum(type_, imports) for type_ in layout.enums(context))
    scalars = [type_ for type_ in context.types if isinstance(type_, ScalarType)]
    named = [_named(system, type_, imports) for type_ in scalars]
    simple = [o for o in owners if o.identity.kind is not IdKind.COMPOSITE]
    named += [_id(system, owner, imports) for owner in _keys_first(system, simple)]
    values: list[ValueClass] = []
    for type_ in context.types:
        if isinstance(type_, ObjectType):
            values.append(_value(system, type_, imports))
        elif isinstance(type_, UnionType):
            values += _variants(system, type_, imports)
    composites = tuple(
        _composite(system, owner, imports)
        for owner in owners
        if owner.identity.kind is IdKind.COMPOSITE
    )
    return ValueModule(
        doc=docstring(
            f"The values of {noun(context.name)}: identifiers, codes and quantities.\n\n"
            "Immutable, equal by what they hold, and valid from the moment they exist."
        ),
        imports=imports.render(),
        enums=enums,
        named=tuple(named),
        composites=composites,
        values=tuple(values),
    )


def _defined(system: System, context: Context, owners: list[Entity | Child]) -> list[str]:
    names = [layout.value_type(system, type_.qname).name for type_ in context.types]
    names += [owner.identity.type_name for owner in owners]
    for type_ in context.types:
        if isinstance(type_, UnionType):
            names += [layout.variant_class(system, type_.qname, v).name for v in type_.variants]
        if isinstance(type_, ScalarType):
            names.append(layout.scalar_check(system, type_).name)
    return names


def _keys_first(system: System, owners: list[Entity | Child]) -> list[Entity | Child]:
    """Return owners ordered so that a key made of another's key follows it."""
    ordered: dict[str, Entity | Child] = {}
    by_qname = {owner.qname: owner for owner in owners}

    def visit(owner: Entity | Child, path: tuple[str, ...]) -> None:
        if owner.identity.kind is IdKind.NATURAL and owner.qname not in path:
            field = next(f for f in owner.fields if f.attribute == owner.identity.fields[0])
            target = getattr(field.type, "target", None)
            if target in by_qname:
                visit(by_qname[target], (*path, owner.qname))
        ordered.setdefault(owner.qname, owner)

    for owner in owners:
        visit(owner, ())
    return list(ordered.values())


def _enum(enum: EnumType, imports: ImportSet) -> EnumClass:
    imports.add("enum", "StrEnum")
    identifiers = member_names(enum)
    members = tuple(
        EnumMemberLine(
            source=f"{identifiers[member.name]} = {text(member.name)}",
            doc=_member_doc(member.label, member.name, deprecated=member.deprecated),
        )
        for member in enum.members
    )
    return EnumClass(
        name=spell_class(enum.name.pascal),
        doc=docstring(described(enum), indent=4),
        members=members,
    )


def _member_doc(label: str, name: str, *, deprecated: bool) -> str | None:
    plain = label.lower().replace(" ", "_") == name.lower()
    if plain and not deprecated:
        return None
    return docstring(f"{label or name}{'; deprecated' if deprecated else ''}.", indent=4)


def _named(system: System, declared: ScalarType, imports: ImportSet) -> NamedType:
    scalar = declared.type
    assert isinstance(scalar, Scalar)
    name = spell_class(declared.name.pascal)
    base = scalar_type(scalar, system=system, imports=imports, base=True)
    if scalar.kind in (ScalarKind.BOOL, ScalarKind.JSON):
        # Neither can be subclassed, which is what NewType does for the type checker.
        source = f"type {name} = {base}"
    else:
        source = f"{name} = {imports.add('typing', 'NewType')}({text(name)}, {base})"
    writer = CheckWriter(system, imports)
    plain = Scalar(kind=scalar.kind, constraints=scalar.constraints)
    checks = writer.scalar("field", "value", plain) if has_checks(declared) else ()
    return NamedType(
        source=source,
        doc=docstring(declared.doc) if declared.doc.strip() else None,
        name=name,
        annotation=f"{name} | None",
        check_name=layout.scalar_check(system, declared).name if checks else None,
        checks=checks,
    )


def _id(system: System, owner: Entity | Child, imports: ImportSet) -> NamedType:
    name = owner.identity.type_name
    base_type = id_base(system, owner.qname)
    assert base_type is not None
    if owner.identity.kind is IdKind.NATURAL:
        field = next(f for f in owner.fields if f.attribute == owner.identity.fields[0])
        base = domain_annotation(field.type, system=system, imports=imports)
    else:
        base = domain_annotation(base_type, system=system, imports=imports)
    source = f"{name} = {imports.add('typing', 'NewType')}({text(name)}, {base})"
    if isinstance(base_type, EnumRef):
        source = f"type {name} = {base}"
    return NamedType(
        source=source, doc=None, name=name, annotation=name, check_name=None, checks=()
    )


def _composite(system: System, owner: Entity | Child, imports: ImportSet) -> CompositeId:
    imports.add("typing", "NamedTuple")
    fields = {field.attribute: field for field in owner.fields}
    parts = tuple(
        f"{spell(name)}: " + domain_annotation(fields[name].type, system=system, imports=imports)
        for name in owner.identity.fields
    )
    title = owner.name if isinstance(owner, Entity) else owner.class_name
    return CompositeId(
        name=owner.identity.type_name,
        doc=docstring(f"What identifies {a(title)}.", indent=4),
        parts=parts,
    )


def _value(system: System, declared: ObjectType, imports: ImportSet) -> ValueClass:
    imports.add("dataclasses", "dataclass")
    measure = _measure(system, declared, imports)
    if measure is None:
        base = _support(system, imports, "domain.value_object", "ValueObject")
    else:
        generic = _support(system, imports, "domain.measure", "Measure")
        base = f"{generic}[{measure.number_annotation}, {measure.unit_annotation}]"
    writer = CheckWriter(system, imports)
    checks = [check for field in stored(declared) for check in writer.field(field)]
    checks += [
        check
        for field in declared.fields
        if field.computed is not None
        for check in writer.computed(field)
    ]
    checks += [writer.rule(rule) for rule in declared.invariants]
    return ValueClass(
        name=spell_class(declared.name.pascal),
        base=base,
        doc=docstring(described(declared), indent=4),
        attributes=tuple(attribute(system, field, imports, declared) for field in stored(declared)),
        properties=tuple(
            computed_property(system, field, imports, hashable=True)
            for field in declared.fields
            if field.computed is not None
        ),
        measure=measure,
        has_checks=True,
        checks_doc=checks_doc(bool(checks)),
        checks=tuple(checks),
        alias=None,
        alias_doc="",
    )


def _measure(system: System, declared: ObjectType, imports: ImportSet) -> MeasureParts | None:
    if declared.measure is None:
        return None
    fields = {field.attribute: field for field in declared.fields}
    number, unit = fields[declared.measure.value], fields[declared.measure.unit]
    assert isinstance(number.type, Scalar)
    imports.add("typing", "Self")
    imports.add("dataclasses", "replace")
    rounded = "number"
    if number.type.kind is ScalarKind.DECIMAL:
        function = _support(system, imports, "domain.rules", "round_half_up")
        rounded = f"{function}(number, {number.type.constraints.scale})"
    if number.type.named is not None:
        name = scalar_type(number.type, system=system, imports=imports)
        rounded = f"{name}({rounded})"
    plain = scalar_type(number.type, system=system, imports=imports, base=True)
    return MeasureParts(
        number=spell(number.attribute),
        number_annotation=plain,
        unit=spell(unit.attribute),
        unit_annotation=domain_annotation(unit.type, system=system, imports=imports),
        rounded=rounded,
    )


def _variants(system: System, union: UnionType, imports: ImportSet) -> list[ValueClass]:
    imports.add("dataclasses", "dataclass")
    literal = imports.add("typing", "Literal")
    tag = spell(union.tag)
    classes: list[ValueClass] = []
    names = [layout.variant_class(system, union.qname, v).name for v in union.variants]
    alias = f"type {spell_class(union.name.pascal)} = {' | '.join(names)}"
    for number, variant in enumerate(union.variants):
        mark = Attribute(
            source=f"{tag}: {literal}[{text(variant.tag)}] = {text(variant.tag)}", doc=None
        )
        attributes: tuple[Attribute, ...] = (mark,)
        checks: tuple[str, ...] = ()
        is_object = isinstance(variant.type, ObjectRef)
        if is_object:
            base = domain_annotation(variant.type, system=system, imports=imports)
        else:
            base = _support(system, imports, "domain.value_object", "ValueObject")
            annotation = domain_annotation(
                variant.type, system=system, imports=imports, hashable=True
            )
            attributes = (Attribute(source=f"value: {annotation}", doc=None), mark)
            if isinstance(variant.type, Scalar):
                checks = CheckWriter(system, imports).scalar('"value"', "self.value", variant.type)
        is_last = number == len(union.variants) - 1
        classes.append(
            ValueClass(
                name=names[number],
                base=base,
                doc=docstring(f"{noun(union.name).capitalize()}: {variant.tag}.", indent=4),
                attributes=attributes,
                properties=(),
                measure=None,
                has_checks=not is_object,
                checks_doc=checks_doc(bool(checks)),
                checks=checks,
                alias=alias if is_last else None,
                alias_doc=docstring(described(union)) if is_last else "",
            )
        )
    return classes


def _support(system: System, imports: ImportSet, module: str, name: str) -> str:
    return imports.use(layout.support(system, module, name))
