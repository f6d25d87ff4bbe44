"""What every project can be told from outside: the groups of its settings, and how they load.

Values come from the environment, from `.env` and from a directory of secret files, in this order
of precedence, and are checked by pydantic before anything else starts. A project's own
`core/settings.py` puts the groups together; nothing here knows which of them it uses.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from .errors import ConfigurationError

SECRETS_DIRECTORY = "/run/secrets"
"""Where container platforms mount secrets; `SECRETS_DIR` names another place."""

_START_FAILED = 3
"""Of a process whose start would fail again: uvicorn makes no more workers then."""

_DRIVERS: Mapping[str, str] = {
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
}


def with_async_driver(url: SecretStr) -> SecretStr:
    """Spell out the asynchronous driver: `postgres://…` becomes `postgresql+asyncpg://…`.

    Raises:
        ValueError: The scheme names no database this project can talk to.
    """
    scheme, separator, rest = url.get_secret_value().partition("://")
    driver = _DRIVERS.get(scheme)
    if not separator or driver is None:
        # The value itself may hold a password, so the message must not repeat it.
        raise ValueError("must begin with postgresql:// or sqlite://")
    return SecretStr(f"{driver}://{rest}")


type DatabaseUrl = Annotated[SecretStr, AfterValidator(with_async_driver)]
"""A database URL; secret, because it usually holds a password."""


def _split_commas(value: object) -> object:
    """Accept `a, b` beside the sequence it stands for."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


_ORIGIN = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?"
)


def _require_origins(values: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse what no browser would send as `Origin`, so that a slip does not lie unseen.

    Raises:
        ValueError: One of the values is neither an origin nor `*`.
    """
    if not all(value == "*" or _ORIGIN.fullmatch(value) for value in values):
        raise ValueError(
            "each must be `*` or scheme, host and port in lower case, like https://shop.example:8443"
        )
    return values


type Origins = Annotated[
    tuple[str, ...], NoDecode, BeforeValidator(_split_commas), AfterValidator(_require_origins)
]
"""Origins whose pages may call the API, written `a,b,c` in the environment."""


def _require_keys_address(value: str) -> str:
    """Refuse what no keys can be had from.

    Raises:
        ValueError: It is not an address.
    """
    if not value.startswith(("https://", "http://", "file:")) or not value.isprintable():
        raise ValueError("must begin with https://, http:// or file:")
    return value


type KeysAddress = Annotated[str, AfterValidator(_require_keys_address)]
"""Where an issuer publishes its keys (JWKS); plain http is for networks that can be trusted."""

type RequiredText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Something that has to be said; an empty variable says nothing."""

type SharedSecretText = Annotated[SecretStr, Field(min_length=32)]
"""A secret that tokens are signed with: as long as the hash that is used with it."""


class SettingsGroup(BaseModel):
    """A nested group, read from `<GROUP>__<NAME>`; a name it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(SettingsGroup):
    """The connection pools; durations in seconds. SQLite has one writer and ignores most of it."""

    pool_size: int = Field(default=10, ge=1, le=1000)
    """Connections for transactions, and as many again for queries outside of any."""
    max_overflow: int = Field(default=10, ge=0, le=1000)
    pool_timeout_s: float = Field(default=30.0, gt=0)
    pool_recycle_s: float = Field(default=1800.0, gt=0)
    pool_pre_ping: bool = True
    """Whether a connection that lay idle for a second is asked whether it is alive."""
    isolation_level: (
        Literal["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE", "READ UNCOMMITTED"] | None
    ) = None
    server_settings: dict[str, str] = Field(default_factory=dict)
    """What every connection to PostgreSQL is told: `{"statement_timeout": "5s"}`."""
    echo: bool = False


class CorsSettings(SettingsGroup):
    """What pages of an allowed origin may do; which those are, `CrossOriginSettings` says."""

    credentials: bool = False
    max_age_s: int = Field(default=600, ge=0)


class MessagingSettings(SettingsGroup):
    """How events are handed on; durations in seconds."""

    relay: bool = True
    """Whether this process hands events on; at least one process of a project has to."""
    poll_s: float = Field(default=1.0, gt=0)
    """How often is looked for events that other processes have written."""
    batch: int = Field(default=100, ge=1, le=10_000)
    max_attempts: int = Field(default=10, ge=1)
    """An event that was refused so often is dead: it stays for somebody to look at."""
    retention_s: float = Field(default=604_800.0, gt=0)
    """How long events are kept that were handed on."""
    dead_retention_s: float = Field(default=2_592_000.0, gt=0)
    inbox_retention_s: float = Field(default=2_592_000.0, gt=0)
    """How long it is remembered which messages had their effect."""


class LogFormat(StrEnum):
    """How log lines look: one JSON object a line, or text for people."""

    JSON = "json"
    CONSOLE = "console"


class LogSettings(SettingsGroup):
    """What is logged, and how."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    format: LogFormat = LogFormat.JSON
    access: bool = True
    """One line a request."""
    access_sample: float = Field(default=1.0, ge=0, le=1)
    """Share of the requests that succeed which have a line; all others always have one."""


class ProjectSettings(BaseSettings):
    """The sources every project reads; a project adds its fields."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_nested_delimiter="__",
        # One variable of a group leaves the others as the project has them.
        nested_model_default_partial_update=True,
        # `.env` is shared with compose.yaml, which has variables of its own there.
        extra="ignore",
        frozen=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read secret files too, where there are any, after all other sources."""
        directory = Path(os.environ.get("SECRETS_DIR", SECRETS_DIRECTORY))
        sources = (init_settings, env_settings, dotenv_settings)
        if not directory.is_dir():
            return sources
        return (*sources, SecretsSettingsSource(settings_cls, secrets_dir=directory))


class CrossOriginSettings(ProjectSettings):
    """Settings of a project whose API pages of other origins may call."""

    cors_origins: Origins = ()
    cors: CorsSettings = CorsSettings()

    @model_validator(mode="after")
    def _require_named_origins(self) -> Self:
        """Refuse credentials for every origin: any page could act for its visitor."""
        if self.cors.credentials and "*" in self.cors_origins:
            raise ValueError("origins must be named, not `*`, when CORS__CREDENTIALS is true")
        return self


def explain_misconfiguration[**P, T](start: Callable[P, T]) -> Callable[P, T]:
    """Decorate what starts a program: where the environment does not fit, it ends by saying why.

    Settings are one cause; a file that they name, or a service that lacks one, is another.
    """

    @wraps(start)
    def explained(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return start(*args, **kwargs)
        except ConfigurationError as error:
            sys.stderr.write(f"{error.message}\n")
            raise SystemExit(_START_FAILED) from None

    return explained


def load_settings[SettingsT: ProjectSettings](kind: type[SettingsT]) -> SettingsT:
    """Read and check the settings, and say everything that is wrong at once.

    Raises:
        ConfigurationError: A value is missing or refused. Its message has one line a variable
            and never repeats a value, which may be a secret.

    Source: requirements 77.3, 130.4.
    """
    try:
        return kind()
    except ValidationError as error:
        problems = [
            f"{_variable(kind, problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(
                include_url=False, include_input=False, include_context=False
            )
        ]
    except SettingsError as error:
        # Raised for a group given as one variable whose text is not JSON; it names the field.
        problems = [str(error)]
    raise ConfigurationError(
        "\n  ".join(("The configuration is not complete or not valid:", *problems))
        + "\nSet these in the environment, in .env or in the secrets directory."
    )


def _variable(kind: type[ProjectSettings], location: tuple[int | str, ...]) -> str:
    """Return the environment variable that a location in the settings is read from.

    What concerns several variables is at no location.
    """
    prefix = kind.model_config.get("env_prefix", "")
    return prefix + "__".join(str(part).upper() for part in location) or "together"
