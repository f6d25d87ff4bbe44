"""Events find everybody who subscribed to them, and failures have consequences."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from apigen.support.application.buses import CommandBus
from apigen.support.application.commands import Command, Delivery
from apigen.support.application.event_bus import ErrorStrategy, EventBus
from apigen.support.application.reactions import Reaction, ReactionFailedError
from apigen.support.application.results import ServiceResult
from apigen.support.core.actor import SYSTEM
from apigen.support.core.context import current_context
from apigen.support.core.errors import DuplicateError, NotFoundError, SharedModuleError
from apigen.support.core.result import Ok
from apigen.support.core.retry import RetryPolicy
from apigen.support.domain.events import DomainEvent


class Said(DomainEvent[str]):
    """Something was said."""

    event_type = "test.Said"


class Shouted(Said):
    """Something was said aloud."""

    event_type = "test.Shouted"


class Written(DomainEvent[int]):
    """Something was written."""

    event_type = "test.Written"


@dataclass
class Listener:
    """Hears events, and fails as often as it is told."""

    heard: list[str] = field(default_factory=list)
    failures: int = 0

    async def __call__(self, event: Said) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("deaf")
        self.heard.append(event.payload)


@dataclass
class Waits:
    """Waits for nothing, and remembers how long."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def bus_of(*listeners: Listener, strategy: ErrorStrategy, waits: Waits | None = None) -> EventBus:
    """Return a bus that these listen to."""
    bus = EventBus(strategy=strategy, sleep=waits or Waits())
    policy = RetryPolicy(attempts=3, delay_s=1, jitter=False)
    for number, listener in enumerate(listeners):
        bus.subscribe(Said, listener, name=f"listener {number}", retry=policy)
    return bus


@pytest.mark.criterion("R40.1", "R40.2", "R40.3")
async def test_every_handler_of_a_type_and_of_the_types_above_hears_an_event() -> None:
    of_base, of_both, aloud = Listener(), Listener(), Listener()
    bus = bus_of(of_base, of_both, strategy=ErrorStrategy.RAISE)
    bus.subscribe(Shouted, aloud, name="aloud")

    for event in (Said(payload="a"), Shouted(payload="B"), Written(payload=1)):
        await bus.publish(event)

    assert (of_base.heard, of_both.heard, aloud.heard) == (["a", "B"], ["a", "B"], ["B"])


@pytest.mark.criterion("R40.4")
async def test_the_first_failure_ends_it() -> None:
    deaf, second = Listener(failures=1), Listener()

    with pytest.raises(ConnectionError):
        await bus_of(deaf, second, strategy=ErrorStrategy.RAISE).publish(Said(payload="a"))

    assert second.heard == []


@pytest.mark.criterion("R40.4")
async def test_failures_are_collected() -> None:
    deaf, second, third = Listener(failures=1), Listener(), Listener(failures=1)
    bus = bus_of(deaf, second, third, strategy=ErrorStrategy.COLLECT)

    with pytest.raises(ExceptionGroup) as failed:
        await bus.publish(Said(payload="a"))

    assert [str(error) for error in failed.value.exceptions] == ["deaf", "deaf"]
    assert second.heard == ["a"]


@pytest.mark.criterion("R40.4")
async def test_failures_are_logged_and_that_is_all() -> None:
    deaf, second = Listener(failures=1), Listener()

    await bus_of(deaf, second, strategy=ErrorStrategy.LOG_AND_CONTINUE).publish(Said(payload="a"))

    assert second.heard == ["a"]


@pytest.mark.criterion("R40.4")
async def test_a_handler_is_tried_as_often_as_its_policy_says() -> None:
    waits, twice_deaf, deaf = Waits(), Listener(failures=2), Listener(failures=9)

    with pytest.raises(ExceptionGroup):
        await bus_of(twice_deaf, deaf, strategy=ErrorStrategy.RETRY, waits=waits).publish(
            Said(payload="a")
        )

    assert (twice_deaf.heard, deaf.failures) == (["a"], 6)
    assert waits.seconds == [1, 2, 1, 2]


async def test_who_wants_events_later_gets_them_by_name_only() -> None:
    at_once, later = Listener(), Listener()
    bus = bus_of(at_once, strategy=ErrorStrategy.RAISE)
    bus.subscribe(Said, later, name="later", delay=timedelta(hours=1))
    event = Said(payload="a")

    await bus.publish(event)
    heard = list(later.heard)
    await bus.publish(event, consumer="later")

    assert bus.delays(event) == [("later", timedelta(hours=1))]
    assert bus.delays(Written(payload=1)) == []
    assert (at_once.heard, heard, later.heard) == (["a"], [], ["a"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Command[None]):
    """Say something back."""

    text: str


def react(event: Said, delivery: Delivery | None) -> Answer | None:
    """Answer to everything but silence."""
    return Answer(text=event.payload, delivery=delivery) if event.payload else None


@dataclass
class Mouth:
    """Handles answers."""

    said: list[Answer] = field(default_factory=list)
    error: SharedModuleError | None = None

    async def __call__(self, command: Answer) -> ServiceResult[None]:
        context = current_context()
        assert (context.correlation_id, context.actor) == ("c", SYSTEM)
        assert context.causation_id == context.request_id
        self.said.append(command)
        if self.error is not None:
            raise self.error
        return Ok(None)


async def test_a_reaction_sends_a_command_as_part_of_what_the_event_was_part_of() -> None:
    mouth, commands = Mouth(), CommandBus()
    commands.register(Answer, mouth)
    event = Said(payload="hello", correlation_id="c")

    for inbox in (True, False):
        await Reaction("answer", commands, react, inbox=inbox)(event)
    await Reaction("answer", commands, react, inbox=True)(Said(payload=""))

    [first, second] = mouth.said
    assert first.delivery == Delivery(consumer="answer", key=str(event.event_id))
    assert (first.correlation_id, second.delivery) == ("c", None)


async def test_a_reaction_that_was_done_before_is_done_and_a_refused_one_has_failed() -> None:
    mouth, commands = Mouth(), CommandBus()
    commands.register(Answer, mouth)
    event = Said(payload="hello", correlation_id="c")
    reaction = Reaction("answer", commands, react, inbox=True)

    mouth.error = DuplicateError("answer")
    await reaction(event)
    mouth.error = NotFoundError("ear", 1)
    with pytest.raises(ReactionFailedError, match="answer: not_found"):
        await reaction(event)
