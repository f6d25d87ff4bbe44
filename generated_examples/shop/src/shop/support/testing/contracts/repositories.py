"""Repositories: what is stored comes back, versions are checked, deleted rows stay away."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ...core.errors import ConflictError, PreconditionFailedError
from ...core.json import Json, dumps
from ...core.protocols import QueryOptions
from ..cases import AnyCase, Unique
from ..rows import Rows, assert_holds, shown


class RepositoryContract:
    """Add, get, save, remove, find and count."""

    case: ClassVar[AnyCase]

    async def entity(self, rows: Rows, n: int = 0) -> Any:
        """Return sample `n`, not stored; its type is the case's own."""
        return self.case.new(dumps(await rows.payload(self.case, n)))

    async def add(self, engine: AsyncEngine, entity: Any) -> Any:
        """Store an aggregate in a transaction of its own, and return it."""
        async with self.case.unit_of_work(engine) as work:
            await self.case.repository(work).add(entity)
            await work.commit()
        return entity

    async def get(self, engine: AsyncEngine, id: Any) -> Any:
        """Read an aggregate in a transaction of its own."""
        async with self.case.unit_of_work(engine) as work:
            return await self.case.repository(work).get(id)

    async def save(self, engine: AsyncEngine, entity: Any) -> None:
        """Save an aggregate in a transaction of its own."""
        async with self.case.unit_of_work(engine) as work:
            await self.case.repository(work).save(entity)
            await work.commit()

    async def find(self, engine: AsyncEngine, **options: Any) -> Sequence[Any]:
        """Find aggregates in a transaction of its own."""
        async with self.case.unit_of_work(engine) as work:
            return await self.case.repository(work).find(QueryOptions(**options))

    async def test_stored_is_what_is_read(self, engine: AsyncEngine, rows: Rows) -> None:
        """Every field and every child of every sample survives storing."""
        for n in range(len(self.case.samples)):
            entity = await self.add(engine, await self.entity(rows, n))

            found = await self.get(engine, entity.id)

            assert found is not None
            assert found is not entity
            assert shown(self.case, found) == shown(self.case, entity), f"sample {n}"

    async def test_uncommitted_is_forgotten(self, engine: AsyncEngine, rows: Rows) -> None:
        """Leaving the unit of work without commit undoes everything."""
        entity = await self.entity(rows)
        async with self.case.unit_of_work(engine) as work:
            await self.case.repository(work).add(entity)

        assert await self.get(engine, entity.id) is None

    async def test_saved_change_is_read(self, engine: AsyncEngine, rows: Rows) -> None:
        """Each change is stored, alone, and raises the version by one."""
        entity = await self.add(engine, await self.entity(rows))
        for name, value in self.case.changes.items():
            change = await rows.resolved({name: value})
            read = await self.get(engine, entity.id)
            before = read.version
            self.case.change(read, dumps(change))
            await self.save(engine, read)

            found = await self.get(engine, entity.id)

            assert_holds(self.case, shown(self.case, found), change)
            assert found.version == before + self.case.versioned

    async def test_second_writer_is_refused(self, engine: AsyncEngine, rows: Rows) -> None:
        """Of two that read the same version only the first may save."""
        if not self.case.changes or not self.case.versioned:
            return
        entity = await self.add(engine, await self.entity(rows))
        name, value = next(iter(self.case.changes.items()))
        change = dumps(await rows.resolved({name: value}))
        stale = await self.get(engine, entity.id)
        first = await self.get(engine, entity.id)
        self.case.change(first, change)
        await self.save(engine, first)
        self.case.change(stale, change)

        with pytest.raises(PreconditionFailedError):
            await self.save(engine, stale)

    async def test_removed_is_gone(self, engine: AsyncEngine, rows: Rows) -> None:
        """What was removed is neither read, found nor counted; soft deletion keeps the row."""
        entity = await self.add(engine, await self.entity(rows))
        async with self.case.unit_of_work(engine) as work:
            repository = self.case.repository(work)
            await repository.remove(await repository.get(entity.id))
            await work.commit()

        assert await self.get(engine, entity.id) is None
        assert await self.find(engine) == []
        async with self.case.unit_of_work(engine) as work:
            assert await self.case.repository(work).count() == 0
        kept = await self.find(engine, include_deleted=True)
        assert len(kept) == (1 if self.case.soft_delete else 0)

    async def test_several_at_once(self, engine: AsyncEngine, rows: Rows) -> None:
        """Bulk adding and removing do what single steps do."""
        entities = [await self.entity(rows, n) for n in range(len(self.case.samples))]
        async with self.case.unit_of_work(engine) as work:
            await self.case.repository(work).add_many(entities)
            await work.commit()

        found = await self.find(engine)

        assert _by_key(self.case, found) == _by_key(self.case, entities)
        async with self.case.unit_of_work(engine) as work:
            repository = self.case.repository(work)
            assert await repository.count() == len(entities)
            await repository.remove_many(await repository.find(QueryOptions()))
            await work.commit()
        assert await self.find(engine) == []

    async def test_limit_and_offset_cut_the_result(self, engine: AsyncEngine, rows: Rows) -> None:
        """Pages of one, put together, are the whole in its order."""
        for n in range(len(self.case.samples)):
            await self.add(engine, await self.entity(rows, n))
        whole = await self.find(engine)

        pages = [await self.find(engine, limit=1, offset=n) for n in range(len(whole))]

        assert [page[0].id for page in pages] == [entity.id for entity in whole]
        assert len(whole) == len(self.case.samples)

    async def test_uniqueness_is_kept(
        self, engine: AsyncEngine, rows: Rows, unique: Unique
    ) -> None:
        """A second row with the same values is refused, naming the fields."""
        first = await self.add(engine, await self.entity(rows, 0))
        clash = await self._clash(rows, unique)

        with pytest.raises(ConflictError) as caught:
            await self.add(engine, self.case.new(dumps(clash)))

        assert {name.partition(".")[0] for name in caught.value.fields} == {
            name.partition(".")[0] for name in unique.fields
        }
        if self.case.soft_delete and not unique.deleted_rows_count:
            async with self.case.unit_of_work(engine) as work:
                repository = self.case.repository(work)
                await repository.remove(await repository.get(first.id))
                await work.commit()
            await self.add(engine, self.case.new(dumps(clash)))

    async def _clash(self, rows: Rows, unique: Unique) -> dict[str, Json]:
        """Return sample 1 with the unique values of sample 0."""
        return await rows.payload(self.case, 1, **clashing(self.case, unique))


def clashing(case: AnyCase, unique: Unique) -> dict[str, Any]:
    """Return the changes that make sample 1 clash with sample 0; values are samples."""
    changes: dict[str, Any] = {}
    for field in unique.fields:
        name = field.partition(".")[0]
        changes[name] = case.samples[0][name]
    return changes


def _by_key(case: AnyCase, entities: Sequence[Any]) -> dict[str, dict[str, Json]]:
    bodies = [shown(case, entity) for entity in entities]
    return {str([body[name] for name in case.key]): body for body in bodies}
