"""What surrounds every request, in one pass: its id, its log context, headers, the access log.

Pure ASGI and outermost, so that errors of any kind leave with an id and are logged once. Knows
nothing of routes.
"""

import re
from time import perf_counter

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..core.identifiers import uuid7
from .problems import problem

REQUEST_ID_HEADER = "X-Request-ID"

_logger = structlog.get_logger("access")
_request_id_pattern = re.compile(r"[A-Za-z0-9._\-]{1,128}")

_SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class RequestContextMiddleware:
    """Gives each request an id, adds headers to its response, and logs how it ended."""

    def __init__(self, app: ASGIApp, *, access_log: bool) -> None:
        """Wrap `app`; one line a request is logged when `access_log` says so."""
        self._app = app
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        response = _ResponseHeaders(scope, receive, send, request_id)
        began = perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, response.send)
            except Exception:
                # Starlette has answered 500 by then, unless a part of the response was out.
                _logger.exception("unhandled_error", method=scope["method"], path=scope["path"])
            finally:
                if self._access_log:
                    _logger.info(
                        "request",
                        method=scope["method"],
                        path=scope["path"],
                        status=response.status,
                        duration_ms=round((perf_counter() - began) * 1000, 3),
                    )


class _ResponseHeaders:
    """Adds headers to one response, and turns Starlette's plain 413 into a problem."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        self.status = 500
        self._scope = scope
        self._receive = receive
        self._send = send
        self._request_id = request_id
        self._is_replaced = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            if message["status"] == 413 and headers["content-type"].startswith("text/plain"):
                # Starlette's body limiter has no hook for its own response, and replaces others.
                await self._refuse_body()
                return
            self.status = message["status"]
            message["headers"] = [
                *message["headers"],
                (REQUEST_ID_HEADER.lower().encode(), self._request_id.encode()),
                *(header for header in _SECURITY_HEADERS if header[0].decode() not in headers),
            ]
        if not self._is_replaced:
            await self._send(message)

    async def _refuse_body(self) -> None:
        response = problem(
            Request(self._scope),
            413,
            code="content_too_large",
            detail="The body of the request is too large.",
        )
        await response(self._scope, self._receive, self.send)
        self._is_replaced = True


def _request_id(scope: Scope) -> str:
    """Return the id that the caller sent, when it is harmless in logs and headers, or a new one."""
    sent = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
    return sent if _request_id_pattern.fullmatch(sent) else uuid7().hex
