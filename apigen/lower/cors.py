"""Which pages of other origins may call what (AG607)."""

import re

from apigen.diagnostics.collector import Collector
from apigen.ir.system import Cors
from apigen.spec.cors import CorsSpec
from apigen.spec.located import Located

CUSTOM = "custom"
"""Among origins: a function of the owner's decides of those that are not named."""

_ORIGIN = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?"
)
_ORIGINS_VARIABLE = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")


def cors(spec: Located[bool] | CorsSpec | None, found: Collector) -> Cors | None:
    """Return which pages may call anything; None: none of another origin may."""
    if spec is None or (isinstance(spec, Located) and not spec.value):
        return None
    if isinstance(spec, Located):
        return Cors(origins=("*",))
    origins: list[str] = []
    variables: list[str] = []
    is_custom = False
    for origin in spec.origins or ():
        variable = _ORIGINS_VARIABLE.fullmatch(origin.value)
        if variable is not None:
            variables.append(variable[1])
            if len(variables) > 1:
                found.error("AG607", "a second variable for origins is never read", origin.span)
        elif origin.value == CUSTOM:
            is_custom = True
        elif origin.value == "*" or _ORIGIN.fullmatch(origin.value):
            origins.append(origin.value)
        else:
            found.error(
                "AG607",
                f"`{origin.value[:60]}` is not an origin",
                origin.span,
                help="scheme, host and port in lower case, such as `https://shop.example:8443`, "
                "`*`, `env:NAME` or `custom`",
            )
    credentials = spec.credentials is not None and spec.credentials.value
    if credentials and "*" in origins and spec.credentials is not None:
        found.error(
            "AG607",
            "`credentials` for every origin would let any page act for its visitor",
            spec.credentials.span,
            help="name the origins instead of `*`",
        )
    return Cors(
        origins=tuple(origins),
        origins_env=variables[0] if variables else None,
        credentials=credentials,
        max_age_s=int(spec.max_age.value) if spec.max_age is not None else Cors().max_age_s,
        custom=is_custom,
    )


def resource_cors(
    spec: Located[bool] | CorsSpec | None, default: Cors | None, found: Collector
) -> Cors | None:
    """Return which pages may call a resource; as `default` where nothing is said."""
    if spec is None:
        return default
    if isinstance(spec, Located) and spec.value and default is not None:
        return default
    own = cors(spec, found)
    if own is not None and own.origins_env is not None and isinstance(spec, CorsSpec):
        found.error(
            "AG607",
            f"`env:{own.origins_env}` is for `api.cors`, which one setting is read for",
            spec.span,
            help="name the origins, or let a function decide: `origins: custom`",
        )
    return own


def cors_itself(spec: Located[bool] | CorsSpec | None, default: Cors | None) -> bool:
    """Tell whether a resource has rules of its own."""
    if isinstance(spec, Located):
        return spec.value is not (default is not None)
    return spec is not None
