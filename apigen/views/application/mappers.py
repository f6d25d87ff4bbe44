"""What the template of `application/<context>/mappers.py` is given: functions, line by line."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from apigen.ir.behaviour import Command
from apigen.ir.field import Field, Origin, Surface
from apigen.ir.system import (
    Child,
    Context,
    Entity,
    IdKind,
    Nested,
    ObjectType,
    System,
    UnionType,
    UnionVariant,
)
from apigen.ir.types import (
    ActorDefault,
    ListOf,
    LiteralDefault,
    LocalizedText,
    ManyOf,
    MapOf,
    ObjectRef,
    SetOf,
    TypeRef,
    UnionRef,
)
from apigen.ir.value_parts import parts_of
from apigen.python import layout
from apigen.python.annotations import domain_annotation
from apigen.python.defaults import default_source
from apigen.python.identifiers import spell, spell_input, spell_variable
from apigen.python.imports import ImportSet, Symbol
from apigen.python.literals import argument, docstring, text
from apigen.values import dataclass
from apigen.views.application.commands import commands_of, has_target
from apigen.views.application.dtos import (
    asked,
    has_replace,
    has_service,
    path_inputs,
    sent,
    takes_input,
)
from apigen.views.application.files import file_fields
from apigen.views.domain.command_values import actor_rule, as_type
from apigen.views.domain.entities import innermost_first
from apigen.views.domain.rules import rule_source
from apigen.views.nouns import a, noun
from apigen.views.versions.systems import context_in, older_systems, with_other_inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Construction:
    """A call with keyword arguments."""

    source: str
    """What is called."""
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFunction:
    """A function that makes a domain object of a DTO."""

    name: str
    signature: str
    result: str
    doc: str
    made: Construction
    changed: Construction | None = None
    """How one is made of `kept`, of which it has what the payload's version does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantCase:
    """How one variant of a union is made."""

    dto: str
    made: Construction
    changed: Construction | None
    """How one is made of a `kept` one of the same variant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionFunction:
    """A function that makes a union of its DTO."""

    name: str
    signature: str
    result: str
    doc: str
    cases: tuple[VariantCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one part of a payload changes."""

    condition: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFunction:
    """A function that applies a DTO to a domain object."""

    name: str
    parameter: str
    entity: str
    dto: str
    doc: str
    sent: tuple[Change, ...]
    """Made when the payload has the part."""
    always: tuple[Change, ...]
    """Made whatever the payload has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCase:
    """What is done with the payload of one version of the API."""

    pattern: str
    statement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChoice:
    """A function that takes the payloads of all versions."""

    name: str
    signature: str
    result: str
    doc: str
    cases: tuple[VersionCase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMapper:
    """The mapper of an aggregate to what clients see of it."""

    name: str
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandFunction:
    """A function that makes a command of what a client sends."""

    name: str
    signature: str
    result: str
    doc: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MapperModule:
    """mappers.py of a context."""

    doc: str
    imports: tuple[str, ...]
    values: tuple[MakeFunction, ...]
    unions: tuple[UnionFunction, ...]
    makers: tuple[MakeFunction, ...]
    changers: tuple[ChangeFunction, ...]
    choices: tuple[VersionChoice, ...]
    """Where versions of the API have payloads of their own."""
    readers: tuple[ReadMapper, ...]
    commands: tuple[CommandFunction, ...]


def mapper_module(system: System, context: Context) -> MapperModule:
    """Return the view of mappers.py."""
    module = layout.application(system, context.name.snake, "mappers")
    imports = ImportSet(module)
    writer = _Writer(system, imports)
    values: list[MakeFunction] = []
    unions: list[UnionFunction] = []
    # What describes a file is never sent: the file itself is.
    files = {
        getattr(one.type, "target", "") for held in context.entities for one in file_fields(held)
    }
    makers: list[MakeFunction] = []
    changers: list[ChangeFunction] = []
    readers: list[ReadMapper] = []
    commands: list[CommandFunction] = []
    for one in (system, *older_systems(system).values()):
        ours = writer if one is system else _Writer(one, imports)
        seen = context_in(one, context)
        objects = (held for held in seen.types if isinstance(held, ObjectType))
        _add(values, (ours.value(held) for held in objects if held.qname not in files))
        _add(unions, (ours.union(held) for held in seen.types if isinstance(held, UnionType)))
        routed = (command for command in commands_of(seen) if command.route is not None)
        _add(makers, ours.makers(seen))
        _add(changers, ours.changers(seen))
        _add(readers, map(ours.reader, seen.entities))
        _add(commands, map(ours.command, routed))
    choices = _Choices(system, imports)
    return MapperModule(
        choices=tuple(choices.of(context)),
        doc=docstring(
            f"Between the payloads of {noun(context.name)} and its domain.\n\n"
            "Inwards every field is named; outwards names match."
        ),
        imports=imports.render(),
        values=tuple(values),
        unions=tuple(unions),
        makers=tuple(makers),
        changers=tuple(changers),
        readers=tuple(readers),
        commands=tuple(commands),
    )


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def _add[NamedT: _Named](known: list[NamedT], more: Iterable[NamedT]) -> None:
    """Add those whose names are not there yet: a version has the others from a newer one."""
    names = {one.name for one in known}
    known += [one for one in more if one.name not in names]


class _Writer:
    """Writes the functions of one module."""

    def __init__(self, system: System, imports: ImportSet) -> None:
        self.system = system
        self.imports = imports

    def _dto(self, qname: str, suffix: str) -> str:
        return self.imports.use(layout.dto(self.system, qname, suffix))

    # Values.

    def value(self, declared: ObjectType) -> MakeFunction:
        name = self.imports.use(layout.value_type(self.system, declared.qname))
        keeps = self._keeps(ObjectRef(target=declared.qname))
        return MakeFunction(
            name=layout.from_dto(self.system, declared.qname).name,
            signature=self._taken(declared, name),
            result=name,
            doc=self._doc_of_value(declared),
            made=Construction(source=name, arguments=self._parts(declared)),
            changed=self._changed(declared) if keeps else None,
        )

    def _taken(self, declared: ObjectType | UnionType, result: str) -> str:
        """Return the signature of a function that makes a value object or a union."""
        data = f"data: {self._dto(declared.qname, 'Dto')}"
        if not self._keeps(ObjectRef(target=declared.qname)):
            return data
        return f"{data}, kept: {result} | None = None"

    def _doc_of_value(self, declared: ObjectType | UnionType) -> str:
        said = f"Return the {noun(declared.name)} of a payload."
        if self._keeps(ObjectRef(target=declared.qname)):
            said += "\n\nWhat its version of the API does not know is that of `kept`."
        return docstring(said, indent=4)

    def _keeps(self, type_: TypeRef) -> bool:
        """Tell whether clients of the version do not know everything that values are made of."""
        return any(
            part.computed is None and (Surface.CREATE not in part.writes or self._keeps(part.type))
            for part in parts_of(type_, self.system.types)
        )

    def _parts(self, declared: ObjectType) -> tuple[str, ...]:
        return tuple(self._argument(field, hashable=True) for field in _sent(declared))

    def _changed(self, declared: ObjectType) -> Construction:
        arguments = tuple(
            self._argument(field, hashable=True, there=f"kept.{spell(field.attribute)}")
            for field in _sent(declared)
        )
        return Construction(
            source=self.imports.add("dataclasses", "replace"), arguments=("kept", *arguments)
        )

    def _argument(self, field: Field, *, hashable: bool = False, there: str = "") -> str:
        name = spell(field.attribute)
        there = there or self._default(field)
        value = self._incoming(field.type, f"data.{name}", field.nullable, hashable, there)
        return f"{name}={value}"

    def _default(self, field: Field) -> str:
        """Return what stands for what is kept in something new: its default, if it has one."""
        if not isinstance(field.default, LiteralDefault) or not self._keeps(field.type):
            return ""
        made = default_source(field, field.default, system=self.system, imports=self.imports)
        return made.value.removeprefix("lambda: ")

    def union(self, declared: UnionType) -> UnionFunction:
        name = self.imports.use(layout.value_type(self.system, declared.qname))
        return UnionFunction(
            name=layout.from_dto(self.system, declared.qname).name,
            signature=self._taken(declared, name),
            result=name,
            doc=self._doc_of_value(declared),
            cases=tuple(self._case(declared, variant) for variant in declared.variants),
        )

    def _case(self, union: UnionType, variant: UnionVariant) -> VariantCase:
        changed = None
        if isinstance(variant.type, ObjectRef):
            declared = self.system.types[variant.type.target]
            assert isinstance(declared, ObjectType)
            arguments = self._parts(declared)
            if self._keeps(variant.type):
                changed = self._changed(declared)
        else:
            arguments = (f"value={self._incoming(variant.type, 'data.value', False, True)}",)
        source = self.imports.use(layout.variant_class(self.system, union.qname, variant))
        return VariantCase(
            dto=self.imports.use(layout.variant_dto(self.system, union.qname, variant)),
            made=Construction(source=source, arguments=arguments),
            changed=changed,
        )

    def _incoming(
        self, type_: TypeRef, source: str, nullable: bool, hashable: bool, there: str = ""
    ) -> str:
        """Return source of a payload's value as the domain has it.

        Args:
            type_: The type of the value.
            source: What the payload has.
            nullable: Whether that may be null, and what is there too.
            hashable: Whether lists become tuples.
            there: Source of the value that it takes the place of; empty: of none.
        """
        if there and self._keeps(type_):
            converted = self._merged_value(type_, source, there, nullable, hashable)
        else:
            converted = self._converted(type_, source, hashable)
        if converted == source or not nullable:
            return converted
        return f"None if {source} is None else {converted}"

    def _merged_value(
        self, type_: TypeRef, source: str, there: str, nullable: bool, hashable: bool
    ) -> str:
        """Return source of a value that keeps of what is there what the version does not know."""
        match type_:
            case ListOf(item=item) | SetOf(item=item):
                kept = f"{there} or ()" if nullable else there
                merge = layout.support(self.system, "application.kept_values", "kept_items")
                made = self._maker_of(item, hashable)
                merged = f"{self.imports.use(merge)}({source}, {kept}, {made})"
                if isinstance(type_, SetOf):
                    return f"frozenset({merged})"
                return f"tuple({merged})" if hashable else merged
            case MapOf(item=item):
                kept = f"{there} or {{}}" if nullable else there
                merge = layout.support(self.system, "application.kept_values", "kept_values")
                made = self._maker_of(item, hashable)
                return f"{self.imports.use(merge)}({source}, {kept}, {made})"
            case _:
                return f"{self._maker_of(type_, hashable)}({source}, {there})"

    def _maker_of(self, type_: TypeRef, hashable: bool) -> str:
        """Return source of a function that takes what is sent, and what is there or None."""
        if isinstance(type_, ObjectRef | UnionRef):
            return self.imports.use(layout.from_dto(self.system, type_.target))
        merged = self._merged_value(type_, "item", "kept", True, hashable)
        return f"lambda item, kept: {merged}"

    def _converted(self, type_: TypeRef, source: str, hashable: bool) -> str:
        match type_:
            case ObjectRef(target=target) | UnionRef(target=target):
                return f"{self.imports.use(layout.from_dto(self.system, target))}({source})"
            case ListOf(item=item):
                inner = self._converted(item, "item", hashable)
                if inner == "item":
                    return f"tuple({source})" if hashable else source
                generated = f"{inner} for item in {source}"
                return f"tuple({generated})" if hashable else f"[{generated}]"
            case SetOf(item=item):
                inner = self._converted(item, "item", hashable)
                return source if inner == "item" else f"frozenset({inner} for item in {source})"
            case MapOf(item=item):
                inner = self._converted(item, "item", hashable)
                if inner == "item":
                    return source
                return f"{{key: {inner} for key, item in {source}.items()}}"
            case _:
                return source

    # Aggregates and children.

    def makers(self, context: Context) -> Iterator[MakeFunction]:
        """Yield the functions that make aggregates and children."""
        for entity in context.entities:
            if has_service(entity):
                for child in innermost_first(entity.children):
                    if child.nested is not Nested.NONE:
                        yield self.maker(child)
                yield self.maker(entity)

    def changers(self, context: Context) -> Iterator[ChangeFunction]:
        """Yield the functions that change aggregates and children."""
        for entity in context.entities:
            if has_service(entity):
                for child in innermost_first(entity.children):
                    if child.nested is Nested.WRITE:
                        yield self.child_changer(child)
                yield self.changer(entity)

    def maker(self, owner: Entity | Child) -> MakeFunction:
        entity = self.imports.use(layout.entity_class(self.system, owner.qname))
        name = owner.name if isinstance(owner, Entity) else owner.class_name
        dto = self._dto(owner.qname, "Create")
        if isinstance(owner, Child) and owner.nested is Nested.WRITE:
            dto = f"{dto} | {self._dto(owner.qname, 'Update')}"
        arguments: list[str] = []
        identity = owner.identity
        if identity.client_supplied and identity.kind not in (IdKind.NATURAL, IdKind.COMPOSITE):
            arguments.append("id=data.id")
        arguments += [
            self._argument(field)
            for field in owner.fields
            if field.origin is not Origin.SYNTH and Surface.CREATE in field.writes and sent(field)
        ]
        arguments += [
            f"{spell(field.attribute)}={self._from_actor(field, field.default)}"
            for field in owner.fields
            if isinstance(field.default, ActorDefault)
        ]
        # Nobody sends them, and there may be none.
        arguments += [
            f"{spell(field.attribute)}=frozenset()"
            for field in owner.fields
            if isinstance(field.type, ManyOf)
            and Surface.CREATE not in field.writes
            and field.default is None
            and not field.nullable
        ]
        arguments += [
            f"{spell(child.attribute)}={self._new_children(child)}"
            for child in owner.children
            if child.nested is not Nested.NONE
        ]
        return MakeFunction(
            name=layout.from_create(self.system, owner).name,
            signature=f"data: {dto}",
            result=entity,
            doc=docstring(f"Return a new {noun(name)}.", indent=4),
            made=Construction(source=entity, arguments=tuple(arguments)),
        )

    def _new_children(self, child: Child) -> str:
        make = layout.from_create(self.system, child).name
        source = f"data.{spell(child.attribute)}"
        if not child.to_one:
            return f"[{make}(item) for item in {source}]"
        if child.min:
            return f"{make}({source})"
        return f"None if {source} is None else {make}({source})"

    def changer(self, entity: Entity) -> ChangeFunction:
        dto = self._dto(entity.qname, "Update")
        if has_replace(entity):
            dto = f"{dto} | {self._dto(entity.qname, 'Replace')}"
        parameter = spell_variable(entity.name.snake, {"data"})
        sent = self._changes(parameter, entity)
        return ChangeFunction(
            name=layout.apply_update(self.system, entity).name,
            parameter=parameter,
            entity=self.imports.use(layout.entity_class(self.system, entity.qname)),
            dto=dto,
            doc=docstring(
                f"Change {a(entity.name)} as far as the payload says."
                if sent
                else f"Nothing of {a(entity.name)} can be changed.",
                indent=4,
            ),
            sent=sent,
            always=(),
        )

    def child_changer(self, child: Child) -> ChangeFunction:
        parameter = spell_variable(child.class_name.snake, {"data"})
        return ChangeFunction(
            name=layout.change_child(self.system, child).name,
            parameter=parameter,
            entity=self.imports.use(layout.entity_class(self.system, child.qname)),
            dto=self._dto(child.qname, "Update"),
            doc=docstring(f"Make {a(child.class_name)} what the payload says.", indent=4),
            sent=tuple(
                self._refused(inner) for inner in child.children if inner.nested is Nested.CREATE
            ),
            always=self._changes(parameter, child),
        )

    def _changes(self, parameter: str, owner: Entity | Child) -> tuple[Change, ...]:
        """Return what an update may change of its owner."""
        fields = (
            self._assignment(parameter, field)
            for field in owner.fields
            if field.origin is not Origin.SYNTH and Surface.UPDATE in field.writes
        )
        children = (
            self._merged(parameter, child)
            for child in owner.children
            if child.nested is Nested.WRITE
        )
        return (*fields, *children)

    def _assignment(self, parameter: str, field: Field) -> Change:
        name = spell(field.attribute)
        value = self._incoming(
            field.type, f"data.{name}", field.nullable, False, f"{parameter}.{name}"
        )
        if isinstance(field.type, LocalizedText):
            change = layout.support(self.system, "domain.localized", "with_changes")
            value = f"{self.imports.use(change)}({parameter}.{name}, data.{name})"
            if field.nullable:
                value = f"None if data.{name} is None else {value}"
        return Change(
            condition=f"data.is_set({argument(name)})", statement=f"{parameter}.{name} = {value}"
        )

    def _refused(self, child: Child) -> Change:
        """Return what answers a payload that brings along what only a new owner may have."""
        refuse = self.imports.use(
            layout.support(self.system, "application.children", "refuse_children")
        )
        return Change(
            condition=f"data.is_set({argument(spell(child.attribute))})",
            statement=f"{refuse}({text(child.attribute)})",
        )

    def _merged(self, parameter: str, child: Child) -> Change:
        name = spell(child.attribute)
        create = layout.from_create(self.system, child).name
        change = layout.change_child(self.system, child).name
        condition = f"data.is_set({argument(name)})"
        if child.to_one and child.min:
            # It is always there, so it is only ever changed.
            changed = f"{change}({parameter}.{name}, data.{name})"
            return Change(condition=condition, statement=changed)
        functions = f"create={create}, change={change}"
        merge = "merge_child" if child.to_one else "merge_children"
        function = self.imports.use(layout.support(self.system, "application.children", merge))
        if child.to_one:
            value = f"{function}({parameter}.{name}, data.{name}, {functions})"
        else:
            value = (
                f"{function}({text(child.attribute)}, {parameter}.{name}, data.{name}, "
                f"id_of=lambda item: item.id, {functions})"
            )
        return Change(condition=condition, statement=f"{parameter}.{name} = {value}")

    def command(self, command: Command) -> CommandFunction:
        name = self.imports.use(layout.command(self.system, command))
        parameters: list[str] = []
        arguments: list[str] = []
        if has_target(command) and command.owner is not None:
            parameters.append(f"id: {self.imports.use(layout.id_type(self.system, command.owner))}")
            arguments.append("id=id")
        if takes_input(command):
            dto = self.imports.use(layout.command_input(self.system, command))
            parameters.append(f"data: {dto}")
        in_path = path_inputs(command)
        for field in in_path:
            annotation = domain_annotation(field.type, system=self.system, imports=self.imports)
            parameters.append(f"{spell_input(field.attribute)}: {annotation}")
        for field in command.input:
            source = f"data.{spell(field.attribute)}"
            value = self._incoming(field.type, source, field.nullable, False, self._default(field))
            if field in in_path:
                value = spell_input(field.attribute)
            if isinstance(field.default, ActorDefault):
                value = self._from_actor(field, field.default)
            elif not asked(field) and field not in in_path:
                # The version does not know it: the command has a default.
                continue
            arguments.append(f"{spell_input(field.attribute)}={value}")
        if has_target(command):
            parameters.append("expected_version: int | None = None")
            arguments.append("expected_version=expected_version")
        return CommandFunction(
            name=layout.command_from_input(self.system, command).name,
            signature=", ".join(parameters),
            result=name,
            doc=docstring("Return the command that a client sends.", indent=4),
            arguments=", ".join(arguments),
        )

    def _from_actor(self, field: Field, default: ActorDefault) -> str:
        """Return what a field gets from who is acting."""
        rule = actor_rule(field, default, self.system)
        context = layout.support(self.system, "core.context", "current_context")
        source = rule_source(
            rule,
            system=self.system,
            imports=self.imports,
            actor=f"{self.imports.use(context)}().actor",
        )
        return as_type(field.type, rule, source, self.system, self.imports)

    def reader(self, entity: Entity) -> ReadMapper:
        self.imports.use(layout.support(self.system, "application.mapper", "GenericMapper"))
        return ReadMapper(
            name=layout.read_mapper(self.system, entity).name,
            source=self.imports.use(layout.entity_class(self.system, entity.qname)),
            target=self._dto(entity.qname, "Read"),
        )


def _sent(declared: ObjectType) -> tuple[Field, ...]:
    """Return what clients of the version send of a value object."""
    return tuple(field for field in declared.fields if Surface.CREATE in field.writes)


def create_dtos(system: System, entity: Entity, imports: ImportSet) -> str:
    """Return the annotation of what makes an aggregate, in whatever version of the API."""
    return " | ".join(
        imports.use(layout.dto(one, entity.qname, "Create")) for one in _payloads(system, entity)
    )


def update_dtos(system: System, entity: Entity, imports: ImportSet) -> str:
    """Return the annotation of what changes an aggregate, in whatever version of the API."""
    suffixes = ("Update", "Replace") if has_replace(entity) else ("Update",)
    return " | ".join(
        imports.use(layout.dto(one, entity.qname, suffix))
        for one in _payloads(system, entity)
        for suffix in suffixes
    )


def create_function(system: System, entity: Entity) -> Symbol:
    """Return the function that makes an aggregate of the payload of any version."""
    found = layout.from_create(system, entity)
    if not with_other_inputs(system, entity):
        return found
    return Symbol(module=found.module, name=f"{entity.name.snake}_from_any_create")


def update_function(system: System, entity: Entity) -> Symbol:
    """Return the function that applies the payload of any version to an aggregate."""
    found = layout.apply_update(system, entity)
    if not with_other_inputs(system, entity):
        return found
    return Symbol(module=found.module, name=f"apply_any_{entity.name.snake}_update")


def _payloads(system: System, entity: Entity) -> tuple[System, ...]:
    return (system, *with_other_inputs(system, entity))


class _Choices:
    """Writes the functions that take the payloads of all versions."""

    def __init__(self, system: System, imports: ImportSet) -> None:
        self._system = system
        self._imports = imports

    def of(self, context: Context) -> Iterator[VersionChoice]:
        """Yield the functions of the aggregates that versions see differently."""
        for entity in context.entities:
            if has_service(entity) and with_other_inputs(self._system, entity):
                yield self._maker(entity)
                yield self._changer(entity)

    def _maker(self, entity: Entity) -> VersionChoice:
        return VersionChoice(
            name=create_function(self._system, entity).name,
            signature=f"data: {create_dtos(self._system, entity, self._imports)}",
            result=self._class(entity),
            doc=docstring(
                f"Return a new {noun(entity.name)}, in whatever version it is sent.", indent=4
            ),
            cases=tuple(
                VersionCase(
                    pattern=self._pattern(one, entity, ("Create",)),
                    statement=f"return {layout.from_create(one, entity).name}(data)",
                )
                for one in _payloads(self._system, entity)
            ),
        )

    def _changer(self, entity: Entity) -> VersionChoice:
        parameter = spell_variable(entity.name.snake, {"data"})
        suffixes = ("Update", "Replace") if has_replace(entity) else ("Update",)
        dtos = update_dtos(self._system, entity, self._imports)
        return VersionChoice(
            name=update_function(self._system, entity).name,
            signature=f"{parameter}: {self._class(entity)}, data: {dtos}",
            result="None",
            doc=docstring(
                f"Change {a(entity.name)} as far as the payload says.\n\n"
                "What the payload's version of the API does not know stays as it is.",
                indent=4,
            ),
            cases=tuple(
                VersionCase(
                    pattern=self._pattern(one, entity, suffixes),
                    statement=f"{layout.apply_update(one, entity).name}({parameter}, data)",
                )
                for one in _payloads(self._system, entity)
            ),
        )

    def _class(self, entity: Entity) -> str:
        return self._imports.use(layout.entity_class(self._system, entity.qname))

    def _pattern(self, system: System, entity: Entity, suffixes: tuple[str, ...]) -> str:
        names = (self._imports.use(layout.dto(system, entity.qname, one)) for one in suffixes)
        return " | ".join(f"{name}()" for name in names)
