"""Print rules that yield a value object as SQLAlchemy source, column by column."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from apigen.expr.kinds import describe, is_decimal, scale_of
from apigen.expr.operators import measure_value
from apigen.expr.scope import ObjectScope
from apigen.expr.sql_source import Here, zero
from apigen.expr.tree import type_of
from apigen.ir.expr import (
    Arithmetic,
    Call,
    Comprehension,
    Conditional,
    Const,
    Expr,
    Negate,
    Path,
    Step,
)
from apigen.ir.types import Literal, ObjectRef, TypeRef

if TYPE_CHECKING:
    from apigen.expr.sql_printer import SqlPrinter

type Parts = Mapping[tuple[str, ...], str]
"""Source of each column of a value object, by path inside it."""


class SqlObjects:
    """Prints value objects for a `SqlPrinter`."""

    def __init__(self, printer: "SqlPrinter", objects: Mapping[str, ObjectScope]) -> None:
        """Serve one printer."""
        self._printer = printer
        self._source = printer.source
        self._objects = objects

    def _paths(self, qname: str) -> list[tuple[tuple[str, ...], TypeRef, bool]]:
        """Return path, type and nullability of the columns of a value object."""
        found: list[tuple[tuple[str, ...], TypeRef, bool]] = []
        for known in self._objects[qname].fields:
            if known.type is None or known.computed is not None:
                continue
            if isinstance(known.type, ObjectRef):
                found += (
                    ((known.attribute, *path), type_, nullable or known.nullable)
                    for path, type_, nullable in self._paths(known.type.target)
                )
            else:
                found.append(((known.attribute,), known.type, known.nullable))
        return found

    def measure(self, type_: TypeRef) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the paths of a measure's amount and unit."""
        known = self._objects[type_.target] if isinstance(type_, ObjectRef) else None
        if known is None or known.value is None or known.unit is None:
            raise ValueError(f"{describe(type_)} is no measure")
        return (known.value,), (known.unit,)

    def required_part(self, type_: ObjectRef) -> tuple[str, ...]:
        """Return a column that is null only where the whole value object is."""
        paths = self._paths(type_.target)
        for path, _, nullable in paths:
            if not nullable:
                return path
        return paths[0][0]

    def parts(self, expr: Expr, here: Here) -> Parts:
        """Return source of each column of a value object."""
        type_ = type_of(expr)
        if not isinstance(type_, ObjectRef):
            raise ValueError(f"{describe(type_)} is no value object")
        paths = self._paths(type_.target)
        match expr:
            case Path():
                return self._path_parts(expr, here, paths)
            case Const():
                return {path: f"{self._source.sa}.null()" for path, _, _ in paths}
            case Conditional(test=test, body=body, orelse=orelse):
                condition = self._printer.scalar(test, here)
                a, b = self.parts(body, here), self.parts(orelse, here)
                return {
                    path: self._source.typed(
                        f"{self._source.sa}.case(({condition}, {a[path]}), else_={b[path]})", kind
                    )
                    for path, kind, _ in paths
                }
            case Call(function="coalesce", arguments=arguments):
                return self._first_object(arguments, here, paths)
            case Call(function="sum", arguments=(Comprehension() as items,)):
                return self._sum_parts(items, type_, here)
            case Negate(operand=operand):
                value, _ = self.measure(type_)
                parts = dict(self.parts(operand, here))
                parts[value] = self._source.typed(f"-{parts[value]}", self._amount(type_))
                return parts
            case Arithmetic():
                return self._measure_arithmetic(expr, type_, here)
            case _:
                raise ValueError(f"no columns for {type(expr).__name__}")

    def _path_parts(
        self, path: Path, here: Here, paths: list[tuple[tuple[str, ...], TypeRef, bool]]
    ) -> Parts:
        last = path.steps[-1]
        if last.computed is not None and len(path.steps) == 1:
            inner = replace(self._printer.rows.start(path, here), variables={})
            return self.parts(last.computed.tree, inner)
        found: dict[tuple[str, ...], str] = {}
        for part, type_, nullable in paths:
            steps = tuple(
                Step(attribute=name, type=type_, nullable=nullable)
                if position == len(part) - 1
                else Step(attribute=name, type=last.type, nullable=nullable)
                for position, name in enumerate(part)
            )
            found[part] = self._printer.rows.path(
                replace(path, steps=(*path.steps, *steps), type=type_), here
            )
        return found

    def _first_object(
        self,
        arguments: tuple[Expr | Comprehension, ...],
        here: Here,
        paths: list[tuple[tuple[str, ...], TypeRef, bool]],
    ) -> Parts:
        values = [value for value in arguments if not isinstance(value, Comprehension)]
        columns = [self.parts(value, here) for value in values]
        found: dict[tuple[str, ...], str] = {}
        for path, kind, _ in paths:
            whens = ", ".join(
                f"({self._printer.null_test(value, 'is_not', here)}, {parts[path]})"
                for value, parts in zip(values[:-1], columns[:-1], strict=True)
            )
            case = f"{self._source.sa}.case({whens}, else_={columns[-1][path]})"
            found[path] = self._source.typed(case, kind)
        return found

    def _amount(self, type_: ObjectRef) -> TypeRef:
        found = measure_value(self._objects[type_.target])
        if found is None:
            raise ValueError(f"{describe(type_)} is no measure")
        return found

    def _sum_parts(self, items: Comprehension, type_: ObjectRef, here: Here) -> Parts:
        value, unit = self.measure(type_)
        amount = self._amount(type_)
        known = self._objects[type_.target]
        default = next(f for f in known.fields if f.attribute == unit[0])
        fallback = self._unit_default(default.default)
        func = f"{self._source.sa}.func"

        def anchored(inner: Here) -> Parts:
            parts = self.parts(items.element, inner)
            return {
                path: self._printer.rows.anchored(items, inner, text)
                for path, text in parts.items()
            }

        def total(inner: Here) -> str:
            parts = anchored(inner)
            nothing = self._printer.scalar(zero(amount), inner)
            added = f"{func}.coalesce({func}.sum({parts[value]}), {nothing})"
            mixed = f"{func}.count({self._source.sa}.distinct({parts[unit]})) > 1"
            # Amounts of two units have no sum, and Python would refuse to add them.
            return self._source.typed(
                f"{self._source.sa}.case(({mixed}, {self._source.sa}.null()), else_={added})",
                amount,
            )

        def of_unit(inner: Here) -> str:
            parts = anchored(inner)
            return f"{func}.coalesce({func}.min({parts[unit]}), {fallback})"

        return {
            value: self._printer.rows.aggregate(items, here, total),
            unit: self._printer.rows.aggregate(items, here, of_unit),
        }

    def _unit_default(self, default: Literal | None) -> str:
        if default is None:
            return f"{self._source.sa}.null()"
        sa = self._source.sa
        return f"{sa}.literal({self._source.literal(default)}, {sa}.String())"

    def _measure_arithmetic(self, expr: Arithmetic, type_: ObjectRef, here: Here) -> Parts:
        value, unit = self.measure(type_)
        amount = self._amount(type_)
        a = dict(self.parts(expr.left, here))
        if isinstance(type_of(expr.right), ObjectRef):
            b = self.parts(expr.right, here)
            same = f"{a[unit]} == {b[unit]}"
            both = f"{a[value]} {expr.op} {b[value]}"
            a[value] = self._source.typed(f"{self._source.sa}.case(({same}, {both}))", amount)
            return a
        scale, other = scale_of(amount), scale_of(expr.right.type)
        factor = self._printer.scalar(expr.right, here)
        if not is_decimal(amount):
            a[value] = self._source.typed(f"{a[value]} * {factor}", amount)
            return a
        product = self._source.sql("multiply", a[value], factor, f"scale={scale + other}")
        if other:
            product = self._source.sql(
                "as_decimal", product, f"scale={scale + other}", f"places={scale}"
            )
        a[value] = product
        return a
