"""Plan the application layer: payloads, mappers, queries and handlers of each context.

Decides paths and templates only. What the templates see is `apigen.views`.
"""

from apigen.ir.system import Context, EnumType, ScalarType, System
from apigen.plan.file import PlannedFile
from apigen.python.identifiers import spell_module
from apigen.python.literals import docstring
from apigen.views import application, dtos, mappers, queries
from apigen.views.domain import EmptyModule, noun


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
    if context.entities or has_values:
        planned.append(
            PlannedFile(
                path=f"{folder}/dtos.py",
                template="context/application/dtos.py.j2",
                view=dtos.dto_module(system, context),
                elements=elements,
            )
        )
    if has_values or context.entities:
        planned.append(
            PlannedFile(
                path=f"{folder}/mappers.py",
                template="context/application/mappers.py.j2",
                view=mappers.mapper_module(system, context),
                elements=elements,
            )
        )
    if any(entity.resource is not None for entity in context.entities):
        planned.append(
            PlannedFile(
                path=f"{folder}/queries.py",
                template="context/application/queries.py.j2",
                view=queries.query_module(system, context),
                elements=elements,
            )
        )
    if context.entities:
        planned += [
            PlannedFile(
                path=f"{folder}/handlers.py",
                template="context/application/handlers.py.j2",
                view=application.handler_module(system, context),
                elements=elements,
            ),
            _empty(
                f"{folder}/commands.py",
                f"What can be asked of {name} beyond creating, changing and deleting.\n\nThe "
                "specification declares no commands: the payloads of dtos.py go straight to the "
                "services of handlers.py.",
            ),
        ]
    return planned


def _empty(path: str, doc: str) -> PlannedFile:
    return PlannedFile(
        path=path, template="context/empty.py.j2", view=EmptyModule(doc=docstring(doc))
    )
