# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What this project can be told from outside; `.env.example` lists it.

Read once at start-up from the environment, `.env` and secret files, in this order of precedence.
"""

from pydantic import Field, SecretStr

from chinook.support.core.settings import (
    CorsSettings,
    CrossOriginSettings,
    DatabaseSettings,
    DatabaseUrl,
    LogSettings,
    Origins,
)


class Settings(CrossOriginSettings):
    """All settings, with what holds when nothing is said."""

    database_url: DatabaseUrl = SecretStr("sqlite:///./chinook.db")
    database: DatabaseSettings = DatabaseSettings()
    log: LogSettings = LogSettings()
    max_body_bytes: int = Field(default=1048576, ge=1)
    cors_origins: Origins = ("http://localhost:3000",)
    cors: CorsSettings = CorsSettings(credentials=True, max_age_s=600)
