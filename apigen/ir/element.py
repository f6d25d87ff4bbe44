"""What every named thing of a spec has, and how long clients are served it. Data only."""

from apigen.diagnostics import Span
from apigen.ir.names import Name
from apigen.ir.types import NO_EXTENSION, Extension
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What every named thing of a spec has."""

    id: str
    """Stable id: base32 of sha256 of kind and qualified name, 10 characters."""
    qname: str
    """`context.Name`, `context.Entity.field`."""
    name: Name
    doc: str
    """Empty when the spec says nothing."""
    span: Span
    ext: Extension = NO_EXTENSION
    renamed_from: tuple[str, ...] = ()
    """Names it had, as written: bare, or `context.Name` for what moved from another context."""
    renamed_at: Span | None = None
    """Where `renamed_from` stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """Clients are told to stop using it."""

    reason: str = ""
    """For people; empty when the spec says nothing."""
    since: str | None = None
    """ISO date since which it is so (RFC 9745); None: it is not known."""
    sunset: str | None = None
    """ISO date from which on it is answered with 410 (RFC 8594)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifespan:
    """Which versions of the API have it: from `since` on, up to and without `until`."""

    since: str | None = None
    until: str | None = None
    deprecated: Deprecation | None = None


ALWAYS = Lifespan()
