"""What the templates of a project's root files are given.

Everything is a finished text of its format: a template only puts it in its place.
"""

from collections.abc import Iterator, Sequence

from apigen.ir.behaviour import Task
from apigen.ir.names import Name
from apigen.ir.system import Context, Entity, System
from apigen.python import layout
from apigen.python.identifiers import spell_module
from apigen.python.sample_values import Reference, Wire
from apigen.python.samples import Samples
from apigen.values import dataclass
from apigen.views.encryption import key_settings
from apigen.views.escaping import (
    compose_text,
    markdown_code,
    markdown_text,
    shell_text,
    toml_text,
    yaml_text,
)
from apigen.views.interface.compression import is_compressed
from apigen.views.interface.served import has_task_routes
from apigen.views.localization import has_localized_texts
from apigen.views.project.readme import Endpoint, curl_lines, endpoints
from apigen.views.project.tokens import setting_lines
from apigen.views.read_entities import read_entities

LAYERS = ("interface", "infrastructure", "application", "domain")
SHARED_KERNEL = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The names that most root files need."""

    package: str
    name: str
    """Distribution name: kebab case."""
    python: str
    """Lowest Python, `3.12`."""
    has_scripts: bool
    has_seeds: bool
    has_tests: bool
    has_file_folder: bool
    """Whether uploaded files are kept in a folder unless settings say otherwise."""
    seed_sets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pyproject:
    """`pyproject.toml`; every text is a TOML token."""

    package: str
    name: str
    version: str
    description: str
    license: str | None
    python: str
    python_target: str
    """For ruff: `py312`."""
    dependencies: tuple[str, ...]
    development: tuple[str, ...]
    layers: tuple[str, ...]
    """Of the layers contract, outermost first."""
    context_contracts: tuple["ContextContract", ...]
    has_tests: bool
    has_scripts: bool
    untyped: str
    """TOML of the modules without type hints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextContract:
    """A bounded context and the modules of contexts that it may not import."""

    name: str
    sources: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readme:
    """`README.md`; every text is Markdown."""

    title: str
    doc: str
    package: str
    contexts: tuple["ReadmeContext", ...]
    endpoints: tuple[Endpoint, ...]
    codings: tuple[str, ...]
    """In which answers are compressed, the best first."""
    languages: str
    """A paragraph on texts in several languages; empty where there are none."""
    curl: tuple[str, ...]
    """Commands to try, each on one line."""
    seed_sets: tuple[str, ...]
    has_docker: bool
    has_scripts: bool
    has_tests: bool
    tasks: tuple["ReadmeTask", ...]
    has_task_routes: bool
    has_exclusions: bool
    has_encryption: bool
    """PostgreSQL needs `btree_gist` for a table."""
    has_files: bool
    metrics: str
    """Where they are served; empty when they are not."""
    kept: str
    """A paragraph on answers that are kept; empty where none are."""
    database_variable: str
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeTask:
    """A line of the README about one background task."""

    name: str
    carrier: str
    schedule: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeContext:
    """A line of the README about one bounded context."""

    folder: str
    doc: str
    entities: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compose:
    """`compose.yaml`; texts are YAML scalars."""

    image: str
    database: str
    """Default name of user and database."""
    database_variable: str
    tokens: tuple[tuple[str, str], ...]
    """Variables that say whose tokens are accepted, and what encrypts, with what holds unless they
    are set."""
    has_file_folder: bool
    has_redis: bool


def project(system: System) -> Project:
    """Return the names of the project."""
    return Project(
        package=system.app.package,
        name=distribution(system),
        python=system.app.python,
        has_scripts=system.outputs.cli,
        has_seeds=bool(system.seeds) and system.outputs.cli,
        has_tests=system.outputs.tests,
        has_file_folder=has_file_folder(system),
        seed_sets=seed_sets(system),
    )


def pyproject(
    system: System, *, dependencies: tuple[str, ...], development: tuple[str, ...]
) -> Pyproject:
    """Return the project's metadata and the settings of its tools."""
    app = system.app
    return Pyproject(
        package=app.package,
        name=toml_text(distribution(system)),
        version=toml_text(app.version),
        description=toml_text(" ".join((app.doc or app.title).split())),
        license=toml_text(app.license) if app.license else None,
        python=app.python,
        python_target="py" + app.python.replace(".", ""),
        dependencies=tuple(map(toml_text, dependencies)),
        development=tuple(map(toml_text, development)),
        layers=_layers(system),
        context_contracts=tuple(_context_contracts(system)),
        has_tests=system.outputs.tests,
        has_scripts=system.outputs.cli,
        untyped=_untyped(dependencies),
    )


def _untyped(dependencies: Sequence[str]) -> str:
    names = [toml_text("asyncpg.*")]
    if any(one.startswith("brotli") for one in dependencies):
        names.append(toml_text("brotli"))
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def readme(system: System) -> Readme:
    """Return what the README says."""
    samples = Samples(system)
    return Readme(
        title=markdown_text(system.app.title),
        doc=markdown_text(system.app.doc),
        package=system.app.package,
        contexts=tuple(_readme_context(context) for context in system.contexts),
        endpoints=endpoints(system),
        languages=_languages(system),
        codings=system.api.compression.algorithms
        if system.api.compression is not None and is_compressed(system)
        else (),
        curl=curl_lines(system, _first_payload(system, samples)),
        seed_sets=seed_sets(system) if system.outputs.cli else (),
        has_docker=system.outputs.docker,
        has_scripts=system.outputs.cli,
        has_tests=system.outputs.tests,
        tasks=tuple(_readme_task(system, task) for task in system.tasks),
        has_task_routes=has_task_routes(system),
        has_exclusions=any(
            one.equal
            for context in system.contexts
            for entity in context.entities
            for one in entity.exclusions
        ),
        has_encryption=bool(system.encrypted_fields),
        has_files=system.files is not None,
        metrics=system.metrics.path if system.metrics is not None else "",
        kept=_kept(system),
        database_variable=system.database.url or "DATABASE_URL",
        prefix=system.api.root,
    )


def _languages(system: System) -> str:
    """Return what is to be known of texts in several languages; empty where there are none."""
    if not has_localized_texts(system):
        return ""
    locales = ", ".join(map(markdown_code, system.i18n.locales))
    default = markdown_code(system.i18n.default)
    lines = (
        f"Texts that may be in several languages ({locales}) are shown in that of",
        "`Accept-Language`, or of `?locale=`; `?locale=all` shows an object of all. A plain text",
        f"that is sent is that of `Content-Language`, or of the default locale, {default}; an",
        "object changes the locales that it names, and null takes one out.",
    )
    return "\n".join(("", "", *lines))


def _kept(system: System) -> str:
    """Return what is to be known of answers that are kept; empty where none are."""
    resources = (
        one.resource
        for context in system.contexts
        for one in read_entities(system, context)
        if one.resource is not None
    )
    paths = [markdown_code(one.path) for one in resources if one.cache is not None]
    if not paths:
        return ""
    lines = [
        f"What {', '.join(paths)} answers to `GET` is kept for a while, and dropped on every",
        "change: whoever asks after it sees it. `Age` tells that an answer was kept. Clients are",
        "to ask each time (`no-cache`), and are told by `ETag` when they have it already. Code",
        "that changes rows past the repositories drops what it changes: `shared/caching` has tags.",
    ]
    if system.has_redis:
        lines += [
            "Processes that share `REDIS_URL` drop each other's answers; without it each keeps its",
            "own, and may give one for its whole time to live that another process has made old.",
            "When the server is away reads ask the database.",
        ]
    else:
        lines += [
            "Each process keeps its own: with several, one may be as old as its time to live.",
        ]
    return "\n".join(("", "", *lines))


def compose(system: System) -> Compose:
    """Return what compose.yaml names."""
    return Compose(
        image=compose_text(f"{distribution(system)}:local"),
        database=system.app.package,
        database_variable=system.database.url or "DATABASE_URL",
        tokens=tuple(
            (variable, f"${{{variable}:-{value}}}")
            for variable, value in (
                *setting_lines(system),
                *((one.variable, one.line) for one in key_settings(system)),
            )
        ),
        has_file_folder=has_file_folder(system),
        has_redis=system.has_redis,
    )


def has_file_folder(system: System) -> bool:
    """Tell whether uploaded files are kept in a folder of the project."""
    return system.files is not None and system.files.storage == "local"


def distribution(system: System) -> str:
    """Return the distribution's name: the package's, in kebab case."""
    return Name.of(system.app.package).kebab


def seed_sets(system: System) -> tuple[str, ...]:
    """Return the names of the seed sets, in the spec's order."""
    return tuple(dict.fromkeys(seed.set for seed in system.seeds))


def _layers(system: System) -> tuple[str, ...]:
    package = system.app.package
    paired = [f"{package}.{layer} : {package}.support.{layer}" for layer in LAYERS]
    outer = [f"{package}.{module}" for module in ("main", "bootstrap", "wiring")]
    core = [f"{package}.shared", f"{package}.core : {package}.support.core"]
    return tuple(toml_text(layer) for layer in (*outer, *paired, *core))


def _context_contracts(system: System) -> Iterator[ContextContract]:
    for context in system.contexts:
        others = [
            other
            for other in system.contexts
            if other.name.text not in (*context.uses, context.name.text, SHARED_KERNEL)
        ]
        if others:
            yield ContextContract(
                name=toml_text(f"{context.name.text} keeps out of contexts it does not use"),
                sources=tuple(map(toml_text, _modules(system, context))),
                forbidden=tuple(
                    toml_text(module) for other in others for module in _modules(system, other)
                ),
            )


def _modules(system: System, context: Context) -> tuple[str, ...]:
    name = spell_module(context.name.snake)
    package = system.app.package
    inner = (f"{package}.domain.{name}", f"{package}.application.{name}")
    if context.has_work:
        return (*inner, f"{package}.infrastructure.persistence.{name}")
    return inner


def contents_without_entities(context: Context) -> str:
    """Return what a context without entities is for."""
    if context.commands:
        return "commands"
    return "reactions" if context.reactions else "types that contexts share"


def _readme_context(context: Context) -> ReadmeContext:
    names = ", ".join(entity.name.pascal for entity in context.entities)
    return ReadmeContext(
        folder=markdown_code(spell_module(context.name.snake)),
        doc=markdown_text(context.doc),
        entities=markdown_text(names or contents_without_entities(context)),
    )


def _readme_task(system: System, task: Task) -> ReadmeTask:
    carrier = f"the command `{(task.command or '').partition('.')[2]}`"
    if task.command is None:
        place = layout.custom_task(system, task).module.replace(".", "/")
        carrier = markdown_code(f"src/{place}.py")
    schedule = "when it is asked for"
    if task.schedule is not None:
        schedule = f"{markdown_code(task.schedule.cron)} {markdown_text(task.schedule.timezone)}"
    return ReadmeTask(
        name=markdown_code(task.name.text),
        carrier=carrier,
        schedule=schedule,
        queue=markdown_code(task.queue),
    )


def _first_payload(system: System, samples: Samples) -> tuple[Entity, str] | None:
    """Return an entity that can be created by one request, and the body of that request."""
    for context in system.contexts:
        for entity in context.entities:
            payload = samples.payload(entity, 0) if entity.resource else None
            if payload is not None and not _has_reference(payload):
                return entity, payload_text(payload)
    return None


def payload_text(payload: dict[str, Wire]) -> str:
    """Return a payload without references as a shell word."""
    import json

    return shell_text(json.dumps(payload, ensure_ascii=False))


def _has_reference(value: Wire) -> bool:
    match value:
        case Reference():
            return True
        case dict():
            return any(map(_has_reference, value.values()))
        case list():
            return any(map(_has_reference, value))
        case _:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """The GitHub workflow; texts are YAML scalars."""

    python: str
    database: str
    has_tests: bool


def workflow(system: System) -> Workflow:
    """Return what the continuous integration needs to know."""
    return Workflow(
        python=yaml_text(system.app.python),
        database=system.app.package,
        has_tests=system.outputs.tests,
    )
