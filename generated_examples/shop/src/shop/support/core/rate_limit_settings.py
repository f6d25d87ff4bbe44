"""How requests are limited: what an operator may change without the spec."""

from .settings import SettingsGroup


class RateLimitSettings(SettingsGroup):
    """Which limits there are is the project's."""

    enabled: bool = True
    """Off where something in front of the service limits."""
