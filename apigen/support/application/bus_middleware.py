"""What happens around every command and query: context, log, time limit, new attempts, cache.

The order that makes sense, outermost first: `in_context`, `logged`, `Retrying`, `limited`,
`Cached` for queries.

Source: requirements 89, 109.3, 110.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import perf_counter
from typing import Any

import structlog

from ..core.context import bound_context, current_context
from ..core.errors import OperationTimeoutError, SharedModuleError
from ..core.json import dumps, loads
from ..core.protocols import CacheProvider
from ..core.result import Err, Ok
from ..core.retry import RetryPolicy, is_passing
from .buses import Dispatch
from .commands import Query
from .middleware import Step
from .results import ServiceResult

_logger = structlog.get_logger("bus")

# Middleware of a bus sees messages and results of any type, hence Any here and below.
type _Next = Step[Dispatch[Any], ServiceResult[Any]]


async def in_context(dispatch: Dispatch[Any], next_step: _Next) -> ServiceResult[Any]:
    """Give what runs outside of every request a correlation id: that of the message."""
    context = current_context()
    if context.correlation_id:
        return await next_step(dispatch)
    with bound_context(replace(context, correlation_id=dispatch.id)):
        return await next_step(dispatch)


async def logged(dispatch: Dispatch[Any], next_step: _Next) -> ServiceResult[Any]:
    """Log how the message ended, and how long it took."""
    began = perf_counter()
    outcome = "failed"
    try:
        result = await next_step(dispatch)
        outcome = result.error.code if isinstance(result, Err) else "ok"
        return result
    except SharedModuleError as error:
        outcome = error.code
        raise
    finally:
        duration_ms = round((perf_counter() - began) * 1000, 3)
        _logger.info(
            "dispatched",
            message=dispatch.name,
            message_id=dispatch.id,
            outcome=outcome,
            duration_ms=duration_ms,
        )


async def limited(dispatch: Dispatch[Any], next_step: _Next) -> ServiceResult[Any]:
    """Stop an attempt that takes longer than the policy of the message allows.

    Raises:
        OperationTimeoutError: It did.
    """
    timeout_s = dispatch.policy.timeout_s
    if timeout_s is None:
        return await next_step(dispatch)
    try:
        async with asyncio.timeout(timeout_s) as limit:
            return await next_step(dispatch)
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise OperationTimeoutError(dispatch.name, timeout_s) from error


class Retrying:
    """Tries again what failed for a passing reason, as often as the policy of the message says."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Wait by `sleep` between attempts."""
        self._sleep = sleep

    async def __call__(self, dispatch: Dispatch[Any], next_step: _Next) -> ServiceResult[Any]:
        """Make one attempt after another."""
        policy = dispatch.policy.retry or _ONCE
        for attempt in range(1, policy.attempts):
            try:
                return await next_step(dispatch)
            except SharedModuleError as error:
                if not is_passing(error):
                    raise
                wait_s = policy.wait_s(attempt)
                _logger.warning(
                    "retried",
                    message=dispatch.name,
                    attempt=attempt,
                    reason=error.code,
                    wait_s=wait_s,
                )
            await self._sleep(wait_s)
        return await next_step(dispatch)


_ONCE = RetryPolicy(attempts=1)


class Cached:
    """Answers a query again with what it was answered before, for as long as the query allows."""

    def __init__(self, cache: CacheProvider) -> None:
        """Keep answers in `cache`."""
        self._cache = cache

    async def __call__(self, dispatch: Dispatch[Any], next_step: _Next) -> ServiceResult[Any]:
        """Look for an answer, and keep a new one; what went wrong is not kept."""
        query = dispatch.message
        if not isinstance(query, Query) or query.cache_ttl is None:
            return await next_step(dispatch)
        key, tags = query.cache_key, dispatch.policy.tags
        found = await self._cache.get(key, tags)
        if found.value is not None:
            return Ok(_value(found.value))
        result = await next_step(dispatch)
        if isinstance(result, Ok) and found.marks is not None and _is_plain(result.value):
            await self._cache.set(
                key, _kept(result.value), ttl=query.cache_ttl, tags=tags, marks=found.marks
            )
        return result


def _is_plain(answer: object) -> bool:
    """Tell whether an answer can be kept: documents, numbers, truths, and that there is none."""
    return answer is None or isinstance(answer, bytes | bool | int)


def _kept(answer: object) -> bytes:
    return b"=" + answer if isinstance(answer, bytes) else dumps(answer)


def _value(kept: bytes) -> object:
    return kept[1:] if kept.startswith(b"=") else loads(kept)
