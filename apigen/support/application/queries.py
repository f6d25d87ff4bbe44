"""What clients may ask lists for, and what readers answer. Free of SQL and of HTTP.

Source: requirements 1.3, 3.3, 3.4.
"""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal, Protocol

from ..domain.specification import Operator, Specification, compared_paths
from .commands import Query
from .filter_types import FilterType

type Scope = Mapping[str, object]
"""Wire name to the value it must have: what a nested path has settled already."""

type Path = tuple[str, ...]
"""Wire names that lead to a field: `("customer", "email")`."""

type Hidden = tuple[Path, ...]
"""What a version of the API does not show: fields of rows, of their collections, of what is
embedded in them, parts of values. A step `*` stands for each value of a map, `kind=card` for values
of a union that are a `card`."""

CONTROLS = frozenset({"page", "size", "cursor", "count", "sort", "q", "filter", "expand", "format"})
"""Parameters that are no filters: a field of that name is filtered by `size[eq]`."""


class PageStyle(StrEnum):
    """How a list is cut; `none` gives everything up to the largest size at once."""

    OFFSET = "offset"
    CURSOR = "cursor"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """Size of pages unless told otherwise, and at most."""

    style: PageStyle = PageStyle.OFFSET
    size: int = 20
    max_size: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryField:
    """A path that clients may filter or sort by."""

    path: Path
    type: FilterType
    ops: tuple[Operator, ...] = ()
    sortable: bool = False

    @property
    def name(self) -> str:
        """What clients write: `customer.email`."""
        return ".".join(self.path)


def filtered(
    *path: str, type: FilterType, ops: Sequence[Operator] = (), nullable: bool = False
) -> QueryField:
    """Return a field to filter by; whether it is set can be asked when it is `nullable`."""
    asked = (*ops, Operator.IS_NULL) if nullable else tuple(ops)
    return QueryField(path=path, type=type, ops=asked)


def listed(
    *path: str, type: FilterType, ops: Sequence[Operator] = (), nullable: bool = False
) -> QueryField:
    """Return a field to filter and to sort by."""
    return replace(filtered(*path, type=type, ops=ops, nullable=nullable), sortable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One step of an order."""

    path: Path
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceQuery:
    """Everything that lists of one resource can be asked for."""

    resource: str
    """What messages call one element: `order line`."""
    fields: tuple[QueryField, ...]
    search: bool = False
    """Whether `?q=` is understood."""
    expand: tuple[Path, ...] = ()
    paging: Paging = Paging()
    default_sort: tuple[Sort, ...] = ()
    """The order when none is asked for; readers end every order with the key."""
    filter_syntax: tuple[Literal["params", "json"], ...] = ("params", "json")
    hidden: Hidden = ()
    languages: tuple[str, ...] = ()
    """What `?locale=` may ask for, where texts are in several languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What one request asks a list for."""

    where: Specification[Any] | None = None
    """Paths are wire paths of rows; there is no class of candidates, hence Any."""
    sort: tuple[Sort, ...] = ()
    search: str | None = None
    expand: tuple[Path, ...] = ()
    page: int = 1
    size: int = 20
    count: bool = True
    """Whether a numbered page tells how many there are in all."""
    cursor: str | None = None
    scope: Scope | None = None
    hidden: Hidden = ()

    def looked_at(self) -> Iterator[Path]:
        """Yield the paths that rows are put in order and filtered by."""
        yield from (sort.path for sort in self.sort)
        if self.where is not None:
            yield from compared_paths(self.where)


@dataclass(frozen=True, kw_only=True)
class RowsQuery[ResultT](Query[ResultT]):
    """A question with a name whose answer shows rows."""

    hidden: Hidden = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuery(RowsQuery[bytes]):
    """A question with a name whose answer comes in pages."""

    page: int = 1
    size: int = 20
    count: bool = True
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """One resource, or a page of them, as it goes to the client."""

    body: bytes
    """Empty when it is of the version that whoever asks has already."""
    version: int | None = None
    """What the ETag of one resource tells."""
    sharing: "Sharing | None" = None
    """Set where answers are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What a client may know of an answer that is kept."""

    is_public: bool
    """Whether everybody is answered the same."""
    age_s: float | None
    """How long ago it was worked out; None: just now."""


class ResourceReader[IdT](Protocol):
    """The read side of one resource: bytes that are JSON already, no domain objects.

    Raises `ValidationError` for a cursor that does not belong to the query.
    """

    async def page(self, query: ListQuery) -> Representation:
        """Return a page as its style has it: `PaginatedResponse` or `CursorPage`."""
        ...

    async def one(
        self,
        id: IdT,
        *,
        expand: tuple[Path, ...] = (),
        scope: Scope | None = None,
        hidden: Hidden = (),
        known: int | None = None,
    ) -> Representation | None:
        """Return one resource, or None; if its version is `known`, the body may be left out."""
        ...

    async def missing(
        self, ids: Sequence[IdT], *, scope: Scope | None = None, include_deleted: bool = False
    ) -> IdT | None:
        """Return the first of the identifiers that belongs to no resource, or None."""
        ...

    async def version(self, id: IdT) -> int | None:
        """Return the stored version of a resource, or None."""
        ...

    async def history(
        self, id: IdT, *, scope: Scope | None = None, hidden: Hidden = ()
    ) -> bytes | None:
        """Return the moves of one resource, oldest first; None when it is not there."""
        ...

    async def count(self, query: ListQuery) -> int:
        """Return how many resources match."""
        ...

    def export(
        self, query: ListQuery, *, format: Literal["csv", "json"]
    ) -> AsyncGenerator[bytes, None]:
        """Yield all resources that match, as one document in pieces; closed, read no further."""
        ...
