"""What the templates of `tasks.py` and `task_handlers.py` of a context are given.

Messages and how each is treated; who carries them out.
"""

from apigen.ir.behaviour import Command, Task
from apigen.ir.behaviour_names import task_class
from apigen.ir.field import Field
from apigen.ir.system import Context, System
from apigen.ir.types import (
    ActorDefault,
    ListOf,
    MapOf,
    ObjectRef,
    SetOf,
    TypeRef,
    UnionRef,
)
from apigen.python import layout
from apigen.python.annotations import domain_annotation, dto_annotation, optional
from apigen.python.defaults import default_source
from apigen.python.identifiers import spell_input
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.application.command_policies import retry_source
from apigen.views.application.commands import has_target
from apigen.views.domain.entities import Attribute
from apigen.views.nouns import noun


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClass:
    """A task, and how it is treated."""

    name: str
    doc: str
    task_name: str
    """Literal."""
    attributes: tuple[Attribute, ...]
    settings: tuple[str, ...]
    """Arguments of its definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCommand:
    """A function that makes a command of a task."""

    function: str
    task: str
    command: str
    doc: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRegistration:
    """Who carries tasks of a class out."""

    task: str
    carries_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskModule:
    """tasks.py of a context that declares tasks."""

    doc: str
    imports: tuple[str, ...]
    tasks: tuple[TaskClass, ...]
    constant: str
    constant_doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHandlerModule:
    """task_handlers.py of a context that declares tasks."""

    doc: str
    imports: tuple[str, ...]
    commands: tuple[TaskCommand, ...]
    register: str
    register_doc: str
    parameters: tuple[str, ...]
    registrations: tuple[TaskRegistration, ...]


def tasks_constant(context: Context) -> str:
    """Return the name of what says how the tasks of a context are treated: `SHOP_TASKS`."""
    return f"{context.name.snake.upper()}_TASKS"


def register_tasks_function(context: Context) -> str:
    """Return the name of the function that has the tasks of a context carried out."""
    return f"register_{context.name.snake}_tasks"


def custom_tasks(context: Context) -> tuple[Task, ...]:
    """Return the tasks of a context that its owner carries out."""
    return tuple(one for one in context.tasks if one.command is None)


def sends_commands(context: Context) -> bool:
    """Tell whether tasks of a context send commands."""
    return any(one.command is not None for one in context.tasks)


def task_module(system: System, context: Context) -> TaskModule:
    """Return the view of tasks.py; only for a context with tasks."""
    module = layout.application(system, context.name.snake, "tasks")
    constant = tasks_constant(context)
    imports = ImportSet(module, [*map(task_class, context.tasks), constant])
    imports.add("dataclasses", "dataclass")
    imports.use(layout.support(system, "core.tasks", "BackgroundTask"))
    imports.use(layout.support(system, "application.task_registry", "TaskDefinition"))
    writer = _Writer(system, imports)
    tasks = tuple(writer.task(one) for one in context.tasks)
    name = noun(context.name)
    return TaskModule(
        doc=docstring(
            f"What {name} does in the background.\n\nMessages only; `task_handlers.py` knows who "
            "takes them. `work.enqueue(…)` has one done once the transaction is committed."
        ),
        tasks=tasks,
        constant=constant,
        constant_doc=docstring(f"How the tasks of {name} are treated."),
        imports=imports.render(),
    )


def task_handler_module(system: System, context: Context) -> TaskHandlerModule:
    """Return the view of task_handlers.py; only for a context with tasks."""
    module = layout.application(system, context.name.snake, "task_handlers")
    register = register_tasks_function(context)
    functions = [_function(one) for one in context.tasks if one.command is not None]
    taken = [register, *functions, "runner", "unit_of_work", "commands", "task", "delivery"]
    imports = ImportSet(module, taken)
    imports.use(layout.support(system, "application.task_runner", "TaskRunner"))
    writer = _Writer(system, imports)
    parameters: list[str] = []
    if custom_tasks(context):
        factory = imports.use(layout.support(system, "application.command_handlers", "WorkFactory"))
        work = imports.use(layout.unit_of_work(system, context.name.snake))
        parameters.append(f"unit_of_work: {factory}[{work}]")
    if sends_commands(context):
        bus = imports.use(layout.support(system, "application.buses", "CommandBus"))
        parameters.append(f"commands: {bus}")
    commands = tuple(
        writer.command(one, _command_of(system, one))
        for one in context.tasks
        if one.command is not None
    )
    registrations = tuple(writer.registration(one) for one in context.tasks)
    name = noun(context.name)
    return TaskHandlerModule(
        doc=docstring(f"Who carries out the tasks of {name}, and how."),
        commands=commands,
        register=register,
        register_doc=docstring(
            f"Let the runner take every task of {name} to its handler.", indent=4
        ),
        parameters=tuple(parameters),
        registrations=registrations,
        imports=imports.render(),
    )


def task_summary(task: Task) -> str:
    """Return what a task is, where nothing is said of it."""
    return task.doc or f"{noun(task.name).capitalize()}."


def _spelt(attribute: str) -> str:
    """Return what an input is called in code; the key of a row is `id`, as in commands."""
    return attribute if attribute == "id" else spell_input(attribute)


def _function(task: Task) -> str:
    return f"_{task.name.snake}"


def _command_of(system: System, task: Task) -> Command:
    return next(one for one in system.commands if one.qname == task.command)


class _Writer:
    def __init__(self, system: System, imports: ImportSet) -> None:
        self._system = system
        self._imports = imports

    def task(self, task: Task) -> TaskClass:
        """Return the view of one task."""
        attributes = [self._attribute(field) for field in task.input]
        owner = self._implied_owner(task)
        if owner is not None:
            id_type = self._imports.use(layout.id_type(self._system, owner))
            attributes.insert(0, Attribute(source=f"id: {id_type}", doc=None))
        return TaskClass(
            name=task_class(task),
            doc=docstring(task_summary(task), indent=4),
            task_name=text(task.qname),
            attributes=tuple(attributes),
            settings=tuple(self._settings(task)),
        )

    def _implied_owner(self, task: Task) -> str | None:
        """Return the entity whose row a task is for although its input does not say so."""
        if task.command is None or any(one.attribute == "id" for one in task.input):
            return None
        command = _command_of(self._system, task)
        return command.owner if has_target(command) else None

    def _attribute(self, field: Field) -> Attribute:
        # Values come from outside of the program too, so that they are checked as a client's are.
        checked = dto_annotation if _is_flat(field.type) else domain_annotation
        annotation = checked(field.type, system=self._system, imports=self._imports)
        source = f"{_spelt(field.attribute)}: {optional(annotation, field.nullable)}"
        if field.default is not None and not isinstance(field.default, ActorDefault):
            default = default_source(
                field, field.default, system=self._system, imports=self._imports
            )
            value = default.value
            if default.is_factory:
                made = self._imports.add("dataclasses", "field")
                value = f"{made}(default_factory={value})"
            source += f" = {value}"
        elif field.nullable:
            source += " = None"
        doc = docstring(field.doc, indent=4) if field.doc.strip() else None
        return Attribute(source=source, doc=doc)

    def _settings(self, task: Task) -> list[str]:
        settings = [f"kind={task_class(task)}"]
        if task.queue != "default":
            settings.append(f"queue={text(task.queue)}")
        if task.priority:
            settings.append(f"priority={task.priority}")
        if task.timeout_s is not None:
            settings.append(f"timeout_s={task.timeout_s:g}")
        if task.retry is not None:
            source = retry_source(task.retry, self._system, self._imports)
            settings.append(f"retry={source}")
        if task.schedule is not None:
            schedule = self._imports.use(layout.support(self._system, "core.cron", "CronSchedule"))
            zone = task.schedule.timezone
            arguments = text(task.schedule.cron) + (f", {text(zone)}" if zone != "UTC" else "")
            settings.append(f"schedule={schedule}.parse({arguments})")
        if task.unique is not None:
            names = "".join(f"{text(_spelt(name))}, " for name in task.unique)
            settings.append(f"unique=({names})")
        return settings

    def command(self, task: Task, command: Command) -> TaskCommand:
        """Return the view of the function that makes the command of a task."""
        self._imports.use(layout.support(self._system, "application.commands", "Delivery"))
        given = {one.attribute for one in task.input}
        arguments = [
            f"{spell_input(field.attribute)}=task.{_spelt(field.attribute)}"
            for field in command.input
            if field.attribute in given
        ]
        if has_target(command):
            arguments.insert(0, "id=task.id")
        return TaskCommand(
            function=_function(task),
            task=self._imports.use(layout.task(self._system, task)),
            command=self._imports.use(layout.command(self._system, command)),
            doc=docstring(f"`{task.name.text}` is `{command.name.text}`, sent later.", indent=4),
            arguments=(*arguments, "delivery=delivery"),
        )

    def registration(self, task: Task) -> TaskRegistration:
        """Return who carries a task out."""
        place = "application.task_runner"
        if task.command is not None:
            kind = self._imports.use(layout.support(self._system, place, "CommandTask"))
            source = f"{kind}(commands, {_function(task)})"
        else:
            name = "ReportingTask" if task.progress else "CustomTask"
            kind = self._imports.use(layout.support(self._system, place, name))
            symbol = layout.custom_task(self._system, task)
            package, _, module = symbol.module.rpartition(".")
            handle = f"{self._imports.add(package, module)}.{symbol.name}"
            source = f"{kind}({handle}, unit_of_work)"
        kind = self._imports.use(layout.task(self._system, task))
        return TaskRegistration(task=kind, carries_out=source)


def _is_flat(type_: TypeRef) -> bool:
    """Tell whether nothing in a type is a value object, which checks itself."""
    match type_:
        case ObjectRef() | UnionRef():
            return False
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            return _is_flat(item)
        case _:
            return True
