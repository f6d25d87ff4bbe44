"""Commands through the bus: what they change, what they record, and when they are refused.

They run as the program itself, which may do everything: who may do what is another contract.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncEngine

from ...application.buses import CommandBus
from ...application.commands import Command
from ...application.results import ErrorKind, ServiceResult
from ...core.actor import Actor
from ...core.context import ExecutionContext, bound_context
from ...core.json import Json, dumps, loads
from ...core.result import Err, Ok
from ...infrastructure.engine import reading
from ..cases import Sample
from ..command_cases import CommandCase, Guarded
from ..rows import Rows, assert_holds, shown

ACTOR = "tester"
_CONTEXT = ExecutionContext(
    request_id="test-request",
    correlation_id="test-correlation",
    actor=Actor(id=ACTOR, is_system=True),
)
_OUTBOX = sa.table("outbox_events", sa.column("event_id"), sa.column("body"))


class CommandContract:
    """What every command keeps, whether it is for an aggregate or makes one."""

    case: ClassVar[CommandCase]

    async def test_success_is_stored_and_told(
        self, commands: CommandBus, rows: Rows, engine: AsyncEngine
    ) -> None:
        """The aggregate has changed as declared, and its events are in the outbox."""
        run = _Run(self.case, commands, rows)
        await run.begin()

        answer = await run.dispatch()

        assert isinstance(answer, Ok), answer
        found = shown(self.case.entity, answer.value)
        assert_holds(self.case.entity, found, await rows.resolved(self.case.changed))
        for name, size in self.case.sizes.items():
            children = found[name]
            assert isinstance(children, list)
            assert len(children) == size, name
        assert await rows.read(self.case.entity, found) == found
        await self._assert_recorded(rows, engine)

    async def test_unmet_condition_refuses(
        self, commands: CommandBus, rows: Rows, engine: AsyncEngine, guarded: Guarded
    ) -> None:
        """Invalid, with the code of the condition; nothing is stored, nothing recorded."""
        run = _Run(self.case, commands, rows, row=guarded.row, input=guarded.input)
        await run.begin()

        answer = await run.dispatch()

        assert isinstance(answer, Err), answer
        assert (answer.error.kind, answer.error.code) == (ErrorKind.INVALID, guarded.code)
        await run.assert_untouched()
        assert await recorded(engine) == []

    async def test_condition_just_met_permits(
        self, commands: CommandBus, rows: Rows, edge: Guarded
    ) -> None:
        """What is at the edge of a condition, and on its right side, is done."""
        run = _Run(self.case, commands, rows, row=edge.row, input=edge.input)
        await run.begin()

        answer = await run.dispatch()

        assert isinstance(answer, Ok), answer

    async def _assert_recorded(self, rows: Rows, engine: AsyncEngine) -> None:
        events = await recorded(engine)
        assert [event["type"] for event in events] == [event.type for event in self.case.events]
        for event, expected in zip(events, self.case.events, strict=True):
            payload = event["payload"]
            assert isinstance(payload, dict)
            assert tuple(payload) == expected.fields
            known = await rows.resolved(expected.payload)
            assert {name: payload[name] for name in known} == known
            assert event["correlation_id"] == _CONTEXT.correlation_id


class AggregateCommandContract(CommandContract):
    """A command of an aggregate that exists."""

    async def test_other_state_refuses(
        self, commands: CommandBus, rows: Rows, engine: AsyncEngine, illegal: str
    ) -> None:
        """A conflict, from every state that the command is not for."""
        run = _Run(self.case, commands, rows, row={self.case.state: illegal})
        await run.begin()

        answer = await run.dispatch()

        assert isinstance(answer, Err), answer
        assert (answer.error.kind, answer.error.code) == (ErrorKind.CONFLICT, "invalid_state")
        await run.assert_untouched()
        assert await recorded(engine) == []

    async def test_absent_aggregate_is_not_found(self, commands: CommandBus, rows: Rows) -> None:
        """Nothing has the key."""
        run = _Run(self.case, commands, rows)

        answer = await run.dispatch(id=self.case.entity.keys[-1])

        assert isinstance(answer, Err), answer
        assert answer.error.kind is ErrorKind.NOT_FOUND

    async def test_stale_version_refuses(
        self, commands: CommandBus, rows: Rows, engine: AsyncEngine
    ) -> None:
        """The version that the caller has seen has to be the stored one."""
        if not self.case.versioned:
            return
        run = _Run(self.case, commands, rows)
        await run.begin()

        answer = await run.dispatch(expected_version=99)

        assert isinstance(answer, Err), answer
        assert answer.error.kind is ErrorKind.PRECONDITION_FAILED
        await run.assert_untouched()
        assert await recorded(engine) == []

    async def test_one_of_two_at_once_wins(
        self, commands: CommandBus, rows: Rows, engine: AsyncEngine
    ) -> None:
        """The other one is told that the version has changed, or that the row is in use."""
        if not self.case.versioned or self.case.once:
            return
        run = _Run(self.case, commands, rows)
        await run.begin()

        answers = await asyncio.gather(
            run.dispatch(expected_version=run.version), run.dispatch(expected_version=run.version)
        )

        refused = [answer.error.kind for answer in answers if isinstance(answer, Err)]
        assert len(refused) == 1, answers
        assert refused[0] in (ErrorKind.PRECONDITION_FAILED, ErrorKind.CONFLICT)
        await self._assert_recorded(rows, engine)

    async def test_the_same_twice_has_one_effect(
        self, commands: CommandBus, rows: Rows, engine: AsyncEngine
    ) -> None:
        """The second answer is like the first, and nothing has changed once more."""
        if not self.case.once:
            return
        run = _Run(self.case, commands, rows)
        await run.begin()
        first = await run.dispatch()
        assert isinstance(first, Ok), first

        second = await run.dispatch()

        assert isinstance(second, Ok), second
        assert shown(self.case.entity, second.value) == shown(self.case.entity, first.value)
        await self._assert_recorded(rows, engine)

    async def test_move_is_kept_in_the_history(
        self, commands: CommandBus, rows: Rows, engine: AsyncEngine
    ) -> None:
        """One line for the move, with both states and who made it."""
        if not self.case.history:
            return
        run = _Run(self.case, commands, rows)
        await run.begin()
        table = sa.table(self.case.history, *map(sa.column, ("from_state", "to_state", "actor_id")))

        await run.dispatch()

        async with reading(engine) as connection:
            lines = list(await connection.execute(sa.select(table)))
        before, after = self.case.row[self.case.state], self.case.changed[self.case.state]
        assert (before, after, ACTOR) in [tuple(line) for line in lines]


async def recorded(engine: AsyncEngine) -> list[dict[str, Json]]:
    """Return the events in the outbox, each once, in the order they were recorded.

    Where nothing records events there is no outbox.
    """
    async with reading(engine) as connection:
        if not await connection.run_sync(lambda at: sa.inspect(at).has_table(_OUTBOX.name)):
            return []
        found = list(await connection.execute(sa.select(_OUTBOX)))
    events = {event_id: loads(body) for event_id, body in found}
    return [event for event in events.values() if isinstance(event, dict)]


class _Run:
    """One row, and commands for it."""

    def __init__(
        self,
        case: CommandCase,
        commands: CommandBus,
        rows: Rows,
        *,
        row: Mapping[str, Sample] | None = None,
        input: Mapping[str, Sample] | None = None,
    ) -> None:
        self._case = case
        self._commands = commands
        self._rows = rows
        self._sample = {**case.row, **(row or {})}
        self._input = {**case.input, **(input or {})}
        # What the key is, only the command's class knows, hence Any.
        self._id: Any = None
        self._before: dict[str, Json] | None = None

    @property
    def version(self) -> int:
        """The version that the row has."""
        assert self._before is not None
        (name,) = self._case.entity.called("version")
        return int(str(self._before[name]))

    async def begin(self) -> None:
        """Store the row, and what it and the command refer to."""
        if not self._case.creates:
            made = self._case.entity.stored(dumps(await self._rows.resolved(self._sample)))
            await self._rows.put(self._case.entity, made)
            self._id = made.id
            self._before = await self._rows.read(self._case.entity, shown(self._case.entity, made))
        await self._rows.resolved(self._input)

    # Of any command, hence Any.
    async def dispatch(self, **envelope: Any) -> ServiceResult[Any]:
        """Send the command as the program itself."""
        told = await self._rows.resolved(self._input)
        key = {} if self._case.creates else {"id": self._id}
        kind: TypeAdapter[Command[Any]] = TypeAdapter(self._case.command)
        with bound_context(_CONTEXT):
            sent = dumps({**_plain(key), **told, **_plain(envelope)})
            command = kind.validate_json(sent, context=self._case.context)
            return await self._commands.dispatch(command)

    async def assert_untouched(self) -> None:
        """Assert that the row is as it was, or that there is none."""
        if self._before is None:
            return
        assert await self._rows.read(self._case.entity, self._before) == self._before


def _plain(values: Mapping[str, Any]) -> dict[str, Json]:
    """Return values as JSON: keys are texts, numbers, identifiers, or several of these."""
    return {name: _plain_value(value) for name, value in values.items()}


# Of any key, hence Any.
def _plain_value(value: Any) -> Json:
    if isinstance(value, tuple):
        return [_plain_value(part) for part in value]
    if isinstance(value, dict):
        return _plain(value)
    return value if isinstance(value, bool | int | str | None) else str(value)
