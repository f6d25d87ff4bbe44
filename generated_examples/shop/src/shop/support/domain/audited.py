"""Aggregates that know who made them and who changed them last.

Repositories sign them when they store them, so that no way of changing one can forget to.
"""

from dataclasses import dataclass

_ERASED = "_is_erased"


@dataclass(kw_only=True, eq=False)
class Audited:
    """What an audited aggregate has beside its fields."""

    created_by: str | None = None
    """Id of the actor; None: nobody was signed in, or the program did it by itself."""
    updated_by: str | None = None
    """As `created_by`, of the last change."""

    def mark_erased(self) -> None:
        """Note that personal data was overwritten, and is to be in the log of changes too."""
        self.__dict__[_ERASED] = True

    def collect_erasure(self) -> bool:
        """Tell whether personal data was overwritten since the last time, and forget it."""
        return bool(self.__dict__.pop(_ERASED, False))
