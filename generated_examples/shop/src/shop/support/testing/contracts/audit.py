"""Audit: rows are signed, and every change is in the log with its author, or not at all."""

from contextlib import AbstractContextManager
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from ...core.actor import Actor
from ...core.context import ExecutionContext, bound_context
from ...core.json import dumps
from ...infrastructure.changes import MASK
from ...infrastructure.engine import reading
from ..cases import AnyCase
from ..rows import Rows


class AuditContract:
    """What the repository of an audited aggregate notes beside its rows."""

    case: ClassVar[AnyCase]
    log: ClassVar[sa.Table]
    """The log of its changes."""

    async def test_every_change_is_signed(self, engine: AsyncEngine, rows: Rows) -> None:
        """Made, changed and deleted by three people: each is known, in the row and in the log."""
        entity = await self._made(engine, rows)
        assert (entity.created_by, entity.updated_by) == ("ann", "ann")
        done = [("create", "ann")]
        for name, value in [*self.case.changes.items()][:1]:
            entity = await self._changed(engine, rows, entity.id, name, value)
            assert (entity.created_by, entity.updated_by) == ("ann", "bob")
            done.append(("update", "bob"))
        with acting("cy"):
            await rows.remove(self.case, entity)

        lines = await self._lines(engine)

        assert [(line.operation, line.actor_id) for line in lines] == [*done, ("delete", "cy")]

    async def test_undone_change_leaves_no_trace(self, engine: AsyncEngine, rows: Rows) -> None:
        """A transaction that is not committed is not in the log either."""
        entity = self.case.new(dumps(await rows.payload(self.case)))
        with acting("ann"):
            async with self.case.unit_of_work(engine) as work:
                await self.case.repository(work).add(entity)

        assert await self._lines(engine) == []

    async def test_change_says_from_what_to_what(self, engine: AsyncEngine, rows: Rows) -> None:
        """What is logged of a change is different on both sides, unless it may not be told."""
        entity = await self._made(engine, rows)
        for name, value in self.case.changes.items():
            await self._changed(engine, rows, entity.id, name, value)

        for line in await self._lines(engine):
            for path, sides in line.changes.items():
                is_masked = MASK in sides.values()
                assert is_masked or sides["from"] != sides["to"], path

    async def _made(self, engine: AsyncEngine, rows: Rows) -> Any:
        with acting("ann"):
            entity: Any = self.case.new(dumps(await rows.payload(self.case)))
            await rows.put(self.case, entity)
        return entity

    # Aggregates and values are of the project's types, hence Any.
    async def _changed(
        self, engine: AsyncEngine, rows: Rows, id: Any, name: str, value: Any
    ) -> Any:
        change = dumps(await rows.resolved({name: value}))
        with acting("bob"):
            async with self.case.unit_of_work(engine) as work:
                repository = self.case.repository(work)
                entity: Any = await repository.get(id)
                self.case.change(entity, change)
                await repository.save(entity)
                await work.commit()
        return entity

    async def _lines(self, engine: AsyncEngine) -> list[sa.Row[Any]]:
        statement = sa.select(self.log).order_by(self.log.c.occurred_at, self.log.c.id)
        async with reading(engine) as connection:
            return list(await connection.execute(statement))


def acting(id: str) -> AbstractContextManager[ExecutionContext]:
    """Run a block as somebody."""
    return bound_context(ExecutionContext(actor=Actor(id=id)))
