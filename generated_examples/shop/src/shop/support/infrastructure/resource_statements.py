"""What is asked of the database about one resource, as Core statements.

Statements in which nothing but values differs from one request to the next are kept, with names in
place of the values: they are built, and compiled, once. Knows nothing of connections.

Source: requirements 3.3, 3.4, 15.2.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from ..application.access import READ
from ..application.queries import Hidden, ListQuery, Path, Scope
from .ordering import SortKey, after
from .read_model import Expand, ReadModel
from .row_keys import has_key, key_values, named_key
from .specification_sql import as_it_is, is_like, like_pattern, named, shape, to_sql

_KEPT = 128
"""How many statements are kept: of all that clients may think of, those that were asked last."""

_KNOWN = "known_version"

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

    def one(
        self,
        id: IdT,
        expand: tuple[Path, ...],
        scope: Scope | None,
        hidden: Hidden,
        known: int | None = None,
    ) -> Asked:
        """Return the statement for one resource; its version comes last, if it has one.

        When the version is `known`, everything else of the row is null, and is not read.
        """
        if self._model.access is not None:
            return self._documents(expand, hidden, known).where(*self.is_(id, scope)), None
        names = tuple(scope or ())
        key = ("one", self._asked.language, expand, names, hidden, known is None)
        kept = self._keep(key, lambda: self._by_key(expand, names, hidden, known))
        values = named_key(id) | {f"scope_{name}": value for name, value in (scope or {}).items()}
        return kept, values if known is None else values | {_KNOWN: known}

    def numbered(self, query: ListQuery, *, size: int, skip: int) -> Asked:
        """Return the statement for a page; the number of all rows comes last, if it is asked for.

        Args:
            query: What the list is asked for.
            size: How many rows.
            skip: How many rows come before.
        """
        limits = {"size": size, "skip": skip}
        kind = "counted" if query.count else "page"
        return self._of_list(kind, query, limits, lambda names: self._page(query, names))

    def following(self, query: ListQuery, position: Sequence[object] | None) -> Asked:
        """Return the statement for the rows after a position, one more than a page has of them.

        The values of the sort keys come last.

        Args:
            query: What the list is asked for.
            position: The values of the sort keys of a row; None for the beginning.
        """
        values: dict[str, object] = {"size": query.size + 1}
        if position is not None:
            values |= {f"after_{place}": value for place, value in enumerate(position)}
        return self._of_list("part", query, values, lambda names: self._part(query, names))

    def listed(self, query: ListQuery, *, operation: str | None = None) -> sa.Select[Any]:
        """Return the statement for all documents that match, in order."""
        return self._ordered(query, self.conditions(query, operation=operation))

    def total(self, query: ListQuery) -> sa.Select[Any]:
        """Return the statement for the number of all that match."""
        return self._count(self.conditions(query))

    def conditions(
        self, query: ListQuery, *, operation: str | None = None, names: "_Names | None" = None
    ) -> list[ColumnElement[bool]]:
        """Return what the rows of a list must meet.

        Args:
            query: What the list is asked for.
            operation: What whoever is asking must be permitted.
            names: What its values are called; without them, they stand in the statement.

        Raises:
            UnauthenticatedError, ForbiddenError: Whoever is asking may see none.
        """
        model = self._asked
        scope = query.scope if names is None else names.scope
        conditions = self.visible(scope, operation=operation or self._operation)
        conditions += self._narrowing
        if query.where is not None:
            bind = as_it_is if names is None else names.bind
            conditions.append(to_sql(query.where, model.target, bind))
        searched = model.without(query.hidden).search
        patterns: Sequence[Any] = _patterns(query) if names is None else names.patterns
        for pattern in patterns:
            conditions.append(sa.or_(sa.false(), *(is_like(c, pattern) for c in searched)))
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

    def _of_list(
        self,
        kind: str,
        query: ListQuery,
        limits: Mapping[str, object],
        build: Callable[["_Names"], sa.Select[Any]],
    ) -> Asked:
        """Return a statement about a list, with its values apart where it can be kept."""
        names = _Names(self._asked, query, limits)
        if not self._is_same_for_all(query):
            return build(names), None
        language = self._asked.language
        key = (kind, language, query.expand, query.sort, query.hidden, names.shape)
        return self._keep(key, lambda: build(names)), names.values

    def _is_same_for_all(self, query: ListQuery) -> bool:
        """Whether a list does not depend on who is asking, or on anything but what it says.

        A condition or an order by what stands in another table sees of that what the actor may see.
        """
        model = self._model
        is_guarded = model.access is not None or any(map(model.is_guarded, query.looked_at()))
        return not is_guarded and not self._narrowing

    def _ordered(
        self, query: ListQuery, conditions: Sequence[ColumnElement[bool]]
    ) -> sa.Select[Any]:
        return (
            self._asked.without(query.hidden)
            .select(expand_tree(query.expand))
            .where(*conditions)
            .order_by(*(key.clause() for key in self.sort_keys(query)))
        )

    def _page(self, query: ListQuery, names: "_Names") -> sa.Select[Any]:
        conditions = self.conditions(query, names=names)
        statement = self._ordered(query, conditions)
        if query.count:
            total = self._count(conditions).correlate(None).scalar_subquery()
            statement = statement.add_columns(total)
        number = sa.BigInteger()
        return statement.limit(names.bound("size", number)).offset(names.bound("skip", number))

    def _part(self, query: ListQuery, names: "_Names") -> sa.Select[Any]:
        keys = self.sort_keys(query)
        statement = self._ordered(query, self.conditions(query, names=names))
        statement = statement.add_columns(*(key.column for key in keys))
        position = names.position(keys)
        if position:
            statement = statement.where(after(keys, position))
        return statement.limit(names.bound("size", sa.Integer()))

    def _by_key(
        self, expand: tuple[Path, ...], scope: tuple[str, ...], hidden: Hidden, known: int | None
    ) -> sa.Select[Any]:
        """Return the statement for any one resource, with names in place of values."""
        named: Scope = {name: sa.bindparam(f"scope_{name}") for name in scope}
        return self._documents(expand, hidden, known).where(
            *has_key(self._model.key), *self.visible(named)
        )

    def _documents(
        self, expand: tuple[Path, ...], hidden: Hidden, known: int | None
    ) -> sa.Select[Any]:
        statement = self._asked.without(hidden).select(expand_tree(expand))
        version = self._model.version
        if version is None:
            return statement
        if known is not None:
            is_other = version != sa.bindparam(_KNOWN, known, type_=sa.Integer())
            columns = [sa.case((is_other, column)) for column in statement.selected_columns]
            statement = statement.with_only_columns(*columns)
        return statement.add_columns(version)

    def _count(self, conditions: Sequence[ColumnElement[bool]]) -> sa.Select[Any]:
        return sa.select(sa.func.count()).select_from(self._model.table).where(*conditions)

    def _keep(self, key: Hashable, build: Callable[[], sa.Select[Any]]) -> sa.Select[Any]:
        """Return the statement that is kept under `key`."""
        kept = self._kept.pop(key, None)
        if kept is None:
            kept = build()
        # The last one asked for is the last one to go.
        self._kept[key] = kept
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return kept


class _Names:
    """What the values of a list are called in its statement."""

    def __init__(self, model: ReadModel, query: ListQuery, limits: Mapping[str, object]) -> None:
        self._limits = limits
        scope = query.scope or {}
        where, compared = (None, []) if query.where is None else shape(query.where, model.target)
        patterns = _patterns(query)
        nulls = tuple(name for name, value in limits.items() if value is None)
        self.shape: Hashable = where, len(patterns), tuple(scope), tuple(limits), nulls
        """The same for lists that differ in their values only."""
        self.values: dict[str, object] = {
            **{f"value_{place}": value for place, value in enumerate(compared)},
            **{f"pattern_{place}": value for place, value in enumerate(patterns)},
            **{f"scope_{name}": value for name, value in scope.items()},
            **limits,
        }
        self.scope: Scope = {
            name: self.bound(f"scope_{name}", model.target((name,)).column.type) for name in scope
        }
        self.patterns = [
            self.bound(f"pattern_{place}", sa.String()) for place in range(len(patterns))
        ]
        self._places = count()

    def bind(self, kind: sa.types.TypeEngine[Any], value: object) -> sa.BindParameter[Any]:
        """Return the name of the next value of the condition."""
        return named(f"value_{next(self._places)}", kind, value)

    def bound(self, name: str, kind: sa.types.TypeEngine[Any]) -> sa.BindParameter[Any]:
        """Return the name of a value, which has the value too: for a statement that is not kept."""
        return sa.bindparam(name, self.values[name], type_=kind)

    def position(self, keys: Sequence[SortKey]) -> list[sa.BindParameter[Any] | None]:
        """Return the names of the values of sort keys after which a part begins; none at first."""
        if "after_0" not in self._limits:
            return []
        return [
            None
            if self._limits[f"after_{place}"] is None
            else self.bound(f"after_{place}", key.column.type)
            for place, key in enumerate(keys)
        ]


def _patterns(query: ListQuery) -> list[str]:
    return [like_pattern(word) for word in (query.search or "").split()]


def expand_tree(paths: tuple[Path, ...]) -> Expand:
    """Return what to embed as a tree: `customer` and `lines.product` become two branches."""
    tree: dict[str, Any] = {}
    for path in paths:
        branch = tree
        for name in path:
            branch = branch.setdefault(name, {})
    return tree
