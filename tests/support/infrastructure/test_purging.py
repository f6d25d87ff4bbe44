"""Removal for good: what goes, what stays, and that a round can be left at any time."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.core.identifiers import uuid7
from apigen.support.core.purge_settings import PurgeSettings
from apigen.support.infrastructure.changes import MASK, ChangeLog
from apigen.support.infrastructure.purge_rounds import PurgeRounds
from apigen.support.infrastructure.purging import Purge, Purged, Purger

from .library import (
    Author,
    AuthorId,
    AuthorRow,
    Book,
    SqlLibraryUnitOfWork,
)
from .test_changes import AUTHOR_CHANGES

pytestmark = pytest.mark.asyncio

NOW = datetime(2026, 11, 30, tzinfo=UTC)
AFTER = timedelta(days=30)
OLD, RECENT = NOW - timedelta(days=31), NOW - timedelta(days=29)
LOG = ChangeLog(table=AUTHOR_CHANGES, masked=("name",))
AUTHORS = Purge(row_type=AuthorRow, resource="author", after=AFTER, log=LOG)


def purger(engine: AsyncEngine, *, batch: int = 500) -> Purger:
    """Return a purger of authors, now."""
    return Purger(engine, (AUTHORS,), batch=batch, clock=lambda: NOW)


async def stored(engine: AsyncEngine, *deleted: datetime | None) -> list[AuthorId]:
    """Store an author for each time of deletion, None for one that lives."""
    authors = [Author(name=f"a{n}") for n in range(len(deleted))]
    for author, at in zip(authors, deleted, strict=True):
        if at is not None:
            author.mark_deleted(at)
    async with SqlLibraryUnitOfWork(engine) as work:
        await work.authors.add_many(authors)
        await work.commit()
    return [author.id for author in authors]


async def ids(engine: AsyncEngine) -> Sequence[int]:
    """Return the authors that are there, deleted ones too."""
    async with engine.connect() as connection:
        return list(await connection.scalars(sa.select(AuthorRow.id).order_by(AuthorRow.id)))


async def test_only_what_was_deleted_long_enough_ago_goes(library: AsyncEngine) -> None:
    live, recent, old = await stored(library, None, RECENT, OLD)

    done = await purger(library).run()

    assert done == {"author": Purged(removed=1, kept=0)}
    assert await ids(library) == [live, recent]
    assert old not in await ids(library)


async def test_a_count_removes_nothing(library: AsyncEngine) -> None:
    all_of_them = await stored(library, None, OLD, OLD)

    assert await purger(library).due() == {"author": Purged(removed=2, kept=0)}
    assert await ids(library) == all_of_them


async def test_everything_goes_however_small_the_batches(library: AsyncEngine) -> None:
    await stored(library, *([OLD] * 7))

    done = await purger(library, batch=2).run()

    assert done["author"].removed == 7
    assert await ids(library) == []


async def test_what_others_must_refer_to_stays_and_is_in_nobodys_way(
    library: AsyncEngine,
) -> None:
    writer, *_ = await stored(library, OLD, OLD, OLD)
    async with SqlLibraryUnitOfWork(library) as work:
        await work.books.add(Book(author_id=writer, title="T"))
        await work.commit()

    assert await purger(library).due() == {"author": Purged(removed=2, kept=1)}
    assert await purger(library, batch=1).run() == {"author": Purged(removed=2, kept=1)}
    assert await ids(library) == [writer]


async def test_what_may_let_go_lets_go(library: AsyncEngine) -> None:
    old, live = await stored(library, OLD, None)
    async with SqlLibraryUnitOfWork(library) as work:
        pupil = Author(name="pupil", mentor_id=old)
        await work.authors.add(pupil)
        book = Book(author_id=live, title="T", coauthors=frozenset({old}))
        await work.books.add(book)
        await work.commit()

    assert (await purger(library).run())["author"] == Purged(removed=1, kept=0)

    async with SqlLibraryUnitOfWork(library) as work:
        found, kept = await work.authors.get(pupil.id), await work.books.get(book.id)
    assert found is not None
    assert found.mentor_id is None
    assert kept is not None
    assert kept.coauthors == frozenset()


async def test_the_log_keeps_what_is_not_personal(library: AsyncEngine) -> None:
    (old,) = await stored(library, OLD)
    async with library.begin() as connection:
        await connection.execute(
            sa.insert(AUTHOR_CHANGES).values(
                id=uuid7(),
                owner_id=old,
                operation="create",
                changes={"name": {"from": None, "to": "Ada"}, "born": {"from": None, "to": 1815}},
                actor_id="ann",
                occurred_at=OLD,
            )
        )

    await purger(library).run()

    async with library.connect() as connection:
        told = sa.select(AUTHOR_CHANGES).order_by(AUTHOR_CHANGES.c.occurred_at)
        made, purged = (await connection.execute(told)).all()
    assert made.changes == {
        "name": {"from": None, "to": MASK},
        "born": {"from": None, "to": 1815},
    }
    assert made.actor_id == "ann"
    assert (purged.operation, purged.changes, purged.owner_id) == ("purge", {}, old)


async def test_two_at_once_remove_each_row_once(library: AsyncEngine) -> None:
    await stored(library, *([OLD] * 30))

    await asyncio.gather(*(purger(library, batch=5).run() for _ in range(3)))
    await purger(library).run()

    assert await ids(library) == []
    async with library.connect() as connection:
        noted = list(await connection.scalars(sa.select(AUTHOR_CHANGES.c.owner_id)))
    assert len(noted) == len(set(noted)) == 30


async def test_a_round_that_is_to_end_ends_after_a_batch(library: AsyncEngine) -> None:
    await stored(library, *([OLD] * 6))
    asked = iter((False, True))

    done = await purger(library, batch=2).run(is_stopping=lambda: next(asked))

    assert done["author"] == Purged(removed=2, kept=0)
    assert len(await ids(library)) == 4
    none = await purger(library).run(is_stopping=lambda: True)
    assert none["author"] == Purged(removed=0, kept=0)


async def test_rounds_are_made_beside_requests_and_end(library: AsyncEngine) -> None:
    await stored(library, OLD)
    rounds = PurgeRounds(purger(library), PurgeSettings(every_s=0.01))

    rounds.start()
    for _ in range(500):
        await asyncio.sleep(0.01)
        if not await ids(library):
            break
    await stored(library, OLD)
    for _ in range(500):
        await asyncio.sleep(0.01)
        if not await ids(library):
            break
    await rounds.stop()

    assert await ids(library) == []
    await stored(library, OLD)
    await asyncio.sleep(0.05)
    assert len(await ids(library)) == 1


async def test_rounds_that_are_left_to_others_are_not_made(library: AsyncEngine) -> None:
    await stored(library, OLD)
    rounds = PurgeRounds(purger(library), PurgeSettings(background=False, every_s=0.01))

    rounds.start()
    await asyncio.sleep(0.05)
    await rounds.stop()

    assert len(await ids(library)) == 1


async def test_a_database_that_is_away_ends_no_rounds(
    library: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stored(library, OLD)
    one = purger(library)
    run, calls = one.run, 0

    async def failing(**options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise OSError("away")
        return await run()

    monkeypatch.setattr(one, "run", failing)
    rounds = PurgeRounds(one, PurgeSettings(every_s=0.01))
    rounds.start()
    for _ in range(500):
        await asyncio.sleep(0.01)
        if not await ids(library):
            break
    await rounds.stop()

    assert await ids(library) == []
