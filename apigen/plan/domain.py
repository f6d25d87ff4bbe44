"""Plan the domain layer: six modules a context, one folder a context.

Decides paths and templates only. What the templates see is in `apigen.views.domain`.
"""

from collections.abc import Iterator

from apigen.ir.system import Context, System
from apigen.plan.file import FileClass, PlannedFile
from apigen.python import layout
from apigen.python.identifiers import spell_module
from apigen.python.literals import docstring
from apigen.views.application import custom_handlers
from apigen.views.domain import events
from apigen.views.domain.entities import aggregate_module, entity_module, innermost_first
from apigen.views.domain.repository_ports import repository_module
from apigen.views.domain.value_objects import value_module
from apigen.views.nouns import noun
from apigen.views.packages import EmptyModule
from apigen.views.project.root_files import contents_without_entities

_EMPTY = "context/empty.py.j2"


def files(system: System) -> tuple[PlannedFile, ...]:
    """Return the files of the domain layer that belong to no context."""
    root = f"src/{system.app.package}/domain"
    return (_empty(f"{root}/__init__.py", "The domain: what is true whoever asks."),)


def context_files(system: System, context: Context) -> list[PlannedFile]:
    """Return the files of one context."""
    folder = f"src/{system.app.package}/domain/{spell_module(context.name.snake)}"
    name = noun(context.name)
    entities = tuple(entity.qname for entity in context.entities)
    children = tuple(
        child.qname for entity in context.entities for child in innermost_first(entity.children)
    )
    types = tuple(type_.qname for type_ in context.types)
    planned = [
        _empty(f"{folder}/__init__.py", context.doc or f"The domain of {name}."),
        _events(system, context, folder),
        _empty(
            f"{folder}/services.py",
            f"Decisions of {name} that belong to no single aggregate.\n\nThere are none: every "
            "rule of the specification concerns one aggregate, which checks it itself.",
        ),
    ]
    why = f"{name.capitalize()} declares {contents_without_entities(context)}, and no entity."
    if entities:
        planned.append(
            PlannedFile(
                path=f"{folder}/aggregates.py",
                template="context/domain/aggregates.py.j2",
                view=aggregate_module(system, context),
                elements=entities,
            )
        )
    else:
        planned.append(_empty(f"{folder}/aggregates.py", f"The aggregates of {name}.\n\n{why}"))
    if context.has_work:
        planned.append(
            PlannedFile(
                path=f"{folder}/repositories.py",
                template="context/domain/repositories.py.j2",
                view=repository_module(system, context),
                elements=entities,
            )
        )
    else:
        planned.append(_empty(f"{folder}/repositories.py", f"The ports of {name}.\n\n{why}"))
    if children:
        planned.append(
            PlannedFile(
                path=f"{folder}/entities.py",
                template="context/domain/entities.py.j2",
                view=entity_module(system, context),
                elements=children,
            )
        )
    else:
        planned.append(
            _empty(
                f"{folder}/entities.py",
                f"The entities inside the aggregates of {name}.\n\nThere are none: each "
                "aggregate is a root alone.",
            )
        )
    if entities or types:
        planned.append(
            PlannedFile(
                path=f"{folder}/value_objects.py",
                template="context/domain/value_objects.py.j2",
                view=value_module(system, context),
                elements=(*entities, *types),
            )
        )
    else:
        planned.append(_empty(f"{folder}/value_objects.py", f"The values of {name}: none."))
    return [*planned, *_custom_rules(system, context, folder)]


def _custom_rules(system: System, context: Context, folder: str) -> Iterator[PlannedFile]:
    stubs = custom_handlers.custom_rules(context)
    if stubs:
        yield _empty(
            f"{folder}/custom/__init__.py",
            f"Rules of {noun(context.name)} that are checked by code written by hand.",
        )
    for entity, rule in stubs:
        module = layout.custom_rule(system, entity, rule).module.rpartition(".")[2]
        yield PlannedFile(
            path=f"{folder}/custom/{module}.py",
            template="context/custom.py.j2",
            view=custom_handlers.custom_rule(system, entity, rule),
            file_class=FileClass.SEED,
            elements=(entity.qname,),
        )


def _events(system: System, context: Context, folder: str) -> PlannedFile:
    declared = events.events_of(context)
    if not declared:
        return _empty(
            f"{folder}/events.py",
            f"The events of {noun(context.name)}.\n\nThe specification declares none: "
            "nothing outside of an aggregate has to know what happened to it.",
        )
    return PlannedFile(
        path=f"{folder}/events.py",
        template="context/domain/events.py.j2",
        view=events.event_module(system, context),
        elements=tuple(event.qname for event in declared),
    )


def _empty(path: str, doc: str) -> PlannedFile:
    return PlannedFile(path=path, template=_EMPTY, view=EmptyModule(doc=docstring(doc)))
