"""What the templates of the interface layer are given: one module a resource, and what binds them.

Chooses names, paths, statuses and what each operation is asked and answers. How an answer is made
is `support/interface`; which files exist is `apigen.plan.interface`.
"""

from collections import Counter

from apigen.ir.access import AUTHENTICATED, PUBLIC, READ
from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.system import ApiVersion, Context, Entity, Resource, System
from apigen.ir.types import RefTo
from apigen.python import layout
from apigen.python.identifiers import spell_module, spell_variable
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.application.services import handlers_attribute
from apigen.views.interface.routes import Route, StatedRoute
from apigen.views.interface.served import (
    has_own_routes,
    has_task_routes,
    has_versions,
    served_contexts,
)
from apigen.views.read_entities import read_entities
from apigen.views.versions.deprecations import day_source
from apigen.views.versions.systems import system_in

LOCALS = frozenset({"request", "data", "handlers", "expected", "replies", "router"})
"""Names in the body of a route that a path parameter must not take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceModule:
    """interface/api/v1/<resource>.py."""

    imports: tuple[str, ...]
    doc: str
    """Docstring."""
    aliases: tuple[tuple[str, str], ...]
    """Name and source of what several routes share: path parameters that are checked, and what
    makes the answers of files."""
    router_class: str
    router: str
    """Arguments of the router."""
    replies_class: str
    replies: str
    """Arguments of the replies."""
    service: str
    reader: str
    """Attributes of the context's handlers."""
    key: str
    """Expression of the identifier."""
    scope: str
    """`, scope={…}` of a nested resource, or nothing."""
    has_etag: bool
    export_formats: str
    """Literal of a tuple."""
    list: Route | None
    create: Route | None
    count: Route | None
    export: Route | None
    bulk_create: Route | None
    bulk_update: Route | None
    bulk_delete: Route | None
    get: Route | None
    update: Route | None
    replace: Route | None
    delete: Route | None
    restore: Route | None
    history: Route | None
    questions: tuple[StatedRoute, ...]
    stated: tuple[StatedRoute, ...]
    """Commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """How routes get the handlers of one context."""

    alias: str
    function: str
    handlers: str
    attribute: str
    context: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DependenciesModule:
    """interface/api/dependencies.py."""

    imports: tuple[str, ...]
    dependencies: tuple[Dependency, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRoutesModule:
    """interface/api/background_tasks.py."""

    package: str
    overseers: bool
    """Whether some see more than others."""
    everybody: str
    """Who sees a task where nobody sees more than others."""
    source: str
    """Of the roles that see every task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRoutes:
    """What one version of the API serves."""

    version: str
    prefix: str
    """Literal: `"/api/v1"`."""
    constant: str
    routers: tuple[str, ...]
    """In the order in which paths are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersioningModule:
    """interface/api/versioning.py."""

    imports: tuple[str, ...]
    served: tuple[str, ...]
    """Sources of `ServedVersion`s, oldest first; none for one version that stays."""
    settings: str
    """Source of what else `Versions` takes."""
    versions: tuple[VersionRoutes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderModule:
    """A module of a version that has the routes of a newer one."""

    doc: str
    """Docstring."""
    source: str
    """Module that has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModule:
    """A module of routes, and which versions have it."""

    name: str
    versions: tuple[str, ...]
    """Oldest first."""
    endings: tuple[str, ...]
    """Of each version: what tells its routes from those of the newest."""
    label: str
    elements: tuple[str, ...]

    def home(self, version: str) -> str:
        """Return the version that has the routes of a version: the newest that is like it."""
        return self.alike(version)[-1]

    def alike(self, version: str) -> tuple[str, ...]:
        """Return the versions that have the routes of a version, oldest first."""
        first = last = self.versions.index(version)
        while first and self.endings[first - 1] == self.endings[first]:
            first -= 1
        while last + 1 < len(self.versions) and self.endings[last + 1] == self.endings[last]:
            last += 1
        return self.versions[first : last + 1]

    def router(self, version: str, newest: str) -> str:
        """Return what the router of a version is called where all are listed."""
        suffix = "" if version == newest else f"_{Name.of(version).snake}"
        return f"{self.name}_router{suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An entity with its resource and the module that serves it."""

    context: Context
    entity: Entity
    resource: Resource
    module: str
    """Name of the module."""


def served(system: System) -> tuple[Served, ...]:
    """Return everything that has routes, in the order in which paths must be tried.

    Longer paths first, and of equally long ones those with fewer keys: `/orders/archive` must be
    tried before `/orders/{order_id}`.
    """

    def order(one: Served) -> tuple[int, int, str]:
        prefix = prefix_of(system, one)
        return -prefix.count("/"), prefix.count("{"), one.module

    return tuple(sorted(_resources(system), key=order))


def resources_of(system: System, context: Context) -> tuple[Served, ...]:
    """Return what has routes in one context, in the spec's order."""
    return tuple(one for one in _resources(system) if one.context is context)


def _resources(system: System) -> list[Served]:
    found = [
        (context, entity, entity.resource)
        for context in served_contexts(system)
        for entity in read_entities(system, context)
        if entity.resource is not None
    ]
    plurals = Counter(entity.name.plural_snake for _, entity, _ in found)
    return [
        Served(
            context=context,
            entity=entity,
            resource=resource,
            module=spell_module(
                entity.name.plural_snake
                if plurals[entity.name.plural_snake] == 1
                else f"{context.name.snake}_{entity.name.plural_snake}"
            ),
        )
        for context, entity, resource in found
    ]


def operations_module_name(system: System, context: Context) -> str:
    """Return the module of a context's own commands and queries: `shop_operations`."""
    name = spell_module(f"{context.name.snake}_operations")
    taken = {one.module for one in _resources(system)}
    return f"{name}_of_context" if name in taken else name


def served_modules(system: System) -> tuple[ServedModule, ...]:
    """Return the modules of routes, in the order in which paths must be tried."""
    operations = tuple(
        _module(
            system,
            context.qname,
            name=operations_module_name(system, context),
            versions=_versions_of_operations(system, context),
            label=f"{context.name.snake.replace('_', ' ')} as a whole",
            elements=tuple(one.qname for one in (*context.commands, *context.queries)),
        )
        for context in system.contexts
        if has_own_routes(context)
    )
    resources = tuple(
        _module(
            system,
            one.entity.qname,
            name=one.module,
            versions=system.api.versions_with(one.entity.lifespan),
            label=one.entity.name.plural_snake.replace("_", " "),
            elements=(one.entity.qname,),
        )
        for one in served(system)
    )
    return (*operations, *resources)


def _module(
    system: System,
    qname: str,
    *,
    name: str,
    versions: tuple[str, ...],
    label: str,
    elements: tuple[str, ...],
) -> ServedModule:
    endings = (system_in(system, version).resource_endings.get(qname, "") for version in versions)
    return ServedModule(
        name=name, versions=versions, endings=tuple(endings), label=label, elements=elements
    )


def _versions_of_operations(system: System, context: Context) -> tuple[str, ...]:
    lifespans = (
        *(one.lifespan for one in context.commands if one.route is not None),
        *(one.lifespan for one in context.queries if one.route is not None),
    )
    found = {name for one in lifespans for name in system.api.versions_with(one)}
    return tuple(version.name for version in system.api.versions if version.name in found)


def version_package(system: System, version: str) -> str:
    """Return the package of a version of the API: `shop.interface.api.v2`."""
    return f"{system.app.package}.interface.api.{spell_module(version)}"


def older_module(system: System, module: ServedModule, version: str) -> OlderModule:
    """Return the view of a module in a version that is like a newer one."""
    home = module.home(version)
    return OlderModule(
        doc=docstring(
            f"What can be asked of {module.label} in {version}: what {home} answers.\n\n"
            f"Give this version a router of its own where the two differ."
        ),
        source=f"{version_package(system, home)}.{module.name}",
    )


def dependencies_module(system: System) -> DependenciesModule:
    """Return the view of interface/api/dependencies.py."""
    contexts = {one.context.qname for one in served(system)}
    module = dependencies_name(system)
    used = [
        context
        for context in system.contexts
        if context.qname in contexts or has_own_routes(context)
    ]
    imports = ImportSet(module, defined=[dependency_alias(context) for context in used])
    return DependenciesModule(
        dependencies=tuple(
            Dependency(
                alias=dependency_alias(context),
                function=handlers_attribute(context),
                handlers=imports.use(layout.handlers(system, context.name.snake)),
                attribute=handlers_attribute(context),
                context=context.name.snake,
            )
            for context in used
        ),
        imports=imports.render(),
    )


def versioning_module(system: System) -> VersioningModule:
    """Return the view of interface/api/versioning.py."""
    modules = served_modules(system)
    newest = system.api.version
    imports = ImportSet(f"{system.app.package}.interface.api.versioning")
    imports.add("fastapi", "FastAPI")
    routers = sorted(
        f"from {version_package(system, version)}.{one.name} import router as "
        f"{one.router(version, newest)}"
        for one in modules
        for version in one.versions
    )
    of_tasks: tuple[str, ...] = ()
    if has_task_routes(system):
        place = f"{system.app.package}.interface.api.background_tasks"
        routers.insert(0, f"from {place} import router as background_tasks_router")
        of_tasks = ("background_tasks_router",)
    sources: tuple[str, ...] = ()
    settings = ""
    if has_versions(system):
        support = "interface.versioning"
        imports.use(layout.support(system, support, "Versions"))
        kind = imports.use(layout.support(system, support, "ServedVersion"))
        sources = tuple(_served(version, kind, imports) for version in system.api.versions)
        if system.api.versioning != "path":
            strategy = imports.use(layout.support(system, support, "VersionStrategy"))
            settings = f"strategy={strategy}.{system.api.versioning.upper()},"
    return VersioningModule(
        imports=(*imports.render(), *routers),
        served=sources,
        settings=f"prefix={text(system.api.prefix.rstrip('/'))},{settings}",
        versions=tuple(
            VersionRoutes(
                version=version.name,
                prefix=text(f"{system.api.prefix.rstrip('/')}/{version.name}"),
                constant=f"{Name.of(version.name).snake.upper()}_ROUTERS",
                routers=(
                    *(
                        one.router(version.name, newest)
                        for one in modules
                        if version.name in one.versions
                    ),
                    *of_tasks,
                ),
            )
            for version in system.api.versions
        ),
    )


def task_routes_module(system: System) -> TaskRoutesModule:
    """Return the view of interface/api/background_tasks.py."""
    security = system.security
    roles = overseers(system)
    return TaskRoutesModule(
        package=system.app.package,
        overseers=bool(roles),
        everybody="Whoever has asked for a task sees it."
        if security is not None
        else "Everybody sees every task: nobody is asked who they are.",
        source="None"
        if security is None
        else "(" + "".join(f"{text(role)}, " for role in roles) + ")",
    )


def overseers(system: System) -> tuple[str, ...]:
    """Return the roles that may read every row of everything that not everybody may read.

    What they see of a task is nothing that they could not read.
    """
    tables = [entity.access for entity in system.entities.values()]
    tables += (one.access for context in system.contexts for one in context.projections)
    needed: list[frozenset[str]] = []
    for table in tables:
        reads = [one.permissions for one in table.entries if one.operation == READ]
        for permissions in filter(None, reads):
            roles = frozenset(one.role for one in permissions if one.rows is None)
            if roles.isdisjoint((PUBLIC, AUTHENTICATED)):
                needed.append(roles)
    known = system.security.roles if needed and system.security is not None else ()
    return tuple(
        role.name
        for role in known
        if not any(roles.isdisjoint((role.name, *role.inherits)) for roles in needed)
    )


def _served(version: ApiVersion, kind: str, imports: ImportSet) -> str:
    arguments = [f"name={text(version.name)}"]
    if version.deprecated:
        arguments.append("is_deprecated=True")
    if version.deprecated_since is not None:
        arguments.append(f"deprecated_since={day_source(version.deprecated_since, imports)}")
    if version.sunset is not None:
        arguments.append(f"sunset={day_source(version.sunset, imports)}")
    if version.successor is not None:
        arguments.append(f"successor={text(version.successor)}")
    return f"{kind}({', '.join(arguments)})"


def dependencies_name(system: System) -> str:
    """Return the module that routes get their handlers from."""
    return f"{system.app.package}.interface.api.dependencies"


def dependency_alias(context: Context) -> str:
    """Return the annotation of the handlers of a context: `ShopDependency`."""
    return f"{context.name.pascal}Dependency"


def parent_of(system: System, one: Served) -> tuple[Field, Entity] | None:
    """Return the reference that the resource is nested under, and its target."""
    for field in one.entity.fields:
        if field.attribute == one.resource.nested_under and isinstance(field.type, RefTo):
            return field, system.entities[field.type.target]
    return None


def prefix_of(system: System, one: Served) -> str:
    """Return `/orders`, or `/customers/{customer_id}/orders`."""
    parent = parent_of(system, one)
    if parent is None:
        return one.resource.path
    field, target = parent
    above = target.resource.path if target.resource else f"/{target.name.plural_kebab}"
    return f"{above}/{{{parent_parameter(field)}}}{one.resource.path}"


def parent_parameter(field: Field) -> str:
    """Return the path parameter that names the parent."""
    return spell_variable(field.attribute, LOCALS)
