"""What a project can be told about the answers that it keeps.

Source: requirements 13.1, 123.4.
"""

from pydantic import Field

from .settings import SettingsGroup


class CacheSettings(SettingsGroup):
    """How much each process keeps in its memory."""

    max_entries: int = Field(default=10_000, ge=0, le=10_000_000)
    max_bytes: int = Field(default=67_108_864, ge=0)


class SharedCacheSettings(CacheSettings):
    """What is kept on a server for all processes; in memory where there is none."""

    prefix: str = Field(min_length=1, max_length=100, pattern="^[A-Za-z0-9._-]+$")
    """What keys begin with: all processes on one database have the same one, others another."""
