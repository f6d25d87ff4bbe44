"""Commands and queries find their handler, through what surrounds every message."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, assert_type

import pytest
from structlog.testing import capture_logs

from apigen.support.application.bus_middleware import (
    Cached,
    Retrying,
    in_context,
    limited,
    logged,
)
from apigen.support.application.buses import CommandBus, Policy, QueryBus
from apigen.support.application.commands import Command, Query
from apigen.support.application.middleware import MiddlewareChain, Step
from apigen.support.application.queries import PageQuery
from apigen.support.application.results import ErrorKind, ServiceError, ServiceResult
from apigen.support.core.actor import Actor
from apigen.support.core.caching import ANY_CHANGE, kind_tag
from apigen.support.core.context import ExecutionContext, bound_context, current_context
from apigen.support.core.errors import (
    ConflictError,
    ForbiddenError,
    GuardViolation,
    InvalidStateError,
    OperationTimeoutError,
    PoolTimeoutError,
    ProblemError,
    SharedModuleError,
    UnauthenticatedError,
)
from apigen.support.core.result import Err, Ok
from apigen.support.core.retry import RetryPolicy
from apigen.support.infrastructure.cache import MemoryCache

ANN = ExecutionContext(correlation_id="c", actor=Actor(id="ann", roles=frozenset({"staff"})))


@dataclass(frozen=True, slots=True, kw_only=True)
class Greet(Command[str]):
    """Say hello."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLetters(Query[int]):
    """How long is it?"""

    cache_ttl = timedelta(seconds=30)

    word: str


async def greet(command: Greet) -> ServiceResult[str]:
    return Ok(f"hello {command.name}")


@dataclass
class Counter:
    """Counts letters, and how often it was asked."""

    asked: int = 0
    failures: list[SharedModuleError] = field(default_factory=list)

    async def __call__(self, query: CountLetters) -> ServiceResult[int]:
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        return Ok(len(query.word))


@pytest.mark.criterion("R109.1", "R109.2", "R10.1")
async def test_a_command_is_taken_to_the_handler_of_its_class() -> None:
    bus = CommandBus()
    bus.register(Greet, greet)

    result = await bus.dispatch(Greet(name="Ann"))

    assert_type(result, ServiceResult[str])
    assert result == Ok("hello Ann")


@pytest.mark.criterion("R110.1", "R110.3", "R10.2")
async def test_a_query_is_taken_to_the_handler_of_its_class() -> None:
    bus = QueryBus()
    bus.register(CountLetters, Counter())

    result = await bus.dispatch(CountLetters(word="four"))

    assert_type(result, ServiceResult[int])
    assert result == Ok(4)


async def test_a_message_without_a_handler_and_a_second_handler_are_mistakes() -> None:
    bus = CommandBus()
    with pytest.raises(LookupError, match="nothing handles Greet"):
        await bus.dispatch(Greet(name="Ann"))

    bus.register(Greet, greet)
    with pytest.raises(ValueError, match="Greet has a handler"):
        bus.register(Greet, greet)


@pytest.mark.criterion("R10.3", "R10.4")
def test_messages_know_when_and_for_whom_they_were_made() -> None:
    with bound_context(ANN):
        command, query = Greet(name="Ann"), CountLetters(word="a")
        key = query.cache_key

    assert (command.correlation_id, command.user_id) == ("c", "ann")
    assert command.command_id != Greet(name="Ann").command_id
    assert command.timestamp.tzinfo is not None
    assert query.query_id != CountLetters(word="a").query_id
    assert re.fullmatch("CountLetters:[0-9a-f]{40}", key)
    assert query.cache_ttl == timedelta(seconds=30)


def test_answers_are_kept_apart_by_all_that_a_token_says() -> None:
    actors = (
        Actor(id="ann"),
        Actor(id="ann", roles=frozenset({"staff"})),
        Actor(id="ann", scopes=frozenset({"staff"})),
        Actor(id="ann", claims={"department": 1}),
        Actor(id="ann:staff"),
    )
    keys = set()
    for actor in actors:
        with bound_context(ExecutionContext(actor=actor)):
            keys.add(CountLetters(word="a").cache_key)

    assert len(keys) == len(actors)


def test_answers_are_kept_apart_by_what_is_not_shown() -> None:
    with bound_context(ANN):
        everything, less = PageQuery().cache_key, PageQuery(hidden=(("price",),)).cache_key

    assert everything != less


@pytest.mark.criterion("R109.4")
@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (InvalidStateError("ship", state="a", allowed=("b",)), ErrorKind.CONFLICT, "invalid_state"),
        (GuardViolation("empty_order", "No lines."), ErrorKind.INVALID, "empty_order"),
        (UnauthenticatedError(), ErrorKind.UNAUTHENTICATED, "unauthenticated"),
        (ForbiddenError("ship", "order"), ErrorKind.FORBIDDEN, "forbidden"),
        (OperationTimeoutError("Ship", 5), ErrorKind.TIMEOUT, "timeout"),
    ],
)
async def test_what_a_handler_raises_is_answered(
    error: SharedModuleError, kind: ErrorKind, code: str
) -> None:
    async def refuse(command: Greet) -> ServiceResult[str]:
        raise error

    bus = CommandBus()
    bus.register(Greet, refuse)

    result = await bus.dispatch(Greet(name="Ann"))

    assert result == Err(ServiceError(kind=kind, code=code, message=error.message))


async def test_a_problem_of_the_command_has_the_status_that_it_declares() -> None:
    async def refuse(command: Greet) -> ServiceResult[str]:
        raise ProblemError("teapot", 418, "I am a teapot.")

    bus = CommandBus()
    bus.register(Greet, refuse)

    result = await bus.dispatch(Greet(name="Ann"))

    assert isinstance(result, Err)
    assert (result.error.kind, result.error.status) == (ErrorKind.PROBLEM, 418)


async def test_what_nobody_can_answer_for_is_raised() -> None:
    bus = QueryBus()
    bus.register(CountLetters, Counter(failures=[PoolTimeoutError(1)]))

    with pytest.raises(PoolTimeoutError):
        await bus.dispatch(CountLetters(word="a"))


@pytest.mark.criterion("R49.1", "R49.2", "R49.4")
async def test_middleware_runs_from_outside_in_and_may_change_the_context() -> None:
    def adding(letter: str) -> Callable[[str, Step[str, int]], Awaitable[int]]:
        async def add(context: str, next_step: Step[str, int]) -> int:
            return await next_step(context + letter) + 100

        return add

    async def length(context: str) -> int:
        assert context == "xab"
        return len(context)

    chain = MiddlewareChain([adding("a"), adding("b")])
    assert_type(chain, MiddlewareChain[str, int])

    assert await chain.around(length)("x") == 203


@pytest.mark.criterion("R49.3")
async def test_an_error_handler_makes_a_result_of_its_kind_of_error() -> None:
    async def fail(context: str) -> int:
        raise KeyError(context) if context == "key" else ValueError(context)

    async def answer(error: KeyError, context: str) -> int:
        return len(context)

    step = MiddlewareChain[str, int]().with_error_handler(KeyError, answer).around(fail)

    assert await step("key") == 3
    with pytest.raises(ValueError, match="value"):
        await step("value")


@pytest.mark.criterion("R109.3", "R89.3")
async def test_what_runs_outside_of_requests_gets_a_correlation_and_is_logged() -> None:
    seen = []

    async def look(command: Greet) -> ServiceResult[str]:
        seen.append(current_context().correlation_id)
        return Ok("")

    bus = CommandBus([in_context, logged])
    bus.register(Greet, look)
    command = Greet(name="Ann")

    with capture_logs() as logs:
        await bus.dispatch(command)
        with bound_context(ANN):
            await bus.dispatch(Greet(name="Ann"))

    assert seen == [str(command.command_id), "c"]
    assert [(entry["message"], entry["outcome"]) for entry in logs] == [("Greet", "ok")] * 2


async def test_an_attempt_that_takes_too_long_is_stopped() -> None:
    async def wait(command: Greet) -> ServiceResult[str]:
        await asyncio.Event().wait()
        return Ok("")

    bus = CommandBus([limited])
    bus.register(Greet, wait, Policy(timeout_s=0.001))

    result = await bus.dispatch(Greet(name="Ann"))

    assert isinstance(result, Err)
    assert (result.error.kind, result.error.message) == (
        ErrorKind.TIMEOUT,
        "Greet took longer than 0.001 seconds.",
    )


async def test_only_passing_failures_are_tried_again_and_not_for_ever() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    busy = ConflictError("word", constraint="serialization")
    counter = Counter(failures=[busy, PoolTimeoutError(1)])
    bus = QueryBus([Retrying(sleep)])
    bus.register(
        CountLetters,
        counter,
        Policy(retry=RetryPolicy(attempts=3, delay_s=1, jitter=False)),
    )

    recovered = await bus.dispatch(CountLetters(word="a"))
    counter.failures = [ConflictError("word")]
    refused = await bus.dispatch(CountLetters(word="a"))
    counter.failures = [busy, busy, busy]
    exhausted = await bus.dispatch(CountLetters(word="a"))

    assert recovered == Ok(1)
    assert (refused.is_ok, exhausted.is_ok) == (False, False)
    assert (counter.asked, waits) == (3 + 1 + 3, [1, 2, 1, 2])


@pytest.mark.criterion("R110.2", "R110.4", "R44.3")
async def test_answers_are_kept_for_their_time_by_actor_until_they_are_stale() -> None:
    now = 0.0
    cache = MemoryCache(seconds=lambda: now)
    queries = QueryBus([Cached(cache)], cache=cache)
    counter = Counter()
    queries.register(CountLetters, counter, reads=(str,))

    async def asked(word: str = "a") -> int:
        assert (await queries.dispatch(CountLetters(word=word))).is_ok
        return counter.asked

    assert [await asked(), await asked(), await asked("b")] == [1, 1, 2]
    with bound_context(ANN):
        assert [await asked(), await asked()] == [3, 3]
    await cache.drop([kind_tag(int), ANY_CHANGE])
    assert await asked() == 3
    await cache.drop([kind_tag(str)])
    assert [await asked(), await asked()] == [4, 4]
    now = 30.0
    assert await asked() == 5


async def test_any_change_makes_an_answer_stale_that_does_not_say_what_it_is_made_of() -> None:
    cache = MemoryCache()
    counter = Counter()
    queries = QueryBus([Cached(cache)], cache=cache)
    queries.register(CountLetters, counter)

    await queries.dispatch(CountLetters(word="a"))
    await cache.drop([kind_tag(int), ANY_CHANGE])
    await queries.dispatch(CountLetters(word="a"))

    assert counter.asked == 2


async def test_failures_are_not_kept() -> None:
    cache = MemoryCache()
    counter = Counter(failures=[ConflictError("word")])
    bus = QueryBus([Cached(cache)], cache=cache)
    bus.register(CountLetters, counter)

    outcomes: list[Any] = [await bus.dispatch(CountLetters(word="a")) for _ in range(2)]

    assert [outcome.is_ok for outcome in outcomes] == [False, True]
