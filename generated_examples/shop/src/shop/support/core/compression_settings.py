"""How answers are compressed: what an operator may change without the spec."""

from pathlib import Path

from pydantic import Field

from .settings import SettingsGroup


class CompressionSettings(SettingsGroup):
    """Levels and limits; which codings are offered, and in what order, is the project's."""

    enabled: bool = True
    """Off where something in front of the service compresses."""
    threshold_bytes: int = Field(default=1024, ge=0)
    """Shorter answers are sent as they are."""
    zstd_level: int = Field(default=3, ge=1, le=22)
    br_level: int = Field(default=4, ge=0, le=11)
    gzip_level: int = Field(default=5, ge=1, le=9)
    dictionary: Path | None = None
    """A file of what answers have in common, which clients keep (RFC 9842)."""
