"""Answer queries of one resource with bytes: Core statements, rows, JSON.

Every read is one statement on its own, or a few on one connection; an export sees one state of
the database from its first row to its last.

Source: requirements 3.3, 3.4.
"""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncResult

from ..application.access import EXPORT
from ..application.queries import (
    Hidden,
    ListQuery,
    PageStyle,
    Paging,
    Path,
    Representation,
    Scope,
)
from ..core.json import dumps
from .cursors import decode_cursor, encode_cursor
from .database_errors import is_outdated, translated
from .engine import querying, snapshot
from .exports import CsvTable, JsonArray
from .past import Past
from .read_model import Document, ReadModel
from .resource_statements import ResourceStatements, expand_tree
from .row_keys import key_values
from .row_source import EngineRows, Rows, RowSource

_EXPORT_CHUNK = 500
_EXISTING_CHUNK = 500
"""How many identifiers one statement asks for: databases limit the number of parameters."""


class SqlResourceReader[IdT]:
    """The read side of one resource."""

    def __init__(self, engine: AsyncEngine, model: ReadModel, paging: Paging) -> None:
        """Read `model`, and cut its lists as `paging` says."""
        self._engine = engine
        self._model = model
        self._paging = paging
        self._statements = ResourceStatements[IdT](model)

    def narrowed(
        self, conditions: Sequence[ColumnElement[bool]], *, operation: str
    ) -> "SqlResourceReader[IdT]":
        """Return a reader of the rows that meet the conditions too, permitted by `operation`."""
        found = SqlResourceReader[IdT](self._engine, self._model, self._paging)
        found._statements = ResourceStatements[IdT](
            self._model, narrowing=conditions, operation=operation
        )
        return found

    async def page(self, query: ListQuery) -> Representation:
        """Return a page as its style has it: `PaginatedResponse` or `CursorPage`.

        Raises:
            ValidationError: The cursor does not belong to the query.
        """
        if self._paging.style is PageStyle.CURSOR:
            return Representation(body=dumps(await self._cursor_page(query)))
        return Representation(body=dumps(await self._numbered_page(query)))

    async def one(
        self,
        id: IdT,
        *,
        expand: tuple[Path, ...] = (),
        scope: Scope | None = None,
        hidden: Hidden = (),
        known: int | None = None,
    ) -> Representation | None:
        """Return one resource, or None; if its version is `known`, without a body.

        Where reads are noted, what is shown is always read.
        """
        model = self._model.asked.without(hidden)
        tree = expand_tree(expand)
        if model.reads is not None:
            known = None
        statement, values = self._statements.one(id, expand, scope, hidden, known)
        with translated(model.resource):
            async with querying(self._engine) as source:
                rows = await source.rows(statement, values)
                if not rows:
                    return None
                version = None if model.version is None else int(rows[0][-1])
                if version is not None and version == known:
                    return Representation(body=b"", version=version)
                documents = await model.documents(source, rows, tree)
        return Representation(body=dumps(documents[0]), version=version)

    async def missing(
        self, ids: Sequence[IdT], *, scope: Scope | None = None, include_deleted: bool = False
    ) -> IdT | None:
        """Return the first of the identifiers that belongs to no resource, or None."""
        key = self._model.key
        column = key[0] if len(key) == 1 else sa.tuple_(*key)
        conditions = self._statements.visible(scope, include_deleted=include_deleted)
        found: set[Any] = set()
        with translated(self._model.resource):
            async with querying(self._engine) as source:
                for start in range(0, len(ids), _EXISTING_CHUNK):
                    wanted = [key_values(id) for id in ids[start : start + _EXISTING_CHUNK]]
                    sought = [values[0] for values in wanted] if len(key) == 1 else wanted
                    rows = await source.rows(sa.select(*key).where(column.in_(sought), *conditions))
                    found.update(tuple(row) for row in rows)
        return next((id for id in ids if key_values(id) not in found), None)

    async def version(self, id: IdT) -> int | None:
        """Return the stored version of a resource, or None."""
        if self._model.version is None:
            return None
        found: int | None = await self._scalar(
            sa.select(self._model.version).where(*self._statements.is_(id, None))
        )
        return found

    async def history(
        self, id: IdT, *, scope: Scope | None = None, hidden: Hidden = ()
    ) -> bytes | None:
        """Return the moves and changes of one resource, oldest first; None when it is not there."""
        model = self._model
        past = Past(moves=model.history, changes=model.changes)
        with translated(model.resource):
            async with querying(self._engine) as source:
                if not await source.rows(
                    sa.select(*model.key).where(*self._statements.is_(id, scope))
                ):
                    return None
                return dumps(await past.of(source, key_values(id), hidden))

    async def rows(self, query: ListQuery) -> bytes:
        """Return the first `query.size` resources as an array."""
        return dumps(await self._first(query, query.size))

    async def first(self, query: ListQuery) -> bytes | None:
        """Return the first resource, or None."""
        found = await self._first(query, 1)
        return dumps(found[0]) if found else None

    async def _first(self, query: ListQuery, number: int) -> list[Document]:
        model = self._model.asked.without(query.hidden)
        statement = self._statements.listed(query).limit(number)
        with translated(model.resource):
            async with querying(self._engine) as source:
                return await model.fetch(source, statement, expand_tree(query.expand))

    async def count(self, query: ListQuery) -> int:
        """Return how many resources match."""
        return int(await self._scalar(self._statements.total(query)))

    async def export(
        self, query: ListQuery, *, format: Literal["csv", "json"]
    ) -> AsyncGenerator[bytes, None]:
        """Yield all resources that match, as one document in pieces."""
        model = self._model.asked.without(query.hidden)
        writer = CsvTable(model) if format == "csv" else JsonArray()
        statement = self._statements.listed(query, operation=EXPORT)
        with translated(model.resource):
            async with snapshot(self._engine) as connection:
                source = EngineRows(connection)
                streamed = await _streamed(connection, statement)
                # Only now: whoever has the first piece knows that the database answers.
                yield writer.begin()
                async for rows in streamed.partitions(_EXPORT_CHUNK):
                    yield writer.piece(await model.documents(source, rows, {}))
        yield writer.end()

    async def _numbered_page(self, query: ListQuery) -> Document:
        is_whole = self._paging.style is PageStyle.NONE
        page, size = (1, self._paging.max_size) if is_whole else (query.page, query.size)
        tree = expand_tree(query.expand)
        model = self._model.asked.without(query.hidden)
        # Where nothing is counted, one more than asked for tells whether there is a next page.
        read = size if query.count else size + 1
        statement, values = self._statements.numbered(query, size=read, skip=(page - 1) * size)
        with translated(self._model.resource):
            async with querying(self._engine) as source:
                rows = await source.rows(statement, values)
                items = await model.documents(source, rows[:size], tree)
                total = await self._total(source, query, rows) if query.count else None
        pages = None if total is None else -(-total // size)
        return {
            "items": items,
            "total": total,
            "page": page,
            "size": size,
            "pages": pages,
            "has_next": len(rows) > size if pages is None else page < pages,
            "has_previous": page > 1,
        }

    async def _total(self, source: RowSource, query: ListQuery, rows: Rows) -> int:
        """Return how many match, of which these are a page."""
        if rows:
            return int(rows[0][-1])
        if query.page == 1:
            return 0
        # A page after the last one has no row that would say.
        return int((await source.rows(self._statements.total(query)))[0][0])

    async def _cursor_page(self, query: ListQuery) -> Document:
        keys = self._statements.sort_keys(query)
        order = ",".join(
            f"{'-' if sort.descending else ''}{'.'.join(sort.path)}" for sort in query.sort
        )
        tree = expand_tree(query.expand)
        model = self._model.asked.without(query.hidden)
        if model.language:
            # A position among texts of one language says nothing of those of another.
            order = f"{order};{model.language}"
        position = None if query.cursor is None else decode_cursor(query.cursor, order, keys)
        # One more than asked for tells whether there is a next page.
        statement, values = self._statements.following(query, position)
        with translated(self._model.resource):
            async with querying(self._engine) as source:
                rows = await source.rows(statement, values)
                items = await model.documents(source, rows[: query.size], tree)
        has_next = len(rows) > query.size
        next_cursor = encode_cursor(order, rows[query.size - 1][-len(keys) :]) if has_next else None
        return {"items": items, "next_cursor": next_cursor, "has_next": has_next}

    async def _scalar(self, statement: sa.Select[Any]) -> Any:
        with translated(self._model.resource):
            async with querying(self._engine) as source:
                rows = await source.rows(statement)
                return rows[0][0] if rows else None


async def _streamed(connection: AsyncConnection, statement: sa.Select[Any]) -> AsyncResult[Any]:
    """Begin to read what a statement finds."""
    options = {"yield_per": _EXPORT_CHUNK}
    try:
        streamed: AsyncResult[Any] = await connection.stream(statement, execution_options=options)
    except DBAPIError as error:
        if not is_outdated(error):
            raise
        await connection.rollback()
        streamed = await connection.stream(statement, execution_options=options)
    return streamed
