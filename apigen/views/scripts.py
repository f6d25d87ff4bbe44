"""What the templates of a project's command line are given."""

from apigen.ir.system import System
from apigen.values import dataclass
from apigen.views.project import distribution, seed_sets


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """The scripts folder: `python -m scripts.cli.commands`."""

    package: str
    name: str
    has_seeds: bool
    has_tests: bool
    first_seed_set: str
    """Shown in examples; empty without seeds."""


def scripts(system: System) -> Scripts:
    """Return what the command line of the project needs to know."""
    sets = seed_sets(system)
    return Scripts(
        package=system.app.package,
        name=distribution(system),
        has_seeds=bool(sets),
        has_tests=system.outputs.tests,
        first_seed_set=sets[0] if sets else "",
    )
