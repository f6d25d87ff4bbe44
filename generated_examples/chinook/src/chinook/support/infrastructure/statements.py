"""Turn Core statements into what a driver takes, and what it gives into what column types mean.

A statement is compiled once for each shape it has; its values go along as arguments. How many
shapes are remembered is bounded, so that no client can fill the memory by asking in ever new ways.

SQLAlchemy keeps the compiled forms for its own engine only, without a public way to them: the few
private names are used here and nowhere else, and `is_supported` tells whether they are there.

Source: requirements 3.3, 32.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import Compiled, SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.util import LRUCache

from .row_source import NewRows

_SHAPES = 500
"""How many compiled statements are kept of those that have their values in them."""

_KEPT = 1_000
"""How many are kept of those that callers keep: some 20 kB each."""

type Convert = Callable[[Any], Any]
type Converters = tuple[tuple[int, Convert], ...]
"""Place in the row, and what makes the column's value of the driver's."""


@dataclass(frozen=True, slots=True)
class DriverStatement:
    """A statement as a driver takes it."""

    sql: str
    arguments: Sequence[Any]
    shape: SQLCompiler
    """The same for all statements that differ by their arguments only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """How rows with values for certain columns are added to a table."""

    sql: str
    """Adds one row."""
    columns: tuple[str, ...]
    arguments: tuple[tuple[str, Convert | None], ...]
    """Of each column: the key of its value, and what makes the driver's value of it."""

    def records(self, rows: NewRows) -> list[tuple[Any, ...]]:
        """Return the values of each row as the driver takes them, in the order of the columns."""
        columns = []
        for name, process in self.arguments:
            values = [row[name] for row in rows.values]
            columns.append(values if process is None else list(map(process, values)))
        return list(zip(*columns, strict=True))


class StatementCompiler:
    """Compiles statements for one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        """Compile for a dialect that a connection has been made with."""
        self._dialect = dialect
        self._compiled: LRUCache[Any, Any] = LRUCache(_SHAPES)
        # Not by weak references: a compiled statement refers to what it was compiled of.
        self._kept: LRUCache[ClauseElement, SQLCompiler] = LRUCache(_KEPT)
        self._converters: WeakKeyDictionary[SQLCompiler, Converters] = WeakKeyDictionary()
        self._additions: WeakKeyDictionary[sa.Table, dict[tuple[str, ...], Addition]] = (
            WeakKeyDictionary()
        )

    @property
    def shapes(self) -> int:
        """How many compiled statements are remembered."""
        return len(self._compiled) + len(self._kept)

    def compile(
        self, statement: sa.Select[Any], values: Mapping[str, Any] | None = None
    ) -> DriverStatement:
        """Return the text and the arguments of a query.

        Args:
            statement: The query.
            values: Of its `bindparam`s, when it is one that the caller keeps.
        """
        if values is not None:
            return self.kept(statement, values)
        compiled, extracted, collected, _ = statement._compile_w_cache(
            self._dialect, compiled_cache=self._compiled, column_keys=[]
        )
        shape = _query(compiled)
        found = shape.construct_params(
            extracted_parameters=extracted, escape_names=False, _collected_params=collected
        )
        return _with_arguments(shape, found)

    def kept(self, statement: ClauseElement, values: Mapping[str, Any]) -> DriverStatement:
        """Return the text and the arguments of a statement that the caller keeps.

        It is compiled once, for itself, as long as not too many others are asked for.

        Args:
            statement: With `bindparam`s.
            values: By their names.
        """
        shape = self._kept.get(statement)
        if shape is None:
            shape = self._kept[statement] = _query(statement.compile(dialect=self._dialect))
        return _with_arguments(shape, shape.construct_params(values, escape_names=False))

    def addition(self, rows: NewRows) -> "Addition":
        """Return how rows are added to their table."""
        known = self._additions.setdefault(rows.table, {})
        names = tuple(rows.values[0])
        found = known.get(names)
        if found is None:
            found = known[names] = self._addition(rows.table, names)
        return found

    def _addition(self, table: sa.Table, names: tuple[str, ...]) -> "Addition":
        shape = _query(sa.insert(table).compile(dialect=self._dialect, column_keys=names))
        order = tuple(shape.positiontup or ())
        # Any: a processor, as in `_with_arguments`.
        processors: Mapping[str, Any] = shape._bind_processors
        return Addition(
            sql=shape.string,
            columns=tuple(table.c[name].name for name in order),
            arguments=tuple((name, processors.get(name)) for name in order),
        )

    def known_converters(self, asked: DriverStatement) -> Converters | None:
        """Return what its rows have to go through, when `converters` was asked before."""
        return self._converters.get(asked.shape)

    def converters(
        self,
        asked: DriverStatement,
        statement: sa.Select[Any],
        codes: Sequence[object] | None = None,
    ) -> Converters:
        """Return what the rows of a statement have to go through.

        Args:
            asked: The compiled statement.
            statement: The same, as it was.
            codes: The driver's type code of each column, where it has some.
        """
        kinds = [column.type for column in statement.selected_columns]
        processors = [
            kind.dialect_impl(self._dialect).result_processor(
                self._dialect, None if codes is None else codes[place]
            )
            for place, kind in enumerate(kinds)
        ]
        found = tuple(
            (place, process) for place, process in enumerate(processors) if process is not None
        )
        self._converters[asked.shape] = found
        return found


def _query(compiled: Compiled) -> SQLCompiler:
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"{type(compiled).__name__} is no query")
    return compiled


def _with_arguments(shape: SQLCompiler, values: Mapping[str, Any]) -> DriverStatement:
    sql, processors = shape.string, shape._bind_processors
    order: Sequence[str] = shape.positiontup or ()
    if shape.literal_execute_params or shape.post_compile_params:
        # Lists of IN: as many parameters as there are values.
        expanded = shape._process_parameters_for_postcompile(dict(values))
        sql, order = expanded.statement, expanded.positiontup or ()
        values = {**values, **expanded.parameters}
        processors = {**processors, **expanded.processors}
    arguments = []
    for name in order:
        process: Any = processors.get(name)
        value = values[name]
        arguments.append(value if process is None else process(value))
    return DriverStatement(sql, arguments, shape)


def converted(rows: Sequence[Sequence[Any]], converters: Converters) -> Sequence[Sequence[Any]]:
    """Return rows with the values that their column types make of the driver's."""
    if not converters or not rows:
        return rows
    # By columns, so that the loops run in C.
    columns: list[Iterable[Any]] = list(zip(*rows, strict=False))
    for place, convert in converters:
        columns[place] = map(convert, columns[place])
    return list(zip(*columns, strict=True))


def is_supported(dialect: Dialect) -> bool:
    """Tell whether this SQLAlchemy lets its compiled statements be used."""
    try:
        asked = StatementCompiler(dialect).compile(sa.select(sa.literal(1)))
    except (AttributeError, TypeError, ValueError):
        return False
    return list(asked.arguments) == [1]
