# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What this project can be told from outside; `.env.example` lists it.

Read once at start-up from the environment, `.env` and secret files, in this order of precedence.
"""

from pydantic import Field

from shop.support.core.cache_settings import SharedCacheSettings
from shop.support.core.compression_settings import CompressionSettings
from shop.support.core.encryption_settings import EncryptionKeys
from shop.support.core.file_settings import FileSettings
from shop.support.core.purge_settings import PurgeSettings
from shop.support.core.rate_limit_settings import RateLimitSettings
from shop.support.core.redis_settings import RedisUrl
from shop.support.core.settings import (
    DatabaseSettings,
    DatabaseUrl,
    KeysAddress,
    LogSettings,
    MessagingSettings,
    ProjectSettings,
    RequiredText,
)
from shop.support.core.task_settings import TaskSettings


class Settings(ProjectSettings):
    """All settings, with what holds when nothing is said."""

    database_url: DatabaseUrl
    database: DatabaseSettings = DatabaseSettings(max_overflow=20)
    log: LogSettings = LogSettings()
    jwt_issuer: RequiredText
    jwt_jwks_url: KeysAddress
    encryption_keys: EncryptionKeys
    max_body_bytes: int = Field(default=1048576, ge=1)
    redis_url: RedisUrl | None = None
    cache: SharedCacheSettings = SharedCacheSettings(prefix="shop")
    compression: CompressionSettings = CompressionSettings()
    files: FileSettings = FileSettings()
    purge: PurgeSettings = PurgeSettings()
    rate_limit: RateLimitSettings = RateLimitSettings()
    tasks: TaskSettings = TaskSettings(queues={"low": 1})
    messaging: MessagingSettings = MessagingSettings(max_attempts=5)
