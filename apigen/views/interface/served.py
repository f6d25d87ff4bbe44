"""What of a system is served over HTTP."""

from apigen.ir.system import Context, System
from apigen.views.infrastructure.persistence import has_readers


def has_versions(system: System) -> bool:
    """Tell whether requests are led to a version: there are several, one ends, or is hidden."""
    api = system.api
    return (
        len(api.versions) > 1
        or api.versioning != "path"
        or any(version.deprecated or version.sunset for version in api.versions)
    )


def served_contexts(system: System) -> tuple[Context, ...]:
    """Return the contexts that answer over HTTP: those with a resource or a route of their own."""
    return tuple(
        context for context in system.contexts if has_readers(context) or has_own_routes(context)
    )


def has_task_routes(system: System) -> bool:
    """Tell whether it is answered over HTTP how background tasks are."""
    return system.has_tasks and system.outputs.rest and bool(served_contexts(system))


def has_own_routes(context: Context) -> bool:
    """Tell whether commands or queries that no entity owns are reached over HTTP."""
    return any(one.route is not None for one in context.commands) or any(
        one.route is not None for one in context.queries
    )
