"""A claim has one owner, and an effect is noted with it or not at all."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.idempotency import KeptAnswer, Refusal
from apigen.support.core.errors import ConflictError
from apigen.support.infrastructure.encrypted_columns import use_keys
from apigen.support.infrastructure.idempotency import (
    IdempotencyPolicy,
    SqlClaim,
    SqlIdempotencyStore,
    idempotency_table,
)
from apigen.support.infrastructure.key_ring import KeyRing
from apigen.support.infrastructure.sealed_answers import SealedAnswers
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
METADATA = sa.MetaData()
TABLE = idempotency_table(METADATA)
EFFECTS = sa.Table("effects", METADATA, sa.Column("name", sa.String(80)))
ANSWER = KeptAnswer(status=201, headers={"location": "/orders/1"}, body='{"é":1}'.encode())
POLICY = IdempotencyPolicy(ttl=timedelta(hours=1), lease=timedelta(seconds=60), wait_s=0)


class Watch:
    """A clock that a test sets, and that sleeping moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest_asyncio.fixture
async def store(engine: AsyncEngine, watch: Watch) -> AsyncIterator[SqlIdempotencyStore]:
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield SqlIdempotencyStore(engine, TABLE, POLICY, clock=watch, sleep=watch.sleep)


async def claimed(
    store: SqlIdempotencyStore, key: str = "k", fingerprint: str = "body"
) -> SqlClaim:
    """Return the claim, which has to be free."""
    claim = await store.claim("scope", key, fingerprint)
    assert isinstance(claim, SqlClaim)
    return claim


async def act(store: SqlIdempotencyStore, claim: SqlClaim, name: str = "a") -> None:
    """Have an effect under a claim."""
    with claim.bound():
        async with SqlUnitOfWork(store.engine) as work:
            await work.session.execute(sa.insert(EFFECTS).values(name=name))
            await work.commit()


async def effects(store: SqlIdempotencyStore) -> list[str]:
    async with store.engine.connect() as connection:
        return list((await connection.scalars(sa.select(EFFECTS.c.name))).all())


@pytest.mark.criterion("R30.1", "R30.2")
async def test_the_answer_is_kept_with_its_headers(store: SqlIdempotencyStore) -> None:
    claim = await claimed(store)
    await act(store, claim)
    await claim.keep(ANSWER)

    assert await store.claim("scope", "k", "body") == ANSWER
    assert await store.claim("scope", "k", "other") is Refusal.KEY_REUSED


async def test_a_key_means_nothing_in_another_scope(store: SqlIdempotencyStore) -> None:
    await claimed(store)

    assert isinstance(await store.claim("other", "k", "other"), SqlClaim)


@pytest.mark.criterion("R30.3")
async def test_a_key_can_be_used_again_when_its_answer_has_expired(
    store: SqlIdempotencyStore, watch: Watch
) -> None:
    claim = await claimed(store)
    await act(store, claim)
    await claim.keep(ANSWER)

    watch.passes(minutes=59, seconds=59)
    assert await store.claim("scope", "k", "body") == ANSWER
    watch.passes(seconds=1)
    await act(store, await claimed(store, fingerprint="other"), "b")

    assert await effects(store) == ["a", "b"]


@pytest.mark.criterion("R30.4")
async def test_of_many_at_the_same_time_one_has_the_claim(store: SqlIdempotencyStore) -> None:
    outcomes = await asyncio.gather(*(store.claim("scope", "k", "body") for _ in range(20)))

    assert [type(outcome) for outcome in outcomes].count(SqlClaim) == 1
    assert outcomes.count(Refusal.IN_PROGRESS) == 19


async def test_a_duplicate_waits_a_moment_for_the_answer(
    store: SqlIdempotencyStore, watch: Watch
) -> None:
    is_answered = False

    async def sleep(seconds: float) -> None:
        """Let time pass; what the first request does meanwhile is done in one such moment."""
        nonlocal is_answered
        await watch.sleep(seconds)
        if is_answered:
            await act(store, claim)
            await claim.keep(ANSWER)
            is_answered = False

    patient = SqlIdempotencyStore(
        store.engine, TABLE, IdempotencyPolicy(wait_s=2.0), clock=watch, sleep=sleep
    )
    claim = await claimed(patient)

    assert await patient.claim("scope", "k", "body") is Refusal.IN_PROGRESS
    assert 2.0 <= sum(watch.slept) < 3.0

    is_answered = True

    assert await patient.claim("scope", "k", "body") == ANSWER


async def test_a_failure_before_the_commit_gives_the_claim_back(
    store: SqlIdempotencyStore,
) -> None:
    claim = await claimed(store)
    with claim.bound():
        async with SqlUnitOfWork(store.engine) as work:
            await work.session.execute(sa.insert(EFFECTS).values(name="a"))
    await claim.give_up()

    await act(store, await claimed(store, fingerprint="put right"), "b")

    assert await effects(store) == ["b"]


async def test_a_commit_that_fails_notes_nothing_and_can_be_tried_again(
    store: SqlIdempotencyStore,
) -> None:
    claim = await claimed(store)
    with claim.bound():
        for name in ("a", "b"):
            async with SqlUnitOfWork(store.engine) as work:
                await work.session.execute(sa.insert(EFFECTS).values(name=name))
                if name == "a":
                    await work.rollback()
                else:
                    await work.commit()
        is_committed = claim.is_committed
        # What follows in the same request is not the effect that the note is about.
        async with SqlUnitOfWork(store.engine) as work:
            await work.session.execute(sa.insert(EFFECTS).values(name="c"))
            await work.commit()

    assert is_committed
    assert sorted(await effects(store)) == ["b", "c"]


async def test_what_others_commit_in_between_is_not_the_effect(
    store: SqlIdempotencyStore,
) -> None:
    claim = await claimed(store)
    async with SqlUnitOfWork(store.engine) as work:
        await work.session.execute(sa.insert(EFFECTS).values(name="a"))
        await work.commit()

    assert not claim.is_committed


async def test_the_claim_of_a_process_that_has_died_is_over_with_its_lease(
    store: SqlIdempotencyStore, watch: Watch
) -> None:
    await claimed(store)

    watch.passes(seconds=59)
    assert await store.claim("scope", "k", "body") is Refusal.IN_PROGRESS
    watch.passes(seconds=1)
    assert isinstance(await store.claim("scope", "k", "body"), SqlClaim)


async def test_whoever_has_lost_the_claim_has_no_effect(
    store: SqlIdempotencyStore, watch: Watch
) -> None:
    slow = await claimed(store)
    watch.passes(seconds=60)
    fast = await claimed(store)

    with pytest.raises(ConflictError):
        await act(store, slow, "slow")
    await slow.give_up()
    await act(store, fast, "fast")
    await fast.keep(ANSWER)

    assert await effects(store) == ["fast"]
    assert await store.claim("scope", "k", "body") == ANSWER


async def test_whoever_has_committed_first_keeps_the_claim(
    store: SqlIdempotencyStore, watch: Watch
) -> None:
    claim = await claimed(store)
    await act(store, claim)
    watch.passes(minutes=5)

    assert await store.claim("scope", "k", "body") is Refusal.OUTCOME_UNKNOWN
    await claim.keep(ANSWER)
    assert await store.claim("scope", "k", "body") == ANSWER


async def test_a_request_whose_answer_was_lost_is_never_carried_out_again(
    store: SqlIdempotencyStore, watch: Watch
) -> None:
    await act(store, await claimed(store))

    assert await store.claim("scope", "k", "body") is Refusal.IN_PROGRESS
    watch.passes(seconds=60)
    assert await store.claim("scope", "k", "body") is Refusal.OUTCOME_UNKNOWN
    assert await store.claim("scope", "k", "other") is Refusal.KEY_REUSED


async def test_a_bug_after_the_commit_is_known_at_once(store: SqlIdempotencyStore) -> None:
    claim = await claimed(store)
    await act(store, claim)
    await claim.give_up()

    assert await store.claim("scope", "k", "body") is Refusal.OUTCOME_UNKNOWN


async def test_what_is_over_is_deleted_now_and_then(
    store: SqlIdempotencyStore, watch: Watch
) -> None:
    claim = await claimed(store, "old")
    await act(store, claim)
    await claim.keep(ANSWER)
    watch.passes(hours=1)
    await claimed(store, "new")

    async with store.engine.connect() as connection:
        assert (await connection.scalars(sa.select(TABLE.c.key))).all() == ["new"]


def protected(store: SqlIdempotencyStore, **keys: bytes) -> SqlIdempotencyStore:
    """Return the store with its answers encrypted."""
    use_keys(store.engine, KeyRing(keys))
    return SqlIdempotencyStore(
        store.engine,
        TABLE,
        POLICY,
        protection=SealedAnswers(store.engine),
        clock=store.clock,
    )


async def kept(store: SqlIdempotencyStore) -> str:
    """Return everything that the table has, as a text."""
    async with store.engine.connect() as connection:
        return str([tuple(row) for row in await connection.execute(sa.select(TABLE))])


async def test_kept_answers_are_encrypted_where_they_may_be_secret(
    store: SqlIdempotencyStore,
) -> None:
    sealed = protected(store, old=OLD)
    claim = await claimed(sealed)
    await act(store, claim)
    await claim.keep(ANSWER)

    found = await kept(sealed)
    rotated = protected(store, new=NEW, old=OLD)

    assert "\u00e9" not in found
    assert "'body'" not in found
    assert await rotated.claim("scope", "k", "body") == ANSWER
    assert await rotated.claim("scope", "k", "other") is Refusal.KEY_REUSED


async def test_answers_from_before_encryption_are_given_again(store: SqlIdempotencyStore) -> None:
    claim = await claimed(store)
    await act(store, claim)
    await claim.keep(ANSWER)

    assert await protected(store, old=OLD).claim("scope", "k", "body") == ANSWER
