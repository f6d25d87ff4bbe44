# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""How every part of this project is made, and of what; sees every layer, and no layer sees it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from shop.application.shop.access import SHOP_CHECKS
from shop.application.shop.command_handlers import register_shop_commands
from shop.application.shop.handlers import ShopHandlers, shop_handlers
from shop.application.shop.reactions import subscribe_shop_reactions
from shop.application.shop.task_handlers import register_shop_tasks
from shop.application.shop.tasks import SHOP_TASKS
from shop.core.settings import Settings
from shop.domain.shop.events import SHOP_EVENTS
from shop.infrastructure.caching import open_cache
from shop.infrastructure.persistence.purging import PURGES
from shop.infrastructure.persistence.session import (
    IDEMPOTENCY_TABLE,
    INBOX_TABLE,
    OUTBOX_TABLE,
    SCHEDULES_TABLE,
    TASKS_TABLE,
    create_database,
    health_checks,
)
from shop.infrastructure.persistence.shop import SqlShopUnitOfWork, shop_readers
from shop.infrastructure.persistence.shop.questions import register_shop_questions
from shop.support.application.bus_middleware import Cached, Retrying, in_context, limited, logged
from shop.support.application.buses import CommandBus, QueryBus
from shop.support.application.event_bus import ErrorStrategy, EventBus
from shop.support.application.task_registry import TaskRegistry
from shop.support.application.task_runner import TaskRunner
from shop.support.core.caching import dropping
from shop.support.core.container import DIContainer
from shop.support.core.protocols import IsolationLevel
from shop.support.infrastructure.idempotency import SqlIdempotencyStore
from shop.support.infrastructure.inbox import Inbox
from shop.support.infrastructure.object_storage import ObjectStorage, file_storage
from shop.support.infrastructure.outbox import Outbox, OutboxRelay, RelayPolicy
from shop.support.infrastructure.purge_rounds import PurgeRounds
from shop.support.infrastructure.purging import Purger
from shop.support.infrastructure.rate_limiter import CountingRateLimiter
from shop.support.infrastructure.sealed_answers import SealedAnswers
from shop.support.infrastructure.shared_cache import SharedCache
from shop.support.infrastructure.task_policy import TaskPolicy
from shop.support.infrastructure.task_queue import SqlTaskQueue
from shop.support.infrastructure.task_schedules import TaskSchedules
from shop.support.infrastructure.task_worker import TaskWorker
from shop.support.interface.health import HealthCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Everything that a running project is made of."""

    engine: AsyncEngine
    health_checks: Mapping[str, HealthCheck]
    cache: SharedCache
    queries: QueryBus
    commands: CommandBus
    events: EventBus
    outbox: Outbox
    inbox: Inbox
    idempotency: SqlIdempotencyStore
    files: ObjectStorage
    tasks: SqlTaskQueue
    task_runner: TaskRunner
    shop_handlers: ShopHandlers
    rate_limiter: CountingRateLimiter
    relay: OutboxRelay
    purge: PurgeRounds
    worker: TaskWorker

    async def start(self) -> None:
        """Begin what runs beside requests."""
        self.relay.start()
        self.purge.start()
        self.worker.start()

    async def close(self) -> None:
        """Give everything back."""
        await self.worker.stop()
        await self.purge.stop()
        await self.relay.stop()
        await self.files.close()
        await self.cache.close()
        await self.rate_limiter.close()
        await self.engine.dispose()


def wire(settings: Settings) -> DIContainer:
    """Say how each part is made; nothing is made yet."""
    container = DIContainer()
    container.register(Settings, lambda: settings)
    container.register(AsyncEngine, _engine)
    container.register(SharedCache, _cache)
    container.register(QueryBus, _query_bus)
    container.register(CommandBus, _command_bus)
    container.register(EventBus, _event_bus)
    container.register(Outbox, _outbox)
    container.register(Inbox, _inbox)
    container.register(SqlIdempotencyStore, _idempotency)
    container.register(ObjectStorage, _files)
    container.register(SqlTaskQueue, _tasks)
    container.register(TaskRunner, _task_runner)
    container.register(ShopHandlers, _shop_handlers)
    container.register(CountingRateLimiter, _rate_limiter)
    container.register(OutboxRelay, _relay)
    container.register(PurgeRounds, _purge)
    container.register(TaskWorker, _worker)
    container.register(Wiring, _wiring)
    return container


def _engine(settings: Settings) -> AsyncEngine:
    return create_database(settings)


def _cache(settings: Settings) -> SharedCache:
    return open_cache(settings)


def _query_bus(engine: AsyncEngine, cache: SharedCache) -> QueryBus:
    queries = QueryBus((in_context, logged, Cached(cache)), cache=cache)
    register_shop_questions(queries, engine)
    return queries


def _command_bus() -> CommandBus:
    return CommandBus((in_context, logged, Retrying(), limited))


def _event_bus(commands: CommandBus) -> EventBus:
    events = EventBus(strategy=ErrorStrategy.RETRY, sleep=asyncio.sleep)
    subscribe_shop_reactions(events, commands)
    return events


def _outbox(events: EventBus) -> Outbox:
    return Outbox(OUTBOX_TABLE, SHOP_EVENTS, delays=events.delays)


def _inbox() -> Inbox:
    return Inbox(INBOX_TABLE)


def _idempotency(engine: AsyncEngine) -> SqlIdempotencyStore:
    return SqlIdempotencyStore(engine, IDEMPOTENCY_TABLE, protection=SealedAnswers(engine))


def _files(settings: Settings) -> ObjectStorage:
    return file_storage(settings.files)


def _tasks(engine: AsyncEngine) -> SqlTaskQueue:
    return SqlTaskQueue(engine, TASKS_TABLE, TaskRegistry(SHOP_TASKS))


def _task_runner() -> TaskRunner:
    return TaskRunner()


def _shop_handlers(
    engine: AsyncEngine,
    commands: CommandBus,
    cache: SharedCache,
    queries: QueryBus,
    outbox: Outbox,
    inbox: Inbox,
    tasks: SqlTaskQueue,
    task_runner: TaskRunner,
    files: ObjectStorage,
) -> ShopHandlers:
    def work(*, isolation: IsolationLevel | None = None) -> SqlShopUnitOfWork:
        return SqlShopUnitOfWork(
            engine,
            isolation=isolation,
            outbox=outbox,
            inbox=inbox,
            tasks=tasks,
            changed=dropping(cache),
        )

    register_shop_commands(commands, unit_of_work=work, access=SHOP_CHECKS)
    register_shop_tasks(task_runner, unit_of_work=work)
    return shop_handlers(
        commands=commands,
        queries=queries,
        unit_of_work=work,
        access=SHOP_CHECKS,
        readers=shop_readers(engine, cache),
        storage=files,
    )


def _rate_limiter(settings: Settings) -> CountingRateLimiter:
    return CountingRateLimiter(prefix="shop", redis_url=settings.redis_url)


def _relay(
    settings: Settings, engine: AsyncEngine, outbox: Outbox, events: EventBus, inbox: Inbox
) -> OutboxRelay:
    return OutboxRelay(
        engine, outbox, events.publish, inbox=inbox, policy=RelayPolicy.of(settings.messaging)
    )


def _purge(settings: Settings, engine: AsyncEngine, cache: SharedCache) -> PurgeRounds:
    purger = Purger(engine, PURGES, batch=settings.purge.batch, removed=cache.clear)
    return PurgeRounds(purger, settings.purge)


def _worker(
    settings: Settings, engine: AsyncEngine, tasks: SqlTaskQueue, task_runner: TaskRunner
) -> TaskWorker:
    schedules = TaskSchedules(engine, SCHEDULES_TABLE, tasks)
    policy = TaskPolicy.of(settings.tasks)
    return TaskWorker(engine, tasks, task_runner, schedules=schedules, policy=policy)


def _wiring(
    engine: AsyncEngine,
    cache: SharedCache,
    queries: QueryBus,
    commands: CommandBus,
    events: EventBus,
    outbox: Outbox,
    inbox: Inbox,
    idempotency: SqlIdempotencyStore,
    files: ObjectStorage,
    tasks: SqlTaskQueue,
    task_runner: TaskRunner,
    shop_handlers: ShopHandlers,
    rate_limiter: CountingRateLimiter,
    relay: OutboxRelay,
    purge: PurgeRounds,
    worker: TaskWorker,
) -> Wiring:
    return Wiring(
        engine=engine,
        health_checks=health_checks(engine),
        cache=cache,
        queries=queries,
        commands=commands,
        events=events,
        outbox=outbox,
        inbox=inbox,
        idempotency=idempotency,
        files=files,
        tasks=tasks,
        task_runner=task_runner,
        shop_handlers=shop_handlers,
        rate_limiter=rate_limiter,
        relay=relay,
        purge=purge,
        worker=worker,
    )
