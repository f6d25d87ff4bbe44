"""How often who may ask, in general and by resource, command or query (AG207, AG607, AG701)."""

from dataclasses import replace

from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.limits import Rate, RateLimit
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located
from apigen.spec.rate_limits import RateLimitSpec

ANONYMOUS = "anonymous"
AUTHENTICATED = "authenticated"

type Written = Located[bool] | Located[Rate] | RateLimitSpec | None


def rate_limit(spec: Written, default: RateLimit | None, work: Workspace) -> RateLimit | None:
    """Return a limit; what is not said is as in `default`.

    Args:
        spec: What is written; nothing where nothing is.
        default: How it is where nothing is written; None: nothing is limited.
        work: Knows roles, and whether callers are known.
    """
    usual = default or RateLimit(
        algorithm="sliding_window",
        by="user" if work.security is not None else "ip",
        rates=(),
    )
    match spec:
        case None:
            return default
        case Located(value=Rate() as rate):
            return replace(usual, rates=((ANONYMOUS, rate),))
        case Located(value=is_on):
            if is_on and default is None:
                work.found.error(
                    "AG607",
                    "`rate_limit: true` says no rate",
                    spec.span,
                    help="such as `rate_limit: 60/min`",
                )
            return default if is_on else None
        case _:
            pass
    if spec.by is not None and spec.by.value == "user" and work.security is None:
        work.found.error(
            "AG607",
            "`by: user` counts nobody: without `security.auth` no caller is known",
            spec.by.span,
            help="`by: ip`, or say how callers are known",
        )
    rates: dict[str, Rate] = {}
    for entry in spec.limits or ():
        if _is_tier(entry.name, work):
            rates[entry.name.value] = entry.value.value
    if spec.limits is not None and not spec.limits:
        work.found.error(
            "AG607", "`limits` has no rate", spec.span, help="such as `{ anonymous: 60/min }`"
        )
    return RateLimit(
        algorithm=spec.algorithm.value if spec.algorithm is not None else usual.algorithm,
        by=spec.by.value if spec.by is not None else usual.by,
        rates=tuple(rates.items()) or ((ANONYMOUS, Rate(limit=1, period_s=1)),),
    )


def limits_itself(spec: Written) -> bool:
    """Tell whether what is written is another limit than that of everything."""
    return spec is not None and not (isinstance(spec, Located) and spec.value is True)


def message_limit(
    spec: Located[Rate] | RateLimitSpec | None,
    name: str,
    work: Workspace,
    *,
    is_served: bool,
) -> RateLimit | None:
    """Return the limit that a command or a query has instead of that of its resource."""
    if spec is None:
        return None
    if not is_served:
        work.found.error(
            "AG207",
            f"`rate_limit` does not apply to `{name}`: no request reaches it",
            spec.span,
            help="remove it; requests are limited, not what the program does itself",
        )
    return rate_limit(spec, work.rate_limit, work)


def _is_tier(name: Located[str], work: Workspace) -> bool:
    """Report AG701 for a tier that no caller is in; return whether there may be one."""
    declared = work.roles.declared if work.security is not None else ()
    names = (ANONYMOUS, AUTHENTICATED, *declared)
    if work.security is None and name.value in (AUTHENTICATED, *work.roles.declared):
        work.found.error(
            "AG701",
            f"no caller is `{name.value}`: without `security.auth` all are `{ANONYMOUS}`",
            name.span,
            help=f"leave it out, or say how callers are known; `{ANONYMOUS}` is everybody",
        )
        return False
    if name.value in names:
        return True
    work.found.error(
        "AG701",
        f"no role `{name.value}`",
        name.span,
        help=did_you_mean(nearest(name.value, names))
        or f"declare it under `security.roles`; there are also `{ANONYMOUS}`, `{AUTHENTICATED}`",
    )
    return False
