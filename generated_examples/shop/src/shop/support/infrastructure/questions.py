"""Questions with a name, answered from a read model: which rows, in which order, how many.

What is particular about one question is a condition over the table; who may ask, which rows they
may see, pages and JSON are those of the resource.

Source: requirements 44, 110.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Subquery
from sqlalchemy.ext.asyncio import AsyncEngine

from ..application.access import READ
from ..application.commands import Query
from ..application.queries import Hidden, ListQuery, PageQuery, Paging, RowsQuery, Sort
from ..application.results import ServiceResult
from ..core.result import Ok
from .read_model import ReadModel
from .reader import SqlResourceReader
from .row_access import RowAccess


class SqlQuestion[QueryT: Query[Any]]:
    """Answers one kind of query; which of its methods does depends on what is asked for."""

    def __init__(
        self,
        engine: AsyncEngine,
        model: ReadModel,
        *,
        operation: str,
        where: Callable[[QueryT], ColumnElement[bool]] | None = None,
        sort: Sequence[Sort] = (),
        paging: Paging | None = None,
        limit: int | None = None,
        access: RowAccess | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            engine: The database.
            model: Whose rows are asked for.
            operation: Name of the query in access rules.
            where: Which rows; None: all that may be seen.
            sort: Their order; the key ends it.
            paging: How pages are cut.
            limit: The most rows that are given; None: as many as a page may have.
            access: Permissions on a query that does not belong to `model`; None: its own are.
        """
        self._engine = engine
        self._model = model
        self._paging = paging or Paging()
        # Any: rows are not asked for by their key.
        self._reader = SqlResourceReader[Any](engine, model, self._paging)
        self._operation = operation if access is None else READ
        self._name = operation
        self._access = access
        self._where = where
        self._sort = tuple(sort)
        self._limit = limit if limit is not None else self._paging.max_size

    async def page(self, query: QueryT) -> ServiceResult[bytes]:
        """Answer with the page that the query asks for."""
        if not isinstance(query, PageQuery):
            raise TypeError(f"{type(query).__name__} asks for no page")
        asked = ListQuery(
            sort=self._sort,
            page=query.page,
            size=query.size,
            count=query.count,
            cursor=query.cursor,
            hidden=query.hidden,
        )
        return Ok((await self._narrowed(query).page(asked)).body)

    async def list(self, query: QueryT) -> ServiceResult[bytes]:
        """Answer with the rows, up to the limit."""
        asked = ListQuery(sort=self._sort, size=self._limit, hidden=_hidden(query))
        return Ok(await self._narrowed(query).rows(asked))

    async def one(self, query: QueryT) -> ServiceResult[bytes | None]:
        """Answer with the first row, None when there is none."""
        asked = ListQuery(sort=self._sort, hidden=_hidden(query))
        return Ok(await self._narrowed(query).first(asked))

    async def count(self, query: QueryT) -> ServiceResult[int]:
        """Answer how many rows there are."""
        return Ok(await self._narrowed(query).count(ListQuery()))

    async def exists(self, query: QueryT) -> ServiceResult[bool]:
        """Answer whether there is a row."""
        return Ok(await self._narrowed(query).first(ListQuery()) is not None)

    def written[ResultT](
        self, answer: Callable[[AsyncEngine, Subquery, QueryT], Awaitable[ServiceResult[ResultT]]]
    ) -> Callable[[QueryT], Awaitable[ServiceResult[ResultT]]]:
        """Answer with a hand-written function, for those who may ask.

        It is given the rows that whoever asks may see, as a table with all their columns, and
        the database, which has all others too.
        """

        async def ask(query: QueryT) -> ServiceResult[ResultT]:
            return await answer(self._engine, self._visible(), query)

        return ask

    def _visible(self) -> Subquery:
        model = self._model
        asking = self._access or model.access
        conditions = [] if asking is None else asking.granted(self._name)
        if model.access is not None:
            # Who may read none is told of none: the answer may be of something else.
            conditions += model.access.embeddable()
        if model.live is not None:
            conditions.append(model.live)
        return sa.select(model.table).where(*conditions).subquery()

    def _narrowed(self, query: QueryT) -> SqlResourceReader[Any]:
        conditions = [] if self._access is None else self._access.granted(self._name)
        if self._where is not None:
            conditions.append(self._where(query))
        return self._reader.narrowed(conditions, operation=self._operation)


def _hidden(query: Query[Any]) -> Hidden:
    return query.hidden if isinstance(query, RowsQuery) else ()
