"""What the templates of settings are given about keys of encryption, those to develop with too."""

from apigen.ir.system import System
from apigen.python.literals import text
from apigen.views.env_settings import EnvSetting, env_setting

_KEYS = "development:ZGV2ZWxvcG1lbnQtb25seS1uZXZlci1kZXBsb3ktaXQ="
_INDEX_KEY = "ZGV2ZWxvcG1lbnQtb25seS1mb3ItdGhlLWluZGV4ZXM="
"""Keys that say in clear words that they are no secret."""


def has_blind_index(system: System) -> bool:
    """Tell whether equal values of an encrypted field are found."""
    return any(
        one.encrypted is not None and one.encrypted.blind_index for one in system.encrypted_fields
    )


def key_settings(system: System) -> tuple[EnvSetting, ...]:
    """Return the settings of a project with encrypted fields, none of another."""
    if not system.encrypted_fields:
        return ()
    variable = system.encryption.keys
    found = [env_setting("encryption_keys", variable, "EncryptionKeys", _KEYS)]
    if has_blind_index(system):
        name = "encryption_index_key"
        found.append(env_setting(name, name.upper(), "IndexKey", _INDEX_KEY))
    return tuple(found)


def key_arguments(system: System) -> str:
    """Return arguments of the constructor of the settings, each after a comma."""
    return "".join(f", {one.keyword}=SecretStr({text(one.line)})" for one in key_settings(system))


def ring_arguments(system: System) -> str:
    """Return source of what the key ring is made of; empty where nothing is encrypted."""
    return ", ".join(f"settings.{one.field}" for one in key_settings(system))
