"""Removal for good: what was deleted long ago is gone, all else is there."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from ...core.json import dumps
from ...infrastructure.engine import reading
from ...infrastructure.purging import Purge, Purged, Purger
from ..cases import AnyCase
from ..rows import Rows


class PurgeContract:
    """Deleted rows, before and after their time is up."""

    case: ClassVar[AnyCase]
    purge: ClassVar[Purge]

    async def test_rows_go_when_their_time_is_up(self, engine: AsyncEngine, rows: Rows) -> None:
        """A deleted row stays as long as it has to; a live one is never removed."""
        for n in range(len(self.case.samples)):
            entity = self.case.new(dumps(await rows.payload(self.case, n)))
            await rows.put(self.case, entity)
            if n == 0:
                await rows.remove(self.case, entity)
        stored = await self._count(engine)

        early = await self._purger(engine, -1).run()
        assert (early[self.purge.resource], await self._count(engine)) == (
            Purged(removed=0, kept=0),
            stored,
        )
        due = await self._purger(engine, 1).due()
        assert (due[self.purge.resource].removed, await self._count(engine)) == (1, stored)

        done = await self._purger(engine, 1).run()

        assert done[self.purge.resource] == Purged(removed=1, kept=0)
        assert await self._count(engine) == stored - 1

    def _purger(self, engine: AsyncEngine, minutes: int) -> Purger:
        """Return a purger at so many minutes after rows that are deleted now are to go."""
        now = datetime.now(UTC) + self.purge.after + timedelta(minutes=minutes)
        return Purger(engine, (self.purge,), clock=lambda: now)

    async def _count(self, engine: AsyncEngine) -> int:
        statement = sa.select(sa.func.count()).select_from(self.purge.row_type)
        async with reading(engine) as connection:
            return int(await connection.scalar(statement) or 0)
