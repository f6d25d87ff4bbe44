"""Commands on a real database: loaded, checked, stored, once, and one of two that race."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.command_handlers import (
    AggregateHandler,
    CommandContext,
    FactoryHandler,
    required,
)
from apigen.support.application.commands import Delivery
from apigen.support.application.custom_handlers import (
    CustomAggregateHandler,
    CustomAnswerHandler,
    CustomHandler,
)
from apigen.support.core.actor import Actor
from apigen.support.core.context import ExecutionContext, bound_context
from apigen.support.core.errors import (
    ConflictError,
    DomainError,
    DuplicateError,
    ForbiddenError,
    InvalidStateError,
    InvariantViolation,
    NotFoundError,
    PreconditionFailedError,
)
from apigen.support.core.identifiers import uuid7
from apigen.support.infrastructure.engine import reading

from .parcels import (
    HISTORY_TABLE,
    AddWeight,
    PackParcel,
    Parcel,
    ParcelId,
    ParcelStatus,
    Post,
    SendParcel,
    SqlPostUnitOfWork,
)


@pytest_asyncio.fixture
async def post(engine: AsyncEngine) -> Post:
    """The post, on a database of the test's own."""
    post = Post(engine)
    await post.create_tables()
    return post


async def stored(post: Post, parcel: Parcel) -> Parcel:
    """Return the parcel as it is stored."""
    async with post.work() as work:
        return await required(work.parcels, parcel.id, "parcel")


@pytest.mark.criterion("R10.1", "R9.1")
async def test_a_command_gives_the_aggregate_as_it_is_stored(post: Post) -> None:
    parcel = await post.packed()

    result = await post.send(SendParcel(id=parcel.id))

    assert result.is_ok
    assert (result.value.status, result.value.version) == (ParcelStatus.SENT, 2)
    assert (await stored(post, parcel)).status is ParcelStatus.SENT


async def test_what_does_not_exist_and_what_is_in_another_state_are_refused(post: Post) -> None:
    parcel = await post.packed()
    await post.send(SendParcel(id=parcel.id))

    with pytest.raises(NotFoundError):
        await post.send(SendParcel(id=ParcelId(uuid7())))
    with pytest.raises(InvalidStateError) as refused:
        await post.send(SendParcel(id=parcel.id))

    assert refused.value.message == "send is not possible in the state sent, only in packed."


@pytest.mark.criterion("R107.4")
async def test_a_command_for_another_version_is_refused(post: Post) -> None:
    parcel = await post.packed()

    with pytest.raises(PreconditionFailedError):
        await post.send(SendParcel(id=parcel.id, expected_version=2))

    assert (await post.send(SendParcel(id=parcel.id, expected_version=1))).is_ok


@pytest.mark.criterion("R107.4")
@pytest.mark.parametrize("expected", [None, 1])
async def test_of_two_commands_that_race_one_wins(post: Post, expected: int | None) -> None:
    parcel = await post.packed()
    heavier = AddWeight(id=parcel.id, expected_version=expected)
    # On PostgreSQL both have read the first version by then; on SQLite the second one waits.
    both = asyncio.Barrier(2) if post.engine.dialect.name == "postgresql" else None

    async def act(
        parcel: Parcel, command: AddWeight, work: SqlPostUnitOfWork, context: CommandContext
    ) -> None:
        parcel.add_weight(command.grams)
        if both is not None:
            await both.wait()

    handler = AggregateHandler(
        post.target, operation="add_weight", id=lambda command: command.id, act=act
    )
    outcomes = await asyncio.gather(handler(heavier), handler(heavier), return_exceptions=True)

    losers = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    if post.engine.dialect.name == "postgresql" or expected:
        kind = PreconditionFailedError if expected else ConflictError
        assert [type(loser) for loser in losers] == [kind]
        assert (await stored(post, parcel)).weight == 2
    else:
        assert losers == []


async def test_with_a_lock_the_second_waits_for_the_first(post: Post) -> None:
    parcel = await post.packed()
    send = SendParcel(id=parcel.id)

    outcomes = await asyncio.gather(post.send(send), post.send(send), return_exceptions=True)

    kinds = [type(outcome) for outcome in outcomes if isinstance(outcome, BaseException)]
    assert kinds == [InvalidStateError]


async def test_a_natural_key_has_one_effect_for_each_aggregate(post: Post) -> None:
    first, second = await post.packed(), await post.packed()

    for _ in range(2):
        assert (await post.add_weight(AddWeight(id=first.id, order="a"))).is_ok
    await post.add_weight(AddWeight(id=second.id, order="a"))
    await post.add_weight(AddWeight(id=first.id, order="b"))

    assert (await stored(post, first)).weight == 3
    assert (await stored(post, second)).weight == 2


async def test_a_message_that_comes_again_has_no_effect(post: Post) -> None:
    parcel = await post.packed()
    delivery = Delivery(consumer="heavier", key="event 1")

    for order in ("a", "b"):
        await post.add_weight(AddWeight(id=parcel.id, order=order, delivery=delivery))
    await post.pack(PackParcel(delivery=replace(delivery, consumer="pack")))
    with pytest.raises(DuplicateError):
        await post.pack(PackParcel(delivery=replace(delivery, consumer="pack")))

    assert (await stored(post, parcel)).weight == 2


async def test_what_was_refused_can_come_again(post: Post) -> None:
    parcel = await post.packed()
    delivery = Delivery(consumer="heavier", key="event 1")

    with pytest.raises(InvariantViolation):
        await post.add_weight(AddWeight(id=parcel.id, grams=-5, order="a", delivery=delivery))
    await post.add_weight(AddWeight(id=parcel.id, order="a", delivery=delivery))

    assert (await stored(post, parcel)).weight == 2


@pytest.mark.criterion("R2.2")
async def test_validators_at_once_and_later_run_before_storing(post: Post) -> None:
    async def not_heavy(parcel: Parcel) -> None:
        if parcel.weight > 10:
            raise DomainError("too heavy")

    def not_odd(parcel: Parcel) -> None:
        if parcel.weight % 2:
            raise DomainError("odd")

    target = replace(post.target, validators=(not_heavy, not_odd))

    async def make(command: PackParcel, work: object, context: CommandContext) -> Parcel:
        return Parcel(weight=command.weight)

    handler = FactoryHandler(target, operation="pack", make=make)

    with pytest.raises(DomainError, match="too heavy"):
        await handler(PackParcel(weight=12))
    with pytest.raises(DomainError, match="odd"):
        await handler(PackParcel(weight=3))
    assert (await handler(PackParcel(weight=4))).is_ok


async def test_a_function_of_ones_own_stores_itself(post: Post) -> None:
    parcel = await post.packed()

    async def heavier(
        command: AddWeight, work: SqlPostUnitOfWork, context: CommandContext
    ) -> Parcel | None:
        found = await required(work.parcels, command.id, "parcel")
        found.add_weight(command.grams)
        await work.parcels.save(found)
        return None

    of_parcel = CustomAggregateHandler(
        post.target, operation="heavier", id=lambda command: command.id, handle=heavier
    )
    of_post = CustomHandler(
        resource="post",
        operation="heavier",
        unit_of_work=post.work,
        handle=heavier,
        once=lambda command: command.order,
    )

    result = await of_parcel(AddWeight(id=parcel.id))
    nothing = await of_post(AddWeight(id=parcel.id))
    with pytest.raises(DuplicateError):
        await of_post(AddWeight(id=parcel.id))

    assert (result.is_ok, nothing.is_ok) == (True, True)
    assert result.is_ok
    assert result.value.weight == 2
    assert (await stored(post, parcel)).weight == 3


async def test_a_function_may_answer_with_something_else_than_the_aggregate(post: Post) -> None:
    """The aggregate is there and may be touched; an answer that nobody kept is not given twice."""
    parcel = await post.packed()

    async def weigh(command: AddWeight, work: SqlPostUnitOfWork, context: CommandContext) -> str:
        return f"{(await required(work.parcels, command.id, 'parcel')).weight} kg"

    def handler(
        *, once: Callable[[AddWeight], object] | None = None
    ) -> CustomAnswerHandler[SqlPostUnitOfWork, Parcel, ParcelId, AddWeight, str]:
        return CustomAnswerHandler(
            post.target,
            operation="weigh",
            id=lambda command: command.id,
            handle=weigh,
            once=once,
        )

    result = await handler()(AddWeight(id=parcel.id))
    assert (result.is_ok, result.value if result.is_ok else "") == (True, "1 kg")
    with pytest.raises(NotFoundError):
        await handler()(AddWeight(id=ParcelId(uuid7())))
    once = handler(once=lambda command: command.order)
    await once(AddWeight(id=parcel.id))
    with pytest.raises(DuplicateError):
        await once(AddWeight(id=parcel.id))
    heavy = await post.packed(weight=3)
    post.target = replace(post.target, access=OnlyLight())
    with pytest.raises(ForbiddenError):
        await handler()(AddWeight(id=heavy.id))


@dataclass
class OnlyLight:
    """Lets nobody touch or leave behind what weighs more than 2."""

    async def _check(self, work: SqlPostUnitOfWork, ids: Sequence[ParcelId]) -> None:
        for id in ids:
            if (await required(work.parcels, id, "parcel")).weight > 2:
                raise ForbiddenError("touch", "parcel")

    def require(self, operation: str) -> None:
        if operation == "send":
            raise ForbiddenError(operation, "parcel")

    async def before(
        self, operation: str, work: SqlPostUnitOfWork, ids: Sequence[ParcelId]
    ) -> None:
        await self._check(work, ids)

    async def after(self, operation: str, work: SqlPostUnitOfWork, ids: Sequence[ParcelId]) -> None:
        await self._check(work, ids)


async def test_access_is_asked_before_and_after(post: Post) -> None:
    light, heavy = await post.packed(), await post.packed(weight=3)
    post.target = replace(post.target, access=OnlyLight())

    for refused in (AddWeight(id=heavy.id), AddWeight(id=light.id, grams=2)):
        with pytest.raises(ForbiddenError):
            await post.add_weight(refused)
    with pytest.raises(ForbiddenError):
        await post.send(SendParcel(id=light.id))
    with pytest.raises(ForbiddenError):
        await post.pack(PackParcel(weight=3))

    assert (await stored(post, light)).weight == 1
    assert (await post.add_weight(AddWeight(id=light.id))).is_ok


async def test_every_move_is_a_row_of_the_history(post: Post) -> None:
    parcel = await post.packed()
    context = ExecutionContext(correlation_id="c", actor=Actor(id="ann"))

    with bound_context(context):
        await post.add_weight(AddWeight(id=parcel.id))
        await post.send(SendParcel(id=parcel.id))

    table = HISTORY_TABLE.c
    columns = (table.owner_id, table.from_state, table.to_state, table.actor_id)
    async with reading(post.engine) as connection:
        moves = await connection.execute(sa.select(*columns).order_by(table.id))
    assert [tuple(move) for move in moves] == [
        (parcel.id, None, "packed", None),
        (parcel.id, "packed", "sent", "ann"),
    ]
