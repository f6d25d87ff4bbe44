"""Which pages of other origins may call what: for the API, and for single resources.

What a browser is told is Starlette's; which rules hold for a request, by its path, is ours: a
preflight reaches no route. Origins are named, or decided by a function of the project's own.

Source: requirement 80; Fetch, section 3.2.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import structlog
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from .idempotency import IDEMPOTENCY_KEY_HEADER, REPLAYED_HEADER
from .public_path import split_path
from .request_context import CORRELATION_ID_HEADER, REQUEST_ID_HEADER
from .versioning import VERSION_HEADER

ALLOWED_HEADERS = (
    "Authorization",
    "Content-Type",
    IDEMPOTENCY_KEY_HEADER,
    "If-Match",
    "If-None-Match",
    "traceparent",
    CORRELATION_ID_HEADER,
    REQUEST_ID_HEADER,
    VERSION_HEADER,
)
"""What pages of other origins may send."""

EXPOSED_HEADERS = (
    "ETag",
    "Location",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "WWW-Authenticate",
    "Deprecation",
    "Sunset",
    "Link",
    REPLAYED_HEADER,
    REQUEST_ID_HEADER,
    VERSION_HEADER,
)
"""What they may read of answers."""

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

type OriginCheck = Callable[[str], Awaitable[bool]]
"""Takes an origin as a browser sends it: `https://shop.example`."""

_logger = structlog.get_logger("cors")


@dataclass(frozen=True, kw_only=True)
class CorsPolicy:
    """What pages of other origins may do."""

    origins: tuple[str, ...] = ()
    check: OriginCheck | None = None
    """Asked about origins that are not named; slow answers are kept by browsers (`max_age_s`)."""
    credentials: bool = False
    max_age_s: int = 600

    async def allows(self, origin: str) -> bool:
        """Tell whether pages of an origin may call; an error of the function allows nobody."""
        if "*" in self.origins or origin in self.origins:
            return True
        if self.check is None:
            return False
        try:
            return await self.check(origin)
        except Exception:
            _logger.exception("origin_not_checked")
            return False


class CrossOrigins:
    """The rules of an API, and those of resources that have their own."""

    def __init__(
        self,
        default: CorsPolicy | None,
        resources: Mapping[str, CorsPolicy | None] | None = None,
    ) -> None:
        """Set the rules; None: no page of another origin may call.

        Args:
            default: Of all other paths.
            resources: Path to the rules of all that is below it; a segment in braces is any:
                `/api/v1/customers/{customer_id}/orders`. The longest path counts.
        """
        self._default = default
        self._resources = sorted(
            ((path.split("/"), policy) for path, policy in (resources or {}).items()),
            key=lambda entry: len(entry[0]),
            reverse=True,
        )

    def policy_of(self, path: str) -> CorsPolicy | None:
        """Return the rules of a path as clients write it."""
        segments = path.split("/")
        for pattern, policy in self._resources:
            if len(pattern) <= len(segments) and all(
                part == segment or part[:1] == "{"
                for part, segment in zip(pattern, segments, strict=False)
            ):
                return policy
        return self._default

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return an application that tells browsers the rules; `app` answers what they allow."""
        return CrossOriginMiddleware(app, self)


class CrossOriginMiddleware:
    """Tells browsers which pages may read an answer, and answers their preflights."""

    def __init__(self, app: ASGIApp, rules: CrossOrigins) -> None:
        """Wrap `app`, which gets all that is no preflight."""
        self._app = app
        self._rules = rules
        self._edges: dict[int, _Edges] = {}

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Handle one connection; most requests come from no page, and pass through."""
        if scope["type"] != "http" or b"origin" not in dict(scope["headers"]):
            return self._app(scope, receive, send)
        return self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        policy = self._rules.policy_of(split_path(scope)[1])
        if policy is None:
            await self._app(scope, receive, send)
            return
        edges = self._edges.get(id(policy))
        if edges is None:
            edges = self._edges[id(policy)] = _Edges(self._app, policy)
        if "*" in policy.origins or not await policy.allows(Headers(scope=scope)["origin"]):
            await edges.named(scope, receive, send)
        else:
            await edges.allowed(scope, receive, send)


class _Edges:
    """Starlette's middleware for one policy: for origins that it names, and for any that may."""

    def __init__(self, app: ASGIApp, policy: CorsPolicy) -> None:
        self._app = app
        self._policy = policy

    @cached_property
    def named(self) -> CORSMiddleware:
        """Allows every origin, where all are, and no other."""
        return self._made(CORSMiddleware, ("*",) if "*" in self._policy.origins else ())

    @cached_property
    def allowed(self) -> CORSMiddleware:
        """Allows the origin of the request, whichever it is."""
        return self._made(_AllowedOrigin, ())

    def _made(self, kind: type[CORSMiddleware], origins: tuple[str, ...]) -> CORSMiddleware:
        return kind(
            self._app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=ALLOWED_HEADERS,
            allow_credentials=self._policy.credentials,
            expose_headers=EXPOSED_HEADERS,
            max_age=self._policy.max_age_s,
        )


class _AllowedOrigin(CORSMiddleware):
    """For requests whose origin was looked at."""

    def is_allowed_origin(self, origin: str) -> bool:
        """Allow it: it is told by name, as answers differ by it."""
        return True
