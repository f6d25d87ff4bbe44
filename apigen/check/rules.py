"""All rules of meaning over a resolved system. Which code each raises is in its own module."""

from apigen.check.collisions import collisions
from apigen.check.encrypted_caches import encrypted_caches
from apigen.check.encrypted_keys import encrypted_keys
from apigen.check.field_collisions import field_collisions
from apigen.check.first_rows import first_rows
from apigen.check.fixed_versions import fixed_versions
from apigen.check.kept_reads import kept_reads
from apigen.check.lacking_versions import lacking_versions
from apigen.check.route_collisions import route_collisions
from apigen.check.unfillable import unfillable
from apigen.check.unreachable_files import unreachable_files
from apigen.check.unused import unused
from apigen.diagnostics import Diagnostic
from apigen.diagnostics.collector import in_order
from apigen.ir.system import System

_RULES = (
    collisions,
    encrypted_caches,
    encrypted_keys,
    field_collisions,
    first_rows,
    fixed_versions,
    kept_reads,
    lacking_versions,
    route_collisions,
    unfillable,
    unreachable_files,
    unused,
)


def check(system: System) -> tuple[Diagnostic, ...]:
    """Return the findings, sorted by place.

    A system with parts missing, as after errors, earns nothing for the missing parts.
    """
    return in_order(tuple(found for rule in _RULES for found in rule(system)))
