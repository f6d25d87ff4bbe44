"""Who may ask a route at all: decided by the caller alone, before anything else sent is read.

A stranger learns nothing from what is wrong with a request. Which rows may be touched is decided
where they are stored, and the application asks again: it has other callers than routes.

Source: requirement 15.2.
"""

from collections.abc import Callable
from typing import Any

from ..application.access import AccessControl
from ..core.context import current_context

_MARK = "__permission__"


# Any: permissions do not depend on the type of the key.
def requires[RouteT: Callable[..., object]](
    control: AccessControl[Any], *operations: str
) -> Callable[[RouteT], RouteT]:
    """Mark a route that only those may ask who may do all of the operations.

    Stands below the route's own decorator.
    """

    def mark(route: RouteT) -> RouteT:
        setattr(route, _MARK, (control, operations))
        return route

    return mark


def require_permission(route: Callable[..., object]) -> None:
    """Refuse whoever is asking now a route that was marked and that they may not ask.

    Raises:
        UnauthenticatedError, ForbiddenError: They may do one of the operations with no row.
    """
    found: tuple[AccessControl[Any], tuple[str, ...]] | None = getattr(route, _MARK, None)
    if found is None:
        return
    control, operations = found
    for operation in operations:
        control.grant(operation, current_context().actor)
