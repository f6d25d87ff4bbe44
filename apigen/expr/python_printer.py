"""Print a typed rule as Python source for a domain class.

What Python's own operators would do differently from the rule is a call of `support.domain.rules`;
the rest reads like the rule. How names are spelled is the caller's business (`Spelling`).
"""

import keyword
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from apigen.expr.kinds import is_decimal, is_float, is_int, kind_of, scale_of
from apigen.expr.printed import SUPPORT, Needs, Printed, Spelling, literal_source
from apigen.expr.python_paths import DEFAULT_ROOTS, PythonPaths, PythonRoots
from apigen.expr.tree import is_nullable, type_of, walk
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
    Root,
    TypedExpr,
)
from apigen.ir.types import ObjectRef, ScalarKind, TypeRef

_RULES = f"{SUPPORT}.domain.rules"

# How tightly source binds, loosest first; the numbers only have their order.
_TERNARY, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _MINUS, _ATOM = range(9)
_OPERATORS = {"is_not": "is not", "not_in": "not in"}
# How a person would write it, and linters want it.
_OPPOSITES = {
    "is": "is_not",
    "is_not": "is",
    "in": "not_in",
    "not_in": "in",
    "==": "!=",
    "!=": "==",
}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}

# Names that printed source may use, so that no variable of a rule may have them.
_TAKEN = frozenset(
    {
        *("Decimal", "abs", "all", "any", "dt", "float", "int", "len", "max", "min", "re", "sum"),
        *("UUID", "coalesce", "divide", "divide_or_none", "floor_divide", "floor_divide_or_none"),
        *("modulo", "modulo_or_none", "ratio_or_none", "round_half_up", "sum_of", "utc_date"),
        "years_between",
    }
)


def print_python(
    typed: TypedExpr,
    *,
    owner: str = "self",
    now: str = "now",
    spell: Callable[[str], str] | None = None,
    spelling: Spelling | None = None,
    roots: PythonRoots = DEFAULT_ROOTS,
) -> Printed:
    """Return Python source with the value of the rule.

    Args:
        typed: The rule.
        owner: Source of the object whose rule it is.
        now: Source of the present, an aware datetime; only used when `typed.uses_clock`.
        spell: How attributes are spelled; short for `Spelling(attribute=…)`.
        spelling: How everything is spelled.
        roots: Where inputs, loaded aggregates, old values, the event and the actor are found.
    """
    names = spelling or (Spelling(attribute=spell) if spell is not None else Spelling())
    needs = Needs(names)
    variables = {node.variable for node in walk(typed.tree) if isinstance(node, Comprehension)}
    paths = PythonPaths(owner, roots, names, needs)
    taken = paths.heads(typed.tree) | {owner.partition(".")[0], now.partition(".")[0]}
    printer = _Printer(paths, taken, now, roots.actor, names, needs, variables)
    return needs.printed(printer.at(typed.tree, _TERNARY))


class _Printer:
    """Prints nodes; every method returns source and how tightly it binds."""

    def __init__(
        self,
        paths: PythonPaths,
        taken: frozenset[str],
        now: str,
        actor: str,
        spelling: Spelling,
        needs: Needs,
        variables: set[str],
    ) -> None:
        # Linters take a variable `l` for a one.
        self._instead_of_l = "each"
        while self._instead_of_l in variables:
            self._instead_of_l += "_"
        self._paths = paths
        self._taken = _TAKEN | taken
        self._now = now
        self._actor = actor
        self._spelling = spelling
        self._needs = needs

    def at(self, expr: Expr, least: int) -> str:
        """Return source that binds at least so tightly."""
        text, binds = self._print(expr)
        return text if binds >= least else f"({text})"

    def _rule(self, name: str, *arguments: str) -> tuple[str, int]:
        return f"{self._needs.name(_RULES, name)}({', '.join(arguments)})", _ATOM

    def _print(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Const():
                return self._const(expr)
            case EnumMemberExpr(enum=enum, member=member):
                return f"{self._needs.type(enum)}.{self._spelling.member(enum, member)}", _ATOM
            case Path():
                return self._path(expr), _ATOM
            case Now(type=type_):
                if kind_of(type_) is ScalarKind.DATE:
                    return self._rule("utc_date", self._now)
                return self._now, _ATOM
            case Convert(operand=operand, type=type_):
                return self._convert(operand, type_)
            case Not(operand=Compare(op=op) as operand) if op in _OPPOSITES:
                return self._compare(replace(operand, op=_OPPOSITES[op]))
            case Not(operand=Call(function="contains" | "matches") as call):
                # The source of both ends in a comparison, and so does that of its opposite.
                return self._function(call, _values(call), holds=False)
            case Not(operand=operand):
                return f"not {self.at(operand, _NOT)}", _NOT
            case Negate(operand=operand):
                return f"-{self.at(operand, _MINUS)}", _MINUS
            case BoolOp(op=op, operands=operands):
                binds = _AND if op == "and" else _OR
                return f" {op} ".join(self.at(part, binds + 1) for part in operands), binds
            case Compare():
                return self._compare(expr)
            case Arithmetic():
                return self._arithmetic(expr)
            case Conditional(test=test, body=body, orelse=orelse):
                text = f"{self.at(body, _OR)} if {self.at(test, _OR)} else {self.at(orelse, _OR)}"
                return text, _TERNARY
            case Items(items=items):
                comma = "," if len(items) == 1 else ""
                return f"({', '.join(self.at(item, _OR) for item in items)}{comma})", _ATOM
            case Call():
                return self._call(expr)
            case _:
                assert_never(expr)

    def _const(self, const: Const) -> tuple[str, int]:
        if kind_of(const.type) is ScalarKind.UUID:
            return f"{self._needs.name('uuid', 'UUID')}({const.value!r})", _ATOM
        text = literal_source(const.value, self._needs)
        return text, _MINUS if text.startswith("-") else _ATOM

    def _variable(self, name: str) -> str:
        if name == "l":
            name = self._instead_of_l
        while name in self._taken or keyword.iskeyword(name):
            name += "_"
        return name

    def _path(self, path: Path) -> str:
        if path.root is Root.VARIABLE:
            text = self._paths.follow(self._variable(path.variable or ""), None, path.steps)
            return self._paths.spoken(text, path)
        return self._paths.print(path)

    def _convert(self, operand: Expr, type_: TypeRef) -> tuple[str, int]:
        if is_float(type_):
            return f"float({self.at(operand, _TERNARY)})", _ATOM
        value = self.at(operand, _TERNARY)
        if is_int(operand.type):
            value = f"{self._needs.name('decimal', 'Decimal')}({value})"
            if scale_of(type_) == 0:
                return value, _ATOM
        rounded = self._rule("round_half_up", value, str(scale_of(type_)))
        if not is_nullable(operand):
            return rounded
        source = self.at(operand, _COMPARE + 1)
        return f"None if {source} is None else {rounded[0]}", _TERNARY

    def _number(self, expr: Expr, least: int) -> str:
        """Return an operand of an operator that mixes whole numbers with others by itself."""
        if isinstance(expr, Convert) and is_int(expr.operand.type) and scale_of(expr.type) == 0:
            return self.at(expr.operand, least)
        return self.at(expr, least)

    def _compare(self, expr: Compare) -> tuple[str, int]:
        op, left, right = expr.op, expr.left, expr.right
        if isinstance(right, Items) and len(right.items) == 1:
            op, right = ("==" if op == "in" else "!="), right.items[0]
        if isinstance(left, Const) and not isinstance(right, Const) and op in _MIRRORED:
            op, left, right = _MIRRORED[op], right, left
        if isinstance(right, Const) and isinstance(right.value, bool) and op in ("==", "!="):
            op = "is" if op == "==" else "is_not"
        if op in ("is", "is_not") and isinstance(left, Path):
            # A localized text is there when there is any.
            left = replace(left, locale="")
        sign = _OPERATORS.get(op, op)
        return f"{self._number(left, _SUM)} {sign} {self._number(right, _SUM)}", _COMPARE

    def _arithmetic(self, expr: Arithmetic) -> tuple[str, int]:
        op, left, right, type_ = expr.op, expr.left, expr.right, expr.type
        if op in "+-":
            return f"{self._number(left, _SUM)} {op} {self._number(right, _PRODUCT)}", _SUM
        if op == "*":
            return f"{self._number(left, _PRODUCT)} * {self._number(right, _MINUS)}", _PRODUCT
        a, b = self.at(left, _TERNARY), self.at(right, _TERNARY)
        if op == "/" and is_decimal(type_):
            name = "divide_or_none" if expr.nullable else "divide"
            return self._rule(name, a, b, str(scale_of(type_)))
        if op == "/":
            if expr.nullable:
                return self._rule("ratio_or_none", a, b)
            return f"{self.at(left, _PRODUCT)} / {self.at(right, _MINUS)}", _PRODUCT
        name = "floor_divide" if op == "//" else "modulo"
        if expr.nullable:
            return self._rule(f"{name}_or_none", a, b)
        if is_decimal(type_) or is_decimal(left.type):
            return self._rule(name, a, b)
        return f"{self.at(left, _PRODUCT)} {op} {self.at(right, _MINUS)}", _PRODUCT

    # Functions.

    def _generator(self, items: Comprehension, element: str | None = None) -> str:
        text = element if element is not None else self.at(items.element, _TERNARY)
        text += f" for {self._variable(items.variable)} in {self.at(items.source, _OR)}"
        if items.test is not None:
            text += f" if {self.at(items.test, _OR)}"
        return text

    def _call(self, call: Call) -> tuple[str, int]:
        first = call.arguments[0]
        if isinstance(first, Comprehension):
            return self._aggregate(call, first), _ATOM
        return self._function(call, _values(call))

    def _aggregate(self, call: Call, items: Comprehension) -> str:
        if call.function == "count":
            if items.test is None:
                return f"len({self.at(items.source, _TERNARY)})"
            return f"sum({self._generator(items, '1')})"
        if call.function == "exists":
            if items.test is None:
                return f"any(True for _ in {self.at(items.source, _OR)})"
            return f"any({self._generator(replace(items, test=None), self.at(items.test, _OR))})"
        text = self._generator(items)
        if call.function in ("min", "max"):
            return f"{call.function}(({text}), default=None)"
        if call.function != "sum":
            return f"{call.function}({text})"
        type_ = type_of(items.element)
        if isinstance(type_, ObjectRef):
            zero = self._spelling.zero(type_.target, self._needs.type(type_.target))
            return self._rule("sum_of", f"({text})", zero)[0]
        if is_decimal(type_):
            return f"sum(({text}), {self._needs.name('decimal', 'Decimal')}(0))"
        if is_float(type_):
            return f"sum(({text}), 0.0)"
        if kind_of(type_) is ScalarKind.DURATION:
            return f"sum(({text}), {self._needs.module('datetime', 'dt')}.timedelta())"
        return f"sum({text})"

    def _function(self, call: Call, values: list[Expr], *, holds: bool = True) -> tuple[str, int]:
        name = call.function
        loose = [self.at(value, _TERNARY) for value in values]
        match name:
            case "len" | "abs" | "min" | "max":
                return f"{name}({', '.join(loose)})", _ATOM
            case "lower" | "upper" | "strip":
                return f"{self.at(values[0], _ATOM)}.{name}()", _ATOM
            case "startswith" | "endswith":
                return f"{self.at(values[0], _ATOM)}.{name}({loose[1]})", _ATOM
            case "contains":
                sign = "in" if holds else "not in"
                return f"{self.at(values[1], _SUM)} {sign} {self.at(values[0], _SUM)}", _COMPARE
            case "matches":
                matched = f"{self._needs.module('re', 're')}.fullmatch({loose[1]}, {loose[0]})"
                return f"{matched} is {'not ' if holds else ''}None", _COMPARE
            case "days" | "hours" | "minutes":
                module = self._needs.module("datetime", "dt")
                return f"{module}.timedelta({name}={loose[0]})", _ATOM
            case "date":
                return self._rule("utc_date", *loose)
            case "years_between":
                return self._rule(name, *loose)
            case "round":
                places = loose[1] if len(loose) > 1 else "0"
                rounded = self._rule("round_half_up", loose[0], places)
                return (f"int({rounded[0]})", _ATOM) if len(loose) == 1 else rounded
            case "has_role" | "has_scope":
                return f"{self._actor}.{name}({loose[0]})", _ATOM
            case "coalesce":
                text = loose[-1]
                for value in reversed(loose[:-1]):
                    text = self._rule("coalesce", value, text)[0]
                return text, _ATOM
            case _:
                raise AssertionError(f"the checker knows no function {name!r}")


def _values(call: Call) -> list[Expr]:
    return [argument for argument in call.arguments if not isinstance(argument, Comprehension)]
