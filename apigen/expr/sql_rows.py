"""Print what rules ask of other rows as SQLAlchemy source: children, entities, targets of refs.

Also what Python knows before the database is asked, inputs and the actor, which is bound.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from apigen.expr.kinds import item_of
from apigen.expr.printed import Needs
from apigen.expr.python_paths import PythonPaths
from apigen.expr.sql_source import Here, SqlNames
from apigen.expr.tree import BOUND_ROOTS, follows_ref, walk
from apigen.ir.expr import Call, Comprehension, Const, Expr, Path, Root, Step
from apigen.ir.types import RefTo, TypeRef

if TYPE_CHECKING:
    from apigen.expr.sql_printer import SqlPrinter

type _Select = Callable[[Here, list[str]], str]
"""A row and the conditions that pick it, to source of a select over its table."""


class SqlRows:
    """Prints for a `SqlPrinter`."""

    def __init__(self, printer: "SqlPrinter", names: SqlNames, needs: Needs) -> None:
        """Serve one printer."""
        self._printer = printer
        self._source = printer.source
        self._names = names
        self._python = PythonPaths("self", names.roots, names.spelling, needs)
        self._actor = names.roots.actor
        self._count = 0

    # What Python knows.

    def _bound(self, source: str, type_: TypeRef) -> str:
        kind = self._names.bound(type_) if self._names.bound else self._source.type(type_)
        return f"{self._source.sa}.literal({source}, {kind})"

    def items(self, path: Path) -> str:
        """Return source of the bound values of a collection that Python has."""
        of = item_of(path.type)
        if of is None:
            raise ValueError(f"{path.steps[-1].attribute} is no collection")
        source = self._python.guarded(path)
        if any(step.nullable for step in path.steps):
            source = f"({source} or ())"
        if path.root is Root.ACTOR:
            # A set has no order of its own, and the same statement should have the same text.
            source = f"sorted({source})"
        return f"[{self._bound('item', of)} for item in {source}]"

    def held(self, call: Call) -> str:
        """Return source of `has_role` and `has_scope`: a constant once the actor is known."""
        name = call.arguments[0]
        if not isinstance(name, Const):
            raise ValueError(f"{call.function} takes a constant")
        sa = self._source.sa
        test = f"{self._actor}.{call.function}({name.value!r})"
        return f"({sa}.true() if {test} else {sa}.false())"

    def known_null(self, path: Path, op: str) -> str:
        """Return source that asks whether a value that Python has `is` null or `is_not`."""
        sa = self._source.sa
        test = f"{self._python.guarded(path)} {op.replace('_', ' ')} None"
        return f"({sa}.true() if {test} else {sa}.false())"

    # Paths.

    def start(self, path: Path, here: Here) -> Here:
        """Return the row that a path begins at."""
        return here if path.root is Root.SELF else here.variables[path.variable or ""]

    def path(self, path: Path, here: Here) -> str:
        """Return source of the value at the end of a path."""
        if path.root not in BOUND_ROOTS:
            return self._printer.follow(self.start(path, here), path.steps)
        if not follows_ref(path):
            return self._bound(self._python.guarded(path), path.type)
        rest = path.steps[1:]
        return self._target(path, lambda row: self._printer.follow(row, rest))

    def _target(self, path: Path, value: Callable[[Here], str]) -> str:
        """Return source of a value of the aggregate that an input refers to."""
        first = path.steps[0]
        source = self._names.roots.input(first.attribute)
        return self._value_behind(first.type, self._bound(source, first.type), value)

    def behind(self, at: Here, step: Step, value: Callable[[Here], str]) -> str:
        """Return source of a value of the row that a ref or a to-one child leads to."""
        if isinstance(step.type, RefTo):
            key = self._printer.column(at, (step.attribute,), step.type)
            return self._value_behind(step.type, key, value)
        child = getattr(step.type, "target", "")
        return self._children(
            child, at, lambda row, conditions: self._scalar(value(row), row, conditions)
        )

    def _value_behind(self, type_: TypeRef, key: str, value: Callable[[Here], str]) -> str:
        if not isinstance(type_, RefTo) or self._names.key is None:
            raise ValueError("no key is known for what is referred to")
        target, its_key = type_.target, self._names.key
        return self._over(
            target,
            lambda row: self._scalar(
                value(row), row, [f"{its_key(target, row.row or '')} == {key}"]
            ),
        )

    # Selects.

    def _over(self, qname: str, body: Callable[[Here], str]) -> str:
        """Return source of a select over the table of an entity or child."""
        if self._names.table is None:
            raise ValueError(f"no table is known for {qname}")
        self._count += 1
        row = f"row_{self._count}"
        text = body(Here(owner=qname, row=row))
        return self._source.sql("over", self._names.table(qname), f"lambda {row}: {text}")

    def _select(self, what: str, row: Here, conditions: list[str]) -> str:
        select = f"{self._source.sa}.select({what}).select_from({row.row})"
        where = f".where({', '.join(conditions)})" if conditions else ""
        return f"{select}{where}.correlate_except({row.row})"

    def _scalar(self, what: str, row: Here, conditions: list[str]) -> str:
        return f"{self._select(what, row, conditions)}.scalar_subquery()"

    def _children(self, child: str, at: Here, select: _Select) -> str:
        joined = self._names.joined
        if joined is None:
            raise ValueError(f"no parent is known for {child}")

        def of_parent(row: Here) -> str:
            condition = joined(child, row.row or "", at.owner, at.row)
            return select(replace(row, anchor=condition), [condition])

        return self._over(child, of_parent)

    def _rows(self, path: Path, here: Here, select: _Select) -> str:
        """Return source of a select over the rows that a path leads to."""
        qname = path.child or ""
        if path.root is Root.ENTITIES:
            return self._over(qname, lambda row: self._live(row, select))
        steps = path.steps[:-1]
        if path.root in BOUND_ROOTS:
            rest = steps[1:]
            return self._target(path, lambda row: self._along(row, rest, qname, select))
        return self._along(self.start(path, here), steps, qname, select)

    def _live(self, row: Here, select: _Select) -> str:
        key, live = self._names.key, self._names.live
        if key is None or live is None:
            raise ValueError(f"nothing is known of the rows of {row.owner}")
        name = row.row or ""
        condition = live(row.owner, name)
        its_key = key(row.owner, name)
        # SQLite takes a test for null away where a column cannot be null, and its row with it.
        anchored = replace(row, anchor=f"{its_key} == {its_key}")
        return select(anchored, [condition] if condition is not None else [])

    def _along(self, at: Here, steps: tuple[Step, ...], child: str, select: _Select) -> str:
        if not steps:
            return self._children(child, at, select)
        rest = steps[1:]
        return self.behind(at, steps[0], lambda row: self._along(row, rest, child, select))

    # Questions.

    def exists(self, path: Path, here: Here) -> str:
        """Return source that asks whether a to-one child is there."""
        true = f"{self._source.sa}.true()"
        return self._rows(
            path, here, lambda row, where: f"{self._select(true, row, where)}.exists()"
        )

    def count(self, path: Path, here: Here) -> str:
        """Return source of the number of rows."""
        count = f"{self._source.sa}.func.count()"
        return self._rows(path, here, lambda row, where: self._scalar(count, row, where))

    def quantified(self, function: str, items: Comprehension, here: Here) -> str:
        """Return source of `any`, `all` or `exists`."""
        sa = self._source.sa

        def select(inner: Here, row: Here, conditions: list[str]) -> str:
            asked = conditions
            if function != "exists":
                element = self._printer.scalar(items.element, inner)
                asked = [*conditions, element if function == "any" else f"{sa}.not_({element})"]
            return f"{self._select(f'{sa}.true()', row, asked)}.exists()"

        text = self._each(items, here, select)
        return text if function != "all" else f"{sa}.not_({text})"

    def aggregate(self, items: Comprehension, here: Here, fold: Callable[[Here], str]) -> str:
        """Return source of one value worked out over the rows of a comprehension."""
        return self._each(
            items, here, lambda inner, row, where: self._scalar(fold(inner), row, where)
        )

    def _each(
        self,
        items: Comprehension,
        here: Here,
        print_: Callable[[Here, Here, list[str]], str],
    ) -> str:
        def select(row: Here, conditions: list[str]) -> str:
            variables = {**here.variables, items.variable: row}
            inner = replace(here, variables=variables)
            tests = [] if items.test is None else [self._printer.scalar(items.test, inner)]
            return print_(inner, row, [*conditions, *tests])

        return self._rows(items.source, here, select)

    def anchored(self, items: Comprehension, inner: Here, text: str) -> str:
        """Return source of what is worked out for each row, so that it reads the row.

        SQL takes `sum(x)` for one over the rows around the select when `x` reads only those.
        """
        if any(_is_of(node, items.variable) for node in walk(items.element)):
            return text
        row = inner.variables[items.variable]
        return f"{self._source.sa}.case(({row.anchor}, {text}))"


def _is_of(node: Expr | Comprehension, variable: str) -> bool:
    return isinstance(node, Path) and node.root is Root.VARIABLE and node.variable == variable
