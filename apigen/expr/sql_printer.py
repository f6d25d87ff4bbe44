"""Print a typed rule as SQLAlchemy Core source.

Only for rules whose `TypedExpr.sql` is not NONE. What the two databases and Python do differently
is a call of `support.infrastructure.sql_expressions`; a computed field is printed as its rule,
because it has no column. Where a column or table is found is the caller's business (`SqlNames`).
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import assert_never

from apigen.expr.kinds import (
    is_decimal,
    is_float,
    is_int,
    is_text,
    kind_of,
    scale_of,
)
from apigen.expr.printed import Needs, Printed, Spelling
from apigen.expr.sql_arithmetic import SqlArithmetic
from apigen.expr.sql_objects import SqlObjects
from apigen.expr.sql_rows import SqlRows
from apigen.expr.sql_source import Here, SqlNames, SqlSource, operand, zero
from apigen.expr.tree import ACTOR_FUNCTIONS, is_bound, is_null, is_nullable, type_of
from apigen.ir.expr import (
    Arithmetic,
    BoolOp,
    Call,
    Compare,
    Comprehension,
    Conditional,
    Const,
    Convert,
    EnumMemberExpr,
    Expr,
    Items,
    Negate,
    Not,
    Now,
    Path,
    SqlSupport,
    Step,
    TypedExpr,
)
from apigen.ir.types import IdOf, ObjectRef, RefTo, ScalarKind, TypeRef
from apigen.values import dataclass

__all__ = ["PrintedColumns", "SqlNames", "SqlPrinter", "print_sql", "print_sql_columns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedColumns:
    """Source of a rule that yields a value object: one expression for each of its columns."""

    columns: tuple[tuple[tuple[str, ...], Printed], ...]
    """Path inside the value object, such as `("amount",)`, and what fills it. The imports of each
    are those of all, which belong together."""


def print_sql(
    typed: TypedExpr,
    *,
    owner: str = "",
    names: SqlNames | None = None,
    now: str | None = None,
    as_type: Callable[[TypeRef], str] | None = None,
    spelling: Spelling | None = None,
) -> Printed:
    """Return source of one SQLAlchemy expression.

    Args:
        typed: A rule that does not yield a value object.
        owner: Qualified name of the rule's owner, handed on to `names`.
        names: Where columns and tables are; columns by their attribute's name without it.
        now: Source of an expression for the present instant; the database's clock without it.
        as_type: Source of the column type that reads the result (an enum's, an id's); without it
            the result is of a plain type.
        spelling: How imports are called.
    """
    _refuse_python_only(typed)
    needs = Needs(spelling or Spelling())
    printer = SqlPrinter(names or SqlNames(), needs, now)
    text = printer.scalar(typed.tree, Here(owner=owner))
    if as_type is not None:
        text = f"{printer.source.sa}.type_coerce({text}, {as_type(typed.type)})"
    elif text.startswith(f"{printer.source.sa}.not_("):
        # A negated conjunction is of no type, and SQLite would give a number.
        text = f"{printer.source.sa}.type_coerce({text}, {printer.source.sa}.Boolean())"
    return needs.printed(text)


def print_sql_columns(
    typed: TypedExpr,
    *,
    owner: str = "",
    names: SqlNames | None = None,
    now: str | None = None,
    spelling: Spelling | None = None,
) -> PrintedColumns:
    """Return source of a rule that yields a value object, such as a measure; see `print_sql`."""
    _refuse_python_only(typed)
    needs = Needs(spelling or Spelling())
    printer = SqlPrinter(names or SqlNames(), needs, now)
    parts = printer.objects.parts(typed.tree, Here(owner=owner))
    return PrintedColumns(
        columns=tuple((path, needs.printed(source)) for path, source in parts.items())
    )


def _refuse_python_only(typed: TypedExpr) -> None:
    if typed.sql is SqlSupport.NONE:
        raise ValueError(f"no database can work out {typed.source!r}")


class SqlPrinter:
    """Prints one rule; value objects and arithmetic have printers of their own."""

    def __init__(self, names: SqlNames, needs: Needs, now: str | None) -> None:
        """Print with columns from `names`; `now` as in `print_sql`."""
        self.source = SqlSource(needs)
        self.objects = SqlObjects(self, names.objects)
        self.rows = SqlRows(self, names, needs)
        self._arithmetic = SqlArithmetic(self)
        self._names = names
        self._now = now

    # Scalars.

    def scalar(self, expr: Expr, here: Here) -> str:
        """Return source of one column expression."""
        match expr:
            case Const():
                return self.source.const(expr)
            case EnumMemberExpr(value=value):
                return f"{self.source.sa}.literal({value!r}, {self.source.sa}.String())"
            case Path():
                return self._path(expr, here)
            case Now(type=type_):
                now = self._now or self.source.sql("present")
                is_date = kind_of(type_) is ScalarKind.DATE
                return self.source.sql("day_of", now) if is_date else now
            case Convert(operand=operand, type=type_):
                if is_float(type_):
                    sa = self.source.sa
                    return f"{sa}.cast({self.scalar(operand, here)}, {sa}.Double())"
                return self.decimal(operand, scale_of(type_), here)
            case Not(operand=operand):
                return f"{self.source.sa}.not_({self.scalar(operand, here)})"
            case Negate(operand=operand):
                text = self.scalar(operand, here)
                if kind_of(operand.type) is ScalarKind.DURATION:
                    return self.source.sql("negated", text)
                return self.source.typed(f"-{text}", type_of(operand))
            case BoolOp(op=op, operands=operands):
                parts = ", ".join(self.scalar(operand, here) for operand in operands)
                return f"{self.source.sa}.{op}_({parts})"
            case Compare():
                return self._compare(expr, here)
            case Arithmetic():
                return self._arithmetic.print(expr, here)
            case Conditional(test=test, body=body, orelse=orelse, type=type_):
                then, otherwise = (self._like(part, type_, here) for part in (body, orelse))
                case = (
                    f"{self.source.sa}.case(({self.scalar(test, here)}, {then}), else_={otherwise})"
                )
                return self.source.typed(case, type_)
            case Call():
                return self._call(expr, here)
            case Items():
                raise ValueError("a list stands only right of `in`")
            case _:
                assert_never(expr)

    def decimal(self, expr: Expr, places: int, here: Here) -> str:
        """Return source of a number as a decimal with so many decimal places."""
        if isinstance(expr, Convert) and scale_of(expr.type) == 0 and is_int(expr.operand.type):
            return self.decimal(expr.operand, places, here)
        keeps_all = places >= scale_of(expr.type)
        if keeps_all and isinstance(expr, Const) and isinstance(expr.value, int | Decimal):
            return self.source.decimal_literal(Decimal(expr.value), places)
        text, scale = self.scalar(expr, here), scale_of(expr.type)
        if is_decimal(expr.type) and scale == places:
            return text
        return self.source.sql("as_decimal", text, f"scale={scale}", f"places={places}")

    def _like(self, expr: Expr, type_: TypeRef, here: Here) -> str:
        """Return source of a value that stands beside others of `type_`."""
        if is_null(expr) or not is_decimal(type_):
            return self.scalar(expr, here)
        return self.decimal(expr, scale_of(type_), here)

    def _path(self, path: Path, here: Here) -> str:
        return self.rows.path(path, here)

    def follow(self, at: Here, steps: tuple[Step, ...]) -> str:
        """Return source of what is found at the end of some steps from a row."""
        names: tuple[str, ...] = ()
        for position, step in enumerate(steps):
            rest = steps[position + 1 :]
            if step.computed is not None:
                inner = replace(at, prefix=(*at.prefix, *names), variables={})
                if isinstance(step.type, ObjectRef):
                    return self.objects.parts(step.computed.tree, inner)[
                        tuple(s.attribute for s in rest)
                    ]
                text = self.scalar(step.computed.tree, inner)
                return self._part(text, step.type, rest) if rest else text
            if rest and isinstance(step.type, IdOf | RefTo):
                inner = replace(at, prefix=(*at.prefix, *names))
                return self.rows.behind(inner, step, partial(self.follow, steps=rest))
            names = (*names, step.attribute)
            if rest and kind_of(step.type) is not None:
                return self._part(self.column(at, names, step.type), step.type, rest)
        column = self.column(at, names, steps[-1].type)
        locale = steps[-1].locale
        return self.source.text_in(column, locale) if locale else column

    def column(self, at: Here, names: tuple[str, ...], type_: TypeRef) -> str:
        """Return source of a column of a row."""
        return self._names.column(at.owner, at.row, (*at.prefix, *names), type_)

    def _part(self, text: str, type_: TypeRef, rest: tuple[Step, ...]) -> str:
        zoned = ["zoned=True"] if kind_of(type_) is ScalarKind.DATETIME else []
        return self.source.sql("part_of", text, repr(rest[0].attribute), *zoned)

    # Comparisons.

    def _compare(self, expr: Compare, here: Here) -> str:
        op, left, right = expr.op, expr.left, expr.right
        if op in ("is", "is_not"):
            return self.null_test(left, op, here)
        if op in ("in", "not_in"):
            return self._membership(expr, here)
        if isinstance(type_of(left), ObjectRef):
            return self._compare_objects(op, left, right, here)
        a, b = self._both(left, right, here)
        if op in ("==", "!="):
            if is_nullable(left) or is_nullable(right):
                return self.source.sql("same" if op == "==" else "differ", a, b)
        elif is_text(type_of(left)):
            a = self.source.sql("by_code_point", a)
        return f"{operand(left, a)} {op} {operand(right, b)}"

    def _both(self, left: Expr, right: Expr, here: Here) -> tuple[str, str]:
        if is_decimal(left.type) or is_decimal(right.type):
            places = max(scale_of(left.type), scale_of(right.type))
            return self.decimal(left, places, here), self.decimal(right, places, here)
        return self.scalar(left, here), self.scalar(right, here)

    def null_test(self, expr: Expr, op: str, here: Here) -> str:
        """Return source that asks whether a value `is` null or `is_not`."""
        if isinstance(expr, Path) and is_bound(expr):
            return self.rows.known_null(expr, op)
        method = "is_" if op == "is" else "is_not"
        if isinstance(expr, Path) and expr.child is not None:
            exists = self.rows.exists(expr, here)
            return exists if op == "is_not" else f"{self.source.sa}.not_({exists})"
        if isinstance(expr.type, ObjectRef):
            parts = self.objects.parts(expr, here)
            required = self.objects.required_part(expr.type)
            return f"{parts[required]}.{method}(None)"
        if is_null(expr):
            return f"{self.source.sa}.{'true' if op == 'is' else 'false'}()"
        return f"{operand(expr, self.scalar(expr, here))}.{method}(None)"

    def _membership(self, expr: Compare, here: Here) -> str:
        left, right, is_in = expr.left, expr.right, expr.op == "in"
        sa = self.source.sa
        if not isinstance(right, Items) and isinstance(right, Path) and not is_text(right.type):
            return self._in_collection(expr, right, here)
        if not isinstance(right, Items):
            text = self.source.sql("holds", self.scalar(right, here), self.scalar(left, here))
            return text if is_in else f"{sa}.not_({text})"
        constant = all(isinstance(item, Const | EnumMemberExpr) for item in right.items)
        if not constant or any(is_null(item) for item in right.items):
            equal = (
                self._compare(Compare(op="==", left=left, right=item, type=expr.type), here)
                if not is_null(item)
                else self.null_test(left, "is", here)
                for item in right.items
            )
            text = f"{sa}.or_({', '.join(equal)})"
            return text if is_in else f"{sa}.not_({text})"
        places = max(scale_of(item.type) for item in (left, *right.items))
        if is_decimal(left.type):
            needle = self.decimal(left, places, here)
            items = [self.decimal(item, places, here) for item in right.items]
        else:
            needle = operand(left, self.scalar(left, here))
            items = [self.scalar(item, here) for item in right.items]
        return self._among(left, needle, f"[{', '.join(items)}]", is_in=is_in)

    def _in_collection(self, expr: Compare, collection: Path, here: Here) -> str:
        """Return source that looks for a value in a collection that Python has."""
        needle = operand(expr.left, self.scalar(expr.left, here))
        items = self.rows.items(collection)
        return self._among(expr.left, needle, items, is_in=expr.op == "in")

    def _among(self, left: Expr, needle: str, items: str, *, is_in: bool) -> str:
        sa = self.source.sa
        text = f"{needle}.{'in_' if is_in else 'not_in'}({items})"
        if not is_nullable(left):
            return text
        # In Python null is simply not in the list; in SQL the answer would be null.
        if is_in:
            return f"{sa}.and_({needle}.is_not(None), {text})"
        return f"{sa}.or_({needle}.is_(None), {text})"

    def _compare_objects(self, op: str, left: Expr, right: Expr, here: Here) -> str:
        a, b = self.objects.parts(left, here), self.objects.parts(right, here)
        if op in ("==", "!="):
            same = ", ".join(self.source.sql("same", a[path], b[path]) for path in a)
            text = f"{self.source.sa}.and_({same})"
            return text if op == "==" else f"{self.source.sa}.not_({text})"
        value, unit = self.objects.measure(type_of(left))
        return f"{self.source.sa}.and_({a[unit]} == {b[unit]}, {a[value]} {op} {b[value]})"

    # Functions.

    def _call(self, call: Call, here: Here) -> str:
        if call.function in ACTOR_FUNCTIONS:
            return self.rows.held(call)
        first = call.arguments[0]
        if isinstance(first, Comprehension):
            if call.function in ("any", "all", "exists"):
                return self.rows.quantified(call.function, first, here)
            return self.rows.aggregate(first, here, lambda inner: self._folded(call, first, inner))
        values = [value for value in call.arguments if not isinstance(value, Comprehension)]
        return self._function(call, values, here)

    def _folded(self, call: Call, items: Comprehension, inner: Here) -> str:
        func = f"{self.source.sa}.func"
        if call.function == "count":
            return f"{func}.count()"
        type_ = type_of(items.element)
        text = self.rows.anchored(items, inner, self.scalar(items.element, inner))
        if call.function in ("min", "max"):
            if is_text(type_):
                text = self.source.sql("by_code_point", text)
            return self.source.typed(f"{func}.{call.function}({text})", call.type)
        if is_int(type_):
            return self.source.sql("whole", f"{func}.coalesce({func}.sum({text}), 0)")
        nothing = self.scalar(zero(call.type), inner)
        return self.source.typed(f"{func}.coalesce({func}.sum({text}), {nothing})", call.type)

    def _function(self, call: Call, values: list[Expr], here: Here) -> str:
        name, type_, func = call.function, call.type, f"{self.source.sa}.func"
        first = values[0]
        if name == "len" and isinstance(first, Path) and first.child is not None:
            return self.rows.count(first, here)
        if name in ("min", "max", "coalesce"):
            same = [self._like(value, type_, here) for value in values]
            if name == "coalesce":
                return self.source.typed(f"{func}.coalesce({', '.join(same)})", type_)
            if is_text(type_):
                same = [self.source.sql("by_code_point", value) for value in same]
            both = "least" if name == "min" else "greatest"
            return self.source.sql(both, *same, f"kind={self.source.type(type_)}")
        if name == "round":
            places = values[1].value if len(values) > 1 and isinstance(values[1], Const) else 0
            rounded = self.source.sql(
                "as_decimal",
                self.scalar(first, here),
                f"scale={scale_of(first.type)}",
                f"places={places}",
            )
            return self.source.sql("whole", rounded) if len(values) == 1 else rounded
        texts = [self.scalar(value, here) for value in values]
        match name:
            case "len":
                return f"{func}.length({texts[0]}, type_={self.source.sa}.Integer())"
            case "abs":
                return self.source.typed(f"{func}.abs({texts[0]})", type_)
            case "strip":
                return self.source.sql("stripped", *texts)
            case "startswith":
                return self.source.sql("starts", *texts)
            case "endswith":
                return self.source.sql("stops", *texts)
            case "contains":
                return self.source.sql("holds", *texts)
            case "days" | "hours" | "minutes":
                unit = self.source.unit(name)
                return self.source.sql("lasting", texts[0], unit)
            case "date":
                return self.source.sql("day_of", *texts)
            case "years_between":
                return self.source.sql("years_between", *texts)
            case _:
                raise ValueError(f"no SQL for {name!r}")
