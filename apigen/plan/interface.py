"""Plan the interface layer: one module a resource, its dependencies, and the versions.

Decides paths, templates and owners only; what a template sees is `apigen.views.interface`.
"""

from collections.abc import Iterator

from apigen.ir.system import Context, System
from apigen.plan.file import CopiedFile, PlannedFile
from apigen.python.identifiers import spell_module
from apigen.python.literals import docstring
from apigen.views.composition import has_own_routes, served_contexts
from apigen.views.context_routes import operations_module
from apigen.views.domain import EmptyModule
from apigen.views.interface import (
    dependencies_module,
    operations_module_name,
    resources_of,
    served,
    versioning_module,
)
from apigen.views.resource_routes import resource_module


def files(system: System) -> tuple[PlannedFile | CopiedFile, ...]:
    """Return the modules of `interface/` that belong to no context."""
    root = _root(system)
    is_served = bool(served_contexts(system))
    edge = _package(
        f"src/{system.app.package}/interface",
        "The HTTP edge of this project."
        if is_served
        else "The HTTP edge of this project: health and documentation, no resources.",
    )
    if not is_served:
        return (edge,)
    return (
        edge,
        _package(root, "The API: its versions, and what their routes share."),
        _package(
            _version(system), f"Version {system.api.version} of the API, one module a resource."
        ),
        PlannedFile(
            path=f"{root}/dependencies.py",
            template="project/interface/api/dependencies.py.j2",
            view=dependencies_module(system),
        ),
        PlannedFile(
            path=f"{root}/versioning.py",
            template="project/interface/api/versioning.py.j2",
            view=versioning_module(system),
            elements=tuple(one.entity.qname for one in served(system)),
        ),
    )


def context_files(system: System, context: Context) -> Iterator[PlannedFile]:
    """Yield the routes of one context."""
    for one in resources_of(system, context):
        yield PlannedFile(
            path=f"{_version(system)}/{one.module}.py",
            template="context/interface/resource.py.j2",
            view=resource_module(system, one),
            elements=(one.entity.qname,),
        )
    if has_own_routes(context):
        yield PlannedFile(
            path=f"{_version(system)}/{operations_module_name(system, context)}.py",
            template="context/interface/operations.py.j2",
            view=operations_module(system, context),
            elements=tuple(one.qname for one in (*context.commands, *context.queries)),
        )


def _root(system: System) -> str:
    return f"src/{system.app.package}/interface/api"


def _version(system: System) -> str:
    return f"{_root(system)}/{spell_module(system.api.version)}"


def _package(path: str, doc: str) -> PlannedFile:
    return PlannedFile(
        path=f"{path}/__init__.py",
        template="context/empty.py.j2",
        view=EmptyModule(doc=docstring(doc)),
    )
