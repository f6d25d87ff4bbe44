"""What a change of the spec does to data, to clients and to events, for people and programs."""

from collections.abc import Callable

from apigen.evolve.event_impact import effect_on_events
from apigen.evolve.operation_text import told as steps_of
from apigen.evolve.record import Effect, Evolution, SpecChange
from apigen.ir.system import System
from apigen.ir.types import Json

_DATA = {
    Effect.SAFE: "safe",
    Effect.WARN: "look twice",
    Effect.LOCKING: "locks or checks rows",
    Effect.BREAKING: "breaking",
    Effect.DESTRUCTIVE: "loses data",
    Effect.MANUAL: "by hand",
}
_CLIENTS = {
    Effect.SAFE: "compatible",
    Effect.WARN: "may surprise",
    Effect.BREAKING: "breaking",
}
_WORST = tuple(Effect)
_MOST_LINES = 20
"""Of a changelog, in a report."""


def summary_text(evolution: Evolution) -> str:
    """Return the summary, ending with a newline; empty when the spec means what it did."""
    if not evolution.changes and not evolution.revisions:
        return ""
    lines: list[str] = []
    for title, effect, words in _columns(evolution.system):
        told = [one for one in evolution.changes if effect(one) is not Effect.NONE]
        if not told:
            continue
        told.sort(key=lambda one: -_WORST.index(effect(one)))
        lines.append(f"{title}:")
        width = max(len(words.get(effect(one), effect(one).value)) for one in told)
        for one in told:
            word = words.get(effect(one), effect(one).value)
            place = f"  ({one.span.file}:{one.span.line})" if one.span is not None else ""
            lines.append(f"  {word:<{width}}  {one.text}{place}")
    if evolution.revisions:
        lines.append("Migrations:")
        for revision in evolution.revisions:
            mark = "  (loses data)" if revision.is_destructive else ""
            lines.append(f"  {revision.id}_{revision.slug}.py{mark}")
            lines.extend(f"    {step}" for step in steps_of(revision.operations))
    if evolution.version is not None:
        lines.append(f"Version of the API: {evolution.version} fits (`app.version`).")
    return "\n".join(lines) + "\n" if lines else ""


def changelog_text(evolution: Evolution) -> str:
    """Return what to tell clients, ending with a newline; empty when they notice nothing."""
    lines = [line for line in evolution.changelog.splitlines() if line]
    if not lines:
        return ""
    shown = [f"  {line}" for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append(f"  and {len(lines) - _MOST_LINES} lines more: `--format json` has all of it")
    return "\n".join(("For the changelog of the API:", *shown)) + "\n"


def summary_json(evolution: Evolution) -> dict[str, Json]:
    """Return the summary as data."""
    return {
        "changes": [_change(one) for one in evolution.changes],
        "renames": [
            {"kind": one.kind, "old": one.old, "new": one.new} for one in evolution.renames
        ],
        "migrations": [
            {
                "id": one.id,
                "slug": one.slug,
                "message": one.message,
                "destructive": one.is_destructive,
                "operations": list(steps_of(one.operations)),
            }
            for one in evolution.revisions
        ],
        "worst": {
            title.lower(): worst(evolution.changes, effect).value for title, effect, _ in _columns()
        },
        "version": evolution.version,
        "changelog": evolution.changelog,
    }


def worst(changes: tuple[SpecChange, ...], effect: Callable[[SpecChange], Effect]) -> Effect:
    """Return the worst of one column; NONE without changes."""
    return max((effect(one) for one in changes), key=_WORST.index, default=Effect.NONE)


def _columns(
    system: System | None = None,
) -> tuple[tuple[str, Callable[[SpecChange], Effect], dict[Effect, str]], ...]:
    return (
        ("Data", lambda one: one.database, _DATA),
        ("Clients", lambda one: one.api, _CLIENTS),
        (
            "Events",
            # People are told of events that there are; programs what it would do to any.
            lambda one: one.events if system is None else effect_on_events(one, system),
            _CLIENTS,
        ),
    )


def _change(change: SpecChange) -> Json:
    span = change.span
    return {
        "kind": change.kind,
        "element": change.element,
        "symbol": change.symbol,
        "attribute": change.attribute,
        "before": change.before,
        "after": change.after,
        "database": change.database.value,
        "api": change.api.value,
        "events": change.events.value,
        "text": change.text,
        "file": span.file if span is not None else None,
        "line": span.line if span is not None else None,
    }
