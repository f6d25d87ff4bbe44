"""What the conftest modules of a project are given: settings, imports, the time it is."""

from apigen.ir.system import System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.values import dataclass
from apigen.views.encryption import key_arguments
from apigen.views.infrastructure.purging import purged_entities
from apigen.views.interface.rate_limits import is_limited
from apigen.views.project.tokens import example_arguments
from apigen.views.versions.endings import eve, has_endings


@dataclass(frozen=True, slots=True, kw_only=True)
class Conftest:
    """tests/conftest.py, tests/integration/conftest.py and test_migrations.py."""

    package: str
    imports: tuple[str, ...]
    """Of tests/conftest.py, beside those that every project has."""
    has_hypothesis: bool
    url_keyword: str
    """Argument of `Settings` that takes the database URL."""
    arguments: str
    """Its others, each after a comma: whose tokens are accepted, and that nothing happens beside
    what a test does."""
    keeping: str
    """Statement that notes where the application keeps answers, on a line of its own; empty where
    it keeps none, as the next two."""
    forgetting: str
    """Statement that has it forget them."""
    forget: str
    """Argument of `Rows`, after a comma, that has it forget when rows are stored past it."""
    present: str
    """When the tests are at, as source: before anything ends; empty where nothing does."""


def conftest(system: System) -> Conftest:
    """Return what the fixtures need to know."""
    variable = system.database.url or "DATABASE_URL"
    day = eve(system)
    quiet = ", messaging=MessagingSettings(relay=False)" if system.has_outbox else ""
    if purged_entities(system):
        quiet += ", purge=PurgeSettings(background=False)"
    if system.has_tasks:
        quiet += ", tasks=TaskSettings(worker=False)"
    if system.has_redis:
        quiet += ", redis_url=None"
    if is_limited(system):
        quiet += ", rate_limit=RateLimitSettings(enabled=False)"
    return Conftest(
        package=system.app.package,
        imports=_conftest_imports(system),
        has_hypothesis=system.outputs.hypothesis,
        url_keyword="database_url" if variable == "DATABASE_URL" else variable,
        arguments=f"{quiet}{_memory(system)}{example_arguments(system)}{key_arguments(system)}",
        keeping="\n    KEPT.cache = app.state.cache" if system.has_cache else "",
        forgetting="\n    await KEPT.forget()" if system.has_cache else "",
        forget=", forget=KEPT.forget" if system.has_cache else "",
        present="" if day is None else f"datetime({day.year}, {day.month}, {day.day}, tzinfo=UTC)",
    )


def _memory(system: System) -> str:
    """Return the argument that keeps the files of tests in memory; empty where there are none."""
    if system.files is None:
        return ""
    return ', files=FileSettings(storage="memory")'


def _conftest_imports(system: System) -> tuple[str, ...]:
    package = system.app.package
    imports = ImportSet("tests.conftest")
    for module, name in (
        ("pydantic", "SecretStr"),
        ("sqlalchemy.ext.asyncio", "AsyncEngine"),
        (f"{package}.core.settings", "Settings"),
        (f"{package}.infrastructure.persistence.session", "Row"),
        (f"{package}.infrastructure.persistence.session", "create_database"),
        (f"{package}.main", "create_app"),
    ):
        imports.add(module, name)
    for module, name in (
        ("infrastructure.migrations", "MigrationManager"),
        ("testing.api_client", "ApiClient"),
        ("testing.api_client", "serving"),
        ("testing.collection", "leave_out"),
        ("testing.collection", "parametrize_from_case"),
        ("testing.databases", "BACKENDS"),
        ("testing.databases", "clear"),
        ("testing.databases", "database"),
        ("testing.rows", "Rows"),
    ):
        imports.use(layout.support(system, module, name))
    if system.has_outbox:
        imports.use(layout.support(system, "core.settings", "MessagingSettings"))
    if purged_entities(system):
        imports.use(layout.support(system, "core.purge_settings", "PurgeSettings"))
    if system.has_tasks:
        imports.use(layout.support(system, "core.task_settings", "TaskSettings"))
    if system.files is not None:
        imports.use(layout.support(system, "core.file_settings", "FileSettings"))
    if system.has_cache:
        imports.use(layout.support(system, "testing.kept_answers", "KEPT"))
    if is_limited(system):
        imports.use(layout.support(system, "core.rate_limit_settings", "RateLimitSettings"))
    if has_endings(system):
        imports.add("datetime", "UTC")
        imports.add("datetime", "datetime")
        imports.use(layout.support(system, "testing.clocks", "SetClock"))
    return imports.render()
