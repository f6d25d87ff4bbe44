"""What clients should stop using: they are told in headers, and refused after the last day.

Source: requirement 72; RFC 9745 (`Deprecation`), RFC 8594 (`Sunset`), RFC 8288 (`Link`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime

import structlog
from starlette.requests import Request
from starlette.responses import Response

from .problems import problem
from .public_path import add_headers

_MARK = "__deprecation__"
_logger = structlog.get_logger("deprecation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """That something should not be used any more, and until when it can be."""

    reason: str = ""
    """A sentence for people: what to use instead."""
    since: date | None = None
    """It is so from the beginning of this day on, in UTC; None: nobody has said since when."""
    sunset: date | None = None
    """From the beginning of this day on, in UTC, it is answered with 410."""

    def is_over(self, now: datetime) -> bool:
        """Tell whether it can not be used any more."""
        return self.sunset is not None and now >= _begin(self.sunset)

    def headers(self, successor: str | None = None) -> list[tuple[str, str]]:
        """Return what clients are told; `successor` is the address of what to use instead."""
        # A moment must be said (RFC 9745). Of one that is not known is only known that it has
        # passed: the first there is.
        since = int(_begin(self.since).timestamp()) if self.since is not None else 0
        found = [("Deprecation", f"@{since}")]
        if self.sunset is not None:
            found.append(("Sunset", format_datetime(_begin(self.sunset), usegmt=True)))
        if successor is not None:
            found.append(("Link", f'<{successor}>; rel="successor-version"'))
        return found


def deprecated[RouteT: Callable[..., object]](
    *, reason: str = "", since: date | None = None, sunset: date | None = None
) -> Callable[[RouteT], RouteT]:
    """Mark a route that clients should stop using; stands below the route's own decorator."""

    def mark(route: RouteT) -> RouteT:
        setattr(route, _MARK, Deprecation(reason=reason, since=since, sunset=sunset))
        return route

    return mark


def deprecation_of(route: Callable[..., object]) -> Deprecation | None:
    """Return how a route was marked, or None."""
    found = getattr(route, _MARK, None)
    return found if isinstance(found, Deprecation) else None


def announced(
    request: Request,
    deprecation: Deprecation,
    *,
    name: str,
    now: datetime,
    successor: str | None = None,
) -> Response | None:
    """Announce the end of what a request uses, and log who uses it; 410 when that is over.

    Args:
        request: Its response gets the headers.
        deprecation: What is announced.
        name: What is used: an operation, or a version of the API.
        now: The present.
        successor: Address of what to use instead.

    Returns:
        What to answer; None as long as it can be used.
    """
    add_headers(request, deprecation.headers(successor))
    is_over = deprecation.is_over(now)
    # Whoever asks is in the log's own context.
    _logger.warning(
        "deprecated_use", name=name, sunset=str(deprecation.sunset or ""), is_refused=is_over
    )
    if not is_over:
        return None
    advice = f" Use {successor}." if successor is not None else ""
    reason = f" {deprecation.reason}" if deprecation.reason else ""
    return problem(
        request,
        410,
        code="gone",
        detail=f"{name} could be used until {deprecation.sunset}.{reason}{advice}",
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
