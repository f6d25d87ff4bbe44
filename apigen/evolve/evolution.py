"""Today's system against the last run's: ids, changes, what must be agreed to, migrations.

Knows the order and what stops a run; how each part is worked out is its own module's business.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from apigen.diagnostics import Outcome, Severity, Span
from apigen.diagnostics.collector import in_order
from apigen.evolve.changelog import changelog, suggested_version
from apigen.evolve.compatibility import compatibility
from apigen.evolve.difference import differences
from apigen.evolve.identity import Identified, identified
from apigen.evolve.last_schema import last_schema
from apigen.evolve.record import Evolution, LastRun, Lock, Permissions, SpecChange
from apigen.evolve.similarity import lookalikes
from apigen.evolve.staleness import stale
from apigen.ir.schema import Schema
from apigen.ir.system import System

LOCK_FILE = ".apigen/lock.json"
NOTHING = Permissions()


def evolve(
    last: LastRun,
    today: System,
    schema_of: Callable[[System], Schema],
    *,
    heads: tuple[str, ...] = (),
    permissions: Permissions = NOTHING,
    with_revisions: bool = True,
) -> Outcome[Evolution]:
    """Return what is different from the last run.

    Args:
        last: What the project remembers; nothing on the first run.
        today: As it was lowered; ids of its own.
        schema_of: The tables of a system (`apigen.views.migrations.schema.schema`). It is given
            the system with the ids of the lock.
        heads: The newest revisions of the project.
        permissions: What the owner agreed to.
        with_revisions: Work out migrations, and report what stands in their way.

    Returns:
        Errors AG801 to AG808 stop a run. The value is there all the same when ids could be
        given: changes and renames to show, and no revisions.
    """
    identity = identified(today, last.lock, last.system)
    found = [*identity.diagnostics, *stale(last, identity, _lock_span())]
    if any(one.code in ("AG802", "AG807", "AG212") for one in found):
        return Outcome(value=None, diagnostics=in_order(tuple(found)))
    schema = schema_of(identity.system)
    before, disputes = last_schema(last.lock, schema, identity.known.tombstones, _lock_span())
    found += disputes
    changes = _changes(last, identity)
    found += lookalikes(last.system, identity, permissions)
    found += compatibility(last.system, identity.system, changes, permissions)
    evolution = Evolution(
        system=identity.system,
        lock=Lock(
            symbols=identity.symbols,
            schema=schema,
            orphans=last.lock.orphans if last.lock is not None else (),
        ),
        changes=changes,
        renames=identity.renames,
        revisions=(),
        version=suggested_version(last.system, identity.system, changes),
        changelog=changelog(last.system, identity.system, changes),
    )
    if not with_revisions or any(one.severity is Severity.ERROR for one in found):
        return Outcome(value=evolution, diagnostics=in_order(tuple(found)))
    # Dear to import, and only of use when nothing stands in the way.
    from apigen.evolve.migration import revisions

    written = revisions(
        before,
        schema,
        heads=heads,
        permissions=permissions,
        zero_downtime=today.database.migrations.zero_downtime,
        spans=dict(_spans(identity.system)),
    )
    found += written.diagnostics
    if written.value is not None:
        evolution = replace(evolution, revisions=written.value)
    return Outcome(value=evolution, diagnostics=in_order(tuple(found)))


def _changes(last: LastRun, identity: Identified) -> tuple[SpecChange, ...]:
    if last.system is None:
        return ()
    return differences(last.system, identity)


def _lock_span() -> Span:
    return Span(file=LOCK_FILE, line=1, column=1, end_line=1, end_column=2)


def _spans(system: System) -> Iterator[tuple[str, Span]]:
    """Return where each element stands today; under no name, the root file."""
    first = system.contexts[0].span if system.contexts else _lock_span()
    yield "", Span(file=first.file, line=1, column=1, end_line=1, end_column=2)
    for context in system.contexts:
        for declared in context.types:
            yield declared.qname, declared.span
    for entity in system.entities.values():
        yield entity.qname, entity.span
        yield from ((field.qname, field.span) for field in entity.fields)
    for child in system.children.values():
        yield child.qname, child.span
        yield from ((field.qname, field.span) for field in child.fields)
