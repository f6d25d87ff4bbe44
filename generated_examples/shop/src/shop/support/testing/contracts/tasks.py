"""Background tasks: that each can be asked for and done, and what may be seen of them over HTTP."""

from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from ...application.task_registry import TaskDefinition, TaskRegistry
from ...application.task_runner import TaskRunner
from ...core.clock import utc_now
from ...core.identifiers import uuid7
from ...core.tasks import TaskState
from ..api_client import ApiClient, assert_problem


class TaskContract:
    """What the tasks of every project keep."""

    definitions: ClassVar[tuple[TaskDefinition, ...]]

    def test_every_task_is_carried_out_by_somebody(self, task_runner: TaskRunner) -> None:
        """A task that nobody carries out would fail for ever."""
        nobodys = [one.name for one in self.definitions if not task_runner.knows(one.kind)]

        assert nobodys == []

    def test_what_has_a_schedule_can_be_asked_for_by_it(self) -> None:
        """It needs to know nothing, is due again, and what is written of it can be read."""
        registry = TaskRegistry(self.definitions)
        for definition in registry.scheduled():
            assert definition.schedule is not None
            assert definition.schedule.after(utc_now()) > utc_now()
            task = definition.kind()
            assert registry.from_json(definition.name, registry.to_json(task)) == task


class TaskRoutesContract:
    """What may be seen of tasks where nobody is asked who they are."""

    path: ClassVar[str]
    definitions: ClassVar[tuple[TaskDefinition, ...]]
    table: ClassVar[sa.Table]

    async def test_a_task_is_listed_and_read(self, client: ApiClient, engine: AsyncEngine) -> None:
        """With its state and its links, and without what it was told."""
        id = await self.ask(engine)

        one = await client.get(f"{self.path}/{id}")
        page = await client.get(self.path, query="state=queued&size=1")

        assert one.status_code == 200, one.text
        assert page.status_code == 200, page.text
        body = one.json()
        assert page.json()["items"] == [body]
        assert (body["id"], body["state"]) == (str(id), "queued")
        assert body["links"]["self"] == f"{self.path}/{id}"
        assert "input" not in body

    async def test_a_task_can_be_cancelled_once(
        self, client: ApiClient, engine: AsyncEngine
    ) -> None:
        """What is over can not be."""
        id = await self.ask(engine)
        link = (await client.get(f"{self.path}/{id}")).json()["links"]["cancel"]

        first = await client.post(link)
        again = await client.post(link)

        assert first.status_code == 200, first.text
        assert first.json()["state"] == "cancelled"
        assert first.json()["links"]["cancel"] is None
        assert_problem(again, 409)

    async def test_what_is_not_there_is_a_problem(self, client: ApiClient) -> None:
        """An unknown task, and parameters that mean nothing."""
        missing = f"{self.path}/{uuid7()}"

        assert_problem(await client.get(missing), 404)
        assert_problem(await client.post(f"{missing}/cancel"), 404)
        assert_problem(await client.get(f"{self.path}/1"), 422)
        for query in ("state=lost", "size=0", "size=101", "page=0", "colour=red", "name=%00"):
            assert_problem(await client.get(self.path, query=query), 422)

    async def ask(self, engine: AsyncEngine, *, actor_id: str | None = None) -> UUID:
        """Store a task as somebody has asked for it."""
        definition, now, id = self.definitions[0], utc_now(), uuid7()
        async with engine.begin() as connection:
            await connection.execute(
                sa.insert(self.table).values(
                    id=id,
                    name=definition.name,
                    queue=definition.queue,
                    priority=definition.priority,
                    state=TaskState.QUEUED,
                    input='{"secret": "x"}',
                    created_at=now,
                    due_at=now,
                    rank_at=now,
                    attempts=0,
                    actor_id=actor_id,
                )
            )
        return id
