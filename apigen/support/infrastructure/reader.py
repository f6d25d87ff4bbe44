"""Answer queries of one resource with bytes: Core statements, rows, JSON.

Every read is one statement on its own, or a few on one connection; an export sees one state of
the database from its first row to its last.

Source: requirements 3.3, 3.4.
"""

from collections.abc import AsyncIterator, Callable, Hashable, Mapping, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncEngine

from ..application.access import EXPORT, READ
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
from .database_errors import translated
from .engine import querying, snapshot
from .exports import CsvTable, JsonArray
from .ordering import SortKey, after
from .read_model import Document, Expand, ReadModel
from .row_source import EngineRows
from .specification_sql import contains, to_sql

_EXPORT_CHUNK = 500
_EXISTING_CHUNK = 500
"""How many identifiers one statement asks for: databases limit the number of parameters."""

_KEPT = 64
"""How many statements for one resource are kept: one for each way to expand and version."""

_MOVE = ("from_state", "to_state", "actor_id", "occurred_at")
"""What is told of a move of a lifecycle."""


class SqlResourceReader[IdT]:
    """The read side of one resource."""

    def __init__(self, engine: AsyncEngine, model: ReadModel, paging: Paging) -> None:
        """Read `model`, and cut its lists as `paging` says."""
        self._engine = engine
        self._model = model
        self._paging = paging
        self._narrowing: tuple[ColumnElement[bool], ...] = ()
        self._operation = READ
        self._kept: dict[Hashable, sa.Select[Any]] = {}

    def narrowed(
        self, conditions: Sequence[ColumnElement[bool]], *, operation: str
    ) -> "SqlResourceReader[IdT]":
        """Return a reader of the rows that meet the conditions too, permitted by `operation`."""
        found = SqlResourceReader[IdT](self._engine, self._model, self._paging)
        found._narrowing = tuple(conditions)
        found._operation = operation
        return found

    async def page(self, query: ListQuery) -> bytes:
        """Return a page as its style has it: `PaginatedResponse` or `CursorPage`.

        Raises:
            ValidationError: The cursor does not belong to the query.
        """
        if self._paging.style is PageStyle.CURSOR:
            return dumps(await self._cursor_page(query))
        return dumps(await self._numbered_page(query))

    async def one(
        self,
        id: IdT,
        *,
        expand: tuple[Path, ...] = (),
        scope: Scope | None = None,
        hidden: Hidden = (),
    ) -> Representation | None:
        """Return one resource, or None."""
        model = self._model.without(hidden)
        tree = expand_tree(expand)
        statement, values = self._one(id, expand, scope, hidden)
        with translated(model.resource):
            async with querying(self._engine) as source:
                rows = await source.rows(statement, values)
                if not rows:
                    return None
                documents = await model.documents(source, rows, tree)
        version = None if model.version is None else int(rows[0][-1])
        return Representation(body=dumps(documents[0]), version=version)

    def _one(
        self, id: IdT, expand: tuple[Path, ...], scope: Scope | None, hidden: Hidden
    ) -> tuple[sa.Select[Any], Mapping[str, Any] | None]:
        """Return the statement for one resource, and the values that it is to be asked with."""
        if self._model.access is None:
            keys = {f"key_{place}": value for place, value in enumerate(_values(id))}
            scoped = {f"scope_{name}": value for name, value in (scope or {}).items()}
            return self._by_key(expand, tuple(scope or ()), hidden), keys | scoped
        return self._documents(expand, hidden).where(*self._is(id, scope)), None

    def _by_key(
        self, expand: tuple[Path, ...], scope: tuple[str, ...], hidden: Hidden
    ) -> sa.Select[Any]:
        """Return the statement for any one resource, with names in place of values."""

        def build() -> sa.Select[Any]:
            same = [
                column == sa.bindparam(f"key_{place}")
                for place, column in enumerate(self._model.key)
            ]
            named: Scope = {name: sa.bindparam(f"scope_{name}") for name in scope}
            return self._documents(expand, hidden).where(*same, *self._visible(named))

        return self._keep((expand, scope, hidden), build)

    def _keep(self, key: Hashable, build: Callable[[], sa.Select[Any]]) -> sa.Select[Any]:
        """Return the statement that is kept under `key`, or a new one, kept while there is room."""
        kept = self._kept.get(key)
        if kept is None:
            kept = build()
            if len(self._kept) < _KEPT:
                self._kept[key] = kept
        return kept

    def _documents(self, expand: tuple[Path, ...], hidden: Hidden) -> sa.Select[Any]:
        statement = self._model.without(hidden).select(expand_tree(expand))
        version = self._model.version
        return statement if version is None else statement.add_columns(version)

    async def missing(
        self, ids: Sequence[IdT], *, scope: Scope | None = None, include_deleted: bool = False
    ) -> IdT | None:
        """Return the first of the identifiers that belongs to no resource, or None."""
        key = self._model.key
        column = key[0] if len(key) == 1 else sa.tuple_(*key)
        conditions = self._visible(scope, include_deleted=include_deleted)
        found: set[Any] = set()
        with translated(self._model.resource):
            async with querying(self._engine) as source:
                for start in range(0, len(ids), _EXISTING_CHUNK):
                    wanted = [_values(id) for id in ids[start : start + _EXISTING_CHUNK]]
                    sought = [values[0] for values in wanted] if len(key) == 1 else wanted
                    rows = await source.rows(sa.select(*key).where(column.in_(sought), *conditions))
                    found.update(tuple(row) for row in rows)
        return next((id for id in ids if _values(id) not in found), None)

    async def version(self, id: IdT) -> int | None:
        """Return the stored version of a resource, or None."""
        if self._model.version is None:
            return None
        found: int | None = await self._scalar(
            sa.select(self._model.version).where(*self._is(id, None))
        )
        return found

    async def history(self, id: IdT, *, scope: Scope | None = None) -> bytes | None:
        """Return the moves of one resource, oldest first; None when it is not there."""
        model = self._model
        table = model.history
        if table is None:
            raise LookupError(f"no moves of {model.resource} are noted")
        owners = [table.c[f"owner_{column.name}"] for column in model.key]
        moves = (
            sa.select(*(table.c[name] for name in _MOVE))
            .where(*(owner == value for owner, value in zip(owners, _values(id), strict=True)))
            .order_by(table.c.occurred_at, table.c.id)
        )
        with translated(model.resource):
            async with querying(self._engine) as source:
                if not await source.rows(sa.select(*model.key).where(*self._is(id, scope))):
                    return None
                found = await source.rows(moves)
        return dumps([dict(zip(_MOVE, move, strict=True)) for move in found])

    async def rows(self, query: ListQuery) -> bytes:
        """Return the first `query.size` resources as an array."""
        return dumps(await self._first(query, query.size))

    async def first(self, query: ListQuery) -> bytes | None:
        """Return the first resource, or None."""
        found = await self._first(query, 1)
        return dumps(found[0]) if found else None

    async def _first(self, query: ListQuery, number: int) -> list[Document]:
        model = self._model.without(query.hidden)
        statement = (
            model.select({})
            .where(*self._conditions(query))
            .order_by(*(key.clause() for key in self._sort_keys(query)))
            .limit(number)
        )
        with translated(model.resource):
            async with querying(self._engine) as source:
                return await model.fetch(source, statement, {})

    async def count(self, query: ListQuery) -> int:
        """Return how many resources match."""
        return int(await self._scalar(self._total(self._conditions(query))))

    async def export(
        self, query: ListQuery, *, format: Literal["csv", "json"]
    ) -> AsyncIterator[bytes]:
        """Yield all resources that match, as one document in pieces."""
        model = self._model.without(query.hidden)
        writer = CsvTable(model) if format == "csv" else JsonArray()
        statement = (
            model.select({})
            .where(*self._conditions(query, operation=EXPORT))
            .order_by(*(key.clause() for key in self._sort_keys(query)))
        )
        async with snapshot(self._engine) as connection:
            source = EngineRows(connection)
            streamed = await connection.stream(
                statement, execution_options={"yield_per": _EXPORT_CHUNK}
            )
            # Only now: whoever has the first piece knows that the database answers.
            yield writer.begin()
            async for rows in streamed.partitions(_EXPORT_CHUNK):
                yield writer.piece(await model.documents(source, rows, {}))
        yield writer.end()

    async def _numbered_page(self, query: ListQuery) -> Document:
        is_whole = self._paging.style is PageStyle.NONE
        page, size = (1, self._paging.max_size) if is_whole else (query.page, query.size)
        tree = expand_tree(query.expand)
        model = self._model.without(query.hidden)
        limits = {"size": size, "skip": (page - 1) * size}
        if self._is_plain(query):
            key = (query.expand, query.hidden, query.sort)
            statement, values = self._keep(key, lambda: self._numbered(query)), limits
        else:
            statement, values = self._numbered(query, **limits), None
        with translated(self._model.resource):
            async with querying(self._engine) as source:
                rows = await source.rows(statement, values)
                items = await model.documents(source, rows, tree)
                if rows:
                    count = int(rows[0][-1])
                elif page == 1:
                    count = 0
                else:
                    total = self._total(self._conditions(query))
                    count = int((await source.rows(total))[0][0])
        pages = -(-count // size)
        return {
            "items": items,
            "total": count,
            "page": page,
            "size": size,
            "pages": pages,
            "has_next": page < pages,
            "has_previous": page > 1,
        }

    def _is_plain(self, query: ListQuery) -> bool:
        """Whether all rows are asked for that there are: nothing but limits differs then."""
        asks = query.where is not None or query.search or query.scope
        return not asks and not self._narrowing and self._model.access is None

    def _numbered(
        self, query: ListQuery, *, size: int | None = None, skip: int | None = None
    ) -> sa.Select[Any]:
        """Return the statement for a page with the total, with names for limits not given."""
        conditions = self._conditions(query)
        total = self._total(conditions).correlate(None).scalar_subquery()
        number = sa.Integer()
        return (
            self._model.without(query.hidden)
            .select(expand_tree(query.expand))
            .add_columns(total)
            .where(*conditions)
            .order_by(*(key.clause() for key in self._sort_keys(query)))
            .limit(sa.bindparam("size", type_=number) if size is None else size)
            .offset(sa.bindparam("skip", type_=number) if skip is None else skip)
        )

    async def _cursor_page(self, query: ListQuery) -> Document:
        keys = self._sort_keys(query)
        order = ",".join(
            f"{'-' if sort.descending else ''}{'.'.join(sort.path)}" for sort in query.sort
        )
        conditions = self._conditions(query)
        if query.cursor is not None:
            conditions.append(after(keys, decode_cursor(query.cursor, order, keys)))
        tree = expand_tree(query.expand)
        model = self._model.without(query.hidden)
        statement = (
            model.select(tree)
            .add_columns(*(key.column for key in keys))
            .where(*conditions)
            .order_by(*(key.clause() for key in keys))
            # One more than asked for tells whether there is a next page.
            .limit(query.size + 1)
        )
        with translated(self._model.resource):
            async with querying(self._engine) as source:
                rows = await source.rows(statement)
                items = await model.documents(source, rows[: query.size], tree)
        has_next = len(rows) > query.size
        next_cursor = encode_cursor(order, rows[query.size - 1][-len(keys) :]) if has_next else None
        return {"items": items, "next_cursor": next_cursor, "has_next": has_next}

    def _conditions(
        self, query: ListQuery, *, operation: str | None = None
    ) -> list[ColumnElement[bool]]:
        model = self._model
        conditions = self._visible(query.scope, operation=operation or self._operation)
        conditions += self._narrowing
        if query.where is not None:
            conditions.append(to_sql(query.where, model.target))
        searched = model.without(query.hidden).search
        for word in (query.search or "").split():
            conditions.append(sa.or_(sa.false(), *(contains(c, word) for c in searched)))
        return conditions

    def _visible(
        self, scope: Scope | None, *, include_deleted: bool = False, operation: str = READ
    ) -> list[ColumnElement[bool]]:
        model = self._model
        conditions = [] if model.access is None else model.access.readable(operation)
        if model.live is not None and not include_deleted:
            conditions.append(model.live)
        for name, value in (scope or {}).items():
            conditions.append(model.target((name,)).column == value)
        return conditions

    def _is(self, id: IdT, scope: Scope | None) -> list[ColumnElement[bool]]:
        pairs = zip(self._model.key, _values(id), strict=True)
        same = [column == value for column, value in pairs]
        return [*same, *self._visible(scope)]

    def _sort_keys(self, query: ListQuery) -> list[SortKey]:
        """Return the order of a query; the key ends it, in the direction of the last step."""
        keys = []
        for sort in query.sort:
            column, nullable = self._model.sort_column(sort.path)
            keys.append(SortKey(column=column, descending=sort.descending, nullable=nullable))
        descending = bool(query.sort) and query.sort[-1].descending
        return keys + [
            SortKey(column=column, descending=descending, nullable=False)
            for column in self._model.key
        ]

    def _total(self, conditions: list[ColumnElement[bool]]) -> sa.Select[Any]:
        return sa.select(sa.func.count()).select_from(self._model.table).where(*conditions)

    async def _scalar(self, statement: sa.Select[Any]) -> Any:
        with translated(self._model.resource):
            async with querying(self._engine) as source:
                rows = await source.rows(statement)
                return rows[0][0] if rows else None


def _values(id: object) -> tuple[object, ...]:
    """Return the values of the key's columns."""
    return tuple(id) if isinstance(id, tuple) else (id,)


def expand_tree(paths: tuple[Path, ...]) -> Expand:
    """Return what to embed as a tree: `customer` and `lines.product` become two branches."""
    tree: dict[str, Any] = {}
    for path in paths:
        branch = tree
        for name in path:
            branch = branch.setdefault(name, {})
    return tree
