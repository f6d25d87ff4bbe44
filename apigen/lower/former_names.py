"""What `renamed_from` says. Whether the last run knew such a name is for `apigen.evolve`."""

from apigen.diagnostics import Span
from apigen.spec.located import Located


def former_names(written: tuple[Located[str], ...] | None, *, suffix: str = "") -> tuple[str, ...]:
    """Return the names, each with `suffix`, without repetitions."""
    return tuple(dict.fromkeys(f"{name.value}{suffix}" for name in written or ()))


def former_at(written: tuple[Located[str], ...] | None) -> Span | None:
    """Return where the first name stands."""
    return written[0].span if written else None
