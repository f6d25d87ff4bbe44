"""The routes of commands and queries of a context, which no entity owns."""

from collections import Counter
from collections.abc import Iterator

from apigen.ir.behaviour import Command, Query
from apigen.ir.system import Context, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.interface.command_routes import CommandRoutes, command_function
from apigen.views.interface.query_routes import QueryRoutes
from apigen.views.interface.resources import (
    dependencies_name,
    dependency_alias,
    operations_module_name,
    version_package,
)
from apigen.views.interface.routes import RouteWriter, StatedRoute, routed
from apigen.views.nouns import noun
from apigen.views.read_entities import source_of, with_projections


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationsModule:
    """interface/api/v1/<context>_operations.py."""

    imports: tuple[str, ...]
    doc: str
    """Docstring."""
    router_class: str
    router: str
    """Arguments of the router."""
    routes: tuple[StatedRoute, ...]
    """Those with fewer keys in their path come first: literal words beat keys."""


def operations_module(
    system: System, context: Context, versions: tuple[str, ...]
) -> OperationsModule:
    """Return the view of the routes of a context; only for one that has operations.

    Args:
        system: As the versions have it.
        context: Of that system.
        versions: That take the routes from here; the module is in the folder of the last.
    """
    system = with_projections(system)
    functions = tuple(_functions(system, context))
    name = operations_module_name(system, context)
    package = version_package(system, versions[-1])
    imports = ImportSet(f"{package}.{name}", defined=("router", *functions))
    # The template spells these two, so they come before any name of the spec.
    imports.add("starlette.requests", "Request")
    imports.add("starlette.responses", "Response")
    handlers = imports.add(dependencies_name(system), dependency_alias(context))
    writer = _Writer(system, context, imports, handlers, versions)
    label = noun(context.name)
    queries = routed(system, context.queries, versions)
    commands = routed(system, context.commands, versions)
    routes = [
        *(QueryRoutes(writer).route(one, source_of(system, one)) for one in queries),
        *(CommandRoutes(writer, None).route(one) for one in commands),
    ]
    return OperationsModule(
        doc=docstring(f"What can be asked of {label} as a whole over HTTP."),
        router_class=writer.support("interface.routing", "ResourceRouter"),
        router=f'prefix="", tags=[{text(label)}]',
        routes=tuple(sorted(routes, key=lambda one: one.route.path.count("{"))),
        imports=imports.render(),
    )


class _Writer(RouteWriter):
    """Tells equally named operations of contexts apart."""

    def __init__(
        self,
        system: System,
        context: Context,
        imports: ImportSet,
        handlers: str,
        versions: tuple[str, ...],
    ) -> None:
        super().__init__(
            system,
            context,
            context.access,
            imports,
            handlers,
            control=layout.context_access_control(system, context.name.snake),
            versions=versions,
            has_rows=False,
            is_limited=system.api.rate_limit is not None,
        )
        self._used = Counter(
            function for other in system.contexts for function in _all_functions(system, other)
        )

    def operation_id(self, function: str) -> str:
        """Return the function's name, with the context when another has such an operation."""
        return f"{function}_of_{self.context.name.snake}" if self._used[function] > 1 else function


def _commands(context: Context) -> tuple[Command, ...]:
    return tuple(one for one in context.commands if one.route is not None)


def _queries(context: Context) -> tuple[Query, ...]:
    return tuple(one for one in context.queries if one.route is not None)


def _functions(system: System, context: Context) -> Iterator[str]:
    yield from (command_function(one) for one in _commands(context))
    yield from (layout.query_snake(system, one) for one in _queries(context))


def _all_functions(system: System, context: Context) -> Iterator[str]:
    """Yield the functions of the context's own operations and of those of its entities."""
    yield from _functions(system, context)
    for entity in context.entities:
        yield from (command_function(one) for one in entity.commands)
        yield from (layout.query_snake(system, one) for one in entity.queries)
