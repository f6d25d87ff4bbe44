"""What the template of `application/<context>/command_handlers.py` is given.

A function for each command that a spec describes, and one table that says which handler carries
out which command. What handlers do around the function is `support.application.command_handlers`.
"""

from dataclasses import replace

from apigen.ir.behaviour import Command, Handler
from apigen.ir.expr import Path, Root, TypedExpr
from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.system import Context, Entity, System
from apigen.ir.types import RefTo
from apigen.python import layout
from apigen.python.identifiers import spell, spell_input, spell_variable
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text, tuple_of
from apigen.values import dataclass
from apigen.views.application.command_policies import policy_source
from apigen.views.application.commands import commands_of
from apigen.views.application.validators import validators_source
from apigen.views.domain.command_methods import method_parameters
from apigen.views.domain.command_rules import CommandRules, Loaded, loaded_by
from apigen.views.domain.command_values import event_source, guarded
from apigen.views.domain.path_rewriting import with_paths
from apigen.views.domain.rules import rule_source
from apigen.views.nouns import noun

_PARAMETERS = ("command", "work", "context", "bus", "unit_of_work", "access")
_SUPPORT, _CUSTOM = "application.command_handlers", "application.custom_handlers"
_ISOLATION = {
    "read_uncommitted": "READ UNCOMMITTED",
    "read_committed": "READ COMMITTED",
    "repeatable_read": "REPEATABLE READ",
    "serializable": "SERIALIZABLE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerFunction:
    """What is particular about one command: a function that its handler calls."""

    name: str
    signature: str
    result: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetLine:
    """An aggregate that commands are for."""

    name: str
    resource: str
    repository: str
    validators: str
    """Source of a tuple of functions; empty without any."""
    access: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A command, and who carries it out."""

    command: str
    handler: str
    """The handler: a call of its class."""
    policy: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandHandlerModule:
    """command_handlers.py of a context that declares commands."""

    doc: str
    imports: tuple[str, ...]
    functions: tuple[HandlerFunction, ...]
    register: str
    register_doc: str
    unit_of_work: str
    access: str | None
    """Class that has the permissions of the context; None: nothing is asked."""
    targets: tuple[TargetLine, ...]
    registrations: tuple[Registration, ...]


def register_function(context: Context) -> str:
    """Return the name of the function that registers the commands of a context."""
    return f"register_{context.name.snake}_commands"


def command_handler_module(system: System, context: Context) -> CommandHandlerModule:
    """Return the view of command_handlers.py; only for a context with commands."""
    snake = context.name.snake
    module = layout.application(system, snake, "command_handlers")
    declared = commands_of(context)
    described = [command for command in declared if not is_custom(command)]
    register = register_function(context)
    names = [_function_name(system, command) for command in described]
    imports = ImportSet(module, [*names, register, *_PARAMETERS])
    writer = _Writer(system, context, imports)
    functions = tuple(writer.function(command) for command in described)
    targets = tuple(writer.target(entity) for entity in context.entities if entity.commands)
    registrations = tuple(writer.registration(command) for command in declared)
    access = None
    if system.security is not None:
        access = imports.use(layout.access(system, snake))
    imports.use(layout.support(system, "application.buses", "CommandBus"))
    imports.use(layout.support(system, _SUPPORT, "WorkFactory"))
    return CommandHandlerModule(
        doc=docstring(f"Who carries out the commands of {noun(context.name)}, and how."),
        functions=functions,
        register=register,
        register_doc=docstring(
            f"Let the bus take every command of {noun(context.name)} to its handler.", indent=4
        ),
        unit_of_work=writer.work,
        access=access,
        targets=targets,
        registrations=registrations,
        imports=imports.render(),
    )


def is_custom(command: Command) -> bool:
    """Tell whether a command is carried out by a function that its owner writes."""
    return command.handler is Handler.CUSTOM


def _function_name(system: System, command: Command) -> str:
    return f"_{Name.of(layout.command(system, command).name).snake}"


class _Writer:
    def __init__(self, system: System, context: Context, imports: ImportSet) -> None:
        self._system = system
        self._context = context
        self._imports = imports
        self.work = imports.use(layout.unit_of_work(system, context.name.snake))

    def _support(self, name: str, module: str = _SUPPORT) -> str:
        return self._imports.use(layout.support(self._system, module, name))

    # What a command does.

    def function(self, command: Command) -> HandlerFunction:
        """Return the function of a command that the spec describes."""
        if command.owner is None:
            return self._of_no_aggregate(command)
        entity = self._system.entities[command.owner]
        aggregate = self._imports.use(layout.entity_class(self._system, entity.qname))
        message = self._imports.use(layout.command(self._system, command))
        context = self._support("CommandContext")
        variable = spell_variable(entity.name.snake, _PARAMETERS)
        signature = f"command: {message}, work: {self.work}, context: {context}"
        loads, arguments = self._arguments(command, entity, variable)
        method = spell(command.name.snake)
        if command.creates:
            call = f"return {aggregate}.{method}({', '.join(arguments)})"
        else:
            signature = f"{variable}: {aggregate}, {signature}"
            call = f"{variable}.{method}({', '.join(arguments)})"
        return HandlerFunction(
            name=_function_name(self._system, command),
            signature=signature,
            result=aggregate if command.creates else "None",
            statements=(*loads, call),
        )

    def _of_no_aggregate(self, command: Command) -> HandlerFunction:
        """Return the function of a command that no aggregate is asked for: it tells events."""
        message = self._imports.use(layout.command(self._system, command))
        context = self._support("CommandContext", _SUPPORT)
        rules = CommandRules(self._system, command, self._imports, message="command")
        loads = [
            f"{one.variable} = {self._loaded(one, '')}" for one in loaded_by(command, self._system)
        ]
        behind = {one.navigation.attribute for one in loaded_by(command, self._system)}
        loads += [
            self._required(field)
            for field in command.input
            if isinstance(field.type, RefTo) and field.attribute not in behind
        ]
        guards = [
            guarded(guard, rules, self._system, self._imports, owner="self")
            for guard in command.guards
        ]
        events = tuple_of(
            event_source(emission, rules, self._system, self._imports, owner="self")
            for emission in command.emits
        )
        return HandlerFunction(
            name=_function_name(self._system, command),
            signature=f"command: {message}, work: {self.work}, context: {context}",
            result="None",
            statements=(*loads, *guards, f"await work.publish({events})"),
        )

    def _arguments(
        self, command: Command, entity: Entity, variable: str
    ) -> tuple[list[str], list[str]]:
        """Return what is loaded before the method is called, and what it is called with."""
        loads: list[str] = []
        arguments: list[str] = []
        behind: set[str] = set()
        for parameter in method_parameters(self._system, entity, command):
            if parameter.loaded is not None:
                local = spell_variable(parameter.loaded.variable, {*_PARAMETERS, variable})
                loads.append(f"{local} = {self._loaded(parameter.loaded, variable)}")
                arguments.append(f"{parameter.name}={local}")
                if parameter.loaded.navigation.root is Root.INPUT:
                    behind.add(parameter.loaded.navigation.attribute)
            elif parameter.field is not None:
                source = f"command.{spell_input(parameter.field.attribute)}"
                arguments.append(f"{parameter.name}={source}")
            else:
                arguments.append(f"{parameter.name}=context.{parameter.name}")
        required = [
            self._required(field)
            for field in command.input
            if isinstance(field.type, RefTo) and field.attribute not in behind
        ]
        return [*required, *loads], arguments

    def _loaded(self, loaded: Loaded, variable: str) -> str:
        navigation = loaded.navigation
        if navigation.root is Root.INPUT:
            key = f"command.{spell_input(navigation.attribute)}"
        else:
            key = f"{variable}.{spell(navigation.attribute)}"
        found = f"await {self._found(navigation.target, key)}"
        return f"None if {key} is None else {found}" if loaded.nullable else found

    def _required(self, field: Field) -> str:
        """Return what refuses a command that refers to nothing."""
        assert isinstance(field.type, RefTo)
        key = f"command.{spell_input(field.attribute)}"
        found = f"await {self._found(field.type.target, key)}"
        return f"if {key} is not None:\n    {found}" if field.nullable else found

    def _found(self, target: str, key: str) -> str:
        entity = self._system.entities[target]
        repository = f"work.{spell(entity.name.plural_snake)}"
        return f"{self._support('required')}({repository}, {key}, {text(noun(entity.name))})"

    # Who carries it out.

    def target(self, entity: Entity) -> TargetLine:
        """Return the aggregate that the commands of an entity are for."""
        self._support("CommandTarget")
        plural = spell(entity.name.plural_snake)
        return TargetLine(
            name=plural,
            resource=text(noun(entity.name)),
            repository=f"lambda work: work.{plural}",
            validators=validators_source(self._system, entity, self._imports),
            access=f"access.{plural}" if self._system.security is not None else None,
        )

    def registration(self, command: Command) -> Registration:
        """Return the line of the table for a command."""
        if command.owner is None:
            handler, arguments = self._of_context(command)
        else:
            handler, arguments = self._of_entity(command, self._system.entities[command.owner])
        execution = command.execution
        if execution.natural_key is not None:
            arguments.append(f"once=lambda command: {self._natural_key(execution.natural_key)}")
        if execution.isolation is not None:
            arguments.append(f"isolation={text(_ISOLATION[execution.isolation])}")
        made = self._support(handler, _CUSTOM if handler.startswith("Custom") else _SUPPORT)
        return Registration(
            command=self._imports.use(layout.command(self._system, command)),
            handler=f"{made}({', '.join(arguments)})",
            policy=policy_source(command, self._system, self._imports),
        )

    def _of_entity(self, command: Command, entity: Entity) -> tuple[str, list[str]]:
        custom = is_custom(command)
        target = spell(entity.name.plural_snake)
        operation = f"operation={text(command.name.snake)}"
        if command.creates and custom:
            return "CustomHandler", [
                f"resource={text(noun(entity.name))}",
                operation,
                "unit_of_work=unit_of_work",
                f"handle={self._custom(command)}",
                *([f"access=access.{target}"] if self._system.security is not None else []),
            ]
        arguments = [target, operation]
        if command.creates:
            handler = "FactoryHandler"
            arguments.append(f"make={_function_name(self._system, command)}")
        else:
            answers = (
                "CustomAnswerHandler" if command.returns is not None else "CustomAggregateHandler"
            )
            handler = answers if custom else "AggregateHandler"
            arguments.append("id=lambda command: command.id")
            function = _function_name(self._system, command)
            arguments.append(f"handle={self._custom(command)}" if custom else f"act={function}")
            if command.execution.lock:
                arguments.append("lock=True")
        return handler, arguments

    def _of_context(self, command: Command) -> tuple[str, list[str]]:
        handle = (
            self._custom(command) if is_custom(command) else _function_name(self._system, command)
        )
        arguments = [
            f"resource={text(noun(command.name))}",
            f"operation={text(command.name.snake)}",
            "unit_of_work=unit_of_work",
            f"handle={handle}",
        ]
        if self._system.security is not None:
            arguments.append("access=access.commands")
        return "CustomHandler", arguments

    def _custom(self, command: Command) -> str:
        """Return what the hand-written function is called here: `award_points.handle`."""
        symbol = layout.custom_handler(self._system, command)
        package, _, module = symbol.module.rpartition(".")
        return f"{self._imports.add(package, module)}.{symbol.name}"

    def _natural_key(self, key: TypedExpr) -> str:
        def path(found: Path, _: bool) -> Path:
            if found.root is not Root.INPUT:
                return found
            first = replace(found.steps[0], attribute=spell_input(found.steps[0].attribute))
            return replace(
                found, root=Root.VARIABLE, variable="command", steps=(first, *found.steps[1:])
            )

        rule = replace(key, tree=with_paths(key.tree, path))
        actor = "current_context().actor"
        if key.uses_actor:
            self._support("current_context", "core.context")
        return rule_source(rule, system=self._system, imports=self._imports, actor=actor)
