"""Limits before routes: who asks is known by then, and nothing that was sent has been read.

A client is told what is left in `RateLimit`, and when to come back in `Retry-After`. Its address is
the server's word (`scope["client"]`): uvicorn takes it from `X-Forwarded-For` when the peer is one
of `FORWARDED_ALLOW_IPS`, and never else.

Each request that a limit allows, refuses, or allows as one of the last is counted as the metric
`api.rate_limit.requests` of OpenTelemetry, which costs nothing until somebody collects it.

Source: requirements 69.2 to 69.4; RFC 6585, section 4; draft-ietf-httpapi-ratelimit-headers-10.
"""

from collections.abc import Callable
from hashlib import blake2b
from ipaddress import IPv6Address, ip_network
from typing import Any

import structlog
from opentelemetry import metrics
from starlette.requests import Request
from starlette.responses import Response

from ..application.rate_limits import RateLimit, RateLimiter, RateSubject, RateVerdict
from ..core.actor import Actor
from ..core.context import current_context
from .problems import problem
from .public_path import add_headers
from .routing import mark_gate

_NEAR = 0.1
"""Of a rate: who has no more left is near their limit."""

_logger = structlog.get_logger("rate_limits")
_requests = metrics.get_meter("api.rate_limit").create_counter(
    "api.rate_limit.requests",
    unit="{request}",
    description="Requests that were allowed, refused, or allowed near their limit.",
)


class RateGate:
    """Lets requests of a route pass as long as their caller is within a limit.

    The application keeps its `RateLimiter` as `app.state.rate_limiter`; None: nothing is limited.
    """

    def __init__(self, limit: RateLimit) -> None:
        """Ask for one limit."""
        self._limit = limit
        self._policies = {
            tier: f'"{limit.name}";q={rate.limit};w={rate.period_s}'
            for tier, rate in limit.rates.items()
        }

    async def __call__(self, request: Request) -> Response | None:
        """Return the refusal of a request, or None when it may go on."""
        limiter: RateLimiter | None = request.app.state.rate_limiter
        if limiter is None:
            return None
        limit = self._limit
        actor = current_context().actor
        tier = limit.tier_of(actor)
        key = f"{limit.name}:{tier}:{_subject(limit.by, actor, request)}"
        verdict = await limiter.count(key, limit.rates[tier], limit.algorithm)
        self._tell(tier, verdict)
        headers = {
            "RateLimit-Policy": self._policies[tier],
            "RateLimit": f'"{limit.name}";r={verdict.remaining};t={verdict.reset_s}',
        }
        if not verdict.is_limited:
            add_headers(request, headers.items())
            return None
        return problem(
            request,
            429,
            code="rate_limit_exceeded",
            detail=f"Too many requests. Try again in {verdict.retry_s} s.",
            headers={**headers, "Retry-After": str(verdict.retry_s)},
        )

    def _tell(self, tier: str, verdict: RateVerdict) -> None:
        """Count a request, and log what an operator should know of."""
        rate = self._limit.rates[tier]
        outcome = "allowed"
        if verdict.is_limited:
            outcome = "limited"
            _logger.info("rate_limit_exceeded", limit=self._limit.name, tier=tier)
        elif verdict.remaining <= rate.limit * _NEAR:
            outcome = "near"
            if verdict.remaining == int(rate.limit * _NEAR):
                # On the way down this is passed once, so that a caller is one line.
                _logger.warning("rate_limit_near", limit=self._limit.name, tier=tier)
        _requests.add(1, {"limit": self._limit.name, "tier": tier, "outcome": outcome})


def rate_limited[RouteT: Callable[..., Any]](gate: RateGate) -> Callable[[RouteT], RouteT]:
    """Give one route a limit of its own; stands below the route's own decorator."""

    def mark(route: RouteT) -> RouteT:
        mark_gate(route, gate)
        return route

    return mark


def _subject(by: RateSubject, actor: Actor, request: Request) -> str:
    """Return whose request it is, as a hash: a server of limits need not know people."""
    who = (
        f"user {actor.id}"
        if by is RateSubject.USER and actor.is_authenticated
        else f"ip {client_network(request)}"
    )
    return blake2b(who.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def client_network(request: Request) -> str:
    """Return the address of a client; of IPv6 the network, all of which belongs to one client."""
    address = request.client.host if request.client is not None else ""
    if ":" not in address:
        return address
    try:
        full = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if full.ipv4_mapped is not None:
        return str(full.ipv4_mapped)
    return str(ip_network((int(full) >> 64 << 64, 64)))
