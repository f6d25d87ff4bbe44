"""Pieces of SQLAlchemy source that every printed rule is made of, and where its columns are."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import timedelta
from decimal import Decimal

from apigen.expr.kinds import is_decimal, is_float, kind_of, precision_of, scale_of
from apigen.expr.printed import SUPPORT, Needs, Spelling, literal_source
from apigen.expr.python_paths import DEFAULT_ROOTS, PythonRoots
from apigen.expr.scope import ObjectScope
from apigen.expr.tree import type_of
from apigen.ir.expr import Compare, Const, Expr
from apigen.ir.types import Literal, ScalarKind, TypeRef
from apigen.values import dataclass

_SQL = f"{SUPPORT}.infrastructure.sql_expressions"
_LOCALIZED = f"{SUPPORT}.infrastructure.localized_columns"
_TYPES = f"{SUPPORT}.infrastructure.column_types"


def plain_column(owner: str, row: str | None, path: tuple[str, ...], type_: TypeRef) -> str:
    """Return a column by name alone, for constraints; `row` is the alias of a child's table."""
    name = "_".join(path)
    return f"sa.column({name!r})" if row is None else f"{row}.c[{name!r}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlNames:
    """Where a rule finds what it reads."""

    column: Callable[[str, str | None, tuple[str, ...], TypeRef], str] = field(default=plain_column)
    """Qualified name of the owner of the column, source of its row (None for the rule's own
    owner, an alias for a child), attributes that lead to it, its type: to source of the column."""
    table: Callable[[str], str] | None = None
    """Qualified name of a child or entity to source of its table; needed when the rule reads rows
    beside its own."""
    joined: Callable[[str, str, str, str | None], str] | None = None
    """Child, its row, the parent's qualified name and row (None as above) to source of the
    condition that the row belongs to the parent."""
    key: Callable[[str, str], str] | None = None
    """Qualified entity and its row to source of the column of its key; needed when the rule
    follows refs."""
    live: Callable[[str, str], str | None] | None = None
    """Qualified entity and its row to source of the condition that it is not deleted, None when
    none ever is; needed when the rule asks for entities by name."""
    bound: Callable[[TypeRef], str] | None = None
    """Type of a value that Python has to source of the column type that it is bound with, which
    enums and ids need; the column type of a result without it."""
    roots: PythonRoots = DEFAULT_ROOTS
    """Where Python has inputs and the actor."""
    spelling: Spelling = field(default_factory=Spelling)
    """How attributes of values that Python has are spelled."""
    objects: Mapping[str, ObjectScope] = field(default_factory=dict)
    """Value objects by qualified name, as in the scope of the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Where a node stands: which row its names are read from."""

    owner: str
    row: str | None = None
    prefix: tuple[str, ...] = ()
    """Attributes that lead to the value object whose computed field is being printed."""
    variables: Mapping[str, "Here"] = field(default_factory=dict)
    anchor: str = ""
    """Of a row that a select is over: source of a condition that holds for it and reads it."""


class SqlSource:
    """Writes the pieces and gathers what they import."""

    def __init__(self, needs: Needs) -> None:
        """Gather imports in `needs`."""
        self._needs = needs

    def sql(self, name: str, *arguments: str) -> str:
        """Return a call of `sql_expressions`."""
        return f"{self._needs.name(_SQL, name)}({', '.join(arguments)})"

    def text_in(self, column: str, locale: str) -> str:
        """Return the text of a localized column in a locale."""
        return f"{self._needs.name(_LOCALIZED, 'text_in')}({column}, {locale!r})"

    @property
    def sa(self) -> str:
        """Return how SQLAlchemy is called."""
        return self._needs.module("sqlalchemy", "sa")

    def type(self, type_: TypeRef) -> str:
        """Return source of the column type of a value that is worked out."""
        match kind_of(type_):
            case ScalarKind.DECIMAL:
                name = self._needs.name(_TYPES, "ScaledDecimal")
                return f"{name}({precision_of(type_)}, {scale_of(type_)})"
            case ScalarKind.DATETIME:
                return f"{self._needs.name(_TYPES, 'UtcDateTime')}()"
            case ScalarKind.DURATION:
                return f"{self._needs.name(_TYPES, 'Microseconds')}()"
            case kind:
                plain = {
                    ScalarKind.INT: "BigInteger",
                    ScalarKind.BIGINT: "BigInteger",
                    ScalarKind.FLOAT: "Double",
                    ScalarKind.BOOL: "Boolean",
                    ScalarKind.DATE: "Date",
                    ScalarKind.TIME: "Time",
                    ScalarKind.UUID: "Uuid",
                    ScalarKind.BYTES: "LargeBinary",
                }
                return f"{self.sa}.{plain.get(kind, 'Text') if kind else 'Text'}()"

    def typed(self, text: str, type_: TypeRef) -> str:
        """Return an expression that is read as a value of the type."""
        return f"{self.sa}.type_coerce({text}, {self.type(type_)})"

    def const(self, const: Const) -> str:
        """Return source of a constant."""
        value, sa = const.value, self.sa
        if value is None:
            return f"{sa}.null()"
        if isinstance(value, bool):
            return f"{sa}.{'true' if value else 'false'}()"
        kind = kind_of(const.type)
        source = self.literal(value)
        match kind:
            case ScalarKind.DATETIME:
                return self.sql("instant", source)
            case ScalarKind.DURATION:
                return self.sql("duration", source)
            case ScalarKind.UUID:
                source = f"{self._needs.name('uuid', 'UUID')}({value!r})"
        return f"{sa}.literal({source}, {self.type(type_of(const))})"

    def literal(self, value: Literal) -> str:
        """Return a value as Python writes it."""
        return literal_source(value, self._needs)

    def decimal_literal(self, value: Decimal, places: int) -> str:
        """Return source of a constant decimal with so many decimal places."""
        kind = self._needs.name(_TYPES, "ScaledDecimal")
        return f"{self.sa}.literal({self.literal(value)}, {kind}(38, {places}))"

    def unit(self, name: str) -> str:
        """Return source of what `days`, `hours` or `minutes` counts."""
        return f"{self._needs.module('datetime', 'dt')}.timedelta({name}=1)"


def operand(expr: Expr, text: str) -> str:
    """Return source that an operator or a dot may stand beside."""
    return f"({text})" if isinstance(expr, Compare) else text


def zero(type_: TypeRef) -> Const:
    """Return nothing of a number or duration."""
    value: Literal = 0
    if is_decimal(type_):
        value = Decimal(0)
    elif is_float(type_):
        value = 0.0
    elif kind_of(type_) is ScalarKind.DURATION:
        value = timedelta()
    return Const(value=value, type=type_)
