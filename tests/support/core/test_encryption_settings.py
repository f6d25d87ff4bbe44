"""Settings of keys: required where something is encrypted, and never repeated by a message."""

from base64 import b64encode
from pathlib import Path

import pytest

from apigen.support.core.encryption_settings import EncryptionKeys, IndexKey
from apigen.support.core.errors import ConfigurationError
from apigen.support.core.settings import ProjectSettings, load_settings

KEY = b64encode(bytes(range(32))).decode()


class Settings(ProjectSettings):
    """Of a project with a blind index."""

    encryption_keys: EncryptionKeys
    encryption_index_key: IndexKey


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Work where nothing is set, with a folder of secret files."""
    monkeypatch.chdir(tmp_path)
    for name in ("ENCRYPTION_KEYS", "ENCRYPTION_INDEX_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    return tmp_path


def test_a_project_does_not_start_without_keys() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(Settings)

    assert "ENCRYPTION_KEYS: Field required" in caught.value.message
    assert "ENCRYPTION_INDEX_KEY: Field required" in caught.value.message


def test_a_key_that_is_none_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEYS", f"a:{KEY},b:c2hvcnQ=")
    monkeypatch.setenv("ENCRYPTION_INDEX_KEY", "hunter2!")

    with pytest.raises(ConfigurationError) as caught:
        load_settings(Settings)

    assert "ENCRYPTION_KEYS: a key must have 32 bytes, not 5" in caught.value.message
    assert "ENCRYPTION_INDEX_KEY: a key must be base64" in caught.value.message
    assert not [text for text in (KEY, "c2hvcnQ", "hunter2") if text in caught.value.message]


def test_keys_are_read_from_secret_files(empty: Path) -> None:
    (empty / "encryption_keys").write_text(f"new:{KEY}\nold:{KEY}\n")
    (empty / "encryption_index_key").write_text(f"{KEY}\n")

    settings = load_settings(Settings)

    assert settings.encryption_keys.get_secret_value().startswith("new:")
    assert KEY not in repr(settings)
