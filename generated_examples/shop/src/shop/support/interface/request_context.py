"""What surrounds every request, in one pass: its id, its log context, headers, the access log.

Pure ASGI and outermost, so that errors of any kind leave with an id and are logged once. Knows
nothing of routes.
"""

import re
from collections.abc import Awaitable, Iterable, Sequence
from contextvars import Token
from dataclasses import replace
from random import random
from time import perf_counter
from typing import Any, Protocol

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..core.actor import ANONYMOUS, Actor
from ..core.context import ExecutionContext, bind_context, rebind_context, release_context
from ..core.errors import IssuerUnavailableError, SharedModuleError, TokenError
from ..core.identifiers import uuid7
from .authentication import Authenticate
from .problems import problem, raised_problem
from .public_path import RESPONSE_HEADERS

REQUEST_ID_HEADER = "X-Request-ID"
CORRELATION_ID_HEADER = "X-Correlation-ID"
"""Of everything that belongs together across services; the request's own id unless it is sent."""

_REFUSAL = "refusal"
"""In the state of a request: the error of its token."""

_logger = structlog.get_logger("access")
_trace_pattern = re.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_request_id_pattern = re.compile(r"[A-Za-z0-9._\-]{1,128}")

_REQUEST_ID = REQUEST_ID_HEADER.lower().encode()
_CORRELATION_ID = CORRELATION_ID_HEADER.lower().encode()
_TRACE_PARENT = b"traceparent"
_CONTEXT_HEADERS = frozenset({_REQUEST_ID, _CORRELATION_ID, _TRACE_PARENT})
"""As servers hand them on: in lower case."""

_MOST_OF_PATH = 2048
"""Characters; servers take paths of 64 kB, which would be as much for each line of the log."""

_OF_CONTENT = frozenset({b"content-type", b"content-length"})

_SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class AnswerFilter(Protocol):
    """Something that answers pass through on their way out, headers and all."""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What it answers itself; in no version of the API."""
        ...

    def sending(self, scope: Scope, send: Send) -> Send:
        """Return what sends the answer of a request, to be called before anything is sent."""
        ...


class RequestBinding(Protocol):
    """Something that holds while a request is answered."""

    # Any: of whatever is bound.
    def begin(self, scope: Scope) -> Token[Any]:
        """Begin a request."""
        ...

    def end(self, token: Token[Any]) -> None:
        """End it, in the same task."""
        ...


class RequestContextMiddleware:
    """Gives each request an id, adds headers to its response, and logs how it ended."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        access_log: bool,
        access_sample: float = 1.0,
        authenticate: Authenticate | None = None,
        compression: AnswerFilter | None = None,
        languages: RequestBinding | None = None,
    ) -> None:
        """Wrap `app`.

        Args:
            app: Everything else.
            access_log: Whether to log one line a request.
            access_sample: Of those that succeed, the share that has a line, 0 to 1. Each line says
                it when it is not 1, so that what is counted can be scaled.
            authenticate: Tells who sends a request; None where nobody is asked.
            compression: How answers are compressed; None where none ever is.
            languages: Tells which language is spoken; None where there is one.
        """
        self._app = app
        self._access_log = access_log
        self._sample = access_sample
        self._draw = random
        self._sampled = {} if access_sample == 1 else {"sample": access_sample}
        self._authenticate = authenticate
        self._compression = compression
        self._languages = languages
        # Bound once: a logger of `get_logger` is made anew for each line.
        self._lines = _logger.bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        context = _context(scope["headers"])
        scope.setdefault("state", {})["request_id"] = context.request_id
        if self._compression is not None:
            send = self._compression.sending(scope, send)
        response = _ResponseHeaders(scope, receive, send, context.request_id)
        path = scope["path"][:_MOST_OF_PATH]
        began = perf_counter()
        # Not as blocks of `with`: this is on the way of every request.
        bound = bind_context(context)
        spoken = None if self._languages is None else self._languages.begin(scope)
        try:
            if self._authenticate is not None:
                actor = await self._sender(scope, self._authenticate)
                rebind_context(replace(context, actor=actor))
            await self._app(scope, receive, response.send)
        except Exception:
            # Starlette has answered 500 by then, unless a part of the response was out.
            _logger.exception("unhandled_error", method=scope["method"], path=path)
        finally:
            if self._access_log and self._is_logged(response.status):
                self._lines.info(
                    "request",
                    method=scope["method"],
                    path=path,
                    status=response.status,
                    duration_ms=round((perf_counter() - began) * 1000, 3),
                    **(self._sampled if response.status < 400 else {}),
                )
            if self._languages is not None and spoken is not None:
                self._languages.end(spoken)
            release_context(bound)

    def _is_logged(self, status: int) -> bool:
        return status >= 400 or self._sample == 1 or self._draw() < self._sample

    async def _sender(self, scope: Scope, authenticate: Authenticate) -> Actor:
        try:
            return await authenticate(Headers(scope=scope).getlist("authorization"))
        except (TokenError, IssuerUnavailableError) as error:
            scope["state"][_REFUSAL] = error
            return ANONYMOUS


class RefusalMiddleware:
    """Answers requests whose token is refused.

    Apart from what finds that out, so that the answer passes through what adds headers to answers:
    pages of other origins could not read it otherwise.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`, which gets all other requests."""
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one connection."""
        refusal = scope["state"].get(_REFUSAL) if "state" in scope else None
        if refusal is None:
            return self._app(scope, receive, send)
        return self._refuse(refusal, scope, receive, send)

    async def _refuse(
        self, refusal: SharedModuleError, scope: Scope, receive: Receive, send: Send
    ) -> None:
        response = await raised_problem(Request(scope), refusal)
        await response(scope, receive, send)


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
            sent: list[tuple[bytes, bytes]] = message["headers"]
            if message["status"] == 413 and _is_plain_text(sent):
                # Starlette's body limiter has no hook for its own response, and replaces others.
                await self._refuse_body(sent)
                return
            self.status = message["status"]
            named = {name for name, _ in sent}
            message["headers"] = [
                *sent,
                (_REQUEST_ID, self._request_id.encode()),
                *self._scope["state"].get(RESPONSE_HEADERS, ()),
                *(header for header in _SECURITY_HEADERS if header[0] not in named),
            ]
        if not self._is_replaced:
            await self._send(message)

    async def _refuse_body(self, sent: Iterable[tuple[bytes, bytes]]) -> None:
        response = problem(
            Request(self._scope),
            413,
            code="content_too_large",
            detail="The body of the request is too large.",
        )
        # What others have added on the way out: whether pages of other origins may read it.
        response.raw_headers += [one for one in sent if one[0] not in _OF_CONTENT]
        await response(self._scope, self._receive, self.send)
        self._is_replaced = True


def _is_plain_text(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(
        name == b"content-type" and value.startswith(b"text/plain") for name, value in headers
    )


def _context(headers: Iterable[tuple[bytes, bytes]]) -> ExecutionContext:
    """Return the context of a request: ids that the caller sent, when they are harmless, or new.

    Of an id that is there twice, the first counts.
    """
    if _CONTEXT_HEADERS.isdisjoint(dict(headers)):
        request_id = uuid7().hex
        return ExecutionContext(request_id=request_id, correlation_id=request_id)
    sent = [(name, value.decode("latin-1")) for name, value in headers if name in _CONTEXT_HEADERS]
    first = dict(reversed(sent))
    request_id = _harmless(first.get(_REQUEST_ID)) or uuid7().hex
    return ExecutionContext(
        request_id=request_id,
        correlation_id=_harmless(first.get(_CORRELATION_ID)) or request_id,
        trace_parent=_trace_parent([value for name, value in sent if name == _TRACE_PARENT]),
    )


def _harmless(sent: str | None) -> str | None:
    """Return an id that a caller sent, unless it could do harm in logs and headers."""
    return sent if sent is not None and _request_id_pattern.fullmatch(sent) else None


def _trace_parent(sent: list[str]) -> str | None:
    """Return the trace context of a caller, or None when it is not one (W3C Trace Context).

    What a later version adds at the end is left out, as the standard asks.
    """
    found = _trace_pattern.fullmatch(sent[0]) if len(sent) == 1 else None
    if found is None:
        return None
    version, trace, span, flags, more = found.groups()
    if version == "ff" or (version == "00" and more):
        return None
    return f"00-{trace}-{span}-{flags}" if trace.strip("0") and span.strip("0") else None
