"""Plan the interface layer: one module a resource, its dependencies, and the versions.

Decides paths, templates and owners only; what a template sees is `apigen.views.interface`.
"""

from collections.abc import Iterator

from apigen.ir.system import Context, System
from apigen.plan.file import CopiedFile, PlannedFile
from apigen.python.identifiers import spell_module
from apigen.python.literals import docstring
from apigen.views.composition import has_own_routes, served_contexts
from apigen.views.context_routes import OperationsModule, operations_module
from apigen.views.domain import EmptyModule
from apigen.views.interface import (
    ResourceModule,
    ServedModule,
    dependencies_module,
    older_module,
    operations_module_name,
    resources_of,
    served,
    served_modules,
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
        *(
            _package(
                _version(system, version.name),
                f"Version {version.name} of the API, one module a resource.",
            )
            for version in system.api.versions
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
    """Yield the routes of one context, in each version that has them."""
    modules = {one.name: one for one in served_modules(system)}
    for one in resources_of(system, context):
        yield from _module(
            system,
            modules[one.module],
            template="context/interface/resource.py.j2",
            view=resource_module(system, one),
        )
    if has_own_routes(context):
        yield from _module(
            system,
            modules[operations_module_name(system, context)],
            template="context/interface/operations.py.j2",
            view=operations_module(system, context),
        )


def _module(
    system: System, module: ServedModule, *, template: str, view: ResourceModule | OperationsModule
) -> Iterator[PlannedFile]:
    for version in module.versions[:-1]:
        yield PlannedFile(
            path=f"{_version(system, version)}/{module.name}.py",
            template="context/interface/older.py.j2",
            view=older_module(system, module, version),
            elements=module.elements,
        )
    yield PlannedFile(
        path=f"{_version(system, module.home)}/{module.name}.py",
        template=template,
        view=view,
        elements=module.elements,
    )


def _root(system: System) -> str:
    return f"src/{system.app.package}/interface/api"


def _version(system: System, version: str) -> str:
    return f"{_root(system)}/{spell_module(version)}"


def _package(path: str, doc: str) -> PlannedFile:
    return PlannedFile(
        path=f"{path}/__init__.py",
        template="context/empty.py.j2",
        view=EmptyModule(doc=docstring(doc)),
    )
