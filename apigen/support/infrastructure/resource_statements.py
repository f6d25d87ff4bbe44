"""What is asked of the database about one resource, as Core statements.

Statements in which nothing but values differs from one request to the next are kept, with names in
place of the values: they are built, and compiled, once. Knows nothing of connections.

Source: requirements 3.3, 3.4, 15.2.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from ..application.access import READ
from ..application.queries import Hidden, ListQuery, Path, Scope
from .ordering import SortKey
from .read_model import Expand, ReadModel
from .row_keys import has_key, key_values, named_key
from .specification_sql import contains, to_sql

_KEPT = 64
"""How many statements are kept, of all that clients may think of to expand and sort by."""

type Asked = tuple[sa.Select[Any], Mapping[str, Any] | None]
"""A statement, and the values of its names; None when it has its values in itself."""


class ResourceStatements[IdT]:
    """The statements about one resource."""

    def __init__(
        self,
        model: ReadModel,
        *,
        narrowing: Sequence[ColumnElement[bool]] = (),
        operation: str = READ,
    ) -> None:
        """Ask for rows of `model`.

        Args:
            model: How the resource is read.
            narrowing: What rows of lists must meet besides.
            operation: What whoever is asking must be permitted.
        """
        self._model = model
        self._narrowing = tuple(narrowing)
        self._operation = operation
        self._kept: dict[Hashable, sa.Select[Any]] = {}

    @property
    def _asked(self) -> ReadModel:
        """The model as the running request asks for it."""
        return self._model.asked

    def one(self, id: IdT, expand: tuple[Path, ...], scope: Scope | None, hidden: Hidden) -> Asked:
        """Return the statement for one resource; its version comes last, if it has one."""
        kept = None
        if self._model.access is None:
            names = tuple(scope or ())
            kept = self._keep(
                ("one", self._asked.language, expand, names, hidden),
                lambda: self._by_key(expand, names, hidden),
            )
        if kept is None:
            return self._documents(expand, hidden).where(*self.is_(id, scope)), None
        values = named_key(id) | {f"scope_{name}": value for name, value in (scope or {}).items()}
        return kept, values

    def numbered(self, query: ListQuery, *, size: int, skip: int) -> Asked:
        """Return the statement for a page; the number of all rows comes last."""
        kept = None
        if self._is_plain(query):
            kept = self._keep(
                ("page", self._asked.language, query.expand, query.sort, query.hidden),
                lambda: self._page(query),
            )
        if kept is None:
            return self._page(query, size=size, skip=skip), None
        return kept, {"size": size, "skip": skip}

    def listed(self, query: ListQuery, *, operation: str | None = None) -> sa.Select[Any]:
        """Return the statement for all documents that match, in order."""
        return (
            self._asked.without(query.hidden)
            .select(expand_tree(query.expand))
            .where(*self.conditions(query, operation=operation))
            .order_by(*(key.clause() for key in self.sort_keys(query)))
        )

    def total(self, query: ListQuery) -> sa.Select[Any]:
        """Return the statement for the number of all that match."""
        return self._count(self.conditions(query))

    def conditions(
        self, query: ListQuery, *, operation: str | None = None
    ) -> list[ColumnElement[bool]]:
        """Return what the rows of a list must meet.

        Raises:
            UnauthenticatedError, ForbiddenError: Whoever is asking may see none.
        """
        model = self._asked
        conditions = self.visible(query.scope, operation=operation or self._operation)
        conditions += self._narrowing
        if query.where is not None:
            conditions.append(to_sql(query.where, model.target))
        searched = model.without(query.hidden).search
        for word in (query.search or "").split():
            conditions.append(sa.or_(sa.false(), *(contains(c, word) for c in searched)))
        return conditions

    def visible(
        self, scope: Scope | None, *, include_deleted: bool = False, operation: str = READ
    ) -> list[ColumnElement[bool]]:
        """Return what rows must meet to be seen at all.

        Raises:
            UnauthenticatedError, ForbiddenError: Whoever is asking may see none.
        """
        model = self._model
        conditions = [] if model.access is None else model.access.readable(operation)
        if model.live is not None and not include_deleted:
            conditions.append(model.live)
        for name, value in (scope or {}).items():
            conditions.append(model.target((name,)).column == value)
        return conditions

    def is_(self, id: IdT, scope: Scope | None) -> list[ColumnElement[bool]]:
        """Return what the row of one resource meets, when it may be seen."""
        pairs = zip(self._model.key, key_values(id), strict=True)
        return [*(column == value for column, value in pairs), *self.visible(scope)]

    def sort_keys(self, query: ListQuery) -> list[SortKey]:
        """Return the order of a query; the key ends it, in the direction of the last step."""
        keys = []
        for sort in query.sort:
            column, nullable = self._asked.sort_column(sort.path)
            keys.append(SortKey(column=column, descending=sort.descending, nullable=nullable))
        descending = bool(query.sort) and query.sort[-1].descending
        return keys + [
            SortKey(column=column, descending=descending, nullable=False)
            for column in self._model.key
        ]

    def _is_plain(self, query: ListQuery) -> bool:
        """Whether a list differs by its limits only from others with its order.

        Not so when it depends on who is asking, in its order too: an order by what stands in
        another table sees of that what the actor may see.
        """
        asks = query.where is not None or query.search or query.scope or self._narrowing
        return (
            not asks
            and self._model.access is None
            and not any(self._model.is_guarded(sort.path) for sort in query.sort)
        )

    def _page(
        self, query: ListQuery, *, size: int | None = None, skip: int | None = None
    ) -> sa.Select[Any]:
        """Return the statement for a page, with names for the limits that are not given."""
        total = self._count(self.conditions(query)).correlate(None).scalar_subquery()
        number = sa.Integer()
        return (
            self.listed(query)
            .add_columns(total)
            .limit(sa.bindparam("size", type_=number) if size is None else size)
            .offset(sa.bindparam("skip", type_=number) if skip is None else skip)
        )

    def _by_key(
        self, expand: tuple[Path, ...], scope: tuple[str, ...], hidden: Hidden
    ) -> sa.Select[Any]:
        """Return the statement for any one resource, with names in place of values."""
        named: Scope = {name: sa.bindparam(f"scope_{name}") for name in scope}
        return self._documents(expand, hidden).where(
            *has_key(self._model.key), *self.visible(named)
        )

    def _documents(self, expand: tuple[Path, ...], hidden: Hidden) -> sa.Select[Any]:
        statement = self._asked.without(hidden).select(expand_tree(expand))
        version = self._model.version
        return statement if version is None else statement.add_columns(version)

    def _count(self, conditions: Sequence[ColumnElement[bool]]) -> sa.Select[Any]:
        return sa.select(sa.func.count()).select_from(self._model.table).where(*conditions)

    def _keep(self, key: Hashable, build: Callable[[], sa.Select[Any]]) -> sa.Select[Any] | None:
        """Return the statement that is kept under `key`, None when there is no room for it."""
        kept = self._kept.get(key)
        if kept is None and len(self._kept) < _KEPT:
            kept = self._kept[key] = build()
        return kept


def expand_tree(paths: tuple[Path, ...]) -> Expand:
    """Return what to embed as a tree: `customer` and `lines.product` become two branches."""
    tree: dict[str, Any] = {}
    for path in paths:
        branch = tree
        for name in path:
            branch = branch.setdefault(name, {})
    return tree
