"""AG803: with `api.compat: strict`, a change that breaks clients is an error until it is agreed to.

A new version of the API, or a higher major version of the app, is the agreement for everything;
`--accept-removal` for one symbol.
"""

from apigen.diagnostics import Diagnostic, Severity, Span
from apigen.evolve.acknowledged import is_acknowledged, short
from apigen.evolve.changelog import version_parts
from apigen.evolve.record import Effect, Permissions, SpecChange
from apigen.ir.system import System


def compatibility(
    last: System | None, today: System, changes: tuple[SpecChange, ...], permissions: Permissions
) -> tuple[Diagnostic, ...]:
    """Return AG803 for every breaking change that nobody agreed to; only when it is strict.

    `warn`, the default, needs no diagnostic: the summary of a run lists what breaks.
    """
    if last is None or today.api.compat != "strict" or is_new_version(last, today):
        return ()
    allowed = permissions.removal | permissions.data_loss
    return tuple(
        Diagnostic(
            code="AG803",
            message=f"breaks {today.api.version} clients: {change.text}",
            span=change.span or _nowhere(),
            severity=Severity.ERROR,
            help="keep what clients use, give the API a new version (`api.versions`), raise the"
            f" major version of the app, or agree: `--accept-removal {short(change.symbol)}`",
        )
        for change in changes
        if change.api is Effect.BREAKING and not is_acknowledged(change.symbol, allowed)
    )


def is_new_version(last: System, today: System) -> bool:
    """Whether clients are told by a version that much is different."""
    if last.api.version != today.api.version:
        return True
    before, after = version_parts(last.app.version), version_parts(today.app.version)
    if before is None or after is None:
        return False
    # Below 1.0 the second number is what a major version is later.
    place = 1 if before[0] == after[0] == 0 else 0
    return after[: place + 1] > before[: place + 1]


def _nowhere() -> Span:
    return Span(file="apigen.yaml", line=1, column=1, end_line=1, end_column=2)
