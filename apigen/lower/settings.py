"""Built-in defaults made explicit (normalisation 3): app, database, api, outputs, naming."""

import re
import sys
from collections.abc import Mapping
from keyword import iskeyword, issoftkeyword

from apigen.diagnostics import Span
from apigen.diagnostics.collector import Collector
from apigen.ir.names import Name, words
from apigen.ir.system import (
    Api,
    ApiVersion,
    AppInfo,
    Compression,
    Cors,
    Database,
    I18n,
    Idempotency,
    Migrations,
    Outputs,
    PageStyle,
    Paging,
    Pool,
)
from apigen.lower.cache_defaults import CacheDefaults, cache_defaults
from apigen.lower.compression import compression
from apigen.lower.cors import cors
from apigen.lower.i18n import i18n
from apigen.source.spans import file_start
from apigen.spec.document import (
    ApiSpec,
    AppSpec,
    DatabaseSpec,
    FileSpec,
    GenerateSpec,
    IdempotencySpec,
    MigrationsSpec,
    TestsSpec,
)
from apigen.spec.entities import EntityDefaultsSpec, PageSizeSpec, PagingSpec
from apigen.spec.located import Located
from apigen.values import dataclass

_LIBRARIES = frozenset(
    {
        "aiosqlite",
        "alembic",
        "annotated_types",
        "anyio",
        "apigen",
        "asyncpg",
        "backports",
        "bandit",
        "brotli",
        "certifi",
        "click",
        "compression",
        "coverage",
        "dotenv",
        "faker",
        "fastapi",
        "fastapi_offline",
        "greenlet",
        "grimp",
        "h11",
        "hatchling",
        "httptools",
        "httpx",
        "httpx2",
        "hypothesis",
        "idna",
        "importlinter",
        "iniconfig",
        "jsonschema",
        "mako",
        "markupsafe",
        "migrations",
        "multipart",
        "mypy",
        "orjson",
        "packaging",
        "pip",
        "pluggy",
        "polyfactory",
        "psycopg",
        "pydantic",
        "pydantic_core",
        "pydantic_settings",
        "pytest",
        "pytest_asyncio",
        "python_multipart",
        "rich",
        "ruff",
        "scripts",
        "setuptools",
        "sniffio",
        "sqlalchemy",
        "src",
        "starlette",
        "structlog",
        "support",
        "test",
        "tests",
        "typer",
        "typing_extensions",
        "tzdata",
        "ulid",
        "uvicorn",
        "uvloop",
        "watchfiles",
        "websockets",
        "xdist",
        "yaml",
    }
)
_PATH = re.compile(r"(?:/[A-Za-z0-9_~-]+)+")
_ZERO_DOWNTIME_LOCK_TIMEOUT_S = 5.0
_SHORTEST_LOCK_TIMEOUT_S = 0.001
_PYTHONS = ("3.12", "3.13", "3.14")
_APP_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 _.-]*")
_PACKAGE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How names are derived from names."""

    table: str = "plural_snake"
    wire: str = "snake"
    path: str = "kebab"
    plurals: Mapping[str, str]

    def name(self, text: str, *, plural: str | None = None) -> Name:
        """Spell a name, with the spec's own irregular plurals."""
        if plural is None and self.plurals:
            parts = words(text)
            irregular = self.plurals.get(parts[-1]) if parts else None
            if irregular is not None:
                plural = "_".join((*parts[:-1], irregular))
        return Name.of(text, plural=plural)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the root file settles for everything below it."""

    naming: Naming
    entity: EntityDefaultsSpec | None
    precision: int
    scale: int
    paging: Paging
    idempotency: Idempotency | None
    compression: Compression | None
    i18n: I18n
    cache: CacheDefaults
    cors: Cors | None


def preset(root: FileSpec) -> str:
    """Return which features are on that the spec says nothing of."""
    return _value(root.features.preset if root.features is not None else None, "minimal")


def settings(root: FileSpec, found: Collector) -> Settings:
    """Return the defaults of entities and derived names."""
    defaults = root.defaults
    decimal = defaults.decimal if defaults is not None else None
    naming = defaults.naming if defaults is not None else None
    precision = _value(decimal.precision if decimal else None, 18)
    scale = _value(decimal.scale if decimal else None, 4)
    if decimal is not None and scale > precision:
        found.error(
            "AG207",
            f"`scale` {scale} is more than `precision` {precision}",
            decimal.span,
            help="`precision` counts all digits, `scale` those after the point",
        )
        precision = scale
    plurals: dict[str, str] = {}
    if naming is not None:
        for entry in naming.plurals or ():
            if not words(entry.name.value) or not words(entry.value.value):
                found.error(
                    "AG101",
                    f"`{entry.value.value}` is not a word",
                    entry.value.span,
                    help="plurals are lower-case English words, such as `datum: data`",
                )
                continue
            plurals["_".join(words(entry.name.value))] = "_".join(words(entry.value.value))
    is_standard = preset(root) == "standard"
    return Settings(
        naming=Naming(
            table=_value(naming.table if naming else None, "plural_snake"),
            wire=_value(naming.wire if naming else None, "snake"),
            path=_value(naming.path if naming else None, "kebab"),
            plurals=plurals,
        ),
        entity=defaults.entity if defaults is not None else None,
        precision=precision,
        scale=scale,
        paging=paging(
            root.api.pagination if root.api is not None else None,
            Paging(style=PageStyle.OFFSET, size=20, max_size=100),
            found,
        ),
        idempotency=_idempotency(
            root.api.idempotency if root.api is not None else None,
            Idempotency() if is_standard else None,
        ),
        compression=compression(
            root.api.compression if root.api is not None else None,
            Compression() if is_standard else None,
            found,
        ),
        i18n=i18n(root.i18n, found),
        cache=cache_defaults(root, found),
        cors=cors(root.api.cors if root.api is not None else None, found),
    )


def paging(spec: PagingSpec | None, default: Paging, found: Collector) -> Paging:
    """Return the paging of a block, the rest taken from `default`."""
    if spec is None:
        return default
    size = _value(spec.size, default.size)
    largest = _value(spec.max_size, max(default.max_size, size))
    if size > largest:
        found.error(
            "AG607",
            f"`size` {size} is more than `max_size` {largest}",
            spec.span,
            help="raise `max_size`",
        )
    style = PageStyle(_value(spec.style, default.style.value))
    return Paging(style=style, size=size, max_size=largest)


def page_sizes(spec: PageSizeSpec | None, chosen: Paging, found: Collector) -> Paging:
    """Return a paging with the sizes of `page_size`."""
    if spec is None:
        return chosen
    return paging(PagingSpec(span=spec.span, size=spec.size, max_size=spec.max_size), chosen, found)


def app_info(root: FileSpec, file: str, found: Collector) -> AppInfo:
    """Return the identity of the project (AG101, AG102)."""
    spec = root.app or AppSpec(span=file_start(file))
    name = spec.name or Located(value="app", span=spec.span)
    text = name.value
    if not _APP_NAME.fullmatch(text) or not words(text) or len(text) > 100:
        found.error(
            "AG101",
            f"app names are letters, digits, blanks, `_` and `-`, not `{text[:40]}`",
            name.span,
            help="the full title of the project goes into `app: { title: … }`",
        )
        text = "app"
    package = _package(spec, text, name.span, found)
    contact = spec.contact
    parts = (
        (("name", contact.name), ("email", contact.email), ("url", contact.url)) if contact else ()
    )
    python = spec.python.value if spec.python is not None else _PYTHONS[0]
    if spec.python is not None and python not in _PYTHONS:
        found.error(
            "AG607",
            f"`{python}` is not a Python version that projects run on",
            spec.python.span,
            help=f"one of {', '.join(_PYTHONS)}",
        )
    doc = spec.doc or root.doc
    return AppInfo(
        name=text,
        title=spec.title.value if spec.title is not None else text,
        doc=doc.value if doc is not None else "",
        version=_version(spec.version, found),
        license=spec.license.value if spec.license is not None else None,
        contact=tuple((label, part.value) for label, part in parts if part is not None),
        package=package,
        python=python if python in _PYTHONS else _PYTHONS[0],
    )


def _version(version: Located[str] | None, found: Collector) -> str:
    if version is None:
        return "0.1.0"
    if not re.fullmatch(
        r"[0-9]+(\.[0-9]+){0,3}([a-z]+[0-9]*)?(\.(dev|post)[0-9]+)?", version.value
    ):
        found.error(
            "AG607",
            f"`{version.value[:40]}` is not a version",
            version.span,
            help='such as "1.4.0"',
        )
        return "0.1.0"
    return version.value


def _package(spec: AppSpec, app: str, span: Span, found: Collector) -> str:
    if spec.package is not None:
        package, span = spec.package.value, spec.package.span
        if not _PACKAGE.fullmatch(package) or len(package) > 100:
            found.error(
                "AG101",
                f"package names are snake_case, not `{package[:40]}`",
                span,
                help=f"such as `{'_'.join(words(app))}`",
            )
            return "app"
    else:
        package = "_".join(words(app))
    owner = ""
    if iskeyword(package) or issoftkeyword(package):
        owner = "Python"
    elif package in sys.stdlib_module_names:
        owner = "Python's standard library"
    elif package in _LIBRARIES:
        owner = "a library or folder of the generated project"
    if owner:
        found.error(
            "AG102",
            f"the package name `{package}` is reserved by {owner}",
            span,
            help=f"choose another: `app: {{ name: {app}, package: {package}_api }}`",
        )
    return package


def database(spec: DatabaseSpec | None, found: Collector) -> Database:
    """Return the database settings."""
    if spec is None:
        return Database()
    pool = spec.pool
    default = Pool()
    return Database(
        dialect=_value(spec.dialect, "sqlite"),
        url=spec.url.value if spec.url is not None else None,
        pool=default
        if pool is None
        else Pool(
            size=_value(pool.size, default.size),
            overflow=_value(pool.overflow, default.overflow),
            timeout_s=_value(pool.timeout, default.timeout_s),
            recycle_s=_value(pool.recycle, default.recycle_s),
            pre_ping=_value(pool.pre_ping, default.pre_ping),
        ),
        isolation=spec.isolation.value if spec.isolation is not None else None,
        migrations=_migrations(spec.migrations, found),
    )


def _migrations(spec: MigrationsSpec | None, found: Collector) -> Migrations:
    if spec is None:
        return Migrations()
    default = Migrations()
    zero_downtime = _value(spec.zero_downtime, default.zero_downtime)
    lock_timeout_s = _ZERO_DOWNTIME_LOCK_TIMEOUT_S if zero_downtime else None
    if spec.lock_timeout is not None:
        lock_timeout_s = spec.lock_timeout.value
        if lock_timeout_s < _SHORTEST_LOCK_TIMEOUT_S:
            found.error(
                "AG607",
                "a `lock_timeout` of nothing would switch the limit off",
                spec.lock_timeout.span,
                help="such as `5s`; leave it out to wait as long as it takes",
            )
    return Migrations(
        zero_downtime=zero_downtime,
        lock_timeout_s=lock_timeout_s,
        checksum=_value(spec.checksum, default.checksum),
    )


def api(
    spec: ApiSpec | None, chosen: Settings, versions: tuple[ApiVersion, ...], found: Collector
) -> Api:
    """Return the HTTP surface as a whole."""
    default = Api(idempotency=chosen.idempotency, compression=chosen.compression)
    if spec is None:
        return default
    prefix = default.prefix
    if spec.prefix is not None:
        prefix = "" if spec.prefix.value in ("", "/") else spec.prefix.value.rstrip("/")
        if prefix and not is_path(prefix):
            bad_path(spec.prefix, found)
            prefix = default.prefix
    return Api(
        prefix=prefix,
        versions=versions,
        versioning=_value(spec.versioning, default.versioning),
        idempotency=chosen.idempotency,
        compression=chosen.compression,
        filter_syntax=tuple(dict.fromkeys(word.value for word in spec.filter_syntax))
        if spec.filter_syntax
        else default.filter_syntax,
        cors=chosen.cors,
        body_limit_bytes=_value(spec.body_limit, default.body_limit_bytes),
        docs_ui=tuple(dict.fromkeys(word.value for word in spec.docs_ui))
        if spec.docs_ui is not None
        else default.docs_ui,
        compat=_value(spec.compat, default.compat),
    )


def _idempotency(
    spec: Located[bool] | IdempotencySpec | None, otherwise: Idempotency | None
) -> Idempotency | None:
    default = Idempotency()
    match spec:
        case IdempotencySpec():
            return Idempotency(
                ttl_s=_value(spec.ttl, default.ttl_s),
                required=_value(spec.required, default.required),
            )
        case Located(value=is_on):
            return default if is_on else None
        case _:
            return otherwise


def outputs(spec: GenerateSpec | None) -> Outputs:
    """Return which artefacts are made."""
    default = Outputs()
    if spec is None:
        return default
    ci: str | None = default.ci
    if spec.ci is not None and spec.ci.value is False:
        ci = None
    tests = spec.tests
    hypothesis = default.hypothesis
    if isinstance(tests, TestsSpec):
        hypothesis = _value(tests.hypothesis, default.hypothesis)
    has_tests = tests.value if isinstance(tests, Located) else default.tests
    return Outputs(
        rest=_value(spec.rest, default.rest),
        cli=_value(spec.cli, default.cli),
        docker=_value(spec.docker, default.docker),
        ci=ci,
        tests=has_tests,
        hypothesis=hypothesis and has_tests,
    )


def is_path(text: str) -> bool:
    """Whether a text can stand in a route as it is."""
    return len(text) <= 200 and _PATH.fullmatch(text) is not None


def bad_path(path: Located[str], found: Collector) -> None:
    """Report AG607 for a route path."""
    found.error(
        "AG607",
        f"`{path.value[:40]}` is not a path",
        path.span,
        help="such as `/order-lines`: letters, digits, `-` and `_`, each part after a `/`",
    )


def _value[T](located: Located[T] | None, default: T) -> T:
    return default if located is None else located.value
