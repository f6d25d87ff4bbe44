"""Query parameters of routes that FastAPI reads: it overlooks those that it does not know."""

from starlette.requests import Request

from ..core.errors import ValidationError


def require_known(request: Request, *names: str) -> None:
    """Refuse a query parameter that means nothing, such as a misspelt one.

    Raises:
        ValidationError: There is one.
    """
    for name, value in request.query_params.multi_items():
        if name not in names:
            allowed = f"allowed are {', '.join(names)}" if names else "no parameters are allowed"
            raise ValidationError(name, value, "unknown_parameter", f"unknown parameter; {allowed}")
