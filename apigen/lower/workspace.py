"""What every step of the lowering is given, and what it adds to."""

from dataclasses import field

from apigen.diagnostics import Span
from apigen.diagnostics.collector import Collector
from apigen.expr.mentions import Mention
from apigen.ir.access import Security
from apigen.ir.limits import RateLimit
from apigen.ir.system import Api, ValueType
from apigen.lower.contexts import Declarations
from apigen.lower.roles import RoleNames
from apigen.lower.settings import Settings
from apigen.lower.symbols import SymbolTable
from apigen.lower.versions import Versions
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The surroundings of a declaration. `types` grows while value types are lowered.

    A name in `poisoned` belongs to a declaration that was wrong: uses of it stay silent.
    """

    symbols: SymbolTable
    settings: Settings
    found: Collector
    contexts: dict[str, Declarations]
    types: dict[str, ValueType] = field(default_factory=dict)
    poisoned: set[str] = field(default_factory=set)
    mentions: list[Mention] | None = None
    """Takes what rules mention, when somebody wants to know."""

    roles: RoleNames = RoleNames(declared=())
    security: Security | None = None
    """None without authentication."""
    rate_limit: RateLimit | None = None
    """Of the API; None where nothing is said."""
    versions: Versions = Versions(declared=Api().versions)
    claim_spans: dict[str, Span] = field(default_factory=dict)
    """Where each claim of `security.actor` is declared."""

    def is_poisoned(self, owner: str, name: str) -> bool:
        """Whether a name of an owner belongs to a declaration that was wrong."""
        return f"{owner}.{name}" in self.poisoned
