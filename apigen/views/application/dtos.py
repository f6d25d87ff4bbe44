"""What the template of `application/<context>/dtos.py` is given: every class, every field."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum, auto

from apigen.ir.behaviour import Command
from apigen.ir.field import Field, Origin, Surface
from apigen.ir.system import (
    Child,
    Context,
    Entity,
    Identity,
    IdKind,
    Nested,
    ObjectType,
    Operation,
    ScalarType,
    System,
    UnionType,
)
from apigen.ir.types import (
    ActorDefault,
    ListOf,
    LiteralDefault,
    LocalizedText,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
)
from apigen.python import layout
from apigen.python.annotations import (
    dto_annotation,
    dto_suffix,
    id_annotation,
    localized_change,
    optional,
)
from apigen.python.defaults import default_source, id_factory, value_source
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, literal, text, tuple_of
from apigen.values import dataclass
from apigen.views.application.body_examples import BodyExamples, example_source
from apigen.views.domain.entities import innermost_first
from apigen.views.nouns import a, noun
from apigen.views.paths import relation
from apigen.views.read_entities import projection_entities, with_projections
from apigen.views.versions.deprecations import deprecation_text
from apigen.views.versions.known_parts import known_parts
from apigen.views.versions.systems import context_in, older_systems

WRITES = frozenset(Operation) - {
    Operation.LIST,
    Operation.GET,
    Operation.COUNT,
    Operation.EXPORT,
}
"""Operations that need a service."""

type Tree = Mapping[str, "Tree"]


class Role(StrEnum):
    """What a DTO is for, which decides what may be left out."""

    CREATE = auto()
    UPDATE = auto()
    """A change of some fields; none is required."""
    REPLACE = auto()
    READ = auto()
    VALUE = auto()
    """A value object inside a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DtoClass:
    """One class, or with `alias` a union of classes defined before."""

    name: str
    base: str
    doc: str
    fields: tuple[str, ...]
    """Source of each field."""
    config: str = ""
    """Source of pydantic's settings: the example of a request body."""
    alias: str | None = None
    """`type PaymentDto = …`, after the class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DtoModule:
    """dtos.py of a context."""

    doc: str
    imports: tuple[str, ...]
    classes: tuple[DtoClass, ...]


def has_service(entity: Entity) -> bool:
    """Tell whether the entity can be changed: without a resource, by the project's own code."""
    return entity.resource is None or not WRITES.isdisjoint(entity.resource.operations)


def has_replace(entity: Entity) -> bool:
    """Tell whether clients can replace the entity as a whole."""
    return entity.resource is not None and Operation.REPLACE in entity.resource.operations


def takes_input(command: Command) -> bool:
    """Tell whether clients send a body with the command."""
    return command.route is not None and bool(body_inputs(command))


def body_inputs(command: Command) -> tuple[Field, ...]:
    """Return what the body of a command has."""
    in_path = {field.attribute for field in path_inputs(command)}
    return tuple(
        field for field in command.input if asked(field) and field.attribute not in in_path
    )


def path_inputs(command: Command) -> tuple[Field, ...]:
    """Return what the path of a command has beside the key of its owner."""
    if command.route is None:
        return ()
    path = command.route.path
    return tuple(field for field in command.input if f"{{{field.attribute}}}" in path)


def sent(field: Field) -> bool:
    """Tell whether a value comes from the client, not from who they are."""
    return not isinstance(field.default, ActorDefault)


def asked(field: Field) -> bool:
    """Tell whether clients of the version give an input of a command or query."""
    return Surface.CREATE in field.writes and sent(field)


def dto_module(system: System, context: Context) -> DtoModule:
    """Return the view of dtos.py."""
    module = layout.application(system, context.name.snake, "dtos")
    # The names this module defines are known only when it is written; a first pass finds them.
    names: list[str] = []
    older = older_systems(system).values()
    examples = BodyExamples(with_projections(system))
    for _ in range(2):
        imports = ImportSet(module, names)
        # An aggregate that is gone by now may hold values as an older version has them.
        classes = _named_once(
            _Writer(with_projections(one), imports).values(context_in(one, context))
            for one in (system, *older)
        )
        newest = _Writer(with_projections(system), imports, examples=examples)
        classes += tuple(newest.context(context))
        for one in older:
            known = {made.name: made for made in classes}
            of_version = _Writer(with_projections(one), imports, known)
            found = of_version.of_version(context_in(one, context))
            classes += tuple(made for made in found if made.name not in known)
        names = [one.name for one in classes]
        names += [f"{t.name.pascal}Dto" for t in context.types if isinstance(t, UnionType)]
    return DtoModule(
        doc=docstring(
            f"What goes in and out of {noun(context.name)}: payloads, checked field by field.\n\n"
            "Names on the wire are aliases; defaults here are those of the domain."
        ),
        imports=imports.render(),
        classes=classes,
    )


def _named_once(of_versions: Iterable[Iterable[DtoClass]]) -> tuple[DtoClass, ...]:
    """Return the classes of several versions, the first of each name."""
    found: dict[str, DtoClass] = {}
    for classes in of_versions:
        for one in classes:
            found.setdefault(one.name, one)
    return tuple(found.values())


class _Writer:
    """Writes the classes of one module, in an order in which each is defined before its use."""

    def __init__(
        self,
        system: System,
        imports: ImportSet,
        newer: Mapping[str, DtoClass] | None = None,
        examples: BodyExamples | None = None,
    ) -> None:
        """Write classes as `system` has them; `newer` are those of newer versions, by name."""
        self.system = system
        self.imports = imports
        self._newer = newer or {}
        self._examples = examples or BodyExamples(system)

    def values(self, context: Context) -> Iterable[DtoClass]:
        """Yield the classes of value objects and unions."""
        for type_ in context.types:
            if isinstance(type_, ObjectType):
                yield from self._object(type_)
            elif isinstance(type_, UnionType):
                yield from self._union(type_)

    def context(self, context: Context) -> Iterable[DtoClass]:
        """Yield the classes of what holds them."""
        for entity in context.entities:
            children = innermost_first(entity.children)
            if has_service(entity):
                for child in children:
                    yield from self._child_input(child)
                yield from self._input(entity)
            for child in children:
                yield self._read(child)
            yield self._read(entity)
            for command in entity.commands:
                if takes_input(command):
                    yield self._command_input(command)
        for command in context.commands:
            if takes_input(command):
                yield self._command_input(command)
        for projection in projection_entities(self.system, context):
            yield self._read(projection)
        # Embedded documents may be of any entity, so they come after all of them.
        for entity in context.entities:
            if entity.resource is not None and entity.resource.expand:
                yield from self._expansions(entity, entity.resource.expand)

    def of_version(self, context: Context) -> Iterable[DtoClass]:
        """Yield the classes that an older version of the API has for itself."""
        inputs, reads = self.system.input_endings, self.system.read_endings
        for entity in context.entities:
            children = innermost_first(entity.children)
            if has_service(entity):
                for child in children:
                    if child.qname in inputs:
                        yield from self._child_input(child)
                if entity.qname in inputs:
                    yield from self._input(entity)
            yield from (self._read(child) for child in children if child.qname in reads)
            if entity.qname in reads:
                yield self._read(entity)
            yield from self._inputs_of_version(entity.commands)
        yield from self._inputs_of_version(context.commands)
        for projection in projection_entities(self.system, context):
            if projection.qname in reads:
                yield self._read(projection)
        for entity in context.entities:
            paths = entity.resource.expand if entity.resource is not None else ()
            if paths and entity.qname in self.system.resource_endings:
                yield from self._expansions(entity, paths)

    def _inputs_of_version(self, commands: tuple[Command, ...]) -> Iterable[DtoClass]:
        for command in commands:
            if command.qname in self.system.input_endings and takes_input(command):
                yield self._command_input(command)

    def _support(self, module: str, name: str) -> str:
        return self.imports.use(layout.support(self.system, module, name))

    def _dto(self) -> str:
        return self._support("application.dtos", "Dto")

    def _name(self, qname: str, suffix: str) -> str:
        return self.imports.use(layout.dto(self.system, qname, suffix))

    # Value objects and unions.

    def _object(self, declared: ObjectType) -> Iterable[DtoClass]:
        doc = docstring(declared.doc or f"{a(declared.name).capitalize()}.", indent=4)
        sent = [field for field in declared.fields if Surface.CREATE in field.writes]
        shown = [field for field in declared.fields if Surface.RESPONSE in field.reads]
        yield DtoClass(
            name=self._name(declared.qname, "Dto"),
            base=self._dto(),
            doc=doc,
            fields=tuple(self._field(field, Role.VALUE) for field in sent),
        )
        if dto_suffix(self.system, declared.qname, reading=True) == "Read":
            yield DtoClass(
                name=self._name(declared.qname, "Read"),
                base=self._dto(),
                doc=doc,
                fields=tuple(self._field(field, Role.READ) for field in shown),
            )

    def _union(self, union: UnionType) -> Iterable[DtoClass]:
        suffixes = dict.fromkeys(
            dto_suffix(self.system, union.qname, reading=reading) for reading in (False, True)
        )
        for suffix in suffixes:
            yield from self._variants(union, suffix)

    def _variants(self, union: UnionType, suffix: str) -> Iterable[DtoClass]:
        names = [
            layout.variant_dto(self.system, union.qname, variant, suffix).name
            for variant in union.variants
        ]
        literal_type = self.imports.add("typing", "Literal")
        alias = f"type {self._name(union.qname, suffix)} = "
        if len(names) == 1:
            alias += names[0]
        else:
            annotated = self.imports.add("typing", "Annotated")
            field = self.imports.add("pydantic", "Field")
            tag = f"{field}(discriminator={text(spell(union.tag))})"
            alias += f"{annotated}[{' | '.join(names)}, {tag}]"
        for number, variant in enumerate(union.variants):
            tag_line = f"{spell(union.tag)}: {literal_type}[{text(variant.tag)}]"
            if spell(union.tag) != union.tag:
                tag_line += f" = {self.imports.add('pydantic', 'Field')}(alias={text(union.tag)})"
            fields = [tag_line]
            base = self._dto()
            if isinstance(variant.type, ObjectRef):
                target = variant.type.target
                inner = dto_suffix(self.system, target, reading=suffix == "Read")
                base = self._name(target, inner)
            else:
                annotation = dto_annotation(
                    variant.type,
                    system=self.system,
                    imports=self.imports,
                    reading=suffix == "Read",
                )
                fields.append(f"value: {annotation}")
            yield DtoClass(
                name=names[number],
                base=base,
                doc=docstring(f"{noun(union.name).capitalize()}: {variant.tag}.", indent=4),
                fields=tuple(fields),
                alias=alias if number == len(names) - 1 else None,
            )

    # Requests.

    def _input(self, entity: Entity) -> Iterable[DtoClass]:
        label = noun(entity.name)
        yield DtoClass(
            name=self._name(entity.qname, "Create"),
            base=self._dto(),
            doc=docstring(f"What makes a new {label}.", indent=4),
            fields=(
                *self._key(entity),
                *self._fields(entity, Surface.CREATE, Role.CREATE),
                *self._collections(entity, Role.CREATE),
            ),
            config=self._body(entity, Surface.CREATE, Role.CREATE),
        )
        yield DtoClass(
            name=self._name(entity.qname, "Update"),
            base=self._dto(),
            doc=docstring(f"What changes in {a(entity.name)}: the fields that are sent.", indent=4),
            fields=(
                *self._fields(entity, Surface.UPDATE, Role.UPDATE),
                *self._collections(entity, Role.UPDATE),
            ),
            config=self._body(entity, Surface.UPDATE, Role.UPDATE),
        )
        if has_replace(entity):
            yield DtoClass(
                name=self._name(entity.qname, "Replace"),
                base=self._support("application.dtos", "Replacement"),
                doc=docstring(f"Everything that can change in {a(entity.name)}.", indent=4),
                fields=(
                    *self._fields(entity, Surface.UPDATE, Role.REPLACE),
                    *self._collections(entity, Role.REPLACE),
                ),
                config=self._body(entity, Surface.UPDATE, Role.REPLACE),
            )

    def _command_input(self, command: Command) -> DtoClass:
        return DtoClass(
            name=self.imports.use(layout.command_input(self.system, command)),
            base=self._dto(),
            doc=docstring(command.doc or f"What `{command.name.text}` needs to know.", indent=4),
            fields=tuple(self._field(field, Role.CREATE) for field in body_inputs(command)),
            config=self._shown(self._examples.of_fields(body_inputs(command))),
        )

    def _child_input(self, child: Child) -> Iterable[DtoClass]:
        label = noun(child.class_name)
        if child.nested is Nested.NONE:
            return
        yield DtoClass(
            name=self._name(child.qname, "Create"),
            base=self._dto(),
            doc=docstring(f"A new {label}.", indent=4),
            fields=(
                *self._fields(child, Surface.CREATE, Role.CREATE),
                *self._collections(child, Role.CREATE),
            ),
        )
        if child.nested is Nested.WRITE:
            yield DtoClass(
                name=self._name(child.qname, "Update"),
                base=self._dto(),
                doc=docstring(
                    f"{a(child.class_name).capitalize()} as it shall be: one there is, by its "
                    "id, or a new one.",
                    indent=4,
                ),
                fields=(
                    *self._child_key(child),
                    *self._fields(child, Surface.CREATE, Role.CREATE),
                    *self._collections(child, Role.REPLACE),
                ),
            )

    def _child_key(self, child: Child) -> tuple[str, ...]:
        annotation = id_annotation(child.qname, system=self.system, imports=self.imports)
        return (f"id: {annotation} | None = None",)

    def _key(self, entity: Entity) -> tuple[str, ...]:
        """Return the field of a key that clients give and that no field of the spec holds."""
        identity = entity.identity
        if not identity.client_supplied or identity.kind in (IdKind.NATURAL, IdKind.COMPOSITE):
            return ()
        annotation = id_annotation(
            entity.qname, system=self.system, imports=self.imports, is_new=True
        )
        if identity.kind is IdKind.STR:
            return (f"id: {annotation}",)
        field = self.imports.add("pydantic", "Field")
        made = self._new_key(entity, identity)
        return (f"id: {annotation} = {field}({made})",)

    def _new_key(self, entity: Entity, identity: Identity) -> str:
        id_type = self.imports.use(layout.id_type(self.system, entity.qname))
        if identity.kind in (IdKind.INT, IdKind.BIGINT):
            unassigned = self._support("domain.entity", "UNASSIGNED_ID")
            # Not `default`: it would be documented, and no client may send it.
            return f"default_factory=lambda: {id_type}({unassigned})"
        made = id_factory(identity, system=self.system, imports=self.imports)
        return f"default_factory=lambda: {id_type}({made})"

    def _fields(self, owner: Entity | Child, surface: Surface, role: Role) -> tuple[str, ...]:
        return tuple(self._field(field, role, owner) for field in _sent_fields(owner, surface))

    def _collections(self, owner: Entity | Child, role: Role) -> Iterable[str]:
        """Return the fields that hold children, as far as they are accepted."""
        for child in _sent_children(owner, role):
            is_new = role is Role.CREATE or child.nested is Nested.CREATE
            item = self._name(child.qname, "Create" if is_new else "Update")
            yield self._collection(child, item, role)

    def _collection(self, child: Child, item: str, role: Role) -> str:
        name = spell(child.attribute)
        arguments = _aliased(name, child.attribute)
        if child.to_one:
            annotation = optional(item, not child.min)
            is_required = bool(child.min)
            default = "default=None"
        else:
            annotation = self._counted(f"list[{item}]", child)
            is_required = bool(child.min)
            default = "default_factory=list"
        if role is Role.UPDATE:
            default = f"default_factory={self._support('application.dtos', 'unset')}"
        elif is_required:
            default = ""
        return self._line(name, annotation, default, arguments, child.doc, None)

    def _counted(self, annotation: str, child: Child) -> str:
        stated = [
            f"{key}={value}"
            for key, value in (("minimum", child.min), ("maximum", child.max))
            if value is not None
        ]
        if not stated:
            return annotation
        items = self._support("application.fields", "Items")
        return (
            f"{self.imports.add('typing', 'Annotated')}[{annotation}, {items}({', '.join(stated)})]"
        )

    def _body(self, entity: Entity, surface: Surface, role: Role) -> str:
        """Return what shows an example of a request about an entity."""
        names = [field.wire for field in _sent_fields(entity, surface)]
        names += [child.attribute for child in _sent_children(entity, role)]
        if role is Role.CREATE:
            names.append("id")
        body = self._examples.of_entity(entity, names) or {}
        if role is Role.UPDATE:
            # Whoever changes something sends no more than that.
            body = dict(itertools.islice(((k, v) for k, v in body.items() if v is not None), 1))
        return self._shown(body)

    def _shown(self, example: dict[str, object] | None) -> str:
        if not example:
            return ""
        made = self._support("application.dtos", "example")
        return f"{made}({example_source(example, self.imports)})"

    # Responses.

    def _read(self, owner: Entity | Child) -> DtoClass:
        name = owner.name if isinstance(owner, Entity) else owner.class_name
        fields = [
            self._field(field, Role.READ, owner)
            for field in owner.fields
            if Surface.RESPONSE in field.reads
        ]
        fields += [self._read_collection(child) for child in owner.children]
        return DtoClass(
            name=self._name(owner.qname, "Read"),
            base=self._dto(),
            doc=docstring(owner.doc or f"{a(name).capitalize()}.", indent=4),
            fields=tuple(fields),
        )

    def _read_collection(self, child: Child, item: str | None = None) -> str:
        item = item or self._name(child.qname, "Read")
        name = spell(child.attribute)
        annotation = optional(item, not child.min) if child.to_one else f"tuple[{item}, ...]"
        return self._line(name, annotation, "", _aliased(name, child.attribute), child.doc, None)

    def _expansions(self, entity: Entity, paths: tuple[tuple[str, ...], ...]) -> Iterable[DtoClass]:
        ending = self.system.resource_endings.get(entity.qname, "")
        yield from self._expanded(entity, entity.name.pascal, expansion_tree(paths), ending)

    def _expanded(
        self, owner: Entity | Child, prefix: str, tree: Tree, ending: str
    ) -> Iterable[DtoClass]:
        """Yield what a response looks like when related resources are embedded in it."""
        embedded: list[str] = []
        fields: list[str] = []
        field = self.imports.add("pydantic", "Field")
        for name, below in tree.items():
            found = relation(self.system, owner, name)
            target = layout.owner(self.system, found.target)
            item = self._name(found.target, "Read")
            if below:
                inner = prefix + "".join(part.capitalize() for part in name.split("_"))
                own = self._own(ending, self._expanded(target, inner, below, ""))
                if own or not ending:
                    yield from self._expanded(target, inner, below, own)
                item = f"{inner}Expanded{own}"
            if isinstance(target, Child) and found.is_child:
                fields.append(self._read_collection(target, item))
                continue
            annotation = f"tuple[{item}, ...]" if found.many else item
            arguments = _aliased(spell(name), name)
            embedded.append(
                self._line(
                    spell(name), f"{annotation} | None", "default=None", arguments, found.doc, None
                )
            )
        label = a(owner.name if isinstance(owner, Entity) else owner.class_name)
        if embedded:
            made = DtoClass(
                name=f"{prefix}Expansions",
                base=self._dto(),
                doc=docstring(f"What can be embedded in {label}; there when asked for.", indent=4),
                fields=tuple(embedded),
            )
            own = self._own(ending, (made,))
            if own or not ending:
                yield replace(made, name=made.name + own)
            fields.append(
                f"expanded: {made.name}{own} | None = "
                f'{field}(default=None, description="There when `expand` asks for it.")'
            )
        yield DtoClass(
            name=f"{prefix}Expanded{ending}",
            base=self._name(owner.qname, "Read"),
            doc=docstring(f"{label.capitalize()} with what `expand` asks for.", indent=4),
            fields=tuple(fields),
        )

    def _own(self, ending: str, plain: Iterable[DtoClass]) -> str:
        """Return the ending, or nothing where newer classes are like those without it."""
        known = all(self._newer.get(one.name) == one for one in plain) if ending else True
        return "" if known else ending

    # One field.

    def _field(self, field: Field, role: Role, owner: Entity | Child | None = None) -> str:
        name = spell(field.attribute)
        annotation = self._annotation(field, role, owner)
        default = self._default(field, role)
        arguments = _aliased(name, field.wire)
        doc = field.doc
        if field.lifespan.deprecated is not None:
            # Schemas have a mark only, so that the description says why and when. Clients are told,
            # not us: pydantic's own `deprecated` warns wherever our code reads the field.
            doc = f"{doc} {deprecation_text(field.lifespan.deprecated)}"
            arguments.append('json_schema_extra={"deprecated": True}')
        example = _example(self.system, field)
        return self._line(
            name, optional(annotation, field.nullable), default, arguments, doc, example
        )

    def _annotation(self, field: Field, role: Role, owner: Entity | Child | None) -> str:
        is_key = (
            owner is not None
            and owner.identity.kind is IdKind.NATURAL
            and owner.identity.fields == (field.attribute,)
            and role is Role.CREATE
        )
        if is_key and owner is not None and isinstance(field.type, Scalar):
            return dto_annotation(
                field.type, system=self.system, imports=self.imports, is_new_key=True
            )
        if isinstance(field.type, LocalizedText) and role in (Role.UPDATE, Role.REPLACE):
            return localized_change(
                field.type,
                system=self.system,
                imports=self.imports,
                is_whole=role is Role.REPLACE,
            )
        return dto_annotation(
            field.type, system=self.system, imports=self.imports, reading=role is Role.READ
        )

    def _default(self, field: Field, role: Role) -> str:
        match role:
            case Role.READ:
                return ""
            case Role.UPDATE:
                return f"default_factory={self._support('application.dtos', 'unset')}"
            case _ if field.default is None:
                return "default=None" if field.nullable else ""
            case _:
                pass
        default = field.default
        if isinstance(default, LiteralDefault) and _holds_object(field.type):
            source = self._value(field.type, default.value)
            return f"default_factory=lambda: {source}"
        made = default_source(field, default, system=self.system, imports=self.imports)
        if made.is_factory and not _is_shared(field.type, default):
            return f"default_factory={made.value}"
        return f"default={made.value.removeprefix('lambda: ')}"

    def _value(self, type_: TypeRef, value: object) -> str:
        """Return source of a default that holds value objects, as a DTO has it."""
        match type_:
            case ObjectRef(target=target):
                declared = self.system.types[target]
                assert isinstance(declared, ObjectType)
                dto = self._name(target, "Dto")
                return f"{dto}.model_validate({{{self._mapping(declared, value)}}})"
            case UnionRef(target=target):
                union = self.system.types[target]
                assert isinstance(union, UnionType)
                given = value if isinstance(value, dict) else {}
                variant = next(v for v in union.variants if v.tag == given.get(union.tag))
                dto = self.imports.use(layout.variant_dto(self.system, target, variant))
                tag = f"{text(union.tag)}: {text(variant.tag)}"
                if isinstance(variant.type, ObjectRef):
                    declared = self.system.types[variant.type.target]
                    assert isinstance(declared, ObjectType)
                    parts = self._mapping(declared, value)
                else:
                    parts = f'"value": {self._value(variant.type, given["value"])}'
                return f"{dto}.model_validate({{{tag}, {parts}}})"
            case ListOf(item=item):
                items = value if isinstance(value, list) else []
                made = f"[{', '.join(self._value(item, each) for each in items)}]"
                # Variants have no type in common that would be narrower than any DTO.
                is_union = isinstance(item, UnionRef)
                return f"list[{self._item(item)}]({made})" if is_union else made
            case SetOf(item=item):
                items = value if isinstance(value, list) else []
                return f"frozenset({tuple_of(self._value(item, each) for each in items)})"
            case MapOf(item=item):
                entries = value.items() if isinstance(value, dict) else ()
                inner = (f"{text(str(key))}: {self._value(item, each)}" for key, each in entries)
                return "{" + ", ".join(inner) + "}"
            case _:
                return value_source(type_, value, system=self.system, imports=self.imports)

    def _item(self, type_: TypeRef) -> str:
        return dto_annotation(type_, system=self.system, imports=self.imports)

    def _mapping(self, declared: ObjectType, value: object) -> str:
        """Return the entries of a dict that a value object's DTO is made of."""
        given = value if isinstance(value, dict) else {}
        entries = (
            f"{text(field.wire)}: "
            + (
                "None"
                if given[field.attribute] is None
                else self._value(field.type, given[field.attribute])
            )
            for field in declared.fields
            if field.attribute in given and Surface.CREATE in field.writes
        )
        return ", ".join(entries)

    def _line(
        self,
        name: str,
        annotation: str,
        default: str,
        arguments: list[str],
        doc: str,
        example: object,
    ) -> str:
        if doc.strip():
            arguments.append(f"description={text(' '.join(doc.split()))}")
        if example is not None:
            arguments.append(f"examples=[{literal(example, self.imports)}]")
        if not arguments and default.startswith("default="):
            return f"{name}: {annotation} = {default.removeprefix('default=')}"
        if not arguments and not default:
            return f"{name}: {annotation}"
        all_arguments = ([default] if default else []) + arguments
        field = self.imports.add("pydantic", "Field")
        return f"{name}: {annotation} = {field}({', '.join(all_arguments)})"


def _sent_fields(owner: Entity | Child, surface: Surface) -> Iterator[Field]:
    """Yield the fields of a request about an entity."""
    for field in owner.fields:
        if field.origin is not Origin.SYNTH and surface in field.writes and sent(field):
            yield field


def _sent_children(owner: Entity | Child, role: Role) -> Iterator[Child]:
    """Yield the children of a request about an entity."""
    for child in owner.children:
        # A new child may bring children of its own; later they are beyond the client's reach.
        is_late = (
            child.nested is Nested.CREATE and isinstance(owner, Entity) and role is not Role.CREATE
        )
        if child.nested is not Nested.NONE and not is_late:
            yield child


def _aliased(name: str, wire: str) -> list[str]:
    return [f"alias={text(wire)}"] if wire != name else []


def _example(system: System, field: Field) -> object:
    if field.example is not None:
        return known_parts(system, field.type, field.example)
    match field.type:
        case Scalar(named=str() as named):
            declared = system.types[named]
            return declared.example if isinstance(declared, ScalarType) else None
        case ObjectRef(target=target):
            declared = system.types[target]
            example = declared.example if isinstance(declared, ObjectType) else None
            return known_parts(system, field.type, example)
        case _:
            return None


def _holds_object(type_: TypeRef) -> bool:
    match type_:
        case ObjectRef() | UnionRef():
            return True
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            return _holds_object(item)
        case _:
            return False


def _is_shared(type_: TypeRef, default: object) -> bool:
    """Tell whether one immutable value can serve all instances, so that the schema can show it."""
    if not isinstance(default, LiteralDefault):
        return False
    if isinstance(type_, Scalar):
        return type_.kind is not ScalarKind.JSON
    return isinstance(type_, RefTo)


def expansion_tree(paths: tuple[tuple[str, ...], ...]) -> Tree:
    """Return expand paths as a tree: name to what can be embedded below it."""
    names = dict.fromkeys(path[0] for path in paths)
    return {
        name: expansion_tree(tuple(path[1:] for path in paths if path[0] == name and len(path) > 1))
        for name in names
    }
