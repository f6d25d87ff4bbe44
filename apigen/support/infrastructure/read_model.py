"""What a resource looks like in JSON, and the statements that fetch it.

A read model names the columns of a document, its collections and what may be embedded in it. Rows
become dictionaries of JSON-ready values without any domain object in between: one statement for
the rows, one more for each collection and each embedded path, whatever the number of rows.
Knows nothing of requests: which rows, in which order, is the caller's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import Select

from ..application.queries import Hidden
from ..domain.entity import AggregateRoot
from .hidden_parts import parts_below, remove, without_parts
from .json_columns import json_ready
from .ordering import SortKey, by_code_point
from .repository import SqlRepository
from .row_access import RowAccess
from .row_source import ReadBook, RowSource
from .specification_sql import Target

_CHUNK = 500
"""How many keys one statement asks for: databases limit the number of parameters."""

type Document = dict[str, Any]
"""A JSON object under construction."""

type Expand = Mapping[str, "Expand"]
"""What to embed: name to what to embed in that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """A value object stored in columns; a nullable one is null when all its parts are."""

    name: str
    parts: tuple["Output", ...]
    nullable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A value that is read from a column with the key of its row, such as an encrypted one."""

    name: str
    column: ColumnElement[Any]
    key: tuple[ColumnElement[Any], ...]
    # Rows hold whatever the types of the columns say, hence Any.
    open: Callable[[Any, Any], Any]
    """Takes what the column has, and the key; a key of several columns is a tuple."""
    found_by: ColumnElement[Any] | None = None
    """The column that rows are found by: its blind index. None: the column itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """A value of which a version of the API does not show every part."""

    name: str
    whole: "ColumnElement[Any] | Composite | Opened"
    hidden: Hidden


type Output = ColumnElement[Any] | Composite | Opened | Pruned
"""A key of a document: a column or label under its own name, or what is made of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """A collection of owned rows, embedded always."""

    name: str
    model: "ReadModel"
    parent: ColumnElement[Any]
    """The child's foreign key."""
    order_by: tuple[ColumnElement[Any], ...]
    to_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """The sorted identifiers on the other side of a join table."""

    name: str
    owner: ColumnElement[Any]
    target: ColumnElement[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """Documents of another resource that a client may ask to have embedded."""

    model: Callable[[], "ReadModel"]
    """A function, because two resources may embed each other."""
    local: ColumnElement[Any]
    """The column of this table whose values are looked for."""
    match: ColumnElement[Any]
    """The column that has to have them: of the other table, or of a join table."""
    joins: tuple[ColumnElement[bool], ...] = ()
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A column of another table that rows are filtered or sorted by."""

    column: ColumnElement[Any]
    joins: tuple[ColumnElement[bool], ...]
    """Conditions that lead from the row to that table."""
    to_one: bool
    """At most one row is found there."""
    access: tuple[RowAccess, ...] = ()
    """Who may read the rows of the tables that it crosses: what nobody may see, nobody can find
    out by filtering."""

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The joins, and what whoever is asking may see on the way."""
        return [*self.joins, *(one for access in self.access for one in access.embeddable())]


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadModel:
    """How one resource, or one kind of child, is read."""

    resource: str
    table: sa.FromClause
    key: tuple[ColumnElement[Any], ...]
    outputs: tuple[Output, ...]
    collections: tuple[Children | Identifiers, ...] = ()
    expansions: Mapping[str, Embedded] = field(default_factory=dict)
    paths: Mapping[str, ColumnElement[Any] | Path] = field(default_factory=dict)
    """What else may be filtered and sorted by, beside the outputs: `customer.name`."""
    search: tuple[ColumnElement[Any], ...] = ()
    live: ColumnElement[bool] | None = None
    """Which rows are not deleted; None when deleted rows are gone."""
    access: RowAccess | None = None
    """Who may read which rows; None when everybody may read all."""
    version: ColumnElement[int] | None = None
    history: sa.Table | None = None
    """Where the moves of its lifecycle are noted, if they are."""
    changes: sa.Table | None = None
    """Where its changes are noted, if they are."""
    reads: ReadBook | None = None
    """Where is noted who was shown which, if it is."""
    repository: type[SqlRepository[Any, Any, Any]] | None = None
    derive: Callable[[Any, Document], None] | None = None
    """Adds computed values that no database can work out; takes the aggregate, and a document
    that has everything else."""
    derived: tuple[str, ...] = ()
    """The names of these values."""
    language: str = ""
    """What its texts are in, where a resource has them in several languages."""

    @property
    def asked(self) -> "ReadModel":
        """The model as the running request asks for it: the same but for localized texts."""
        return self

    def without(self, hidden: Hidden) -> "ReadModel":
        """Return the model of what is shown to clients of a version that lacks some fields."""
        if not hidden:
            return self
        if hidden not in self._without:
            self._without[hidden] = self._reduced(hidden)
        return self._without[hidden]

    @cached_property
    def _without(self) -> dict[Hidden, "ReadModel"]:
        return {}

    def _reduced(self, hidden: Hidden) -> "ReadModel":
        gone = {path[0] for path in hidden if len(path) == 1}
        kept = tuple(
            _pruned(output, parts_below(hidden, _name(output)))
            for output in self.outputs
            if _name(output) not in gone
        )
        lost = [_named((output,)) for output in self.outputs if _name(output) in gone]
        columns = {id(column) for found in lost for column in found.values()}
        return replace(
            self,
            outputs=kept,
            search=tuple(column for column in self.search if id(column) not in columns),
            collections=tuple(
                replace(one, model=one.model.without(parts_below(hidden, one.name)))
                if isinstance(one, Children)
                else one
                for one in self.collections
                if one.name not in gone
            ),
            expansions={
                name: replace(one, model=_reduced_later(one.model, parts_below(hidden, name)))
                for name, one in self.expansions.items()
            },
            derive=None if self.derive is None else _derive_without(self.derive, hidden),
            derived=tuple(name for name in self.derived if name not in gone),
        )

    @cached_property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        """The columns of the documents, in a flat row."""
        return tuple(_flat(self.outputs))

    @cached_property
    def document(self) -> Callable[[Sequence[Any]], Document]:
        """The function that makes a document of the first columns of a row."""
        return _builder(self.outputs)

    def target(self, path: tuple[str, ...]) -> Target:
        """Return the column that a path of names leads to.

        Raises:
            KeyError: The model has no such path.
        """
        found = self._by_path[".".join(path)]
        if not isinstance(found, Path):
            return Target(column=found)
        return Target(
            column=found.column,
            holds=lambda condition: (
                sa.select(sa.literal(1)).where(*found.conditions, condition).correlate(self.table)
            ).exists(),
            crosses_one=found.to_one,
        )

    def sort_column(self, path: tuple[str, ...]) -> tuple[ColumnElement[Any], bool]:
        """Return the column to sort by, and whether it may be null."""
        found = self._by_path[".".join(path)]
        if isinstance(found, Path):
            looked_up = sa.select(found.column).where(*found.conditions).correlate(self.table)
            return looked_up.scalar_subquery(), True
        return found, bool(found.nullable) if isinstance(found, sa.Column) else True

    def is_guarded(self, path: tuple[str, ...]) -> bool:
        """Tell whether what a path leads to depends on who is asking."""
        found = self._by_path[".".join(path)]
        return isinstance(found, Path) and bool(found.access)

    @cached_property
    def _by_path(self) -> dict[str, ColumnElement[Any] | Path]:
        return {**_named(self.outputs), **self.paths}

    @cached_property
    def _needs_keys(self) -> bool:
        return bool(self.collections or self.derive or self.reads)

    @cached_property
    def _shown(self) -> frozenset[str]:
        return frozenset((*map(_name, self.outputs), *self.derived))

    def select(self, expand: Expand) -> Select[Any]:
        """Return the statement for documents; `fetch` needs columns beyond those of a document."""
        return sa.select(*self.columns, *self._hidden(expand))

    def _hidden(self, expand: Expand) -> list[ColumnElement[Any]]:
        """Return the columns that lead to collections and embedded documents."""
        keys = list(self.key) if self._needs_keys else []
        return keys + [self.expansions[name].local for name in expand if name in self.expansions]

    async def fetch(
        self, source: RowSource, statement: Select[Any], expand: Expand
    ) -> list[Document]:
        """Run a statement made of `select(expand)` and return its documents, in its order."""
        rows = await source.rows(statement)
        return await self.documents(source, rows, expand)

    async def documents(
        self, source: RowSource, rows: Sequence[Sequence[Any]], expand: Expand
    ) -> list[Document]:
        """Make complete documents of rows of a statement made of `select(expand)`."""
        document = self.document
        made = [document(row) for row in rows]
        if not made:
            return made
        place = len(self.columns)
        keys: list[Any] = []
        if self._needs_keys:
            keys = [tuple(row[place : place + len(self.key)]) for row in rows]
            place += len(self.key)
        if self.reads is not None:
            await self.reads.note(source, keys, self._shown)
        for collection in self.collections:
            await self._collect(source, collection, made, [key[0] for key in keys], expand)
        if self.derive is not None and self.repository is not None:
            await self._derive(source, self.derive, made, keys)
        for name in expand:
            expansion = self.expansions.get(name)
            if expansion is None:
                continue
            wanted = [row[place] for row in rows]
            place += 1
            found = await _related(source, expansion, wanted, expand[name])
            for body, value in zip(made, wanted, strict=True):
                related = found.get(value, [])
                embedded = body.setdefault("expanded", {})
                embedded[name] = related if expansion.many else next(iter(related), None)
        return made

    async def _collect(
        self,
        source: RowSource,
        collection: Children | Identifiers,
        made: list[Document],
        keys: list[Any],
        expand: Expand,
    ) -> None:
        found: dict[Any, list[Any]] = {}
        for chunk in _chunks(keys):
            if isinstance(collection, Identifiers):
                await _identifiers(source, collection, chunk, found)
            else:
                await _children(source, collection, chunk, found, expand.get(collection.name, {}))
        to_one = isinstance(collection, Children) and collection.to_one
        for body, key in zip(made, keys, strict=True):
            items = found.get(key, [])
            body[collection.name] = next(iter(items), None) if to_one else items

    async def _derive(
        self,
        source: RowSource,
        derive: Callable[[Any, Document], None],
        made: list[Document],
        keys: list[tuple[Any, ...]],
    ) -> None:
        if self.repository is None:
            return
        async with AsyncSession(source.bind, autoflush=False) as session:
            repository = self.repository(session)
            ids = [key if len(key) > 1 else key[0] for key in keys]
            for body, id in zip(made, ids, strict=True):
                aggregate: AggregateRoot[Any] | None = await repository.get(
                    id, include_deleted=True
                )
                if aggregate is not None:
                    derive(aggregate, body)


async def _children(
    source: RowSource,
    collection: Children,
    keys: Sequence[Any],
    found: dict[Any, list[Any]],
    expand: Expand,
) -> None:
    model = collection.model.asked
    statement = (
        model.select(expand)
        .add_columns(collection.parent)
        .where(collection.parent.in_(keys))
        .order_by(
            *(
                SortKey(
                    column=column,
                    descending=False,
                    nullable=isinstance(column, sa.Column) and bool(column.nullable),
                ).clause()
                for column in collection.order_by
            )
        )
    )
    rows = await source.rows(statement)
    documents = await model.documents(source, rows, expand)
    for row, document in zip(rows, documents, strict=True):
        found.setdefault(row[-1], []).append(document)


async def _identifiers(
    source: RowSource,
    collection: Identifiers,
    keys: Sequence[Any],
    found: dict[Any, list[Any]],
) -> None:
    statement = (
        sa.select(collection.owner, _json_column(collection.target))
        .where(collection.owner.in_(keys))
        .order_by(by_code_point(collection.target))
    )
    for owner, target in await source.rows(statement):
        found.setdefault(owner, []).append(target)


async def _related(
    source: RowSource, expansion: Embedded, values: Sequence[Any], expand: Expand
) -> dict[Any, list[Document]]:
    """Return the documents that belong to each value, ordered by their key."""
    model = expansion.model().asked
    found: dict[Any, list[Document]] = {}
    wanted = [value for value in dict.fromkeys(values) if value is not None]
    conditions = [*expansion.joins, *(() if model.live is None else (model.live,))]
    if model.access is not None:
        conditions += model.access.embeddable()
    for chunk in _chunks(wanted):
        statement = (
            model.select(expand)
            .add_columns(expansion.match)
            .where(expansion.match.in_(chunk), *conditions)
            .order_by(*(by_code_point(column) for column in model.key))
        )
        rows = await source.rows(statement)
        documents = await model.documents(source, rows, expand)
        for row, document in zip(rows, documents, strict=True):
            found.setdefault(row[-1], []).append(document)
    return found


def _reduced_later(model: Callable[[], ReadModel], hidden: Hidden) -> Callable[[], ReadModel]:
    return lambda: model().without(hidden)


def _derive_without(
    derive: Callable[[Any, Document], None], hidden: Hidden
) -> Callable[[Any, Document], None]:
    def derive_known(aggregate: Any, body: Document) -> None:  # as `derive` takes it
        derive(aggregate, body)
        for path in hidden:
            remove(body, path)

    return derive_known


def _chunks(keys: Sequence[Any]) -> list[Sequence[Any]]:
    return [keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK)]


def _pruned(output: Output, hidden: Hidden) -> Output:
    if not hidden or isinstance(output, Pruned):
        return output
    return Pruned(name=_name(output), whole=output, hidden=hidden)


def _name(output: Output) -> str:
    return str(getattr(output, "name", ""))


def _flat(outputs: Sequence[Output]) -> list[ColumnElement[Any]]:
    columns: list[ColumnElement[Any]] = []
    for output in outputs:
        match output:
            case Composite():
                columns += _flat(output.parts)
            case Opened():
                # As the domain has them: a key is bound by what it is, not by how it is shown.
                columns += [output.column, *output.key]
            case Pruned():
                columns += _flat((output.whole,))
            case _:
                columns.append(_json_column(output))
    return columns


def _json_column(column: ColumnElement[Any]) -> ColumnElement[Any]:
    kind = json_ready(column.type)
    return column if kind is column.type else sa.type_coerce(column, kind)


def _named(outputs: Sequence[Output], prefix: str = "") -> dict[str, ColumnElement[Any]]:
    found: dict[str, ColumnElement[Any]] = {}
    for output in outputs:
        name = f"{prefix}{_name(output)}"
        if isinstance(output, Composite):
            found |= _named(output.parts, f"{name}.")
        elif isinstance(output, Opened):
            found[name] = output.column if output.found_by is None else output.found_by
        elif isinstance(output, Pruned):
            found |= _named((output.whole,), prefix)
        else:
            found[name] = output.element if isinstance(output, sa.Label) else output
    return found


def _builder(outputs: Sequence[Output], start: int = 0) -> Callable[[Sequence[Any]], Document]:
    """Return what makes a dictionary of the part of a row that begins at `start`."""
    names = [_name(output) for output in outputs]
    stop = start + len(_flat(outputs))
    if not any(isinstance(output, Composite | Opened | Pruned) for output in outputs):
        if start == 0:
            return lambda row: dict(zip(names, row, strict=False))
        return lambda row: dict(zip(names, row[start:stop], strict=True))
    takers: list[tuple[str, Callable[[Sequence[Any]], Any]]] = []
    place = start
    for output in outputs:
        takers.append((_name(output), _taker(output, place)))
        place += len(_flat((output,)))
    return lambda row: {name: take(row) for name, take in takers}


def _taker(output: Output, place: int) -> Callable[[Sequence[Any]], Any]:
    match output:
        case Composite():
            return _composite(output, place)
        case Opened():
            return _opened(output, place)
        case Pruned():
            take = _taker(output.whole, place)
            return lambda row: without_parts(take(row), output.hidden)
        case _:
            return _cell(place)


def _cell(place: int) -> Callable[[Sequence[Any]], Any]:
    return lambda row: row[place]


def _opened(output: Opened, place: int) -> Callable[[Sequence[Any]], Any]:
    first, stop = place + 1, place + 1 + len(output.key)
    if len(output.key) == 1:
        return lambda row: output.open(row[place], row[first])
    return lambda row: output.open(row[place], tuple(row[first:stop]))


def _composite(output: Composite, place: int) -> Callable[[Sequence[Any]], Any]:
    build = _builder(output.parts, place)
    if not output.nullable:
        return build
    stop = place + len(_flat(output.parts))

    def build_or_null(row: Sequence[Any]) -> Document | None:
        if all(value is None for value in row[place:stop]):
            return None
        return build(row)

    return build_or_null
