"""What the templates of aggregates and entities are given, every choice made.

How Python spells a name or a type is `apigen.python`; which files exist is `apigen.plan.domain`.
"""

from apigen.ir.element import Element
from apigen.ir.field import Field, Origin
from apigen.ir.names import Name
from apigen.ir.system import Child, Context, Entity, IdKind, ObjectType, System
from apigen.ir.types import ActorDefault, EnumRef, ListOf, Scalar, ScalarKind
from apigen.python import layout
from apigen.python.annotations import domain_annotation, id_base, optional
from apigen.python.defaults import default_source, id_factory
from apigen.python.identifiers import spell, spell_class
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring
from apigen.values import dataclass
from apigen.views.domain.checks import CheckWriter
from apigen.views.domain.command_methods import CommandMethod, command_methods
from apigen.views.domain.rules import rule_source
from apigen.views.nouns import a, noun


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


def described(element: Element, name: Name | None = None) -> str:
    """Return the first line of a class's docstring: what the spec says, or its name."""
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
        doc=docstring(described(entity), indent=4),
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
        doc=docstring(described(child, child.class_name), indent=4),
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
        attribute(system, field, imports, owner) for field in fields if field.computed is None
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
            computed_property(system, field, imports)
            for field in fields
            if field.computed is not None
        ),
        methods=command_methods(system, owner, imports) if isinstance(owner, Entity) else (),
        checks_doc=checks_doc(bool(checks)),
        checks=tuple(checks),
    )


def checks_doc(has_any: bool) -> str:
    """Return the docstring of `check_invariants`."""
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


def attribute(
    system: System, field: Field, imports: ImportSet, owner: Entity | Child | ObjectType
) -> Attribute:
    """Return a field as an attribute of its owner's class, with its default."""
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


def computed_property(
    system: System, field: Field, imports: ImportSet, *, hashable: bool = False
) -> ComputedProperty:
    """Return the property that works out a computed field."""
    assert field.computed is not None
    annotation = domain_annotation(field.type, system=system, imports=imports, hashable=hashable)
    return ComputedProperty(
        name=spell(field.attribute),
        annotation=optional(annotation, field.nullable),
        doc=docstring(field.doc or f"{noun(field.name).capitalize()}, worked out.", indent=8),
        body=rule_source(field.computed, system=system, imports=imports),
    )
