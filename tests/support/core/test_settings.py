"""Settings come from three sources, are checked at once, and never leak what they hold."""

from pathlib import Path

import pytest
from pydantic import Field, SecretStr

from apigen.support.core.errors import ConfigurationError
from apigen.support.core.settings import (
    CrossOriginSettings,
    DatabaseSettings,
    DatabaseUrl,
    LogSettings,
    Origins,
    ProjectSettings,
    load_settings,
)


class Settings(ProjectSettings):
    """Settings as a project has them."""

    database_url: DatabaseUrl = SecretStr("sqlite:///./shop.db")
    database: DatabaseSettings = DatabaseSettings()
    log: LogSettings = LogSettings()
    cors_origins: Origins = Field(default=(), validation_alias="SHOP_ORIGINS")


class Strict(ProjectSettings):
    """Settings that can not do without a database."""

    database_url: DatabaseUrl
    workers: int


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path / "secrets"))
    return tmp_path


@pytest.mark.criterion("R77.1")
@pytest.mark.criterion("R130.3")
def test_the_environment_beats_the_file_and_the_file_beats_the_secrets(
    in_an_empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (in_an_empty_folder / "secrets").mkdir()
    (in_an_empty_folder / "secrets" / "database_url").write_text("sqlite:///./secret.db")
    assert load_settings(Settings).database_url.get_secret_value().endswith("secret.db")

    (in_an_empty_folder / ".env").write_text("DATABASE_URL=sqlite:///./file.db\nOTHER=1\n")
    assert load_settings(Settings).database_url.get_secret_value().endswith("file.db")

    monkeypatch.setenv("DATABASE_URL", "sqlite:///./environment.db")
    assert load_settings(Settings).database_url.get_secret_value().endswith("environment.db")


@pytest.mark.criterion("R130.2")
def test_one_variable_of_a_group_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a project says of a group holds beside what its operator says."""

    class Own(ProjectSettings):
        database: DatabaseSettings = DatabaseSettings(max_overflow=20)

    monkeypatch.setenv("DATABASE__POOL_SIZE", "3")

    settings = load_settings(Own)

    assert (settings.database.pool_size, settings.database.max_overflow) == (3, 20)


def test_groups_are_set_with_a_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE__POOL_SIZE", "7")
    monkeypatch.setenv("LOG__FORMAT", "console")

    settings = load_settings(Settings)

    assert settings.database.pool_size == 7
    assert settings.database.max_overflow == 10
    assert settings.log.format == "console"


@pytest.mark.criterion("R77.2")
@pytest.mark.criterion("R130.1")
@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("DATABASE__POOL_SIZE", "many", "DATABASE__POOL_SIZE: Input should be a valid integer"),
        ("DATABASE__POOL_SIZE", "0", "DATABASE__POOL_SIZE: Input should be greater than or equal"),
        ("DATABASE__POOLSIZE", "7", "DATABASE__POOLSIZE: Extra inputs are not permitted"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "DATABASE_URL: must begin with"),
        ("DATABASE_URL", "shop.db", "DATABASE_URL: must begin with"),
        ("DATABASE", "{not json", 'error parsing value for field "database"'),
        ("LOG__LEVEL", "LOUD", "LOG__LEVEL: Input should be 'DEBUG'"),
    ],
)
def test_a_wrong_value_is_named_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(ConfigurationError) as raised:
        load_settings(Settings)

    assert message in raised.value.message
    assert "hunter2" not in raised.value.message


@pytest.mark.criterion("R77.3")
@pytest.mark.criterion("R130.4")
def test_everything_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(ConfigurationError) as raised:
        load_settings(Strict)

    assert raised.value.message == (
        "The configuration is not complete or not valid:\n"
        "  DATABASE_URL: Field required\n"
        "  WORKERS: Field required\n"
        "Set these in the environment, in .env or in the secrets directory."
    )


@pytest.mark.parametrize(
    ("given", "spelled"),
    [
        ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgresql+asyncpg://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("sqlite:///./a.db", "sqlite+aiosqlite:///./a.db"),
    ],
)
def test_the_driver_is_spelled_out(
    monkeypatch: pytest.MonkeyPatch, given: str, spelled: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", given)

    assert load_settings(Settings).database_url.get_secret_value() == spelled


def test_the_default_url_gets_its_driver_too() -> None:
    url = load_settings(Settings).database_url

    assert url.get_secret_value() == "sqlite+aiosqlite:///./shop.db"


@pytest.mark.criterion("R77.4")
def test_a_secret_is_not_shown_when_the_settings_are_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://shop:hunter2@h/d")

    assert "hunter2" not in repr(load_settings(Settings))


def test_a_list_is_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_ORIGINS", "https://a.example, https://b.example,")

    assert load_settings(Settings).cors_origins == ("https://a.example", "https://b.example")


@pytest.mark.criterion("R80.3")
@pytest.mark.parametrize(
    "origins",
    ["*", "https://a.example", "http://localhost:3000, capacitor://app", "https://[::1]:8443", ""],
)
def test_origins_are_listed(origins: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", origins)

    settings = load_settings(CrossOriginSettings)

    assert settings.cors_origins == tuple(part.strip() for part in origins.split(",") if part)


@pytest.mark.criterion("R80.3")
@pytest.mark.parametrize(
    "origin",
    ["https://a.example/", "https://a.example/shop", "a.example", "https://A.example", "null"],
)
def test_what_no_browser_sends_is_no_origin(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", f"https://b.example,{origin}")

    with pytest.raises(ConfigurationError, match=r"CORS_ORIGINS: .*scheme, host and port"):
        load_settings(CrossOriginSettings)


@pytest.mark.criterion("R80.3", "R77.3")
def test_credentials_need_named_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS__CREDENTIALS", "true")
    monkeypatch.setenv("CORS_ORIGINS", "*")

    with pytest.raises(ConfigurationError, match=r"together: .*must be named, not `\*`"):
        load_settings(CrossOriginSettings)

    monkeypatch.setenv("CORS_ORIGINS", "https://a.example")
    assert load_settings(CrossOriginSettings).cors.credentials
