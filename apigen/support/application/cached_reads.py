"""The read side of a resource with its answers kept, and dropped on every change.

An answer is kept for those who are allowed the same rows: for everybody whom no rule on rows
concerns, else for one actor alone. It is looked for with the tags of what it is made of, and kept
only if none of them was dropped since: a change that is committed while rows are read makes them
old before they are kept. Whoever may not ask is refused before anything is looked for, and what
went wrong is not kept.

Source: requirements 13, 44.3, 62.
"""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol

from ..core.caching import cache_key, kind_tag, row_tag
from ..core.protocols import CacheMarks, CacheProvider
from ..domain.specification import AndSpecification, Specification
from .coalescing import RequestCoalescing
from .queries import Hidden, ListQuery, Path, Representation, ResourceReader, Scope, Sharing

_REMEMBERED = 4_096
"""Of how many narrowed lists is remembered that they were asked for once."""

_FIRST_ROWS = 1_000
"""How far into a list pages are kept when they are asked for once."""

type _Work = Callable[[], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is answered the same as whoever is asking now."""

    said: str
    """The same text for the same rows."""
    is_public: bool
    """Everybody is."""


class AudienceOf(Protocol):
    """Tells who shares an answer: `ReadAudience` of the infrastructure."""

    def __call__(self, *, expand: Iterable[Path], asked: Iterable[Path]) -> Audience:
        """Return who is answered the same, when these paths are embedded and asked about.

        Raises:
            UnauthenticatedError, ForbiddenError: Whoever is asking may read no row.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CachePolicy:
    """How the answers of one resource are kept."""

    ttl: timedelta
    tags: tuple[str, ...] = ()
    """What they may be dropped by, beside what they are made of."""
    coalesce: bool = False
    """Whether those who ask the same at the same time wait for one query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeOf:
    """Whose changes make the answers of one resource old."""

    root: type
    """Class of the aggregates that are shown."""
    others: tuple[type, ...] = ()
    """Of what is shown, looked up or decides beside them; `root` again, where one aggregate shows
    another one of its class."""
    further: tuple[type, ...] = ()
    """Of what comes in when something is embedded, or asked for by what is in other tables."""


class CachedReader[IdT]:
    """A `ResourceReader` that asks another one for what is not kept."""

    def __init__(
        self,
        reader: ResourceReader[IdT],
        cache: CacheProvider,
        *,
        name: str,
        audience: AudienceOf,
        made_of: MadeOf,
        policy: CachePolicy,
        language: Callable[[], str] = lambda: "",
    ) -> None:
        """Put the parts together.

        Args:
            reader: Reads what is not kept.
            cache: Where answers are kept.
            name: What keys begin with; no other resource has it.
            audience: Tells who shares an answer.
            made_of: What the answers are made of.
            policy: How they are kept.
            language: Returns what tells answers of one language from others.
        """
        self._reader = reader
        self._cache = cache
        self._name = name
        self._audience = audience
        self._made_of = made_of
        self._policy = policy
        self._language = language
        beside = (*(kind_tag(kind) for kind in made_of.others), *policy.tags)
        further = tuple(kind_tag(kind) for kind in made_of.further)
        self._of_rows = (beside, (*beside, *further))
        root = kind_tag(made_of.root)
        self._of_lists = tuple((root, *tags) for tags in self._of_rows)
        self._asked_once: OrderedDict[str, None] = OrderedDict()
        # What is worked out for those who came before a change is not for those who come after it.
        self._flights = RequestCoalescing[tuple[str, CacheMarks], bytes | None](
            key=lambda request: request
        )

    async def one(
        self,
        id: IdT,
        *,
        expand: tuple[Path, ...] = (),
        scope: Scope | None = None,
        hidden: Hidden = (),
        known: int | None = None,
    ) -> Representation | None:
        """Return one resource, or None; with its body in any case, which is what is kept."""
        audience = self._audience(expand=expand, asked=())
        tag = row_tag(self._made_of.root, id)
        key = cache_key(
            self._name, "one", tag, expand, _said(scope), hidden, self._shared_by(audience)
        )

        async def work() -> bytes | None:
            found = await self._reader.one(id, expand=expand, scope=scope, hidden=hidden)
            return None if found is None else _with_version(found)

        kept, age_s = await self._answer(key, (tag, *self._of_rows[bool(expand)]), work)
        if kept is None:
            return None
        version, _, body = kept.partition(b"\n")
        return Representation(
            body=body,
            version=int(version) if version else None,
            sharing=Sharing(is_public=audience.is_public, age_s=age_s),
        )

    async def page(self, query: ListQuery) -> Representation:
        """Return a page."""
        audience = self._audience(expand=query.expand, asked=query.looked_at())

        async def work() -> bytes:
            return (await self._reader.page(query)).body

        kept, age_s = await self._list("page", query, audience, work)
        return Representation(body=kept, sharing=Sharing(is_public=audience.is_public, age_s=age_s))

    async def count(self, query: ListQuery) -> int:
        """Return how many resources match."""
        audience = self._audience(expand=(), asked=query.looked_at())

        async def work() -> bytes:
            return b"%d" % await self._reader.count(query)

        kept, _ = await self._list("count", query, audience, work)
        return int(kept)

    async def missing(
        self, ids: Sequence[IdT], *, scope: Scope | None = None, include_deleted: bool = False
    ) -> IdT | None:
        """Return the first of the identifiers that belongs to no resource; asked of the rows."""
        return await self._reader.missing(ids, scope=scope, include_deleted=include_deleted)

    async def version(self, id: IdT) -> int | None:
        """Return the stored version of a resource; asked of the rows, because a change follows."""
        return await self._reader.version(id)

    async def history(
        self, id: IdT, *, scope: Scope | None = None, hidden: Hidden = ()
    ) -> bytes | None:
        """Return the moves of one resource; asked of the rows."""
        return await self._reader.history(id, scope=scope, hidden=hidden)

    def export(
        self, query: ListQuery, *, format: Literal["csv", "json"]
    ) -> AsyncGenerator[bytes, None]:
        """Yield all resources that match; asked of the rows, and too much to be kept."""
        return self._reader.export(query, format=format)

    async def _list(
        self,
        what: str,
        query: ListQuery,
        audience: Audience,
        work: Callable[[], Awaitable[bytes]],
    ) -> tuple[bytes, float | None]:
        key = cache_key(self._name, what, *_normal(query), self._shared_by(audience))
        asks = bool(query.expand or query.sort) or query.where is not None
        kept, age_s = await self._answer(
            key, self._of_lists[asks], work, is_kept=lambda: self._is_worth_it(key, query)
        )
        return (b"" if kept is None else kept), age_s

    def _shared_by(self, audience: Audience) -> tuple[str, str]:
        return audience.said, self._language()

    async def _answer(
        self,
        key: str,
        tags: Sequence[str],
        work: _Work,
        *,
        is_kept: Callable[[], bool] = lambda: True,
    ) -> tuple[bytes | None, float | None]:
        found = await self._cache.get(key, tags)
        if found.value is not None:
            return found.value, found.age_s
        marks = found.marks
        if marks is None:
            return await work(), None

        async def work_and_keep() -> bytes | None:
            made = await work()
            if made is not None and is_kept():
                await self._cache.set(key, made, ttl=self._policy.ttl, tags=tags, marks=marks)
            return made

        if not self._policy.coalesce:
            return await work_and_keep(), None
        return await self._flights.run((key, marks), work_and_keep), None

    def _is_worth_it(self, key: str, query: ListQuery) -> bool:
        """Tell whether a list is kept: one that clients put together when it is asked for twice.

        There are as many of those as there are texts; a client that asks for many, each once,
        must not fill the cache with them.
        """
        is_plain = query.where is None and query.search is None and query.cursor is None
        if is_plain and query.scope is None and query.page * query.size <= _FIRST_ROWS:
            return True
        if key in self._asked_once:
            del self._asked_once[key]
            return True
        self._asked_once[key] = None
        if len(self._asked_once) > _REMEMBERED:
            self._asked_once.popitem(last=False)
        return False


def _with_version(found: Representation) -> bytes:
    version = b"" if found.version is None else b"%d" % found.version
    return version + b"\n" + found.body


def _said(scope: Scope | None) -> object:
    return None if scope is None else sorted((name, str(value)) for name, value in scope.items())


def _normal(query: ListQuery) -> tuple[object, ...]:
    """Return what a list is asked for, the same for what means the same."""
    return (
        sorted(repr(part) for part in _parts(query.where)),
        query.sort,
        query.search,
        sorted(query.expand),
        query.page,
        query.size,
        query.count,
        query.cursor,
        _said(query.scope),
        query.hidden,
    )


# Any: paths are those of rows, there is no class of candidates.
def _parts(where: Specification[Any] | None) -> Iterable[Specification[Any]]:
    if where is None:
        return ()
    return where.parts if isinstance(where, AndSpecification) else (where,)
