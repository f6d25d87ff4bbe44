"""The parts that a project with commands, queries or events is made of, for its container.

A part is made by a function of the parts that it needs; the container of the support package puts
them together, and `bootstrap.py` is where a project exchanges one.
"""

from collections.abc import Iterator

from apigen.ir.caching import CacheBackend
from apigen.ir.system import Context, Idempotency, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text, tuple_of
from apigen.values import dataclass
from apigen.views.application.command_handlers import register_function
from apigen.views.application.commands import commands_of
from apigen.views.application.dtos import has_service
from apigen.views.application.files import file_fields
from apigen.views.application.reactions import subscribe_function
from apigen.views.application.tasks import (
    custom_tasks,
    register_tasks_function,
    sends_commands,
    tasks_constant,
)
from apigen.views.domain.events import events_of, registry_constant
from apigen.views.infrastructure.cached_reads import keeps_reads
from apigen.views.infrastructure.persistence import has_readers
from apigen.views.infrastructure.purging import purged_entities, purging_path
from apigen.views.infrastructure.questions import has_questions, register_questions
from apigen.views.interface.rate_limits import is_limited
from apigen.views.read_entities import queries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a project, and how it is made."""

    attribute: str
    """Of `Wiring`."""
    type: str
    factory: str
    signature: str
    """What it is made of."""
    statements: tuple[str, ...]


def is_made_of_parts(system: System) -> bool:
    """Tell whether the project has more parts than its engine and its handlers."""
    return bool(
        system.commands
        or system.events
        or system.security
        or system.has_idempotency
        or system.has_tasks
        or system.has_cache
        or purged_entities(system)
        or has_questions(system)
        or system.files is not None
        or is_limited(system)
    )


def background_parts(system: System) -> tuple[str, ...]:
    """Return the parts that run beside requests, by attribute, in the order they are started."""
    running = (
        ("relay", system.has_outbox),
        ("purge", bool(purged_entities(system))),
        ("worker", system.has_tasks),
    )
    return tuple(name for name, is_there in running if is_there)


def parts(system: System, imports: ImportSet) -> tuple[Part, ...]:
    """Return the parts, one before those that need it."""
    return tuple(_Writer(system, imports).parts())


class _Writer:
    def __init__(self, system: System, imports: ImportSet) -> None:
        self._system = system
        self._imports = imports
        self._session = f"{system.app.package}.infrastructure.persistence.session"

    def parts(self) -> Iterator[Part]:
        """Yield the parts."""
        if self._system.has_cache:
            yield self._cache()
        if has_questions(self._system):
            yield self._queries()
        if self._system.commands:
            yield self._commands()
        if self._system.has_outbox:
            yield self._events()
            yield self._outbox()
        if self._system.has_inbox:
            yield self._inbox()
        if self._system.has_idempotency:
            yield self._idempotency()
        if self._system.files is not None:
            yield self._files()
        if self._system.has_tasks:
            yield self._tasks()
            yield self._runner()
        for context in self._system.contexts:
            if context.has_work:
                yield self._handlers(context)
        if is_limited(self._system):
            yield self._rate_limiter()
        if self._system.has_outbox:
            yield self._relay()
        if purged_entities(self._system):
            yield self._purge()
        if self._system.has_tasks:
            yield self._worker()

    def _support(self, module: str, name: str) -> str:
        return self._imports.use(layout.support(self._system, module, name))

    def _queries(self) -> Part:
        bus = self._support("application.buses", "QueryBus")
        names = ("in_context", "logged")
        steps = [self._support("application.bus_middleware", name) for name in names]
        signature, kept = "engine: AsyncEngine", ""
        if any(query.cache is not None for query in self._system.queries):
            signature = f"{signature}, cache: {self._cache_type()}"
            steps.append(f"{self._support('application.bus_middleware', 'Cached')}(cache)")
            kept = ", cache=cache"
        return Part(
            attribute="queries",
            type=bus,
            factory="_query_bus",
            signature=signature,
            statements=(
                f"queries = {bus}(({', '.join(steps)}){kept})",
                *(f"{register}(queries, engine)" for register in self._registrations()),
                "return queries",
            ),
        )

    def _cache_type(self) -> str:
        if self._system.cache is CacheBackend.REDIS:
            return self._support("infrastructure.shared_cache", "SharedCache")
        return self._support("infrastructure.cache", "MemoryCache")

    def _cache(self) -> Part:
        kind = self._cache_type()
        if self._system.cache is CacheBackend.REDIS:
            module = f"{self._system.app.package}.infrastructure.caching"
            made = f"{self._imports.add(module, 'open_cache')}(settings)"
        else:
            sizes = ("max_entries", "max_bytes")
            made = f"{kind}({', '.join(f'{size}=settings.cache.{size}' for size in sizes)})"
        return Part(
            attribute="cache",
            type=kind,
            factory="_cache",
            signature="settings: Settings",
            statements=(f"return {made}",),
        )

    def _registrations(self) -> list[str]:
        return [
            self._imports.add(
                f"{layout.persistence(self._system, context.name.snake)}.questions",
                register_questions(context),
            )
            for context in self._system.contexts
            if queries_of(context)
        ]

    def _commands(self) -> Part:
        bus = self._support("application.buses", "CommandBus")
        names = ("in_context", "logged", "Retrying", "limited")
        chain = [self._support("application.bus_middleware", name) for name in names]
        chain = [f"{one}()" if one[0].isupper() else one for one in chain]
        return Part(
            attribute="commands",
            type=bus,
            factory="_command_bus",
            signature="",
            statements=(f"return {bus}(({', '.join(chain)}))",),
        )

    def _events(self) -> Part:
        bus = self._support("application.event_bus", "EventBus")
        strategy = self._support("application.event_bus", "ErrorStrategy")
        sleep = f"{self._imports.module('asyncio', 'asyncio')}.sleep"
        reacting = [context for context in self._system.contexts if context.reactions]
        made = f"{bus}(strategy={strategy}.RETRY, sleep={sleep})"
        subscriptions = [
            self._imports.add(
                layout.application(self._system, context.name.snake, "reactions"),
                subscribe_function(context),
            )
            for context in reacting
        ]
        if not subscriptions:
            return Part(
                attribute="events",
                type=bus,
                factory="_event_bus",
                signature="",
                statements=(f"return {made}",),
            )
        commands = self._support("application.buses", "CommandBus")
        return Part(
            attribute="events",
            type=bus,
            factory="_event_bus",
            signature=f"commands: {commands}",
            statements=(
                f"events = {made}",
                *(f"{subscribe}(events, commands)" for subscribe in subscriptions),
                "return events",
            ),
        )

    def _outbox(self) -> Part:
        outbox = self._support("infrastructure.outbox", "Outbox")
        bus = self._support("application.event_bus", "EventBus")
        table = self._imports.add(self._session, "OUTBOX_TABLE")
        return Part(
            attribute="outbox",
            type=outbox,
            factory="_outbox",
            signature=f"events: {bus}",
            statements=(f"return {outbox}({table}, {self._registry()}, delays=events.delays)",),
        )

    def _registry(self) -> str:
        """Return source of the registry of all events."""
        registries = [
            self._imports.add(
                layout.domain(self._system, context.name.snake, "events"),
                registry_constant(context),
            )
            for context in self._system.contexts
            if events_of(context)
        ]
        if len(registries) == 1:
            return registries[0]
        registry = self._support("domain.event_registry", "EventRegistry")
        return f"{registry}.united(({', '.join(registries)}))"

    def _inbox(self) -> Part:
        inbox = self._support("infrastructure.inbox", "Inbox")
        table = self._imports.add(self._session, "INBOX_TABLE")
        return Part(
            attribute="inbox",
            type=inbox,
            factory="_inbox",
            signature="",
            statements=(f"return {inbox}({table})",),
        )

    def _idempotency(self) -> Part:
        store = self._support("infrastructure.idempotency", "SqlIdempotencyStore")
        table = self._imports.add(self._session, "IDEMPOTENCY_TABLE")
        arguments = ["engine", table]
        protection = []
        if self._system.encrypted_fields:
            sealed = self._support("infrastructure.sealed_answers", "SealedAnswers")
            protection = [f"protection={sealed}(engine)"]
        chosen = self._system.api.idempotency
        if chosen is not None and chosen != Idempotency(required=chosen.required):
            policy = self._support("infrastructure.idempotency", "IdempotencyPolicy")
            duration = self._imports.add("datetime", "timedelta")
            arguments.append(f"{policy}(ttl={duration}(seconds={chosen.ttl_s:g}))")
        return Part(
            attribute="idempotency",
            type=store,
            factory="_idempotency",
            signature="engine: AsyncEngine",
            statements=(f"return {store}({', '.join([*arguments, *protection])})",),
        )

    def _files(self) -> Part:
        storage = self._support("infrastructure.object_storage", "ObjectStorage")
        make = self._support("infrastructure.object_storage", "file_storage")
        return Part(
            attribute="files",
            type=storage,
            factory="_files",
            signature="settings: Settings",
            statements=(f"return {make}(settings.files)",),
        )

    def _rate_limiter(self) -> Part:
        limiter = self._support("infrastructure.rate_limiter", "CountingRateLimiter")
        prefix = text(self._system.app.package)
        return Part(
            attribute="rate_limiter",
            type=limiter,
            factory="_rate_limiter",
            signature="settings: Settings",
            statements=(f"return {limiter}(prefix={prefix}, redis_url=settings.redis_url)",),
        )

    def _relay(self) -> Part:
        relay = self._support("infrastructure.outbox", "OutboxRelay")
        policy = self._support("infrastructure.outbox", "RelayPolicy")
        outbox = self._support("infrastructure.outbox", "Outbox")
        events = self._support("application.event_bus", "EventBus")
        needs = ["settings: Settings", "engine: AsyncEngine", f"outbox: {outbox}"]
        needs.append(f"events: {events}")
        arguments = ["engine", "outbox", "events.publish"]
        if self._system.has_inbox:
            needs.append(f"inbox: {self._support('infrastructure.inbox', 'Inbox')}")
            arguments.append("inbox=inbox")
        arguments.append(f"policy={policy}.of(settings.messaging)")
        return Part(
            attribute="relay",
            type=relay,
            factory="_relay",
            signature=", ".join(needs),
            statements=(f"return {relay}({', '.join(arguments)})",),
        )

    def _purge(self) -> Part:
        rounds = self._support("infrastructure.purge_rounds", "PurgeRounds")
        purger = self._support("infrastructure.purging", "Purger")
        purges = self._imports.add(purging_path(self._system), "PURGES")
        signature = told = ""
        if self._system.has_cache:
            # What goes with a row, or loses it, is no aggregate that anybody stores.
            signature, told = f", cache: {self._cache_type()}", ", removed=cache.clear"
        return Part(
            attribute="purge",
            type=rounds,
            factory="_purge",
            signature=f"settings: Settings, engine: AsyncEngine{signature}",
            statements=(
                f"purger = {purger}(engine, {purges}, batch=settings.purge.batch{told})",
                f"return {rounds}(purger, settings.purge)",
            ),
        )

    def _tasks(self) -> Part:
        queue = self._support("infrastructure.task_queue", "SqlTaskQueue")
        registry = self._support("application.task_registry", "TaskRegistry")
        table = self._imports.add(self._session, "TASKS_TABLE")
        constants = [
            self._imports.add(
                layout.application(self._system, context.name.snake, "tasks"),
                tasks_constant(context),
            )
            for context in self._system.contexts
            if context.tasks
        ]
        known = constants[0]
        if len(constants) > 1:
            known = tuple_of(f"*{one}" for one in constants)
        return Part(
            attribute="tasks",
            type=queue,
            factory="_tasks",
            signature="engine: AsyncEngine",
            statements=(f"return {queue}(engine, {table}, {registry}({known}))",),
        )

    def _runner(self) -> Part:
        runner = self._support("application.task_runner", "TaskRunner")
        return Part(
            attribute="task_runner",
            type=runner,
            factory="_task_runner",
            signature="",
            statements=(f"return {runner}()",),
        )

    def _worker(self) -> Part:
        worker = self._support("infrastructure.task_worker", "TaskWorker")
        policy = self._support("infrastructure.task_policy", "TaskPolicy")
        schedules = self._support("infrastructure.task_schedules", "TaskSchedules")
        table = self._imports.add(self._session, "SCHEDULES_TABLE")
        queue = self._support("infrastructure.task_queue", "SqlTaskQueue")
        runner = self._support("application.task_runner", "TaskRunner")
        return Part(
            attribute="worker",
            type=worker,
            factory="_worker",
            signature=(
                f"settings: Settings, engine: AsyncEngine, tasks: {queue}, task_runner: {runner}"
            ),
            statements=(
                f"schedules = {schedules}(engine, {table}, tasks)",
                f"policy = {policy}.of(settings.tasks)",
                f"return {worker}(engine, tasks, task_runner, schedules=schedules, policy=policy)",
            ),
        )

    def _handlers(self, context: Context) -> Part:
        system, name = self._system, context.name.snake
        handlers = self._imports.use(layout.handlers(system, name))
        make = self._imports.add(layout.application(system, name, "handlers"), f"{name}_handlers")
        persistence = layout.persistence(system, name)
        needs = ["engine: AsyncEngine"]
        statements: list[str] = []
        arguments: list[str] = []
        checks = ""
        has_commands = bool(commands_of(context))
        if has_commands or sends_commands(context):
            needs.append(f"commands: {self._support('application.buses', 'CommandBus')}")
        if has_commands:
            arguments.append("commands=commands")
        is_called = has_commands or any(has_service(entity) for entity in context.entities)
        has_work = is_called or bool(context.tasks)
        keeps = keeps_reads(system, context)
        if keeps or (has_work and system.has_cache):
            needs.append(f"cache: {self._cache_type()}")
        if queries_of(context):
            needs.append(f"queries: {self._support('application.buses', 'QueryBus')}")
        if queries_of(context):
            arguments.append("queries=queries")
        if has_work:
            needs += self._message_logs()
            statements.append(self._work(context, persistence))
            if context.tasks:
                needs.append(
                    f"task_runner: {self._support('application.task_runner', 'TaskRunner')}"
                )
            if any(has_service(entity) for entity in context.entities):
                arguments.append("unit_of_work=work")
            if system.security is not None and is_called:
                checks = f"access={self._imports.use(layout.access_constant(system, name))}"
                arguments.append(checks)
        if has_commands:
            register = self._imports.add(
                layout.application(system, name, "command_handlers"), register_function(context)
            )
            checked = f", {checks}" if checks else ""
            statements.append(f"{register}(commands, unit_of_work=work{checked})")
        if context.tasks:
            statements.append(self._register_tasks(context))
        if has_readers(context):
            readers = self._imports.add(persistence, f"{name}_readers")
            arguments.append(f"readers={readers}(engine{', cache' if keeps else ''})")
        if any(file_fields(entity) for entity in context.entities):
            needs.append(
                f"files: {self._support('infrastructure.object_storage', 'ObjectStorage')}"
            )
            arguments.append("storage=files")
        return Part(
            attribute=f"{name}_handlers",
            type=handlers,
            factory=f"_{name}_handlers",
            signature=", ".join(needs),
            statements=(*statements, f"return {make}({', '.join(arguments)})"),
        )

    def _register_tasks(self, context: Context) -> str:
        register = self._imports.add(
            layout.application(self._system, context.name.snake, "task_handlers"),
            register_tasks_function(context),
        )
        arguments = ["task_runner"]
        if custom_tasks(context):
            arguments.append("unit_of_work=work")
        if sends_commands(context):
            arguments.append("commands=commands")
        return f"{register}({', '.join(arguments)})"

    def _message_logs(self) -> list[str]:
        needs: list[str] = []
        if self._system.has_outbox:
            needs.append(f"outbox: {self._support('infrastructure.outbox', 'Outbox')}")
        if self._system.has_inbox:
            needs.append(f"inbox: {self._support('infrastructure.inbox', 'Inbox')}")
        if self._system.has_tasks:
            needs.append(f"tasks: {self._support('infrastructure.task_queue', 'SqlTaskQueue')}")
        return needs

    def _work(self, context: Context, persistence: str) -> str:
        """Return the function that opens transactions."""
        work = self._imports.add(persistence, f"Sql{context.name.pascal}UnitOfWork")
        level = self._support("core.protocols", "IsolationLevel")
        arguments = ["engine", "isolation=isolation"]
        if self._system.has_outbox:
            arguments.append("outbox=outbox")
        if self._system.has_inbox:
            arguments.append("inbox=inbox")
        if self._system.has_tasks:
            arguments.append("tasks=tasks")
        if self._system.has_cache:
            dropping = self._support("core.caching", "dropping")
            arguments.append(f"changed={dropping}(cache)")
        return (
            f"def work(*, isolation: {level} | None = None) -> {work}:\n"
            f"    return {work}({', '.join(arguments)})\n"
        )
