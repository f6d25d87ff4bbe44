"""Versions of the API: which there are, what each still has, what is announced to end.

Whether something breaks clients is asked of the versions that there were and still are: a version
that is new has no clients, one that is gone has none left.
"""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.ir.element import Lifespan
from apigen.ir.system import Api, ApiVersion


def serving(lifespan: Lifespan, api: Api) -> frozenset[str]:
    """Return the names of the versions that have it."""
    names = [version.name for version in api.versions]
    first = names.index(lifespan.since) if lifespan.since in names else 0
    last = names.index(lifespan.until) if lifespan.until in names else len(names)
    return frozenset(names[first:last])


def has_clients(lifespan: Lifespan, side: Side, other: Side) -> bool:
    """Whether a version that both sides have serves it, so that somebody may depend on it."""
    return bool(serving(lifespan, side.api) & {one.name for one in other.api.versions})


def lifespan_changes(
    before: Lifespan, after: Lifespan, subject: Subject, title: str, old: Side, new: Side
) -> Iterator[SpecChange]:
    """Yield the versions it is gone from or came to, and what is announced."""
    both = {one.name for one in old.api.versions} & {one.name for one in new.api.versions}
    was, now = serving(before, old.api) & both, serving(after, new.api) & both
    for row, names, words in (
        (Row.VERSION_LOST, was - now, "no longer in"),
        (Row.VERSION_GAINED, now - was, "in"),
    ):
        for name in sorted(names):
            text = f"`{title}` is {words} {name}"
            yield change(
                row,
                subject._replace(is_stored=False),
                text,
                attribute="since" if before.since != after.since else "until",
                before=_said(before),
                after=_said(after),
            )
    if before.deprecated != after.deprecated:
        yield change(
            Row.DEPRECATED,
            subject._replace(is_stored=False),
            f"`{title}` is {announced(after)}",
            attribute="deprecated",
        )


def _said(lifespan: Lifespan) -> str:
    parts = (("since", lifespan.since), ("until", lifespan.until))
    return " ".join(f"{word} {version}" for word, version in parts if version)


def announced(lifespan: Lifespan) -> str:
    """Return what is said of its end: `deprecated, and gone from 2027-06-30 on`."""
    if lifespan.deprecated is None:
        return "no longer deprecated"
    since, sunset = lifespan.deprecated.since, lifespan.deprecated.sunset
    said = f"deprecated since {since}" if since else "deprecated"
    return f"{said}, and gone from {sunset} on" if sunset else said


def version_changes(old: Api, new: Api, subject: Subject) -> Iterator[SpecChange]:
    """Yield versions of the whole API that came, went or have another end."""
    if old.versioning != new.versioning:
        yield change(
            Row.VERSION_STYLE,
            subject,
            f"versions are chosen by {new.versioning}",
            attribute="versioning",
            before=old.versioning,
            after=new.versioning,
        )
    known = {version.name: version for version in old.versions}
    for version in new.versions:
        was = known.pop(version.name, None)
        own = subject._replace(element="version", symbol=f"api.{version.name}")
        if was is None:
            yield change(Row.VERSION_ADDED, own, f"version {version.name} of the API is new")
        elif _end(was) != _end(version):
            text = f"version {version.name} of the API is {_ending(version)}"
            yield change(Row.DEPRECATED, own, text, attribute="sunset")
    for gone in known.values():
        own = subject._replace(element="version", symbol=f"api.{gone.name}")
        yield change(Row.VERSION_REMOVED, own, f"version {gone.name} of the API is gone")


def _end(version: ApiVersion) -> tuple[bool, str | None, str | None, str | None]:
    return version.deprecated, version.deprecated_since, version.sunset, version.successor


def _ending(version: ApiVersion) -> str:
    if version.sunset is not None:
        return f"gone from {version.sunset} on"
    if version.deprecated_since is not None:
        return f"deprecated since {version.deprecated_since}"
    return "deprecated" if version.deprecated else "no longer announced to end"
