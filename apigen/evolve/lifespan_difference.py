"""What is different about how long things are there: versions of the API, deprecations, ends."""

from collections.abc import Iterator

from apigen.diagnostics import Span
from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.ir.element import Lifespan
from apigen.ir.system import System


def lifespan_changes(
    before: Lifespan, after: Lifespan, subject: Subject, name: str
) -> Iterator[SpecChange]:
    """Yield another span of versions, or another deprecation; `name` as people read it."""
    for attribute, was, now, words in (
        ("since", before.since, after.since, "is there from"),
        ("until", before.until, after.until, "is there up to, and without,"),
    ):
        if was == now:
            continue
        narrower = now is not None
        yield change(
            Row.LIFESPAN_SHORTER if narrower else Row.LIFESPAN_LONGER,
            subject,
            f"{name} {words} `{now}`" if narrower else f"{name} is there in every version",
            attribute=attribute,
            before=was or "",
            after=now or "",
        )
    if before.deprecated != after.deprecated:
        ended = after.deprecated is not None
        yield change(
            Row.DEPRECATED if ended else Row.LIFESPAN_LONGER,
            subject._replace(is_stored=False),
            f"{name} is {'deprecated' if ended else 'no longer deprecated'}",
            attribute="deprecated",
        )


def version_changes(last: System, today: System, span: Span) -> Iterator[SpecChange]:
    """Yield versions of the API that came, went, or end at another time."""
    subject = Subject("version", "api", span, is_stored=False, in_events=False)
    if last.api.versioning != today.api.versioning:
        yield change(
            Row.WIRE_NAME,
            subject,
            f"the version is told by {today.api.versioning}",
            attribute="versioning",
            before=last.api.versioning,
            after=today.api.versioning,
        )
    known = {version.name: version for version in last.api.versions}
    # One version that is another one now is told by the paths.
    single = len(last.api.versions) == len(today.api.versions) == 1
    for version in () if single else today.api.versions:
        if version.name not in known:
            text = f"version `{version.name}` of the API is new"
            yield change(Row.API_VERSION_ADDED, subject, text, after=version.name)
    for version in today.api.versions:
        was = known.pop(version.name, None)
        if was is not None and was != version:
            ends = f"ends on {version.sunset}" if version.sunset else "ends at another time"
            yield change(
                Row.DEPRECATED,
                subject,
                f"version `{version.name}` of the API {ends}",
                attribute="sunset",
                before=was.sunset or "",
                after=version.sunset or "",
            )
    for name in () if single else known:
        text = f"version `{name}` of the API is gone"
        yield change(Row.API_VERSION_REMOVED, subject, text, before=name)
