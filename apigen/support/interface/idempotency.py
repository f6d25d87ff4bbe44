"""`Idempotency-Key`: a write that is sent twice has one effect, and one answer.

Source: requirement 30; draft-ietf-httpapi-idempotency-key-header.
"""

import asyncio
import hashlib
import inspect
import re
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response

from ..application.idempotency import Claim, IdempotencyStore, KeptAnswer, Refusal
from ..core.context import current_context
from ..core.errors import SharedModuleError
from .problems import problem
from .public_path import added_headers

IDEMPOTENCY_KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
"""`true` in an answer that was given before."""

_KEPT_HEADERS = ("content-language", "content-type", "etag", "location")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_REFUSALS = {
    Refusal.IN_PROGRESS: (409, "The same request is being carried out. Try again in a moment."),
    Refusal.KEY_REUSED: (422, "The key belongs to a request with another body."),
    Refusal.OUTCOME_UNKNOWN: (
        409,
        "The request was carried out and its answer was lost. Read what it has changed.",
    ),
}

_logger = structlog.get_logger("idempotency")

type Route[**P] = Callable[P, Coroutine[Any, Any, Response]]


def idempotent[**P](*, required: bool = False) -> Callable[[Route[P]], Route[P]]:
    """Make a route honour `Idempotency-Key`; stands below the route's own decorator.

    The application keeps its `IdempotencyStore` as `app.state.idempotency`. Requests that are not
    valid, or are refused, are not kept: they may be sent again with the same key.

    Args:
        required: Whether a request without a key is answered with 400.

    Raises:
        TypeError: The route does not take `request`.
    """

    def decorate(route: Route[P]) -> Route[P]:
        if "request" not in inspect.signature(route).parameters:
            raise TypeError("an idempotent route takes `request`")

        @wraps(route)
        async def handle(*args: P.args, **kwargs: P.kwargs) -> Response:
            request = kwargs["request"]
            if not isinstance(request, Request):
                raise TypeError("`request` is not a request")
            return await carried_out_once(
                request, lambda: route(*args, **kwargs), required=required
            )

        return handle

    return decorate


async def carried_out_once(
    request: Request,
    carry_out: Callable[[], Awaitable[Response]],
    *,
    required: bool = False,
    fingerprint: str | None = None,
) -> Response:
    """Answer a request by what `carry_out` does, or by what the same request was answered before.

    Args:
        request: With or without a key.
        carry_out: Does what is asked.
        required: Whether a request without a key is answered with 400.
        fingerprint: Hash of what was sent; None: the body is read for it.
    """
    sent = request.headers.getlist(IDEMPOTENCY_KEY_HEADER)
    if not sent and not required:
        return await carry_out()
    if len(sent) != 1 or not _KEY.fullmatch(sent[0]):
        return _no_key(request, is_missing=not sent)
    store: IdempotencyStore = request.app.state.idempotency
    if fingerprint is None:
        fingerprint = hashlib.sha256(await _content(request)).hexdigest()
    outcome = await store.claim(_scope(request), sent[0], fingerprint)
    match outcome:
        case Refusal():
            status, detail = _REFUSALS[outcome]
            headers = {"Retry-After": "1"} if outcome is Refusal.IN_PROGRESS else {}
            return problem(request, status, code=outcome.value, detail=detail, headers=headers)
        case KeptAnswer():
            return Response(
                outcome.body,
                status_code=outcome.status,
                headers={**outcome.headers, REPLAYED_HEADER: "true"},
            )
        case _:
            return await _executed(request, outcome, carry_out)


async def _executed(
    request: Request, claim: Claim, carry_out: Callable[[], Awaitable[Response]]
) -> Response:
    """Carry a request out and keep its answer when it had an effect."""
    response: Response | None = None
    try:
        with claim.bound():
            response = await carry_out()
        return response
    finally:
        # A cancelled request must not keep others waiting for its claim.
        await asyncio.shield(_end(request, claim, response))


async def _end(request: Request, claim: Claim, response: Response | None) -> None:
    try:
        if response is None or not claim.is_committed:
            await claim.give_up()
            return
        headers = {**added_headers(request), **response.headers}
        kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        await claim.keep(
            KeptAnswer(status=response.status_code, headers=kept, body=bytes(response.body))
        )
    except SharedModuleError:
        # The client of this request gets its answer; others learn of it when the lease is over.
        _logger.exception("claim_not_ended")


async def _content(request: Request) -> bytes:
    """Return what was sent: the same text in another language is another content."""
    language = request.headers.get("content-language")
    body = await request.body()
    return body if language is None else body + b"\0" + language.lower().encode("latin-1")


def _no_key(request: Request, *, is_missing: bool) -> Response:
    if is_missing:
        code, detail = "idempotency_key_missing", f"`{IDEMPOTENCY_KEY_HEADER}` is required."
    else:
        code = "idempotency_key_invalid"
        detail = f"`{IDEMPOTENCY_KEY_HEADER}` must be 1 to 255 visible characters, sent once."
    return problem(request, 400, code=code, detail=detail)


def _scope(request: Request) -> str:
    """Return who asks for what, as a hash; a key of one caller means nothing to another.

    Callers without a token are one caller: their keys have to be hard to guess.
    """
    parts = (
        current_context().actor.id,
        request.method,
        request.scope["path"],
        request.scope["query_string"].decode("latin-1"),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
