"""Plan the application layer: payloads, mappers, queries, reactions, tasks, handlers by context.

Decides paths and templates only. What the templates see is in `apigen.views.application`.
"""

from collections.abc import Iterator

from apigen.ir.system import Context, EnumType, ScalarType, System
from apigen.plan.file import FileClass, PlannedFile
from apigen.python import layout
from apigen.python.identifiers import spell_module
from apigen.python.literals import docstring
from apigen.views.application import (
    access,
    command_handlers,
    commands,
    custom_handlers,
    dtos,
    mappers,
    queries,
    reactions,
    services,
    tasks,
)
from apigen.views.infrastructure.persistence import has_read_models
from apigen.views.nouns import noun
from apigen.views.packages import EmptyModule
from apigen.views.read_entities import queries_of


def files(system: System) -> tuple[PlannedFile, ...]:
    """Return the files of the application layer that belong to no context."""
    root = f"src/{system.app.package}/application"
    return (_empty(f"{root}/__init__.py", "The application: what can be asked of the domain."),)


def context_files(system: System, context: Context) -> list[PlannedFile]:
    """Return the files of one context."""
    folder = f"src/{system.app.package}/application/{spell_module(context.name.snake)}"
    name = noun(context.name)
    has_values = any(not isinstance(t, EnumType | ScalarType) for t in context.types)
    planned = [_empty(f"{folder}/__init__.py", f"What can be asked of {name}.")]
    elements = tuple(entity.qname for entity in context.entities)
    shown = tuple(one.projection.qname for one in context.projections)
    asked = tuple(query.qname for query in queries_of(context))
    if context.has_work or has_values:
        planned.append(
            PlannedFile(
                path=f"{folder}/dtos.py",
                template="context/application/dtos.py.j2",
                view=dtos.dto_module(system, context),
                elements=(*elements, *shown),
            )
        )
    if has_values or context.has_work:
        planned.append(
            PlannedFile(
                path=f"{folder}/mappers.py",
                template="context/application/mappers.py.j2",
                view=mappers.mapper_module(system, context),
                elements=elements,
            )
        )
    if has_read_models(context):
        planned.append(
            PlannedFile(
                path=f"{folder}/queries.py",
                template="context/application/queries.py.j2",
                view=queries.query_module(system, context),
                elements=(*elements, *shown, *asked),
            )
        )
    if (context.entities or context.commands) and access.has_access(system):
        planned.append(
            PlannedFile(
                path=f"{folder}/access.py",
                template="context/application/access.py.j2",
                view=access.access_module(system, context),
                elements=elements,
            )
        )
    if context.has_work:
        planned += [
            PlannedFile(
                path=f"{folder}/handlers.py",
                template="context/application/handlers.py.j2",
                view=services.handler_module(system, context),
                elements=elements,
            ),
            *_commands(system, context, folder),
        ]
    if context.reactions:
        planned.append(
            PlannedFile(
                path=f"{folder}/reactions.py",
                template="context/application/reactions.py.j2",
                view=reactions.reaction_module(system, context),
                elements=tuple(reaction.qname for reaction in context.reactions),
            )
        )
    if context.tasks:
        modules: dict[str, object] = {
            "tasks": tasks.task_module(system, context),
            "task_handlers": tasks.task_handler_module(system, context),
        }
        planned += (
            PlannedFile(
                path=f"{folder}/{name}.py",
                template=f"context/application/{name}.py.j2",
                view=view,
                elements=tuple(task.qname for task in context.tasks),
            )
            for name, view in modules.items()
        )
    return [*planned, *_custom(system, context, folder)]


def _commands(system: System, context: Context, folder: str) -> Iterator[PlannedFile]:
    declared = commands.commands_of(context)
    if not declared:
        yield _empty(
            f"{folder}/commands.py",
            f"What can be asked of {noun(context.name)} beyond creating, changing and "
            "deleting.\n\nThe specification declares no commands: the payloads of dtos.py go "
            "straight to the services of handlers.py.",
        )
        return
    elements = tuple(command.qname for command in declared)
    views: dict[str, object] = {
        "commands": commands.command_module(system, context),
        "command_handlers": command_handlers.command_handler_module(system, context),
    }
    for name, view in views.items():
        yield PlannedFile(
            path=f"{folder}/{name}.py",
            template=f"context/application/{name}.py.j2",
            view=view,
            elements=elements,
        )


def _custom(system: System, context: Context, folder: str) -> Iterator[PlannedFile]:
    """Yield what is written by hand, as it is before."""
    stubs: list[tuple[str, object, str]] = [
        (
            layout.custom_handler(system, command).module,
            custom_handlers.custom_handler(system, command),
            command.qname,
        )
        for command in custom_handlers.custom_commands(context)
    ]
    stubs += (
        (
            layout.custom_task(system, one).module,
            custom_handlers.custom_task(system, one),
            one.qname,
        )
        for one in tasks.custom_tasks(context)
    )
    if stubs:
        yield _empty(
            f"{folder}/custom/__init__.py",
            f"What of {noun(context.name)} is carried out by code that was written by hand.",
        )
    for module, view, element in stubs:
        yield PlannedFile(
            path=f"{folder}/custom/{module.rpartition('.')[2]}.py",
            template="context/custom.py.j2",
            view=view,
            file_class=FileClass.SEED,
            elements=(element,),
        )


def _empty(path: str, doc: str) -> PlannedFile:
    return PlannedFile(
        path=path, template="context/empty.py.j2", view=EmptyModule(doc=docstring(doc))
    )
