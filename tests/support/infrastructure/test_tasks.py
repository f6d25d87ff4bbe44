"""Tasks in the database: with the write that asks for them, at least once, in fair order."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.task_runner import TaskRefusedError, TaskRun
from apigen.support.core.actor import SYSTEM, Actor
from apigen.support.core.context import ExecutionContext, bound_context, current_context
from apigen.support.core.errors import NotFoundError, ValidationError
from apigen.support.core.tasks import (
    BackgroundTask,
    TaskFilter,
    TaskProgress,
    TaskState,
    TaskStatus,
)
from apigen.support.infrastructure.engine import reading
from apigen.support.infrastructure.task_policy import TaskPolicy
from apigen.support.infrastructure.task_unit_of_work import SqlTaskUnitOfWork

from .errands import (
    CHORE,
    ERRAND,
    REGISTRY,
    SCHEDULES_TABLE,
    SWEEP,
    TASKS_TABLE,
    Chore,
    Errand,
    Home,
    SetTime,
    Sweep,
    all_rows,
)


@pytest.fixture
def clock() -> SetTime:
    """The time, which tests set."""
    return SetTime()


@pytest_asyncio.fixture
async def home(engine: AsyncEngine, clock: SetTime) -> Home:
    """A queue and its worker, on a database of the test's own."""
    home = Home(engine, clock)
    await home.create_tables()
    return home


async def status(home: Home, id: UUID) -> TaskStatus:
    """Return what is known of a task."""
    found = await home.queue.status(id)
    assert found is not None
    return found


# Columns of several types, hence Any.
async def rows(home: Home) -> list[sa.Row[Any]]:
    """Return all tasks, oldest first."""
    async with reading(home.engine) as connection:
        return list((await connection.execute(all_rows())).all())


# ------------------------------------------------------------------- taking in


async def test_a_task_is_done_and_what_is_known_of_it_says_so(home: Home, clock: SetTime) -> None:
    id = await home.queue.enqueue(Errand(what="milk", number=2))
    before = await status(home, id)
    clock.passes(seconds=1)

    assert await home.worker.run_due() == 1

    after = await status(home, id)
    assert home.done == [Errand(what="milk", number=2)]
    assert (before.state, before.attempts, before.due_at) == ("queued", 0, before.created_at)
    assert (after.state, after.attempts, after.due_at) == ("succeeded", 1, None)
    assert after.started_at == after.finished_at == clock.now
    assert (after.error, after.progress) == (None, None)


async def test_a_task_is_asked_for_with_the_write_or_not_at_all(home: Home) -> None:
    async with SqlTaskUnitOfWork(home.engine, tasks=home.queue) as work:
        await work.enqueue(Errand(what="milk"))
        await work.rollback()
    async with SqlTaskUnitOfWork(home.engine, tasks=home.queue) as work:
        await work.enqueue(Errand(what="bread"))
        assert not home.queue.written.is_set()
        await work.commit()

    assert home.queue.written.is_set()
    await home.worker.run_due()
    assert home.done == [Errand(what="bread")]


async def test_a_unit_of_work_without_a_queue_takes_no_tasks(engine: AsyncEngine) -> None:
    async with SqlTaskUnitOfWork(engine) as work:
        with pytest.raises(RuntimeError, match="need a queue"):
            await work.enqueue(Errand(what="milk"))


async def test_a_task_that_nobody_knows_is_refused(home: Home) -> None:
    class Whim(BackgroundTask):
        task_name = "home.errand"

    with pytest.raises(LookupError):
        await home.queue.enqueue(Whim())


async def test_a_delayed_task_waits(home: Home, clock: SetTime) -> None:
    await home.queue.enqueue(Errand(what="milk"), delay=timedelta(minutes=5))

    assert await home.worker.run_due() == 0
    clock.passes(minutes=5)
    assert await home.worker.run_due() == 1


async def test_there_is_one_unique_task_at_a_time(home: Home) -> None:
    first = await home.queue.enqueue(Chore(room="kitchen"))
    same = await home.queue.enqueue(Chore(room="kitchen"))
    other = await home.queue.enqueue(Chore(room="bath"))
    await home.worker.run_due()
    again = await home.queue.enqueue(Chore(room="kitchen"))

    assert first == same
    assert len({first, other, again}) == 3
    assert home.done == [Chore(room="kitchen"), Chore(room="bath")]


async def test_a_key_makes_any_task_unique(home: Home) -> None:
    first = await home.queue.enqueue(Errand(what="milk"), key="today")
    same = await home.queue.enqueue(Errand(what="bread"), key="today")

    assert first == same
    for key in ("", "k" * 201):
        with pytest.raises(ValueError, match="a key has"):
            await home.queue.enqueue(Errand(what="milk"), key=key)


async def test_of_many_that_ask_at_once_for_the_same_all_get_one(home: Home) -> None:
    ids = await asyncio.gather(*(home.queue.enqueue(Chore()) for _ in range(8)))

    assert len(set(ids)) == 1
    assert len(await rows(home)) == 1


# -------------------------------------------------------------------- failures


@pytest.mark.criterion("R67.2", "R118.3")
async def test_a_task_that_fails_is_tried_again_later_and_later(home: Home, clock: SetTime) -> None:
    home.fails = lambda run: ConnectionError("password=secret") if run.context.attempt < 3 else None
    id = await home.queue.enqueue(Errand(what="milk"))

    assert await home.worker.run_due() == 1
    first = await status(home, id)
    assert (first.state, first.due_at) == ("queued", clock.now + timedelta(seconds=10))
    # What went wrong inside is for the log alone.
    assert first.error is not None
    assert (first.error.code, "secret" in first.error.message) == ("internal_error", False)
    clock.passes(seconds=9)
    assert await home.worker.run_due() == 0
    clock.passes(seconds=1)
    assert await home.worker.run_due() == 1
    assert (await status(home, id)).due_at == clock.now + timedelta(seconds=20)
    clock.passes(seconds=20)
    await home.worker.run_due()

    last = await status(home, id)
    assert (last.state, last.attempts, last.error) == ("succeeded", 3, None)
    assert [run.context.attempt for run in home.runs] == [1, 2, 3]
    assert {run.context.id for run in home.runs} == {id}


async def test_a_task_without_attempts_left_stays_for_somebody_to_look_at(
    home: Home, clock: SetTime
) -> None:
    home.fails = lambda run: NotFoundError("shop", 7)
    id = await home.queue.enqueue(Errand(what="milk"))
    for _ in range(5):
        await home.worker.run_due()
        clock.passes(minutes=2)

    dead = await status(home, id)
    assert (dead.state, dead.attempts, dead.due_at) == ("failed", 3, None)
    assert dead.error is not None
    assert dead.error.code == "not_found"


async def test_what_can_not_succeed_is_tried_once(home: Home) -> None:
    home.fails = lambda run: TaskRefusedError("No such shop.", code="no_shop")
    id = await home.queue.enqueue(Errand(what="milk"))

    await home.worker.run_due()

    failed = await status(home, id)
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert failed.error is not None
    assert (failed.error.code, failed.error.message) == ("no_shop", "No such shop.")


async def test_an_attempt_ends_with_its_time(home: Home) -> None:
    home.gate = asyncio.Event()
    id = await home.queue.enqueue(Chore())

    await home.worker.run_due()

    stopped = await status(home, id)
    assert stopped.state is TaskState.QUEUED
    assert stopped.error is not None
    assert stopped.error.code == "timeout"


async def test_a_task_that_cancels_itself_has_failed(home: Home) -> None:
    home.fails = lambda run: (_ for _ in ()).throw(asyncio.CancelledError)
    id = await home.queue.enqueue(Errand(what="milk"))

    await home.worker.run_due()

    assert (await status(home, id)).state is TaskState.QUEUED


async def test_input_of_an_older_program_does_not_stop_the_worker(home: Home) -> None:
    bad = await home.queue.enqueue(Errand(what="milk"))
    more = await home.queue.enqueue(Errand(what="bread"))
    async with home.engine.begin() as connection:
        for id, stored in ((bad, '{"article": "milk"}'), (more, '{"what": "bread", "by": "me"}')):
            await connection.execute(
                sa.update(TASKS_TABLE).where(TASKS_TABLE.c.id == id).values(input=stored)
            )

    await home.worker.run_due()

    # What is missing is told; what is too much was of no use any more.
    failed = await status(home, bad)
    assert (failed.state, failed.attempts) == ("failed", 1)
    assert failed.error is not None
    assert failed.error.code == "input_invalid"
    assert home.done == [Errand(what="bread")]


async def test_what_nobody_knows_waits_for_a_day_and_has_failed_then(
    engine: AsyncEngine, home: Home, clock: SetTime
) -> None:
    id = await home.queue.enqueue(Errand(what="milk"))
    without = Home(engine, clock, definitions=(CHORE,))

    assert await without.worker.run_due() == 0
    await without.worker.clean_up()
    assert (await status(home, id)).state is TaskState.QUEUED
    clock.passes(days=1, seconds=1)
    await without.worker.clean_up()

    failed = await status(home, id)
    assert failed.state is TaskState.FAILED
    assert failed.error is not None
    assert failed.error.code == "unknown_task"


# --------------------------------------------------------------------- workers


async def test_a_task_whose_worker_is_dead_is_begun_again(
    engine: AsyncEngine, home: Home, clock: SetTime
) -> None:
    """The first worker never gets to its end; what it says later does not count."""
    home.gate = asyncio.Event()
    id = await home.queue.enqueue(Errand(what="milk"))
    dying = asyncio.create_task(home.worker.run_due())
    while not home.runs:
        await asyncio.sleep(0.01)
    other = Home(engine, clock)

    assert await other.worker.run_due() == 0
    clock.passes(seconds=61)
    assert await other.worker.run_due() == 1
    assert (await status(home, id)).attempts == 2
    home.fails = lambda run: RuntimeError("too late")
    home.gate.set()
    await dying

    after = await status(home, id)
    assert (after.state, after.error) == ("succeeded", None)


async def test_a_task_that_kills_its_workers_is_given_up(home: Home, clock: SetTime) -> None:
    id = await home.queue.enqueue(Errand(what="poison"))
    for _ in range(3):
        async with home.engine.begin() as connection:
            claimed = {"attempts": TASKS_TABLE.c.attempts + 1, "state": "running"}
            await connection.execute(sa.update(TASKS_TABLE).values(**claimed))

    assert await home.worker.run_due() == 0

    dead = await status(home, id)
    assert dead.state is TaskState.FAILED
    assert dead.error is not None
    assert dead.error.code == "worker_died"


async def test_a_long_task_stays_its_workers(engine: AsyncEngine) -> None:
    """A lease of a second is renewed while the task goes on for more than that."""
    real = Home(engine, lambda: datetime.now(UTC), policy=TaskPolicy(lease_s=1.0))
    await real.create_tables()
    real.gate = asyncio.Event()
    id = await real.queue.enqueue(Errand(what="milk"))
    working = asyncio.create_task(real.worker.run_due())
    await asyncio.sleep(1.6)

    assert await Home(engine, lambda: datetime.now(UTC)).worker.run_due() == 0
    real.gate.set()
    await working

    assert (await status(real, id)).attempts == 1


async def test_a_running_task_that_is_cancelled_is_stopped(home: Home, engine: AsyncEngine) -> None:
    real = Home(engine, lambda: datetime.now(UTC), policy=TaskPolicy(lease_s=1.0))
    real.gate = asyncio.Event()
    id = await real.queue.enqueue(Errand(what="milk"))
    working = asyncio.create_task(real.worker.run_due())
    while not real.runs:
        await asyncio.sleep(0.01)

    assert await real.queue.cancel(id)
    await asyncio.wait_for(working, 5)

    assert (await status(real, id)).state is TaskState.CANCELLED
    assert not await real.queue.cancel(id)
    assert real.done == []


async def test_a_waiting_task_that_is_cancelled_is_never_begun(home: Home) -> None:
    id = await home.queue.enqueue(Chore())

    assert await home.queue.cancel(id)

    assert await home.worker.run_due() == 0
    assert await home.queue.enqueue(Chore()) != id


async def test_a_worker_that_stops_gives_back_what_takes_too_long(
    home: Home, clock: SetTime
) -> None:
    home.gate = asyncio.Event()
    id = await home.queue.enqueue(Errand(what="milk"))
    home.worker.start()
    while not home.runs:
        await asyncio.sleep(0.01)

    await home.worker.stop(grace_s=0.05)

    back = await status(home, id)
    assert (back.state, back.attempts, back.due_at) == ("queued", 0, clock.now)


async def test_a_worker_that_stops_ends_what_is_under_way(home: Home) -> None:
    home.gate = asyncio.Event()
    id = await home.queue.enqueue(Errand(what="milk"))
    home.worker.start()
    while not home.runs:
        await asyncio.sleep(0.01)
    asyncio.get_running_loop().call_later(0.1, home.gate.set)

    await home.worker.stop(grace_s=5)

    assert (await status(home, id)).state is TaskState.SUCCEEDED


async def test_a_started_worker_does_what_comes(home: Home) -> None:
    home.worker.start()
    id = await home.queue.enqueue(Errand(what="milk"))
    async with asyncio.timeout(5):
        while (await status(home, id)).state is not TaskState.SUCCEEDED:
            await asyncio.sleep(0.01)
    await home.worker.stop()
    await home.worker.stop()


async def test_a_worker_that_is_off_does_nothing(engine: AsyncEngine, clock: SetTime) -> None:
    home = Home(engine, clock, policy=TaskPolicy(is_on=False))

    home.worker.start()

    await home.worker.stop()


async def test_several_workers_share_the_work(engine: AsyncEngine, clock: SetTime) -> None:
    homes = [Home(engine, clock) for _ in range(3)]
    await homes[0].create_tables()
    for number in range(30):
        await homes[0].queue.enqueue(Errand(what="milk", number=number))

    await asyncio.gather(*(home.worker.run_due() for home in homes))

    done = [task for home in homes for task in home.done]
    assert sorted(task.number for task in done if isinstance(task, Errand)) == list(range(30))


# -------------------------------------------------------------------- fairness


@pytest.mark.criterion("R67.4")
async def test_a_low_queue_has_its_turns_among_many_of_a_high_one(
    engine: AsyncEngine, clock: SetTime
) -> None:
    high = replace(ERRAND, queue="high")
    policy = TaskPolicy(concurrency=1, weights={"high": 4, "low": 1})
    home = Home(engine, clock, policy=policy, definitions=(high, CHORE))
    await home.create_tables()
    for number in range(40):
        await home.queue.enqueue(Errand(what="milk", number=number))
        await home.queue.enqueue(Chore(room=str(number)))

    await home.worker.run_due()

    assert Counter(type(task).__name__ for task in home.done[:30]) == {"Errand": 24, "Chore": 6}


@pytest.mark.criterion("R67.4")
async def test_a_worker_serves_the_queues_it_is_told(engine: AsyncEngine, clock: SetTime) -> None:
    home = Home(engine, clock, policy=TaskPolicy(queues=("low",)))
    await home.create_tables()
    await home.queue.enqueue(Errand(what="milk"))
    await home.queue.enqueue(Chore())

    await home.worker.run_due()

    assert home.done == [Chore()]


@pytest.mark.criterion("R67.4")
async def test_what_is_urgent_comes_first_until_something_else_has_waited_long(
    engine: AsyncEngine, clock: SetTime
) -> None:
    urgent = replace(SWEEP, queue="default", priority=3, schedule=None)
    home = Home(engine, clock, policy=TaskPolicy(concurrency=1), definitions=(ERRAND, urgent))
    await home.create_tables()
    await home.queue.enqueue(Errand(what="old"))
    clock.passes(minutes=2)
    await home.queue.enqueue(Errand(what="new"))
    await home.queue.enqueue(Sweep())
    clock.passes(minutes=1.5)
    await home.queue.enqueue(Sweep())

    await home.worker.run_due()

    assert home.done == [Sweep(), Errand(what="old"), Sweep(), Errand(what="new")]


# --------------------------------------------------------------------- context


@pytest.mark.criterion("R89.2")
async def test_a_task_goes_on_as_part_of_the_request_that_asked_for_it(home: Home) -> None:
    seen: list[tuple[ExecutionContext, ExecutionContext]] = []

    async def child() -> ExecutionContext:
        return current_context()

    async def carry_out(task: Errand, run: TaskRun, /) -> None:
        seen.append((current_context(), await asyncio.create_task(child())))

    home.runner._routes[Errand] = carry_out
    asked = ExecutionContext(
        request_id="r-1", correlation_id="c-1", actor=Actor(id="u-1"), trace_parent="00-a-b-01"
    )
    with bound_context(asked):
        id = await home.queue.enqueue(Errand(what="milk"))

    with structlog.testing.capture_logs() as logs:
        await home.worker.run_due()

    (context, inner) = seen[0]
    assert (context.correlation_id, context.trace_parent) == ("c-1", "00-a-b-01")
    assert (context.task_id, context.request_id, context.actor) == (str(id), str(id), SYSTEM)
    assert inner is context
    assert (await status(home, id)).actor_id == "u-1"
    assert [line["event"] for line in logs] == ["task_begun", "task_ended"]


async def test_a_task_says_how_far_it_is(home: Home, engine: AsyncEngine) -> None:
    real = Home(engine, lambda: datetime.now(UTC), policy=TaskPolicy(lease_s=1.0))
    real.gate = asyncio.Event()
    id = await real.queue.enqueue(Errand(what="milk"))
    working = asyncio.create_task(real.worker.run_due())
    while not real.runs:
        await asyncio.sleep(0.01)
    real.runs[0].progress.report(3, 10, "at the dairy")

    async with asyncio.timeout(5):
        while (found := await status(real, id)).progress is None:
            await asyncio.sleep(0.05)
    real.runs[0].progress.report(10, 10)
    real.gate.set()
    await working

    assert found.progress == TaskProgress(done=3, total=10, message="at the dairy")
    assert (await status(real, id)).progress == TaskProgress(done=10, total=10)
    with pytest.raises(ValueError, match="11 of 10"):
        real.runs[0].progress.report(11, 10)


# ------------------------------------------------------------------- schedules


async def test_each_time_of_a_schedule_is_once_for_all_processes(
    engine: AsyncEngine, clock: SetTime
) -> None:
    clock.now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    homes = [Home(engine, clock) for _ in range(3)]
    await homes[0].create_tables()

    for _ in range(30):
        await asyncio.gather(*(home.worker.run_due() for home in homes))
        clock.passes(hours=2)

    times = [row.scheduled_for for row in await rows(homes[0])]
    assert times == [datetime(2026, 1, day, 3, tzinfo=UTC) for day in (2, 3)]
    assert sum(len(home.done) for home in homes) == 2


async def test_what_was_missed_is_done_once(
    home: Home, clock: SetTime, engine: AsyncEngine
) -> None:
    clock.now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    await home.worker.run_due()
    clock.passes(days=400)

    assert await Home(engine, clock).worker.run_due() == 1
    assert await Home(engine, clock).worker.run_due() == 0

    assert [row.scheduled_for for row in await rows(home)] == [datetime(2027, 2, 5, 3, tzinfo=UTC)]


async def test_a_new_schedule_begins_with_its_next_time(
    home: Home, clock: SetTime, engine: AsyncEngine
) -> None:
    """Nothing was missed of what was not there; versions side by side do not disturb each other."""
    clock.now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert SWEEP.schedule is not None
    hourly = replace(SWEEP, schedule=type(SWEEP.schedule).parse("30 * * * *"))
    newer = Home(engine, clock, definitions=(hourly,))
    for one in (home, newer):
        assert await one.worker.run_due() == 0

    clock.passes(minutes=31)
    for one in (home, newer):
        await one.worker.run_due()

    assert [row.scheduled_for.minute for row in await rows(home)] == [30]
    clock.passes(days=9)
    await newer.worker.run_due()
    await newer.worker.clean_up()
    async with reading(engine) as connection:
        kept = (await connection.execute(sa.select(SCHEDULES_TABLE))).all()
    assert [row.schedule for row in kept] == ["30 * * * * UTC"]


# --------------------------------------------------------------------- looking


async def test_tasks_are_kept_for_a_while_when_they_are_over(home: Home, clock: SetTime) -> None:
    home.fails = lambda run: TaskRefusedError("no") if run.context.id == bad else None
    good = await home.queue.enqueue(Errand(what="milk"))
    bad = await home.queue.enqueue(Errand(what="bread"))
    await home.worker.run_due()

    clock.passes(days=8)
    await home.worker.clean_up()
    assert await home.queue.status(good) is None
    assert await home.queue.status(bad) is not None
    clock.passes(days=23)
    await home.worker.clean_up()
    assert await home.queue.status(bad) is None


@pytest.mark.criterion("R67.3")
async def test_tasks_are_listed_newest_first(home: Home) -> None:
    with bound_context(ExecutionContext(actor=Actor(id="u-1"))):
        mine = await home.queue.enqueue(Errand(what="milk"))
    await home.worker.run_due()
    theirs = [await home.queue.enqueue(Chore(room=room)) for room in "abc"]

    async def ids(limit: int = 10, offset: int = 0, **wanted: Any) -> tuple[list[UUID], int]:
        found, total = await home.queue.listed(TaskFilter(**wanted), limit=limit, offset=offset)
        return [one.id for one in found], total

    assert await ids() == ([*reversed(theirs), mine], 4)
    assert await ids(actor_id="u-1") == ([mine], 1)
    assert await ids(state=TaskState.QUEUED, queue="low", limit=1, offset=1) == ([theirs[1]], 3)
    assert await ids(name="home.sweep") == ([], 0)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ("[]", ""),
        ("{", ""),
        ("{}", "what"),
        ('{"what": 3}', "what"),
        ('{"what": "milk", "colour": "red"}', "colour"),
    ],
)
def test_input_that_does_not_fit_is_told(given: str, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        REGISTRY.from_json("home.errand", given, is_exact=True)

    assert refused.value.field == field
