"""What the templates of the domain layer are given: one view a module, every choice made.

How Python spells a name or a type is `apigen.python`; which files exist is `apigen.plan.domain`.
"""

from apigen.ir.element import Element
from apigen.ir.field import Field, Origin
from apigen.ir.names import Name
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
from apigen.ir.types import ActorDefault, EnumRef, ListOf, ObjectRef, Scalar, ScalarKind
from apigen.python import layout
from apigen.python.annotations import domain_annotation, id_base, optional, scalar_type
from apigen.python.defaults import default_source, id_factory
from apigen.python.identifiers import member_names, spell, spell_class
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.checks import CheckWriter, has_checks, stored
from apigen.views.command_methods import CommandMethod, command_methods
from apigen.views.rules import rule_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of a class."""

    source: str
    """`note: str | None = None`."""
    doc: str | None
    """Docstring literal below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedProperty:
    """A value that is worked out whenever it is read."""

    name: str
    annotation: str
    doc: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityClass:
    """An aggregate root or a child."""

    name: str
    base: str
    doc: str
    attributes: tuple[Attribute, ...]
    id_source: str | None
    """What makes up the identifier, when it has no field of its own."""
    properties: tuple[ComputedProperty, ...]
    methods: tuple[CommandMethod, ...]
    """What commands call; none of a child."""
    checks_doc: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityModule:
    """aggregates.py or entities.py of a context."""

    doc: str
    imports: tuple[str, ...]
    classes: tuple[EntityClass, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryProtocol:
    """The repository of one aggregate."""

    name: str
    bases: str
    doc: str
    attribute: str
    """Its name on the unit of work."""
    attribute_doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryModule:
    """repositories.py of a context."""

    doc: str
    imports: tuple[str, ...]
    repositories: tuple[RepositoryProtocol, ...]
    unit_of_work: str
    unit_of_work_doc: str
    publishes: bool
    enqueues: bool
    """Whether commands that no aggregate is asked for tell events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyModule:
    """A module that is nothing but its docstring."""

    doc: str


def noun(name: Name) -> str:
    """Return a name as words: `order line`."""
    return name.snake.replace("_", " ")


def _described(element: Element, name: Name | None = None) -> str:
    return element.doc or f"{a(name or element.name).capitalize()}."


def aggregate_module(system: System, context: Context) -> EntityModule:
    """Return the view of aggregates.py."""
    module = layout.domain(system, context.name.snake, "aggregates")
    names = [spell_class(entity.name.pascal) for entity in context.entities]
    imports = ImportSet(module, names)
    classes = tuple(_aggregate(system, entity, imports) for entity in context.entities)
    return EntityModule(
        doc=docstring(
            f"The aggregates of {noun(context.name)}: what is loaded, changed and "
            "stored as one.\n\nKnows neither the database nor the API."
        ),
        imports=imports.render(),
        classes=classes,
    )


def entity_module(system: System, context: Context) -> EntityModule:
    """Return the view of entities.py: children, the innermost first."""
    module = layout.domain(system, context.name.snake, "entities")
    children = [child for entity in context.entities for child in innermost_first(entity.children)]
    imports = ImportSet(module, [spell_class(child.class_name.pascal) for child in children])
    classes = tuple(_child(system, child, imports) for child in children)
    return EntityModule(
        doc=docstring(
            f"The entities inside the aggregates of {noun(context.name)}.\n\n"
            "They are reached, checked and stored through their root only."
        ),
        imports=imports.render(),
        classes=classes,
    )


def innermost_first(children: tuple[Child, ...]) -> tuple[Child, ...]:
    """Return children of all levels, a child after its own children."""
    return tuple(found for child in children for found in (*innermost_first(child.children), child))


def _support(system: System, imports: ImportSet, module: str, name: str) -> str:
    return imports.use(layout.support(system, module, name))


def _aggregate(system: System, entity: Entity, imports: ImportSet) -> EntityClass:
    imports.add("dataclasses", "dataclass")
    identity = entity.identity
    is_ulid = identity.kind is IdKind.ULID and identity.prefix is None
    base = _support(system, imports, "domain.entity", "UlidEntity" if is_ulid else "AggregateRoot")
    state = entity.lifecycle.field if entity.lifecycle is not None else None
    own = [f for f in entity.fields if f.origin is not Origin.SYNTH or f.attribute == state]
    id_type = imports.use(layout.id_type(system, entity.qname))
    bases = [f"{base}[{id_type}]"]
    if entity.audit is not None:
        bases.insert(0, _support(system, imports, "domain.audited", "Audited"))
    return _entity(
        system,
        entity,
        imports,
        name=spell_class(entity.name.pascal),
        base=", ".join(bases),
        fields=own,
        doc=docstring(_described(entity), indent=4),
    )


def _child(system: System, child: Child, imports: ImportSet) -> EntityClass:
    imports.add("dataclasses", "dataclass")
    base = _support(system, imports, "domain.entity", "ChildEntity")
    id_type = imports.use(layout.id_type(system, child.qname))
    return _entity(
        system,
        child,
        imports,
        name=spell_class(child.class_name.pascal),
        base=f"{base}[{id_type}]",
        fields=[f for f in child.fields if f.origin is not Origin.SYNTH],
        doc=docstring(_described(child, child.class_name), indent=4),
    )


def _entity(
    system: System,
    owner: Entity | Child,
    imports: ImportSet,
    *,
    name: str,
    base: str,
    fields: list[Field],
    doc: str,
) -> EntityClass:
    writer = CheckWriter(system, imports)
    attributes = [_id_attribute(system, owner, imports)]
    attributes += [
        _attribute(system, field, imports, owner) for field in fields if field.computed is None
    ]
    attributes += [_collection(system, child, imports) for child in owner.children]
    checks = [check for field in fields if field.computed is None for check in writer.field(field)]
    if owner.identity.kind is IdKind.STR:
        key = Scalar(kind=ScalarKind.STR)
        base_type = id_base(system, owner.qname)
        checks[:0] = writer.scalar(
            '"id"', "self.id", base_type if isinstance(base_type, Scalar) else key
        )
    checks += [check for child in owner.children for check in writer.child(child)]
    # Last of the fields: the parts they are worked out from are valid by then.
    checks += [
        check for field in fields if field.computed is not None for check in writer.computed(field)
    ]
    checks += [writer.arc(arc, owner) for arc in owner.arcs]
    checks += [writer.rule(rule) for rule in owner.invariants]
    return EntityClass(
        name=name,
        base=base,
        doc=doc,
        attributes=tuple(attribute for attribute in attributes if attribute is not None),
        id_source=_id_source(system, owner, imports),
        properties=tuple(
            _property(system, field, imports) for field in fields if field.computed is not None
        ),
        methods=command_methods(system, owner, imports) if isinstance(owner, Entity) else (),
        checks_doc=_checks_doc(bool(checks)),
        checks=tuple(checks),
    )


def _checks_doc(has_any: bool) -> str:
    return "Refuse what the specification does not allow." if has_any else "Allow everything."


def _id_attribute(system: System, owner: Entity | Child, imports: ImportSet) -> Attribute | None:
    """Return the attribute `id`, unless other fields make it up or the base class has it."""
    identity = owner.identity
    id_type = imports.use(layout.id_type(system, owner.qname))
    is_root = isinstance(owner, Entity)
    match identity.kind:
        case IdKind.NATURAL | IdKind.COMPOSITE:
            return None
        case IdKind.STR:
            return Attribute(source=f"id: {id_type}", doc=None)
        case IdKind.INT | IdKind.BIGINT:
            field = imports.add("dataclasses", "field")
            unassigned = _support(system, imports, "domain.entity", "UNASSIGNED_ID")
            return Attribute(
                source=f"id: {id_type} = {field}(default={id_type}({unassigned}))", doc=None
            )
        case IdKind.ULID if identity.prefix is None and is_root:
            return None
        case _:
            pass
    made = id_factory(identity, system=system, imports=imports)
    field = imports.add("dataclasses", "field")
    return Attribute(
        source=f"id: {id_type} = {field}(default_factory=lambda: {id_type}({made}))", doc=None
    )


def _id_source(system: System, owner: Entity | Child, imports: ImportSet) -> str | None:
    identity = owner.identity
    if identity.kind not in (IdKind.NATURAL, IdKind.COMPOSITE) or identity.fields == ("id",):
        return None
    parts = [f"self.{spell(attribute)}" for attribute in identity.fields]
    if identity.kind is IdKind.NATURAL and isinstance(id_base(system, owner.qname), EnumRef):
        return parts[0]
    return f"{imports.use(layout.id_type(system, owner.qname))}({', '.join(parts)})"


def _attribute(
    system: System, field: Field, imports: ImportSet, owner: Entity | Child | ObjectType
) -> Attribute:
    is_value = isinstance(owner, ObjectType)
    annotation = domain_annotation(field.type, system=system, imports=imports, hashable=is_value)
    if not is_value and field.attribute == "id":
        annotation = imports.use(layout.id_type(system, owner.qname))
    annotation = optional(annotation, field.nullable)
    source = f"{spell(field.attribute)}: {annotation}"
    if field.default is not None and not isinstance(field.default, ActorDefault):
        default = default_source(field, field.default, system=system, imports=imports)
        value = default.value
        if is_value and isinstance(field.type, ListOf):
            value = f"lambda: tuple({value.removeprefix('lambda: ')})"
        if default.is_factory:
            maker = imports.add("dataclasses", "field")
            value = f"{maker}(default_factory={value})"
        source += f" = {value}"
    elif field.nullable:
        source += " = None"
    doc = docstring(field.doc, indent=4) if field.doc.strip() else None
    return Attribute(source=source, doc=doc)


def _collection(system: System, child: Child, imports: ImportSet) -> Attribute:
    child_class = imports.use(layout.entity_class(system, child.qname))
    name = spell(child.attribute)
    doc = docstring(child.doc, indent=4) if child.doc.strip() else None
    if child.to_one:
        is_required = bool(child.min)
        source = f"{name}: {child_class}" + ("" if is_required else " | None = None")
        return Attribute(source=source, doc=doc)
    field = imports.add("dataclasses", "field")
    return Attribute(source=f"{name}: list[{child_class}] = {field}(default_factory=list)", doc=doc)


def _property(
    system: System, field: Field, imports: ImportSet, *, hashable: bool = False
) -> ComputedProperty:
    assert field.computed is not None
    annotation = domain_annotation(field.type, system=system, imports=imports, hashable=hashable)
    return ComputedProperty(
        name=spell(field.attribute),
        annotation=optional(annotation, field.nullable),
        doc=docstring(field.doc or f"{noun(field.name).capitalize()}, worked out.", indent=8),
        body=rule_source(field.computed, system=system, imports=imports),
    )


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
        doc=docstring(_described(enum), indent=4),
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
        doc=docstring(_described(declared), indent=4),
        attributes=tuple(
            _attribute(system, field, imports, declared) for field in stored(declared)
        ),
        properties=tuple(
            _property(system, field, imports, hashable=True)
            for field in declared.fields
            if field.computed is not None
        ),
        measure=measure,
        has_checks=True,
        checks_doc=_checks_doc(bool(checks)),
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
                checks_doc=_checks_doc(bool(checks)),
                checks=checks,
                alias=alias if is_last else None,
                alias_doc=docstring(_described(union)) if is_last else "",
            )
        )
    return classes


def repository_module(system: System, context: Context) -> RepositoryModule:
    """Return the view of repositories.py: the ports of a context."""
    module = layout.domain(system, context.name.snake, "repositories")
    unit = layout.unit_of_work(system, context.name.snake).name
    names = [layout.repository(system, entity).name for entity in context.entities]
    imports = ImportSet(module, [unit, *names])
    ports = ["UnitOfWork"]
    if context.entities:
        ports.append("AsyncRepository")
        if system.security is not None:
            ports.append("PermittedRows")
    for name in ports:
        imports.add(f"{system.app.package}.core.protocols", name)
    imports.add("typing", "Protocol")
    repositories = tuple(
        RepositoryProtocol(
            name=layout.repository(system, entity).name,
            bases=_repository_bases(system, entity, imports),
            doc=docstring(f"Where {noun_plural(entity.name)} are kept.", indent=4),
            attribute=spell(entity.name.plural_snake),
            attribute_doc=docstring(f"The {noun_plural(entity.name)}.", indent=8),
        )
        for entity in context.entities
    )
    publishes = any(command.emits for command in context.commands)
    if publishes:
        imports.add("collections.abc", "Sequence")
        imports.use(layout.support(system, "domain.events", "AnyEvent"))
    if system.has_tasks:
        imports.add("datetime", "timedelta")
        imports.add("uuid", "UUID")
        imports.use(layout.support(system, "core.tasks", "BackgroundTask"))
    return RepositoryModule(
        publishes=publishes,
        enqueues=system.has_tasks,
        doc=docstring(f"The ports of {noun(context.name)}: what its infrastructure provides."),
        imports=imports.render(),
        repositories=repositories,
        unit_of_work=unit,
        unit_of_work_doc=docstring(
            f"One transaction over the aggregates of {noun(context.name)}."
            if context.entities
            else f"One transaction of {noun(context.name)}.",
            indent=4,
        ),
    )


def _repository_bases(system: System, entity: Entity, imports: ImportSet) -> str:
    root = imports.use(layout.entity_class(system, entity.qname))
    id_type = imports.use(layout.id_type(system, entity.qname))
    # Checks of access ask which rows a rule allows.
    permitted = f"PermittedRows[{id_type}], " if system.security is not None else ""
    return f"AsyncRepository[{root}, {id_type}], {permitted}Protocol"


def a(name: Name) -> str:
    """Return a name as words with its article: `an order line`."""
    words = noun(name)
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def noun_plural(name: Name) -> str:
    """Return the plural of a name as words."""
    return name.plural_snake.replace("_", " ")
