"""What clients of the generated API are told: a changelog fragment, and a fitting version."""

import re

from apigen.evolve.event_impact import effect_on_consumers
from apigen.evolve.record import Effect, SpecChange
from apigen.ir.system import System

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")
_HEADINGS = ("Added", "Changed", "Removed")
_KIND = {"added": "Added", "removed": "Removed"}


def version_parts(version: str) -> tuple[int, int, int] | None:
    """Return the three numbers of a version; None when it has not the usual form."""
    found = _VERSION.match(version)
    if found is None:
        return None
    return int(found[1]), int(found[2]), int(found[3] or 0)


def suggested_version(
    last: System | None, today: System, changes: tuple[SpecChange, ...]
) -> str | None:
    """Return the version that fits the changes; None when today's is high enough.

    What breaks clients, or consumers of public events, is a major version (a minor one below
    1.0), what they gain a minor one, everything else a patch.
    """
    before = version_parts(last.app.version) if last is not None else None
    if before is None or not changes:
        return None
    major, minor, patch = before
    effects = {effect for change in changes for effect in _effects(change, today)}
    if Effect.BREAKING in effects:
        wanted = (major + 1, 0, 0) if major else (0, minor + 1, 0)
    elif Effect.SAFE in effects:
        wanted = (major, minor + 1, 0)
    else:
        wanted = (major, minor, patch + 1)
    current = version_parts(today.app.version)
    if current is not None and current >= wanted:
        return None
    return ".".join(str(part) for part in wanted)


def changelog(last: System | None, today: System, changes: tuple[SpecChange, ...]) -> str:
    """Return a section in the form of Keep a Changelog; empty when clients notice nothing."""
    noticed = [change for change in changes if _effects(change, today) != {Effect.NONE}]
    if not noticed or last is None:
        return ""
    version = suggested_version(last, today, changes) or today.app.version
    lines = [f"## [{version}] - Unreleased"]
    for heading in _HEADINGS:
        about = [one for one in noticed if _KIND.get(one.kind, "Changed") == heading]
        about.sort(key=lambda one: Effect.BREAKING not in _effects(one, today))
        entries = [_entry(one, today) for one in about]
        if entries:
            lines += ["", f"### {heading}", "", *dict.fromkeys(entries)]
    return "\n".join(lines) + "\n"


def _entry(change: SpecChange, today: System) -> str:
    text = f"{change.text[:1].upper()}{change.text[1:]}."
    is_breaking = Effect.BREAKING in _effects(change, today)
    return f"- **Breaking:** {text}" if is_breaking else f"- {text}"


def _effects(change: SpecChange, today: System) -> set[Effect]:
    """Return what those outside notice: clients of the API, and consumers of events."""
    return {change.api, effect_on_consumers(change, today)}
