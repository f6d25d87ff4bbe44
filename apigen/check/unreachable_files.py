"""AG601: a file that nobody could ever upload."""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic
from apigen.ir.system import Operation, System

_READING = frozenset({Operation.LIST, Operation.GET, Operation.COUNT, Operation.EXPORT})


def unreachable_files(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each file of an entity that is not written over HTTP."""
    for entity in system.entities.values():
        operations = entity.resource.operations if entity.resource is not None else ()
        if not _READING.issuperset(operations):
            continue
        for field in entity.fields:
            if field.file is not None:
                yield Diagnostic(
                    code="AG601",
                    message=f"`{field.name.text}` of `{entity.name.text}` could never be uploaded:"
                    " nothing of it is written over HTTP",
                    span=field.span,
                    help="let `api.operations` have `update`",
                )
