"""Plan the interface layer: one module a resource, its dependencies, and the versions.

Decides paths, templates and owners only; what a template sees is in `apigen.views.interface`.
"""

from collections.abc import Callable, Iterator
from functools import partial

from apigen.ir.system import Context, System
from apigen.plan.file import CopiedFile, FileClass, PlannedFile
from apigen.python.identifiers import spell_module
from apigen.python.literals import docstring
from apigen.views.interface.compression import compression_module, is_compressed
from apigen.views.interface.context_routes import OperationsModule, operations_module
from apigen.views.interface.cross_origins import (
    cross_origins_module,
    has_custom_origins,
    origins_stub,
)
from apigen.views.interface.rate_limits import is_limited, rate_limit_module
from apigen.views.interface.resource_routes import resource_module
from apigen.views.interface.resources import (
    ResourceModule,
    ServedModule,
    dependencies_module,
    older_module,
    operations_module_name,
    resources_of,
    served,
    served_modules,
    task_routes_module,
    versioning_module,
)
from apigen.views.interface.served import has_own_routes, has_task_routes, served_contexts
from apigen.views.packages import EmptyModule
from apigen.views.versions.systems import context_in, system_in


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
        return (edge, *_cross_origins(system))
    return (
        edge,
        *_cross_origins(system),
        _package(root, "The API: its versions, and what their routes share."),
        *(
            _package(
                _version(system, version.name),
                f"Version {version.name} of the API, one module a resource.",
            )
            for version in system.api.versions
        ),
        *_edge(system, root),
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
        *_tasks(system, root),
    )


def _tasks(system: System, root: str) -> Iterator[PlannedFile]:
    if has_task_routes(system):
        yield PlannedFile(
            path=f"{root}/background_tasks.py",
            template="project/interface/api/background_tasks.py.j2",
            view=task_routes_module(system),
        )


def context_files(system: System, context: Context) -> Iterator[PlannedFile]:
    """Yield the routes of one context, in each version that has them."""
    modules = {one.name: one for one in served_modules(system)}
    for one in resources_of(system, context):
        yield from _module(
            system,
            modules[one.module],
            template="context/interface/resource.py.j2",
            view=partial(_resource, context=context, name=one.module),
        )
    if has_own_routes(context):
        yield from _module(
            system,
            modules[operations_module_name(system, context)],
            template="context/interface/operations.py.j2",
            view=partial(_operations, context=context),
        )


def _resource(
    system: System, versions: tuple[str, ...], *, context: Context, name: str
) -> ResourceModule:
    known = resources_of(system, context_in(system, context))
    return resource_module(system, next(one for one in known if one.module == name), versions)


def _operations(system: System, versions: tuple[str, ...], *, context: Context) -> OperationsModule:
    return operations_module(system, context_in(system, context), versions)


def _module(
    system: System,
    module: ServedModule,
    *,
    template: str,
    view: Callable[[System, tuple[str, ...]], ResourceModule | OperationsModule],
) -> Iterator[PlannedFile]:
    """Yield a module of routes in each version: its own, or that of the newer one it is like."""
    for version in module.versions:
        is_home = module.home(version) == version
        yield PlannedFile(
            path=f"{_version(system, version)}/{module.name}.py",
            template=template if is_home else "context/interface/older.py.j2",
            view=view(system_in(system, version), module.alike(version))
            if is_home
            else older_module(system, module, version),
            elements=module.elements,
        )


def _cross_origins(system: System) -> Iterator[PlannedFile]:
    folder = f"src/{system.app.package}/interface"
    if system.has_cross_origins:
        yield PlannedFile(
            path=f"{folder}/cross_origins.py",
            template="project/interface/cross_origins.py.j2",
            view=cross_origins_module(system),
        )
    if has_custom_origins(system):
        yield PlannedFile(
            path=f"{folder}/origins.py",
            template="project/interface/origins.py.j2",
            view=origins_stub(system),
            file_class=FileClass.SEED,
        )


def _edge(system: System, root: str) -> Iterator[PlannedFile]:
    """Yield what stands before the routes."""
    if is_limited(system):
        yield PlannedFile(
            path=f"{root}/rate_limits.py",
            template="project/interface/api/rate_limits.py.j2",
            view=rate_limit_module(system),
        )
    if is_compressed(system):
        yield PlannedFile(
            path=f"{root}/compression.py",
            template="project/interface/api/compression.py.j2",
            view=compression_module(system),
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
