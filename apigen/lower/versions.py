"""Versions of the API, and which of them have an element (AG605, AG606, AG607).

There is no clock in the compiler: a date is late only against another date of the spec.
"""

import re

from apigen.diagnostics import Label
from apigen.diagnostics.collector import Collector
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.element import ALWAYS, Deprecation, Lifespan
from apigen.ir.system import Api, ApiVersion
from apigen.spec.document import ApiSpec, VersionSpec
from apigen.spec.located import Located, Named
from apigen.spec.versions import Dated, DeprecatedSpec, DeprecatedVersionSpec
from apigen.values import dataclass

_VERSION = re.compile(r"v[0-9]{1,4}")


def api_versions(spec: ApiSpec | None, found: Collector) -> tuple[ApiVersion, ...]:
    """Return the versions in written order, which is from the oldest to the newest."""
    written = spec.versions if spec is not None else None
    named = tuple(one for one in written or () if _is_version(one.name, found))
    if not named:
        return Api().versions
    names = tuple(one.name.value for one in named)
    versions = tuple(_version(one, names, found) for one in named)
    _check_sunsets(named, found)
    return versions


def _is_version(name: Located[str], found: Collector) -> bool:
    if _VERSION.fullmatch(name.value):
        return True
    found.error("AG607", f"`{name.value}` is not a version", name.span, help="such as `v1`")
    return False


def _version(named: Named[VersionSpec], names: tuple[str, ...], found: Collector) -> ApiVersion:
    name, spec = named.name.value, named.value
    successor = spec.successor
    if successor is not None and successor.value not in names:
        _unknown(successor, names, found)
        successor = None
    if successor is not None and names.index(successor.value) <= names.index(name):
        found.error(
            "AG605",
            f"`{successor.value}` does not come after `{name}`",
            successor.span,
            help="versions are written oldest first; a successor is a later one",
        )
        successor = None
    is_leaving = spec.sunset is not None or successor is not None
    since: str | None = None
    match spec.deprecated:
        case DeprecatedVersionSpec(since=day):
            is_leaving = True
            since = day.value if day is not None else None
            check_order(day, spec.sunset, found)
        case Located(value=is_leaving):
            pass
    return ApiVersion(
        name=name,
        deprecated=is_leaving,
        deprecated_since=since,
        sunset=spec.sunset.value if spec.sunset is not None else None,
        successor=successor.value if successor is not None else None,
    )


def _check_sunsets(versions: tuple[Named[VersionSpec], ...], found: Collector) -> None:
    """Report AG606 for a version that is gone before an older one is."""
    latest: Located[str] | None = None
    for named in versions:
        sunset = named.value.sunset
        if sunset is None:
            continue
        if latest is not None and sunset.value < latest.value:
            found.error(
                "AG606",
                f"`{named.name.value}` would be gone before an older version is",
                sunset.span,
                labels=(Label(span=latest.span, text="the older one stays until then"),),
                help="clients move to newer versions, so these stay longer",
            )
        if latest is None or sunset.value > latest.value:
            latest = sunset


def _unknown(name: Located[str], names: tuple[str, ...], found: Collector) -> None:
    found.error(
        "AG605",
        f"there is no version `{name.value}`",
        name.span,
        help=did_you_mean(nearest(name.value, names))
        or f"`api.versions` has {', '.join(f'`{one}`' for one in names)}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The versions that elements may name."""

    declared: tuple[ApiVersion, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Oldest first."""
        return tuple(version.name for version in self.declared)

    def lifespan(self, spec: Dated, found: Collector) -> Lifespan:
        """Return which versions have an element; what is wrong is reported and left out."""
        if spec.since is None and spec.until is None and spec.deprecated is None:
            return ALWAYS
        names = self.names
        since = self._known(spec.since, found)
        until = self._known(spec.until, found)
        if until is not None and names.index(until) <= (names.index(since) if since else 0):
            assert spec.until is not None
            found.error(
                "AG605",
                f"no version has it: it is gone in `{until}`"
                + (f", and there since `{since}`" if since else ", the oldest one"),
                spec.until.span,
                help="`since` is the first version that has it, `until` the first that does not",
            )
            since = until = None
        if since == names[0]:
            since = None
        leaving = self.leaving(spec.deprecated, found, until=until)
        return Lifespan(since=since, until=until, deprecated=leaving)

    def leaving(
        self,
        spec: Located[bool] | DeprecatedSpec | None,
        found: Collector,
        *,
        until: str | None = None,
    ) -> Deprecation | None:
        """Return what clients are told of what is gone in `until`; None: it stays."""
        if isinstance(spec, DeprecatedSpec):
            check_order(spec.since, spec.sunset, found)
            if spec.sunset is not None:
                self._check_sunset(spec.sunset, until, found)
        return deprecation(spec)

    def _known(self, name: Located[str] | None, found: Collector) -> str | None:
        if name is None:
            return None
        if name.value in self.names:
            return name.value
        _unknown(name, self.names, found)
        return None

    def _check_sunset(self, sunset: Located[str], until: str | None, found: Collector) -> None:
        """Report AG606 for a date that comes after every version that has the element is gone."""
        end = self.names.index(until) if until is not None else len(self.declared)
        last = self.declared[end - 1]
        if last.sunset is not None and sunset.value > last.sunset:
            found.error(
                "AG606",
                f"it is gone before: `{last.name}`, the last version that has it, ends"
                f" {last.sunset}",
                sunset.span,
                help="an earlier date, or none",
            )


def check_order(since: Located[str] | None, sunset: Located[str] | None, found: Collector) -> None:
    """Report AG606 for what would be gone before anybody is told to stop using it."""
    if since is None or sunset is None or since.value <= sunset.value:
        return
    found.error(
        "AG606",
        f"it would be deprecated after it is gone, on {sunset.value}",
        since.span,
        labels=(Label(span=sunset.span, text="it is gone from here on"),),
        help="an earlier date, or none",
    )


def _reason(spec: DeprecatedSpec) -> str:
    """Return what people are told: why, and what to use in its place."""
    said = [spec.reason.value] if spec.reason is not None else []
    if spec.use is not None:
        said.append(f"Use `{spec.use.value}` instead.")
    return " ".join(said)


def deprecation(spec: Located[bool] | DeprecatedSpec | None) -> Deprecation | None:
    """Return what clients are told; None when they may go on using it."""
    match spec:
        case DeprecatedSpec():
            return Deprecation(
                reason=_reason(spec),
                since=spec.since.value if spec.since is not None else None,
                sunset=spec.sunset.value if spec.sunset is not None else None,
            )
        case Located(value=True):
            return Deprecation()
        case _:
            return None
