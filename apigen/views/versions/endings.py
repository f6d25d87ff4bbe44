"""When what clients are served ends: versions, resources, commands and queries."""

from collections.abc import Iterator
from datetime import date, timedelta

from apigen.ir.behaviour import Command, Query
from apigen.ir.element import Lifespan
from apigen.ir.system import Context, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text, tuple_of
from apigen.values import dataclass
from apigen.views.read_entities import read_entities


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """tests/e2e/test_endings.py."""

    imports: tuple[str, ...]
    contract: str
    versions: str
    """Tuple of those that no path tells, as source; empty for none."""


def has_endings(system: System) -> bool:
    """Tell whether anything is answered with 410 some day."""
    return eve(system) is not None


def eve(system: System) -> date | None:
    """Return the last day on which everything is served; None where nothing ends."""
    days = [one.sunset for one in system.api.versions if one.sunset is not None]
    days += [day for context in system.contexts for day in _of_context(system, context)]
    served = any(True for context in system.contexts for _ in _routes(system, context))
    return date.fromisoformat(min(days)) - timedelta(days=1) if days and served else None


def endings(system: System) -> Endings:
    """Return what the tests of what ends need to know; only for a system with `has_endings`."""
    imports = ImportSet("tests.e2e.test_endings", ("TestEndings",))
    contract = layout.support(system, "testing.contracts.endings", "EndingsContract")
    used = imports.use(contract)
    ending = layout.support(system, "testing.contracts.endings", "EndingVersion")
    chosen: list[str] = []
    for version in system.api.versions:
        if version.sunset is None or system.api.versioning == "path":
            continue
        day = date.fromisoformat(version.sunset)
        sunset = f"{imports.add('datetime', 'date')}({day.year}, {day.month}, {day.day})"
        asked = {
            "header": f"headers={{'API-Version': {text(version.name)}}}",
            "query": f"query={text(f'api-version={version.name}')}",
        }[system.api.versioning]
        chosen.append(f"{imports.use(ending)}(sunset={sunset}, {asked})")
    return Endings(
        contract=used,
        versions=tuple_of(chosen) if chosen else "",
        imports=imports.render(),
    )


def _of_context(system: System, context: Context) -> Iterator[str]:
    for lifespan in _routes(system, context):
        if lifespan.deprecated is not None and lifespan.deprecated.sunset is not None:
            yield lifespan.deprecated.sunset


def _routes(system: System, context: Context) -> Iterator[Lifespan]:
    """Yield how long everything is served that has a route."""
    for entity in read_entities(system, context):
        if entity.resource is not None:
            yield entity.lifespan
            yield from _stated((*entity.commands, *entity.queries))
    yield from _stated((*context.commands, *context.queries))


def _stated(found: tuple[Command | Query, ...]) -> Iterator[Lifespan]:
    for one in found:
        if one.route is not None:
            yield one.lifespan
