"""What the templates of a project's frame are given: core, wiring, bootstrap and main.

Chooses names, settings and their defaults. Which resources exist is
`apigen.views.interface.resources`.
"""

from collections.abc import Iterator

from apigen.ir.names import Name
from apigen.ir.system import Context, Cors, Database, Messaging, Pool, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text, tuple_of
from apigen.values import dataclass
from apigen.views.application.dtos import has_service
from apigen.views.application.services import handlers_attribute
from apigen.views.encryption import key_settings
from apigen.views.env_settings import EnvSetting
from apigen.views.infrastructure.persistence import has_readers
from apigen.views.interface.compression import is_compressed
from apigen.views.interface.rate_limits import api_limit, is_limited
from apigen.views.interface.served import has_task_routes, has_versions, served_contexts
from apigen.views.localization import has_localized_texts
from apigen.views.project.metrics import metrics_route
from apigen.views.project.parts import Part, background_parts, is_made_of_parts, parts
from apigen.views.project.settings_groups import SettingsGroup, settings_groups
from apigen.views.project.tokens import setting_lines, token_settings
from apigen.views.read_entities import read_entities
from apigen.views.versions.endings import has_endings


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsModule:
    """core/errors.py."""

    package: str
    error: str
    """Class at the root of the project's own errors."""
    exported: tuple[str, ...]
    """Literals."""
    code: str
    """Literal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolsModule:
    """core/protocols.py."""

    package: str
    names: str
    """Of the ports, as an import lists them."""
    exported: str
    """Literals of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorsDefaults:
    """CORS in core/settings.py and .env.example."""

    variable: str
    """Environment variable of the origins."""
    field: str
    """Right-hand side of its field."""
    origins_line: str
    arguments: str
    """Of `CorsSettings`."""
    credentials_line: str
    max_age_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagingDefaults:
    """How events are handed on, in core/settings.py and .env.example."""

    arguments: str
    """Of `MessagingSettings`: what differs from its own defaults."""
    lines: tuple[tuple[str, str], ...]
    """Variable and value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsModule:
    """core/settings.py and .env.example; literals, and values as `.env` has them (`_line`)."""

    package: str
    base: str
    """The class of support that has the groups."""
    imports: tuple[str, ...]
    url_variable: str
    url_field: str
    """Right-hand side of the URL's field, or empty when the environment must say it."""
    url_line: str
    pool_arguments: str
    """Of `DatabaseSettings`: what differs from its own defaults."""
    pool_lines: tuple[tuple[str, str], ...]
    """Variable and value."""
    max_body_bytes: int
    cors: CorsDefaults | None
    messaging: MessagingDefaults | None
    has_redis: bool
    groups: tuple[SettingsGroup, ...]
    """Of features that have one."""
    tokens: tuple[EnvSetting, ...]
    token_types: tuple[str, ...]
    """Names of the types of these settings, sorted."""
    token_lines: tuple[tuple[str, str], ...]
    """Variable and value."""
    keys: tuple[EnvSetting, ...]
    """Of encryption at rest."""
    key_types: str
    """Names of the types of these settings."""
    rotation: str
    """How `.env.example` says that keys are changed; empty where there is no command for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WiredContext:
    """One context in wiring.py and main.py."""

    attribute: str
    """Of `Wiring`, and of the application's state."""
    handlers: str
    make_handlers: str
    unit_of_work: str
    """Empty when nothing in the context can be written."""
    make_readers: str
    """Empty when nothing in the context is read over HTTP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WiringModule:
    """wiring.py."""

    package: str
    imports: tuple[str, ...]
    contexts: tuple[WiredContext, ...]
    parts: tuple[Part, ...]
    """What a project with commands or events is made of beside its engine, a part before those
    that need it; none of a project without."""
    background: tuple[str, ...]
    """Attributes of the parts that run beside requests, in the order they are started."""
    endings: tuple[str, ...]
    """The same, in the order they are stopped."""
    has_files: bool
    has_cache: bool
    has_rate_limits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapModule:
    """bootstrap.py."""

    package: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """An OpenAPI tag; literals."""

    name: str
    description: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MainModule:
    """main.py; literals."""

    package: str
    title: str
    version: str
    description: str
    tags: tuple[Tag, ...]
    readers: str
    license: str | None
    contact: str | None
    edge_imports: tuple[str, ...]
    edge: tuple[str, ...]
    """Arguments: what requests meet before the routes."""
    has_tokens: bool
    has_versions: bool
    has_background: bool
    """Whether anything runs beside requests."""
    has_resources: bool
    has_endings: bool
    """Whether anything is served until some day."""
    has_languages: bool
    """Whether texts are in several languages."""
    state: tuple[tuple[str, str], ...]
    """Attribute of the application's state, and source of it."""


def errors_module(system: System) -> ErrorsModule:
    """Return the view of core/errors.py."""
    name = Name.of(system.app.package)
    error = f"{name.pascal}Error"
    if error in ("ConfigurationError", "DomainError"):
        # The module imports errors of these names.
        error = f"{name.pascal}ProjectError"
    return ErrorsModule(
        package=system.app.package,
        error=error,
        exported=tuple(text(name) for name in sorted(("ConfigurationError", error))),
        code=text(f"{name.snake}_error"),
    )


def protocols_module(system: System) -> ProtocolsModule:
    """Return the view of core/protocols.py."""
    names = ["AsyncRepository", "Mapper", "UnitOfWork"]
    if system.has_cache:
        names.insert(1, "CacheProvider")
    if system.security is not None:
        names.insert(-1, "PermittedRows")
    return ProtocolsModule(
        package=system.app.package,
        names=", ".join(names),
        exported=", ".join(text(name) for name in names),
    )


def settings_module(system: System) -> SettingsModule:
    """Return the view of core/settings.py and .env.example."""
    package, database = system.app.package, system.database
    is_server = database.dialect == "postgresql"
    url = f"sqlite:///./{package}.db"
    if is_server:
        url = f"postgresql://{package}:{package}@localhost:5432/{package}"
    variable = database.url or "DATABASE_URL"
    pool = _pool(database)
    field = _setting(
        None if is_server else f"SecretStr({text(url)})",
        None if variable == "DATABASE_URL" else text(variable),
    )
    cors = _cors(system.api.cors) if system.api.cors else None
    tokens = token_settings(system)
    keys = key_settings(system)
    imports = ["Field"]
    if not is_server:
        imports.append("SecretStr")
    return SettingsModule(
        package=package,
        base="CrossOriginSettings" if cors else "ProjectSettings",
        imports=(f"from pydantic import {', '.join(imports)}",),
        url_variable=variable,
        url_field=f" = {field}" if field else "",
        url_line=url,
        pool_arguments=", ".join(
            f"{name}={value!r}" for name, value, default in pool if value != default
        ),
        pool_lines=tuple(
            (f"DATABASE__{name.upper()}", _line(value)) for name, value, _ in pool if value
        ),
        max_body_bytes=system.api.body_limit_bytes,
        cors=cors,
        messaging=_messaging(system.messaging) if system.has_outbox else None,
        has_redis=system.has_redis,
        groups=settings_groups(system),
        tokens=tokens,
        token_types=tuple(sorted({setting.annotation for setting in tokens})),
        token_lines=setting_lines(system),
        keys=keys,
        key_types=", ".join(sorted({setting.annotation for setting in keys})),
        rotation="python -m scripts.cli.commands db" if system.outputs.cli else "",
    )


def _messaging(messaging: Messaging) -> MessagingDefaults:
    usual = Messaging()
    names = (
        "poll_s",
        "batch",
        "max_attempts",
        "retention_s",
        "dead_retention_s",
        "inbox_retention_s",
    )
    values = [(name, getattr(messaging, name), getattr(usual, name)) for name in names]
    return MessagingDefaults(
        arguments=", ".join(
            f"{name}={value!r}" for name, value, default in values if value != default
        ),
        lines=(
            ("MESSAGING__RELAY", _line(True)),
            *((f"MESSAGING__{name.upper()}", _line(value)) for name, value, _ in values),
        ),
    )


def _pool(database: Database) -> tuple[tuple[str, object, object], ...]:
    """Return name, value and support's default of each setting of `DatabaseSettings`."""
    pool, usual = database.pool, Pool()
    isolation = database.isolation
    return (
        ("pool_size", pool.size, usual.size),
        ("max_overflow", pool.overflow, usual.overflow),
        ("pool_timeout_s", pool.timeout_s, usual.timeout_s),
        ("pool_recycle_s", pool.recycle_s, usual.recycle_s),
        ("pool_pre_ping", pool.pre_ping, usual.pre_ping),
        ("isolation_level", isolation and isolation.upper().replace("_", " "), None),
    )


def _setting(default: str | None, alias: str | None) -> str:
    """Return the right-hand side of a settings field, empty when it has neither."""
    if alias is None:
        return default or ""
    return f"Field({f'default={default}, ' if default else ''}validation_alias={alias})"


def _line(value: object) -> str:
    """Return a value of the settings as `.env` has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cors(cors: Cors) -> CorsDefaults:
    variable = cors.origins_env or "CORS_ORIGINS"
    origins = tuple_of(map(text, cors.origins))
    return CorsDefaults(
        variable=variable,
        field=_setting(origins, None if variable == "CORS_ORIGINS" else text(variable)),
        # On a line of comment: nothing in an origin may end it.
        origins_line=",".join("".join(origin.split()) for origin in cors.origins),
        arguments=f"credentials={cors.credentials}, max_age_s={cors.max_age_s}",
        credentials_line=_line(cors.credentials),
        max_age_s=cors.max_age_s,
    )


def bootstrap_module(system: System) -> BootstrapModule:
    """Return the view of bootstrap.py."""
    return BootstrapModule(package=system.app.package)


def wiring_module(system: System) -> WiringModule:
    """Return the view of wiring.py."""
    module = f"{system.app.package}.wiring"
    imports = ImportSet(module, defined=("Wiring", "wire"))
    contexts = [context for context in system.contexts if context.entities]
    has_parts = is_made_of_parts(system)
    return WiringModule(
        package=system.app.package,
        contexts=()
        if has_parts
        else tuple(_wired(system, context, imports) for context in contexts),
        parts=parts(system, imports) if has_parts else (),
        background=background_parts(system),
        endings=tuple(reversed(background_parts(system))),
        has_files=system.files is not None,
        has_cache=system.has_cache,
        has_rate_limits=is_limited(system),
        imports=imports.render(),
    )


def _wired(system: System, context: Context, imports: ImportSet) -> WiredContext:
    name = context.name.snake
    persistence = layout.persistence(system, context.name.snake)
    return WiredContext(
        attribute=handlers_attribute(context),
        handlers=imports.use(layout.handlers(system, context.name.snake)),
        make_handlers=imports.add(
            layout.application(system, context.name.snake, "handlers"), f"{name}_handlers"
        ),
        unit_of_work=(
            imports.add(persistence, f"Sql{context.name.pascal}UnitOfWork")
            if any(has_service(entity) for entity in context.entities)
            else ""
        ),
        make_readers=(imports.add(persistence, f"{name}_readers") if has_readers(context) else ""),
    )


def main_module(system: System) -> MainModule:
    """Return the view of main.py."""
    app = system.app
    license_name = text(app.license) if app.license else None
    imports = ImportSet(f"{app.package}.main", defined=("create_app",))
    edge = tuple(_edge(system, imports))
    return MainModule(
        package=app.package,
        title=text(app.title),
        version=text(app.version),
        description=text(app.doc),
        tags=_tags(system),
        readers=repr(system.api.docs_ui),
        license=license_name,
        contact=_mapping(app.contact) if app.contact else None,
        edge_imports=imports.render(),
        edge=edge,
        has_tokens=system.security is not None,
        has_versions=has_versions(system) and bool(served_contexts(system)),
        has_background=bool(background_parts(system)),
        has_resources=bool(served_contexts(system)),
        has_endings=has_endings(system),
        has_languages=has_localized_texts(system),
        state=tuple(_state(system)),
    )


def _edge(system: System, imports: ImportSet) -> Iterator[str]:
    """Yield arguments of the application for what requests meet before the routes."""
    package = f"{system.app.package}.interface"
    limit = api_limit(system)
    if limit is not None:
        yield f"gate={imports.use(limit)}"
    if is_compressed(system):
        compression = imports.add(f"{package}.api.compression", "answer_compression")
        yield f"compression={compression}(settings.compression)"
    if system.has_cross_origins:
        yield f"cors={imports.add(f'{package}.cross_origins', 'cross_origins')}(settings)"
    if system.metrics is not None:
        # FastAPI's own metrics of requests would take routes from the short way.
        yield 'telemetry={"metrics": False}'
    beside = ""
    if system.files is not None:
        files = imports.use(layout.support(system, "interface.file_replies", "file_routes"))
        beside = f"{files}(wiring.files)"
    if system.metrics is not None:
        rest = f"*{beside}, " if beside else ""
        beside = f"({rest}{metrics_route(system, system.metrics, imports)},)"
    if beside:
        yield f"beside={beside}"


def _state(system: System) -> Iterator[tuple[str, str]]:
    """Yield what routes find in the application's state, and source of it."""
    for part in _parts_of_state(system):
        yield part, f"wiring.{part}"
    if is_limited(system):
        limiter = "wiring.rate_limiter if settings.rate_limit.enabled else None"
        yield "rate_limiter", limiter


def _parts_of_state(system: System) -> Iterator[str]:
    yield from (handlers_attribute(context) for context in served_contexts(system))
    if system.has_idempotency:
        yield "idempotency"
    if has_task_routes(system):
        yield "tasks"
    if system.has_cache:
        yield "cache"


def _mapping(entries: tuple[tuple[str, str], ...]) -> str:
    return "{" + ", ".join(f"{text(key)}: {text(value)}" for key, value in entries) + "}"


def _tags(system: System) -> tuple[Tag, ...]:
    """Return the tags of all resources, each once, described by the first entity that has it."""
    found: dict[str, str] = {}
    for context in served_contexts(system):
        for entity in read_entities(system, context):
            if entity.resource is not None:
                for tag in entity.resource.tags:
                    found.setdefault(tag, entity.doc)
    return tuple(
        Tag(name=text(tag), description=text(doc) if doc else None) for tag, doc in found.items()
    )
