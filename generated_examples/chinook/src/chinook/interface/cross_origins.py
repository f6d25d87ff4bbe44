# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Which pages of other origins may call what."""

from chinook.core.settings import Settings
from chinook.support.interface.cors import CorsPolicy, CrossOrigins


def cross_origins(settings: Settings) -> CrossOrigins:
    """Return the rules of the API."""
    api = CorsPolicy(
        origins=settings.cors_origins,
        credentials=settings.cors.credentials,
        max_age_s=settings.cors.max_age_s,
    )
    return CrossOrigins(
        api,
    )
