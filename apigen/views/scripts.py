"""What the templates of a project's command line are given."""

from apigen.ir.system import System
from apigen.values import dataclass
from apigen.views.project import distribution, seed_sets
from apigen.views.purging import purged_entities
from apigen.views.tokens import first_role


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """The scripts folder: `python -m scripts.cli.commands`."""

    package: str
    name: str
    has_seeds: bool
    has_purge: bool
    """Whether rows are removed for good."""
    has_tests: bool
    has_tokens: bool
    has_collections: bool
    """Whether arguments are looked up in collections."""
    first_seed_set: str
    """Shown in examples; empty without seeds."""
    role_option: str
    """An option with its blank, shown in examples; empty without roles."""


def scripts(system: System) -> Scripts:
    """Return what the command line of the project needs to know."""
    sets = seed_sets(system)
    role = first_role(system.security)
    has_tokens = system.security is not None
    return Scripts(
        package=system.app.package,
        name=distribution(system),
        has_seeds=bool(sets),
        has_purge=bool(purged_entities(system)),
        has_tests=system.outputs.tests,
        has_tokens=has_tokens,
        has_collections=bool(sets) or has_tokens,
        first_seed_set=sets[0] if sets else "",
        role_option=f" --role {role}" if role else "",
    )
