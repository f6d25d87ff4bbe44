"""Work out a rule on given values, at generation time.

Samples have to satisfy invariants and tests have to know what a computed field comes to, so the
compiler evaluates the typed tree itself. Values are plain: an enum member is its name, a value
object or child is a mapping by attribute, a collection is a sequence. Knows nothing of how rules
are printed.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import reduce
from typing import assert_never

from apigen.expr.tree import ACTOR_FUNCTIONS
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
)
from apigen.ir.types import ObjectRef, RefTo, Scalar, ScalarKind, TypeRef
from apigen.values import dataclass


class NotEvaluableError(Exception):
    """The rule reads something that has no value before the program runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureParts:
    """The attributes that make a value object an amount of a unit."""

    value: str
    unit: str
    type: TypeRef
    """Of `value`."""
    zero: Mapping[str, object]
    """What an empty sum is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What a rule can see."""

    owner: Mapping[str, object]
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    measures: Mapping[str, MeasureParts]
    """By qualified name of the value object."""
    variables: Mapping[str, object]
    input: Mapping[str, object] = field(default_factory=dict)
    """By attribute, the keys of refs under theirs."""
    old: Mapping[str, object] = field(default_factory=dict)
    event: Mapping[str, object] = field(default_factory=dict)
    """`event_id`, `occurred_at`, `aggregate_id` and the fields of the payload, side by side."""
    actor: Mapping[str, object] = field(default_factory=dict)
    """`id`, `roles`, `scopes` and the claims, side by side."""
    entities: Mapping[str, Mapping[object, Mapping[str, object]]] = field(default_factory=dict)
    """By qualified name, the live rows of an entity by their keys."""


def evaluate(expr: Expr, environment: Environment) -> object:
    """Return the value of `expr`.

    Raises:
        NotEvaluableError: it reads an attribute that `environment` does not have, or does
            arithmetic that has no result (division by zero, two units).
    """
    match expr:
        case Const(value=value):
            return value
        case EnumMemberExpr(member=member):
            return member
        case Path():
            return _path(expr, environment)
        case Now(type=type_):
            is_date = isinstance(type_, Scalar) and type_.kind is ScalarKind.DATE
            return environment.now.date() if is_date else environment.now
        case Convert(operand=operand):
            return _converted(evaluate(operand, environment), expr.type, environment)
        case Not(operand=operand):
            return not evaluate(operand, environment)
        case Negate(operand=operand):
            return _scaled(evaluate(operand, environment), -1, expr.type, environment)
        case BoolOp(op=op, operands=operands):
            if op == "and":
                return all(evaluate(operand, environment) for operand in operands)
            return any(evaluate(operand, environment) for operand in operands)
        case Compare():
            return _compare(expr, environment)
        case Arithmetic():
            return _arithmetic(expr, environment)
        case Conditional(test=test, body=body, orelse=orelse):
            return evaluate(body if evaluate(test, environment) else orelse, environment)
        case Items(items=items):
            return [evaluate(item, environment) for item in items]
        case Call():
            return _call(expr, environment)
        case _:
            assert_never(expr)


def _path(path: Path, environment: Environment) -> object:
    value = _begin(path, environment)
    before: TypeRef | None = None
    for step in path.steps:
        if value is None:
            return None
        if isinstance(before, RefTo):
            value = _referred(before.target, value, environment)
        before = step.type
        if isinstance(value, Mapping):
            if step.attribute not in value:
                raise NotEvaluableError(step.attribute)
            value = value[step.attribute]
        elif isinstance(value, date | time) and step.attribute in _DATE_PARTS:
            value = getattr(value, step.attribute)
        else:
            raise NotEvaluableError(step.attribute)
    return value


def _begin(path: Path, environment: Environment) -> object:
    match path.root:
        case Root.SELF:
            return environment.owner
        case Root.VARIABLE:
            return environment.variables[path.variable or ""]
        case Root.INPUT:
            return environment.input
        case Root.OLD:
            return environment.old
        case Root.EVENT:
            return environment.event
        case Root.ACTOR:
            return environment.actor
        case Root.ENTITIES:
            return tuple(environment.entities.get(path.child or "", {}).values())
        case _:
            assert_never(path.root)


def _referred(target: str, key: object, environment: Environment) -> object:
    rows = environment.entities.get(target, {})
    if not isinstance(key, Hashable) or key not in rows:
        raise NotEvaluableError(target)
    return rows[key]


_DATE_PARTS = frozenset({"year", "month", "day", "hour", "minute", "second"})

_ORDER: Mapping[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def _compare(expr: Compare, environment: Environment) -> bool:
    left = evaluate(expr.left, environment)
    right = evaluate(expr.right, environment)
    match expr.op:
        case "==" | "is":
            return left == right
        case "!=" | "is_not":
            return left != right
        case "in":
            return left in _sequence(right)
        case "not_in":
            return left not in _sequence(right)
        case op:
            if left is None or right is None:
                return False
            return _ORDER[op](_order(left, right, expr.left.type, environment))


def _order(left: object, right: object, type_: TypeRef | None, environment: Environment) -> int:
    parts = _measure(type_, environment)
    if parts is not None and isinstance(left, Mapping) and isinstance(right, Mapping):
        _same_unit(left, right, parts)
        left, right = left[parts.value], right[parts.value]
    if isinstance(left, float) or isinstance(right, float):
        left, right = _number(left), _number(right)
    try:
        above, below = left > right, left < right  # type: ignore[operator]  # typed by the checker
        return int(above) - int(below)
    except TypeError as error:
        raise NotEvaluableError(str(error)) from error


def _arithmetic(expr: Arithmetic, environment: Environment) -> object:
    left = evaluate(expr.left, environment)
    right = evaluate(expr.right, environment)
    if left is None or right is None:
        return None
    if isinstance(left, Mapping) or isinstance(right, Mapping):
        return _measured(expr, left, right, environment)
    return _rounded(_apply(expr.op, left, right), expr.type)


def _measured(expr: Arithmetic, left: object, right: object, environment: Environment) -> object:
    parts = _measure(expr.type, environment)
    if parts is None:
        raise NotEvaluableError(expr.op)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        _same_unit(left, right, parts)
        return {
            **left,
            parts.value: _apply(expr.op, left[parts.value], right[parts.value]),
        }
    measure, factor = (left, right) if isinstance(left, Mapping) else (right, left)
    if not isinstance(measure, Mapping):
        raise NotEvaluableError(expr.op)
    result = _rounded(_apply(expr.op, measure[parts.value], factor), parts.type)
    return {**measure, parts.value: result}


def _apply(op: str, left: object, right: object) -> object:
    if isinstance(left, float) and isinstance(right, Decimal | int):
        right = float(right)
    elif isinstance(right, float) and isinstance(left, Decimal | int):
        left = float(left)
    elif op == "/" and isinstance(left, int) and isinstance(right, int):
        left = Decimal(left)
    try:
        match op:
            case "+":
                return left + right  # type: ignore[operator]  # typed by the checker
            case "-":
                return left - right  # type: ignore[operator]
            case "*":
                return left * right  # type: ignore[operator]
            case _ if not right:
                # As in the generated code: nothing divided by zero is anything.
                return None
            case "/":
                return left / right  # type: ignore[operator]
            case "//":
                return _floor(left, right)
            case _:
                whole = _floor(left, right)
                return left - whole * right  # type: ignore[operator]
    except (TypeError, ArithmeticError) as error:
        raise NotEvaluableError(str(error)) from error


def _floor(left: object, right: object) -> object:
    """Divide downwards; decimals would divide towards zero."""
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return (Decimal(str(left)) / Decimal(str(right))).to_integral_value(ROUND_FLOOR)
    return left // right  # type: ignore[operator]  # typed by the checker


def _call(expr: Call, environment: Environment) -> object:
    name = expr.function
    first = expr.arguments[0]
    if isinstance(first, Comprehension):
        items = list(_comprehend(first, environment))
        return _aggregate(name, items, expr.type, environment)
    if name in ACTOR_FUNCTIONS:
        held = environment.actor.get("roles" if name == "has_role" else "scopes")
        if held is None:
            raise NotEvaluableError("actor")
        return evaluate(first, environment) in _sequence(held)
    values = [
        evaluate(argument, environment)
        for argument in expr.arguments
        if not isinstance(argument, Comprehension)
    ]
    if name == "coalesce":
        return next((value for value in values if value is not None), None)
    if any(value is None for value in values):
        return None
    if len(values) == 1 and isinstance(values[0], list | tuple | set | frozenset):
        return _aggregate(name, list(values[0]), expr.type, environment)
    if name in ("min", "max"):
        return _aggregate(name, values, expr.type, environment)
    if name == "abs" and isinstance(values[0], Mapping):
        raise NotEvaluableError(name)
    try:
        return _rounded(_FUNCTIONS[name](*values), expr.type)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise NotEvaluableError(name) from error


def _comprehend(comprehension: Comprehension, environment: Environment) -> Iterable[object]:
    for item in _sequence(evaluate(comprehension.source, environment)):
        inner = replace(
            environment,
            variables={**environment.variables, comprehension.variable: item},
        )
        if comprehension.test is None or evaluate(comprehension.test, inner):
            yield evaluate(comprehension.element, inner)


def _aggregate(name: str, items: list[object], type_: TypeRef, environment: Environment) -> object:
    match name:
        case "len" | "count":
            return len(items)
        case "exists":
            return bool(items)
        case "any":
            return any(items)
        case "all":
            return all(items)
        case "sum":
            return _sum([item for item in items if item is not None], type_, environment)
        case "min" | "max":
            if not items:
                return None
            sign = -1 if name == "min" else 1
            best = items[0]
            for item in items[1:]:
                if _order(item, best, type_, environment) * sign > 0:
                    best = item
            return best
        case _:
            raise NotEvaluableError(name)


def _sum(items: list[object], type_: TypeRef, environment: Environment) -> object:
    parts = _measure(type_, environment)
    if parts is None:
        zero: object = 0
        if isinstance(type_, Scalar):
            zero = {
                ScalarKind.DECIMAL: Decimal(0),
                ScalarKind.FLOAT: 0.0,
                ScalarKind.DURATION: timedelta(),
            }.get(type_.kind, 0)
        return reduce(lambda total, item: _apply("+", total, item), items, zero)
    if not items:
        return dict(parts.zero)
    first, *rest = [item for item in items if isinstance(item, Mapping)]
    total = dict(first)
    for item in rest:
        _same_unit(total, item, parts)
        total[parts.value] = _apply("+", total[parts.value], item[parts.value])
    return total


def _scaled(value: object, factor: int, type_: TypeRef, environment: Environment) -> object:
    if value is None:
        return None
    parts = _measure(type_, environment)
    if parts is not None and isinstance(value, Mapping):
        return {**value, parts.value: _apply("*", value[parts.value], factor)}
    return _apply("*", value, factor)


def _measure(type_: TypeRef | None, environment: Environment) -> MeasureParts | None:
    return environment.measures.get(type_.target) if isinstance(type_, ObjectRef) else None


def _same_unit(
    left: Mapping[str, object], right: Mapping[str, object], parts: MeasureParts
) -> None:
    if left[parts.unit] != right[parts.unit]:
        raise NotEvaluableError("units differ")


def _sequence(value: object) -> Sequence[object] | frozenset[object]:
    if isinstance(value, list | tuple | frozenset | str):
        return value
    return ()


def _number(value: object) -> object:
    return float(value) if isinstance(value, int | Decimal) else value


def _rounded(value: object, type_: TypeRef) -> object:
    """Quantize a decimal to the scale its type declares, as both printed forms do."""
    if isinstance(value, Decimal) and isinstance(type_, Scalar):
        scale = type_.constraints.scale
        if scale is not None:
            return value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    return value


def _converted(value: object, type_: TypeRef, environment: Environment) -> object:
    parts = _measure(type_, environment)
    if parts is not None and isinstance(value, Mapping):
        return {**value, parts.value: _rounded(value[parts.value], parts.type)}
    if not isinstance(type_, Scalar) or not isinstance(value, int | Decimal):
        return value
    match type_.kind:
        case ScalarKind.FLOAT:
            return float(value)
        case ScalarKind.DECIMAL:
            return _rounded(Decimal(value), type_)
        case _:
            return value


def _years_between(start: date, end: date) -> int:
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _round(value: Decimal | float, places: int | None = None) -> Decimal | int:
    """Round halves away from zero; without `places` to a whole number, which is an int."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-(places or 0)), ROUND_HALF_UP)
    return int(rounded) if places is None else rounded


# Arguments are of the types the checker allows; a wrong one ends as NotEvaluableError.
_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "len": len,
    "abs": abs,
    "round": _round,
    "lower": str.lower,
    "upper": str.upper,
    "strip": str.strip,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": lambda text, part: part in text,
    "matches": lambda text, pattern: re.fullmatch(pattern, text) is not None,
    "days": lambda n: timedelta(days=n),
    "hours": lambda n: timedelta(hours=n),
    "minutes": lambda n: timedelta(minutes=n),
    "date": datetime.date,
    "years_between": _years_between,
}
