"""Print arithmetic of rules as SQLAlchemy source: numbers, text, dates and durations."""

from typing import TYPE_CHECKING

from apigen.expr.kinds import is_decimal, is_float, is_text, kind_of, scale_of
from apigen.expr.sql_source import Here
from apigen.ir.expr import Arithmetic
from apigen.ir.types import ScalarKind

if TYPE_CHECKING:
    from apigen.expr.sql_printer import SqlPrinter

_TEMPORAL = (ScalarKind.DATE, ScalarKind.DATETIME, ScalarKind.DURATION)


class SqlArithmetic:
    """Prints operations for a `SqlPrinter`."""

    def __init__(self, printer: "SqlPrinter") -> None:
        """Serve one printer."""
        self._printer = printer
        self._source = printer.source

    def print(self, expr: Arithmetic, here: Here) -> str:
        """Return source of an operation that yields one column."""
        op, left, right, type_ = expr.op, expr.left, expr.right, expr.type
        if kind_of(type_) in _TEMPORAL or kind_of(left.type) in _TEMPORAL:
            return self._time_arithmetic(expr, here)
        if is_text(type_):
            a, b = self._printer.scalar(left, here), self._printer.scalar(right, here)
            return f"{self._source.typed(a, type_)}.concat({b})"
        if is_decimal(left.type) or is_decimal(right.type):
            return self._decimal_arithmetic(expr, here)
        a, b = self._printer.scalar(left, here), self._printer.scalar(right, here)
        if is_float(type_):
            if op == "/":
                # Without a type of its own SQLAlchemy divides by a NUMERIC, which is not exact.
                divisor = self._source.typed(f"{self._source.sa}.func.nullif({b}, 0.0)", type_)
                return self._source.typed(f"{a} / {divisor}", type_)
            return self._source.typed(f"{a} {op} {b}", type_)
        if op == "//":
            return self._source.sql("floor_divide", a, b)
        if op == "%":
            return self._source.sql("modulo", a, b, f"kind={self._source.type(type_)}")
        # Two 32-bit numbers have a 64-bit result.
        return self._source.typed(f"{self._source.sql('whole', a)} {op} {b}", type_)

    def _decimal_arithmetic(self, expr: Arithmetic, here: Here) -> str:
        op, left, right, type_ = expr.op, expr.left, expr.right, expr.type
        scales = scale_of(left.type), scale_of(right.type)
        if op == "*":
            a, b = (
                self._printer.decimal(left, scales[0], here),
                self._printer.decimal(right, scales[1], here),
            )
            return self._source.sql("multiply", a, b, f"scale={sum(scales)}")
        if op == "/":
            a, b = (
                self._printer.decimal(left, scales[0], here),
                self._printer.decimal(right, scales[1], here),
            )
            places = f"places={scale_of(type_)}"
            return self._source.sql("divide", a, b, f"scales=({scales[0]}, {scales[1]})", places)
        places_ = max(scales)
        a, b = (
            self._printer.decimal(left, places_, here),
            self._printer.decimal(right, places_, here),
        )
        if op == "//":
            whole = self._source.sql("floor_divide", a, b)
            return self._source.sql("as_decimal", whole, "scale=0", "places=0")
        if op == "%":
            return self._source.sql("modulo", a, b, f"kind={self._source.type(type_)}")
        return self._source.typed(f"{a} {op} {b}", type_)

    def _time_arithmetic(self, expr: Arithmetic, here: Here) -> str:
        op, left, right = expr.op, expr.left, expr.right
        a, b = self._printer.scalar(left, here), self._printer.scalar(right, here)
        kinds = kind_of(left.type), kind_of(right.type)
        if op == "*":
            if kinds[0] is not ScalarKind.DURATION:
                a, b = b, a
            return self._source.sql("multiplied", a, b)
        if kinds == (ScalarKind.DURATION, ScalarKind.DURATION):
            return self._source.typed(f"{a} {op} {b}", expr.type)
        if kinds[0] is kinds[1]:
            return self._source.sql(
                "elapsed" if kinds[0] is ScalarKind.DATETIME else "days_apart", a, b
            )
        if kinds[0] is ScalarKind.DURATION:
            a, b = b, a
        back = ["back=True"] if op == "-" else []
        is_date = kind_of(expr.type) is ScalarKind.DATE
        return self._source.sql("moved_day" if is_date else "moved", a, b, *back)
