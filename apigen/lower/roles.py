"""Which roles there are: the language's own and those that `security.roles` declares (AG701)."""

from apigen.diagnostics.collector import Collector
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.access import AUTHENTICATED, NOBODY, PUBLIC
from apigen.spec.located import Located
from apigen.spec.security import SecuritySpec
from apigen.values import dataclass

BUILT_IN_ROLES = (PUBLIC, AUTHENTICATED, NOBODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleNames:
    """The roles that access rules may name."""

    declared: tuple[str, ...]

    def check(self, role: Located[str], found: Collector) -> bool:
        """Report AG701 for a role that nobody declared; return whether it is one."""
        names = (*self.declared, *BUILT_IN_ROLES)
        if role.value in names:
            return True
        near = did_you_mean(nearest(role.value, names))
        built_in = ", ".join(f"`{name}`" for name in BUILT_IN_ROLES)
        found.error(
            "AG701",
            f"no role `{role.value}`",
            role.span,
            help=near or f"declare it under `security.roles`; there are also {built_in}",
        )
        return False


def role_names(spec: SecuritySpec | None) -> RoleNames:
    """Return the roles that a spec declares, with or without authentication."""
    roles = spec.roles if spec is not None else None
    return RoleNames(declared=tuple(role.name.value for role in roles or ()))
