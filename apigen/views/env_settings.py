"""Settings that an environment variable of any name fills: of issuers, of keys."""

from apigen.python.literals import text
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvSetting:
    """One setting in core/settings.py."""

    field: str
    annotation: str
    source: str
    """Right-hand side with its equals sign, or nothing."""
    keyword: str
    """What the constructor of the settings calls it."""
    variable: str
    line: str
    """Value in `.env.example`."""


def env_setting(field: str, variable: str, annotation: str, line: str) -> EnvSetting:
    """Return the setting `field`, which has no default."""
    is_plain = field.upper() == variable
    return EnvSetting(
        field=field,
        annotation=annotation,
        source="" if is_plain else f" = Field(validation_alias={text(variable)})",
        keyword=field if is_plain else variable,
        variable=variable,
        line=line,
    )
