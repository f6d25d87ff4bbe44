"""Remove for good what was deleted softly long ago.

A batch is a transaction: rows, what belongs to them, and their entry in the log of changes go
together. What the database lets go with a row (children, join rows, moves, `on_delete: cascade`)
goes; a row that others must refer to stays, and is tried again next time.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapper

from ..core.clock import Clock, utc_now
from ..core.errors import ReferenceConflictError
from .change_notes import ChangeBook
from .database_errors import translated
from .engine import is_sqlite, reading
from .unit_of_work import SqlUnitOfWork

_logger = structlog.get_logger("purge")
_TURN = 0x61_70_67_5F_70_75_72_67
"""Number of the lock that whoever removes holds on PostgreSQL; SQLite has one writer anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """Rows of one kind, and how long they are kept once they are deleted."""

    row_type: type[DeclarativeBase]
    resource: str
    """What messages call one."""
    after: timedelta
    log: ChangeBook | None = None
    """The log of their changes, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What became of the rows of one kind whose time was up."""

    removed: int
    """How many went, or would go."""
    kept: int
    """How many stay, because other rows refer to them."""


class Purger:
    """Removes what `purges` name; one process at a time."""

    def __init__(
        self,
        engine: AsyncEngine,
        purges: Sequence[Purge],
        *,
        batch: int = 500,
        removed: Callable[[], Awaitable[None]] | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Remove from the database of `engine`, at most `batch` rows in one transaction.

        `removed` is told of each: other rows may have gone, or changed, with them.
        """
        self._engine = engine
        self._purges = tuple(purges)
        self._batch = batch
        self._removed = removed
        self._clock = clock

    async def due(self) -> Mapping[str, Purged]:
        """Return what a round would remove and keep, by resource; nothing is changed."""
        return {purge.resource: await self._due_now(purge) for purge in self._purges}

    async def run(self, *, is_stopping: Callable[[], bool] = lambda: False) -> Mapping[str, Purged]:
        """Remove all that is due, and return what was removed and kept, by resource.

        Another process at the same work is not waited for. `is_stopping` is asked before each
        batch.
        """
        done: dict[str, Purged] = {}
        for purge in self._purges:
            removed = 0
            while not is_stopping():
                found = await self._remove(purge)
                if not found:
                    break
                removed += found
                if self._removed is not None:
                    await self._removed()
            left = await self._due_now(purge)
            done[purge.resource] = Purged(removed=removed, kept=left.kept)
            if removed:
                # Who they were is nobody's business any more.
                _logger.info("purged", resource=purge.resource, rows=removed)
        return done

    async def _due_now(self, purge: Purge) -> Purged:
        """Return how many rows whose time is up would go, and how many have to stay."""
        due, free = self._due(purge), _free(purge.row_type)
        table = _mapper(purge.row_type).local_table
        counted = sa.select(sa.func.count()).select_from(table)
        async with reading(self._engine) as connection:
            all_due = int(await connection.scalar(counted.where(*due)) or 0)
            removable = int(await connection.scalar(counted.where(*due, *free)) or 0)
        return Purged(removed=removable, kept=all_due - removable)

    async def _remove(self, purge: Purge) -> int:
        """Remove one batch; return how many rows that were, 0 when nothing is left to do."""
        mapper = _mapper(purge.row_type)
        keys = tuple(mapper.primary_key)
        statement = (
            sa.select(*keys)
            .where(*self._due(purge), *_free(purge.row_type))
            .order_by(mapper.columns["deleted_at"], *keys)
            .limit(self._batch)
            # Whoever restores one of them has it first.
            .with_for_update(skip_locked=True, of=mapper.local_table)
        )
        try:
            async with SqlUnitOfWork(self._engine) as work:
                if not await self._has_turn(work.session):
                    return 0
                found = [tuple(row) for row in await work.session.execute(statement)]
                if not found:
                    return 0
                column = keys[0] if len(keys) == 1 else sa.tuple_(*keys)
                wanted = [key[0] for key in found] if len(keys) == 1 else found
                with translated(purge.resource, purge.row_type.metadata, is_removal=True):
                    await work.session.execute(
                        sa.delete(purge.row_type)
                        .where(column.in_(wanted))
                        .execution_options(synchronize_session=False)
                    )
                if purge.log is not None:
                    await purge.log.settle_removed(work.session, found)
                await work.commit()
        except ReferenceConflictError:
            # Somebody has begun to refer to one of them; the next round leaves that one alone.
            _logger.warning("purge_put_off", resource=purge.resource)
            return 0
        return len(found)

    def _due(self, purge: Purge) -> list[ColumnElement[bool]]:
        columns = _mapper(purge.row_type).columns
        before: datetime = self._clock() - purge.after
        return [columns["is_deleted"].is_(sa.true()), columns["deleted_at"] < before]

    async def _has_turn(self, session: AsyncSession) -> bool:
        if is_sqlite(self._engine):
            return True
        asked = sa.select(sa.func.pg_try_advisory_xact_lock(sa.literal(_TURN, sa.BigInteger())))
        return bool(await session.scalar(asked))


def _mapper(row_type: type[DeclarativeBase]) -> Mapper[Any]:
    return sa.inspect(row_type)


def _free(row_type: type[DeclarativeBase]) -> list[ColumnElement[bool]]:
    """Return the conditions that no row refers to a row which may not go while one does."""
    table = _mapper(row_type).local_table
    conditions: list[ColumnElement[bool]] = []
    for other in row_type.metadata.sorted_tables:
        referring = other.alias()
        for key in other.foreign_keys:
            if key.column.table is table and (key.ondelete or "RESTRICT") == "RESTRICT":
                same = referring.c[key.parent.key] == key.column
                conditions.append(
                    ~sa.exists(sa.select(sa.literal(1)).select_from(referring).where(same))
                )
    return conditions
