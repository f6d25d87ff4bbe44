"""Two specs and what apigen finds between them."""

from apigen.diagnostics import Outcome
from apigen.evolve.evolution import evolve
from apigen.evolve.identity import with_lock
from apigen.evolve.record import Evolution, LastRun, Lock, Permissions, SpecChange
from apigen.ir.system import System
from apigen.past import lowered
from apigen.views.migrations.schema import schema

NOTHING_KNOWN = LastRun(lock=None, spec={}, system=None)


def shop(entities: str, *, types: str = "", head: str = "") -> str:
    """Return a spec of these entities (indented by two) and types."""
    declared = f"types:\n{types}" if types else ""
    return f"apigen: 1\napp: shop\n{head}{declared}entities:\n{entities}"


def task(fields: str, more: str = "") -> str:
    """Return a spec of an entity `Task` with one field a line, and more keys a line."""
    keys = "".join(f"    {line}\n" for line in more.splitlines())
    lines = "".join(f"      {line}\n" for line in fields.splitlines())
    return shop(f"  Task:\n{keys}    fields:\n{lines}")


def system_of(text: str) -> System:
    """Lower a spec without errors."""
    found = lowered({"apigen.yaml": text})
    assert found is not None, text
    return found


def lock_of(text: str, before: Lock | None = None) -> Lock:
    """Return the lock that a run leaves behind; removals are agreed to."""
    last = LastRun(lock=before, spec={}, system=None)
    evolution = evolve(last, system_of(text), schema, heads=("1",)).value
    assert evolution is not None
    return evolution.lock


def evolved(
    before: str,
    after: str,
    *,
    removal: tuple[str, ...] = (),
    data_loss: tuple[str, ...] = (),
    lock: Lock | None = None,
) -> Outcome[Evolution]:
    """Return what a run finds on `after` when the last one was on `before`."""
    known = lock or lock_of(before)
    last = LastRun(
        lock=known, spec={"apigen.yaml": before}, system=with_lock(system_of(before), known)
    )
    permissions = Permissions(removal=frozenset(removal), data_loss=frozenset(data_loss))
    return evolve(last, system_of(after), schema, heads=("1",), permissions=permissions)


def changes(before: str, after: str) -> dict[tuple[str, str, str], SpecChange]:
    """Return the changes by kind, symbol without context, and attribute."""
    value = evolved(before, after, data_loss=("Task", "Note")).value
    assert value is not None
    return {
        (one.kind, one.symbol.removeprefix("shop."), one.attribute): one for one in value.changes
    }


def effects(before: str, after: str, kind: str, symbol: str, attribute: str = "") -> str:
    """Return the three columns of one change, such as `safe breaking none`."""
    found = changes(before, after)
    assert (kind, symbol, attribute) in found, sorted(found)
    one = found[kind, symbol, attribute]
    return f"{one.database} {one.api} {one.events}"
