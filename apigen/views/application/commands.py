"""What the template of `application/<context>/commands.py` is given: one message a command."""

from apigen.ir.behaviour import Command
from apigen.ir.field import Field
from apigen.ir.system import Context, System
from apigen.ir.types import ActorDefault
from apigen.python import layout
from apigen.python.annotations import domain_annotation, optional
from apigen.python.defaults import default_source
from apigen.python.identifiers import spell_input
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring
from apigen.values import dataclass
from apigen.views.domain.entities import Attribute
from apigen.views.nouns import noun


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandClass:
    """A message: the key of its aggregate, and its inputs."""

    name: str
    result: str
    """What doing it gives."""
    doc: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandModule:
    """commands.py of a context that declares commands."""

    doc: str
    imports: tuple[str, ...]
    commands: tuple[CommandClass, ...]


def commands_of(context: Context) -> tuple[Command, ...]:
    """Return the commands of a context, those of its entities first."""
    owned = (command for entity in context.entities for command in entity.commands)
    return (*owned, *context.commands)


def has_target(command: Command) -> bool:
    """Tell whether the command is for an aggregate that there is."""
    return command.owner is not None and not command.creates


def command_module(system: System, context: Context) -> CommandModule:
    """Return the view of commands.py; only for a context with commands."""
    module = layout.application(system, context.name.snake, "commands")
    declared = commands_of(context)
    imports = ImportSet(module, [layout.command(system, command).name for command in declared])
    imports.add("dataclasses", "dataclass")
    imports.use(layout.support(system, "application.commands", "Command"))
    commands = tuple(_command(system, command, imports) for command in declared)
    return CommandModule(
        doc=docstring(
            f"What can be asked of {noun(context.name)} beyond creating, changing and "
            "deleting.\n\nMessages only; handlers.py knows who takes them."
        ),
        imports=imports.render(),
        commands=commands,
    )


def result_source(system: System, command: Command, imports: ImportSet) -> str:
    """Return the annotation of what a command gives."""
    if command.returns is not None:
        return domain_annotation(command.returns, system=system, imports=imports)
    if command.owner is None:
        return "None"
    return imports.use(layout.entity_class(system, command.owner))


def _command(system: System, command: Command, imports: ImportSet) -> CommandClass:
    attributes: list[Attribute] = []
    if has_target(command) and command.owner is not None:
        id_type = imports.use(layout.id_type(system, command.owner))
        attributes.append(Attribute(source=f"id: {id_type}", doc=None))
    attributes += [_input(system, field, imports) for field in command.input]
    return CommandClass(
        name=layout.command(system, command).name,
        result=result_source(system, command, imports),
        doc=docstring(command.doc or _summary(command), indent=4),
        attributes=tuple(attributes),
    )


def _summary(command: Command) -> str:
    words = command.name.snake.split("_")
    if command.owner is None:
        return f"{' '.join(words).capitalize()}."
    owner = command.owner.rpartition(".")[2]
    return f"`{command.name.text}` of {owner}."


def _input(system: System, field: Field, imports: ImportSet) -> Attribute:
    annotation = domain_annotation(field.type, system=system, imports=imports)
    source = f"{spell_input(field.attribute)}: {optional(annotation, field.nullable)}"
    if field.default is not None and not isinstance(field.default, ActorDefault):
        default = default_source(field, field.default, system=system, imports=imports)
        value = default.value
        if default.is_factory:
            value = f"{imports.add('dataclasses', 'field')}(default_factory={value})"
        source += f" = {value}"
    elif field.nullable:
        source += " = None"
    doc = docstring(field.doc, indent=4) if field.doc.strip() else None
    return Attribute(source=source, doc=doc)
