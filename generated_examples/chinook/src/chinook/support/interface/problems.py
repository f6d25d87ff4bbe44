"""Every error as one shape: RFC 9457 problem details, `application/problem+json`.

Maps exceptions and failed results to responses; knows no resource and decides no rule. A problem
never shows an internal message, a value that was refused, or a traceback.

Source: requirement 7.3 (RFC 9457 replaced 7807).
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from ..application.results import ErrorKind, ServiceError
from ..core.errors import (
    DatabaseConnectionError,
    DatabaseTimeoutError,
    EncryptionError,
    FieldError,
    IssuerUnavailableError,
    NotFoundError,
    PoolTimeoutError,
    SharedModuleError,
    StorageUnavailableError,
)
from ..core.json import dumps
from .authentication import challenge
from .public_path import public_path

PROBLEM_MEDIA_TYPE = "application/problem+json"

_logger = structlog.get_logger("problems")

# Python renames phrases between versions (413, 422), so the titles are spelled out here.
_TITLES: Mapping[int, str] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    410: "Gone",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")

_KIND_STATUSES: Mapping[ErrorKind, int] = {
    ErrorKind.INVALID: 422,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.PRECONDITION_FAILED: 412,
    ErrorKind.UNAUTHENTICATED: 401,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.TIMEOUT: 504,
}


class FieldProblem(BaseModel):
    """What is wrong with one field, parameter or header."""

    field: str = Field(description="Dotted path of what is wrong: `lines.0.quantity`.")
    message: str = Field(description="What is wrong with it, for people.")
    code: str = Field(description="The broken constraint, for programs.")


class ProblemDetail(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str = Field(default="about:blank", description="URI of the kind of problem.")
    title: str = Field(description="Summary of the kind of problem.")
    status: int = Field(description="The HTTP status again.")
    detail: str = Field(description="What went wrong this time.")
    instance: str = Field(description="Path of the request.")
    code: str = Field(description="The kind of problem, for programs.")
    errors: list[FieldProblem] = Field(description="What is wrong with which field.")
    request_id: str = Field(description="The request, for asking about it.")


def problem(
    request: Request,
    status: int,
    *,
    code: str,
    detail: str,
    errors: Iterable[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the response that tells of one problem."""
    if status == 401:
        headers = {**(headers or {}), "WWW-Authenticate": challenge(code)}
    body = ProblemDetail(
        title=_title(status),
        status=status,
        detail=detail,
        instance=public_path(request),
        code=code,
        errors=[
            FieldProblem(field=error.field, message=error.message, code=error.constraint)
            for error in errors
        ],
        request_id=request.state.request_id,
    )
    return Response(
        dumps(body.model_dump()),
        status_code=status,
        headers=headers,
        media_type=PROBLEM_MEDIA_TYPE,
    )


def service_problem(request: Request, error: ServiceError) -> Response:
    """Return the response for the failed result of a service."""
    return problem(
        request,
        error.status or _KIND_STATUSES[error.kind],
        code=error.code,
        detail=error.message,
        errors=error.details,
    )


def invalid(request: Request, errors: Iterable[FieldError]) -> Response:
    """Return the response for input that breaks constraints."""
    return problem(
        request,
        422,
        code="validation_error",
        detail="The request is not valid.",
        errors=errors,
    )


def not_found(request: Request, resource: str, id: object) -> Response:
    """Return the response for a resource that does not exist."""
    error = NotFoundError(resource, id)
    return problem(request, 404, code=error.code, detail=error.message)


def problems(
    *statuses: int, codes: Mapping[int, Sequence[str]] | None = None
) -> dict[int | str, dict[str, Any]]:
    """Declare the problems an operation can answer with, as FastAPI's `responses` has it.

    Every operation can answer 500 and, when the database does not answer, 503.

    Args:
        statuses: Of the problems.
        codes: Status to the codes that are the operation's own: `{422: ("empty_order",)}`.
    """
    # The values are what FastAPI takes: a free-form mapping of OpenAPI's response object.
    return {
        status: {"model": ProblemDetail, "description": _described(status, codes or {})}
        for status in (*statuses, 500, 503)
    }


def _described(status: int, codes: Mapping[int, Sequence[str]]) -> str:
    own = ", ".join(f"`{code}`" for code in codes.get(status, ()))
    return f"{_title(status)}: {own}" if own else _title(status)


def _title(status: int) -> str:
    if status in _TITLES:
        return _TITLES[status]
    known = {one.value: one.phrase for one in HTTPStatus}
    return known.get(status, "Error")


def install_problem_handlers(app: FastAPI) -> None:
    """Make `app` answer every error with a problem."""
    app.exception_handlers |= {
        HTTPException: _http_problem,
        RequestValidationError: _invalid_request,
        SharedModuleError: raised_problem,
        Exception: _unexpected_problem,
    }


async def _http_problem(request: Request, error: HTTPException) -> Response:
    code = _TITLES.get(error.status_code, "Error").lower().replace(" ", "_")
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    return problem(
        request,
        error.status_code,
        code=code,
        detail=str(error.detail),
        headers=headers,
    )


def _allowed_methods(request: Request) -> list[str]:
    """Return the methods of all routes at this path; FastAPI names those of the first only."""
    routes = [one for one in request.app.routes if one.matches(request.scope)[0] is not Match.NONE]
    asked = {method: {**request.scope, "method": method} for method in _METHODS}
    return [
        method
        for method, scope in asked.items()
        if any(one.matches(scope)[0] is Match.FULL for one in routes)
    ]


async def _invalid_request(request: Request, error: RequestValidationError) -> Response:
    return invalid(request, [_field_error(found) for found in error.errors()])


def _field_error(found: Mapping[str, Any]) -> FieldError:
    """Turn one of pydantic's errors into ours, without the value it may hold."""
    # pydantic types its errors as mappings of anything: `loc`, `msg` and `type` are always there.
    place, *path = found["loc"]
    if found["type"] == "json_invalid":
        return FieldError("", f"not valid JSON at byte {path[0]}", "json_invalid")
    if place in {"header", "cookie"}:
        path = [place, *path]
    # Constraints of the project's own types have one error type and their name in its context.
    code = found.get("ctx", {}).get("constraint", found["type"])
    return FieldError(
        ".".join(str(part) for part in path),
        str(found["msg"]).removeprefix("Value error, "),
        str(code),
    )


async def raised_problem(request: Request, error: SharedModuleError) -> Response:
    """Answer an error of the support package or of the project that nobody turned into a result.

    Raises:
        SharedModuleError: `error` itself, when it is a bug rather than an answer.
    """
    if isinstance(error, PoolTimeoutError | DatabaseConnectionError | DatabaseTimeoutError):
        _logger.error("database_not_available", error=error.message)
        return problem(
            request,
            503,
            code=error.code,
            detail="The database does not answer. Try again in a moment.",
            headers={"Retry-After": "1"},
        )
    if isinstance(error, IssuerUnavailableError):
        _logger.error("issuer_not_available", error=error.message)
        return problem(
            request,
            503,
            code=error.code,
            detail="Tokens can not be checked at present. Try again in a moment.",
            headers={"Retry-After": "1"},
        )
    if isinstance(error, EncryptionError):
        _logger.error("encryption_failed", reason=error.reason, **error.context)
        return _internal_problem(request)
    if isinstance(error, StorageUnavailableError):
        _logger.error("storage_not_available", error=error.message)
        return problem(
            request,
            503,
            code=error.code,
            detail="Files can not be stored or read at present. Try again in a moment.",
            headers={"Retry-After": "1"},
        )
    return service_problem(request, ServiceError.of(error))


async def _unexpected_problem(request: Request, error: Exception) -> Response:
    """Answer a bug; the request-context middleware logs what it was."""
    return _internal_problem(request)


def _internal_problem(request: Request) -> Response:
    return problem(
        request,
        500,
        code="internal_error",
        detail="Something went wrong on our side. Tell us the request id.",
    )
