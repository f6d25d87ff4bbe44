"""Tables as a module of persistence calls them, and rules printed over their columns.

One variable a table, at the top of the module: read models, row rules and questions are made of
them. Where a column is and what a rule becomes is `apigen.expr`'s business.
"""

from collections.abc import Mapping
from dataclasses import replace
from keyword import iskeyword

from apigen.expr.printed import Spelling
from apigen.expr.python_paths import PythonRoots
from apigen.expr.scope import ObjectScope
from apigen.expr.sql_printer import SqlNames, print_sql
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import System
from apigen.ir.types import TypeRef
from apigen.python import layout
from apigen.python.identifiers import spell_variable
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.values import dataclass
from apigen.views.domain.rules import claims
from apigen.views.tables.columns import key_column, stored_fields
from apigen.views.tables.source import object_scopes, spelling
from apigen.views.tables.storage import column_type, join_class, row_class

_RESERVED_COLUMNS = frozenset(
    {"add", "as_readonly", "compare", "contains_column", "corresponding_column", "get", "items"}
    | {"keys", "values", "clear", "extend", "remove", "update", "c"}
)
"""Names that a column collection has for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableVariable:
    """A table, or another name for one, as the module calls it."""

    name: str
    source: str


class TableVariables:
    """The tables that one module names; it gathers them while the module's view is built."""

    def __init__(self, rows: str, system: System, imports: ImportSet) -> None:
        """Take row classes from the module `rows`."""
        self._rows = rows
        self._system = system
        self._imports = imports
        self._spelling = spelling(system, imports)
        self.scopes: Mapping[str, ObjectScope] = object_scopes(system)
        self.sources: dict[str, str] = {}
        """Variable to source, in the order of first use."""

    @property
    def spelling(self) -> Spelling:
        """How printed rules call what they import."""
        return self._spelling

    def lines(self) -> tuple[TableVariable, ...]:
        """Return the variables, in the order of first use."""
        return tuple(
            TableVariable(name=name, source=source) for name, source in self.sources.items()
        )

    def table(self, qname: str) -> str:
        """Return the variable of the table of an entity or child."""
        owner = layout.owner(self._system, qname)
        return self._variable(owner.table, row_class(qname, self._system))

    def join(self, qname: str, field: Field) -> str:
        """Return the variable of the table behind a `many`."""
        assert field.join is not None
        return self._variable(field.join.table, join_class(qname, field, self._system))

    def _variable(self, table: str, row: str) -> str:
        name = spell_variable(f"_{table}")
        if name not in self.sources:
            self.sources[name] = f"{self._imports.add(self._rows, row)}.__table__"
        return name

    def alias(self, name: str, table: str) -> str:
        """Return another name for a table's variable, like `name`."""
        variable = spell_variable(f"_{name}", self.sources)
        self.sources.setdefault(variable, f"{table}.alias()")
        return variable

    def key(self, qname: str, row: str | None = None) -> str:
        """Return source of the key column of an entity or child, of its table or of `row`."""
        return column_of(row or self.table(qname), key_column(qname, self._system))

    def live(self, qname: str, row: str) -> str | None:
        """Return source of the condition that a row is not deleted; None when none ever is."""
        entity = self._system.entities.get(qname)
        if entity is None or entity.soft_delete is None:
            return None
        sa = self._imports.module("sqlalchemy", "sa")
        return f"{column_of(row, 'is_deleted')}.is_({sa}.false())"

    def bound(self, type_: TypeRef) -> str:
        """Return source of the column type that a value of Python is bound with."""
        return column_type(type_, nullable=True, system=self._system, imports=self._imports)

    def names(self, inside: tuple[Field, ...] = (), roots: PythonRoots | None = None) -> SqlNames:
        """Return where rules find what they read.

        Args:
            inside: What leads to the value object that the rule belongs to.
            roots: Where Python has inputs and the actor.
        """

        def column(owner: str, row: str | None, path: tuple[str, ...], type_: TypeRef) -> str:
            prefix = tuple(field.attribute for field in inside) if row is None else ()
            known = {
                tuple(field.attribute for field in stored.path): stored.column
                for stored in stored_fields(layout.owner(self._system, owner), self._system)
            }
            return column_of(row or self.table(owner), known[(*prefix, *path)])

        def joined(child: str, row: str, parent: str, parent_row: str | None) -> str:
            foreign = self._system.children[child].parent_column
            return f"{column_of(row, foreign)} == {self.key(parent, parent_row)}"

        return SqlNames(
            column=column,
            table=self.table,
            joined=joined,
            key=self.key,
            live=self.live,
            bound=self.bound,
            roots=replace(roots or PythonRoots(), claim=claims(self._system, self._imports)),
            spelling=self._spelling,
            objects=self.scopes,
        )

    def condition(self, rule: TypedExpr, owner: str, roots: PythonRoots | None = None) -> str:
        """Return source of a rule over the rows of an entity."""
        return print_sql(
            rule, owner=owner, names=self.names(roots=roots), spelling=self._spelling
        ).text


def column_of(table: str, column: str) -> str:
    """Return source of a column of a table."""
    plain = column.isidentifier() and not iskeyword(column) and not column.startswith("_")
    if plain and column not in _RESERVED_COLUMNS:
        return f"{table}.c.{column}"
    return f"{table}.c[{text(column)}]"
