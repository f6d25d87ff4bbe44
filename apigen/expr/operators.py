"""What the operators mean: which types go together, and what comes out.

Every function answers with converted operands or None for "these do not go together"; what to
say about that is the checker's business.
"""

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from apigen.expr.kinds import (
    BIGINT,
    DATE,
    DATETIME,
    DIVISION_SCALE,
    DURATION,
    FLOAT,
    TEXT,
    decimal_type,
    is_decimal,
    is_float,
    is_int,
    is_number,
    is_ordered,
    is_same_object,
    is_text,
    kind_of,
    precision_of,
    same_id,
    scale_of,
)
from apigen.expr.scope import ObjectScope, Scope
from apigen.expr.tree import is_null, type_of
from apigen.ir.expr import Arithmetic, Const, Convert, Expr, Negate, Path
from apigen.ir.types import EnumRef, IdOf, ListOf, ManyOf, ObjectRef, RefTo, Scalar, SetOf, TypeRef
from apigen.ir.types import ScalarKind as K
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two operands of one type."""

    left: Expr
    right: Expr
    type: TypeRef


def to_decimal(expr: Expr) -> Expr:
    """Return a whole number as a decimal without decimal places."""
    if is_decimal(expr.type):
        return expr
    if isinstance(expr, Const) and isinstance(expr.value, int):
        value = Decimal(expr.value)
        return Const(value=value, type=decimal_type(max(value.adjusted() + 1, 1), 0))
    return Convert(operand=expr, type=decimal_type(precision_of(expr.type), 0))


def to_float(expr: Expr) -> Expr:
    """Return a whole number, or a literal with a point, as a float."""
    if is_float(expr.type):
        return expr
    if isinstance(expr, Const) and isinstance(expr.value, int | Decimal):
        return Const(value=float(expr.value), type=FLOAT)
    if isinstance(expr, Negate):
        return Negate(operand=to_float(expr.operand), type=FLOAT)
    return Convert(operand=expr, type=FLOAT)


def _is_literal_number(expr: Expr) -> bool:
    if isinstance(expr, Negate):
        return _is_literal_number(expr.operand)
    return isinstance(expr, Const)


def numbers(left: Expr, right: Expr) -> Pair | None:
    """Return two numbers of one sort; decimals keep their own scales."""
    if not (is_number(left.type) and is_number(right.type)):
        return None
    if is_float(left.type) or is_float(right.type):
        for side in (left, right):
            # A literal is as exact as its neighbour; a decimal field loses cents as a float.
            if is_decimal(side.type) and not _is_literal_number(side):
                return None
        return Pair(left=to_float(left), right=to_float(right), type=FLOAT)
    if is_decimal(left.type) or is_decimal(right.type):
        left, right = to_decimal(left), to_decimal(right)
        return Pair(left=left, right=right, type=wider_decimal(type_of(left), type_of(right)))
    return Pair(left=left, right=right, type=BIGINT)


def wider_decimal(left: TypeRef, right: TypeRef) -> Scalar:
    """Return the decimal type that holds both."""
    scale = max(scale_of(left), scale_of(right))
    whole = max(precision_of(left) - scale_of(left), precision_of(right) - scale_of(right))
    return decimal_type(whole + scale, scale)


def parsed_literal(text: str, type_: TypeRef) -> Const | None:
    """Return a text literal as the date, time or uuid that it stands for; None if it is none."""
    try:
        match kind_of(type_):
            case K.DATE:
                return Const(value=date.fromisoformat(text), type=type_)
            case K.TIME:
                parsed = time.fromisoformat(text)
                return Const(value=parsed, type=type_) if parsed.tzinfo is None else None
            case K.DATETIME:
                moment = datetime.fromisoformat(text)
                return Const(value=moment, type=type_) if moment.tzinfo is not None else None
            case K.UUID:
                return Const(value=str(UUID(text)), type=type_)
            case _:
                return None
    except ValueError:
        return None


def takes_literals(type_: TypeRef | None) -> bool:
    """Tell whether values of the type are written as text in quotes."""
    return kind_of(type_) in (K.DATE, K.TIME, K.DATETIME, K.UUID)


def _with_literal(expr: Expr, other: TypeRef) -> Expr | None:
    if isinstance(expr, Const) and isinstance(expr.value, str) and takes_literals(other):
        return parsed_literal(expr.value, other)
    return None


def alike(left: Expr, right: Expr, scope: Scope) -> Pair | None:
    """Return two values that can be equal: operands of one type, or None."""
    if is_null(left):
        return Pair(left=left, right=right, type=type_of(right))
    if is_null(right):
        return Pair(left=left, right=right, type=type_of(left))
    pair = numbers(left, right)
    if pair is not None:
        return pair
    a, b = type_of(left), type_of(right)
    if is_text(a) and is_text(b):
        return Pair(left=left, right=right, type=TEXT)
    as_left, as_right = _with_literal(left, b), _with_literal(right, a)
    if as_left is not None:
        return Pair(left=as_left, right=right, type=b)
    if as_right is not None:
        return Pair(left=left, right=as_right, type=a)
    if same_id(a, b) or _is_key(a, b, scope):
        return Pair(left=left, right=right, type=a)
    if _is_key(b, a, scope):
        return Pair(left=left, right=right, type=b)
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return Pair(left=left, right=right, type=a) if a.kind is b.kind else None
    if isinstance(a, EnumRef | ObjectRef):
        return Pair(left=left, right=right, type=a) if a == b else None
    if isinstance(a, ListOf | SetOf) and type(a) is type(b) and a.item == getattr(b, "item", None):
        return Pair(left=left, right=right, type=a)
    return None


def _is_key(id_type: TypeRef, value: TypeRef, scope: Scope) -> bool:
    """Tell whether `value` is of the type that the id has in the end."""
    if not isinstance(id_type, RefTo | IdOf):
        return False
    key = scope.keys.get(id_type.target)
    if key is None or not isinstance(value, Scalar):
        return False
    return (is_text(key) and is_text(value)) or (is_int(key) and is_int(value))


def measure_of(type_: TypeRef | None, scope: Scope) -> ObjectScope | None:
    """Return the value object if it is a measure."""
    if isinstance(type_, ObjectRef):
        found = scope.objects.get(type_.target)
        if found is not None and found.value is not None and found.unit is not None:
            return found
    return None


def measure_value(measure: ObjectScope) -> TypeRef | None:
    """Return the type of a measure's amount."""
    return next((f.type for f in measure.fields if f.name == measure.value), None)


def can_be_ordered(type_: TypeRef, scope: Scope) -> bool:
    """Tell whether `<` means something for two of the type."""
    return is_ordered(type_) or measure_of(type_, scope) is not None


def arithmetic(
    op: str, left: Expr, right: Expr, scope: Scope, *, zero_divisor: bool, scale: int | None
) -> Arithmetic | Convert | None:
    """Return the typed operation, or None when the operands do not go together.

    Args:
        op: One of `+ - * / // %`.
        left: The left operand, not null.
        right: The right operand, not null.
        scope: For measures.
        zero_divisor: Whether the divisor can be zero.
        scale: Decimal places that the surroundings want of a quotient.
    """
    pair = numbers(left, right)
    if pair is not None:
        return _of_numbers(op, pair, zero_divisor=zero_divisor, scale=scale)
    if measure_of(left.type, scope) is not None or measure_of(right.type, scope) is not None:
        return _of_measures(op, left, right, scope)
    result = _TABLE.get((op, _family(left.type), _family(right.type)))
    if result is None:
        return None
    return Arithmetic(op=op, left=left, right=right, type=result)


def _of_numbers(op: str, pair: Pair, *, zero_divisor: bool, scale: int | None) -> Arithmetic:
    left, right, type_ = pair.left, pair.right, pair.type
    a, b = type_of(left), type_of(right)
    if op == "/" and not is_float(type_):
        left, right = to_decimal(left), to_decimal(right)
        places = scale if scale is not None else max(DIVISION_SCALE, scale_of(a), scale_of(b))
        type_ = decimal_type(precision_of(a) - scale_of(a) + scale_of(b) + places, places)
    elif is_decimal(type_) and op == "*":
        type_ = decimal_type(precision_of(a) + precision_of(b), scale_of(a) + scale_of(b))
    elif is_decimal(type_) and op == "//":
        type_ = decimal_type(precision_of(a) - scale_of(a) + scale_of(b), 0)
    elif is_decimal(type_) and op in "+-":
        type_ = decimal_type(precision_of(type_) + 1, scale_of(type_))
    nullable = op in ("/", "//", "%") and zero_divisor
    return Arithmetic(op=op, left=left, right=right, type=type_, nullable=nullable)


def _of_measures(op: str, left: Expr, right: Expr, scope: Scope) -> Arithmetic | None:
    if op in "+-" and is_same_object(left.type, right.type):
        return Arithmetic(op=op, left=left, right=right, type=type_of(left))
    if op != "*":
        return None
    if measure_of(left.type, scope) is None:
        left, right = right, left
    measure = measure_of(left.type, scope)
    if measure is None or not is_number(right.type):
        return None
    amount = measure_value(measure)
    if is_int(amount) and not is_int(right.type):
        return None
    if is_float(amount) and is_decimal(right.type) and _is_literal_number(right):
        right = to_float(right)
    elif not is_int(right.type) and is_float(amount) != is_float(right.type):
        return None
    return Arithmetic(op="*", left=left, right=right, type=type_of(left))


def _family(type_: TypeRef | None) -> str:
    if is_text(type_):
        return "text"
    if is_int(type_):
        return "int"
    kind = kind_of(type_)
    return kind.value if kind is not None else "other"


_TABLE = {
    ("+", "text", "text"): TEXT,
    ("+", "date", "duration"): DATE,
    ("+", "duration", "date"): DATE,
    ("-", "date", "duration"): DATE,
    ("-", "date", "date"): DURATION,
    ("+", "datetime", "duration"): DATETIME,
    ("+", "duration", "datetime"): DATETIME,
    ("-", "datetime", "duration"): DATETIME,
    ("-", "datetime", "datetime"): DURATION,
    ("+", "duration", "duration"): DURATION,
    ("-", "duration", "duration"): DURATION,
    ("*", "duration", "int"): DURATION,
    ("*", "int", "duration"): DURATION,
}


def fitted(expr: Expr, expected: TypeRef, scope: Scope) -> Expr | None:
    """Return the expression as a value of `expected`, or None when it is none."""
    if is_null(expr):
        return Const(value=None, type=expected)
    actual = type_of(expr)
    if is_decimal(expected):
        if not (is_int(actual) or is_decimal(actual)):
            return None
        fits = scale_of(actual) <= scale_of(expected)
        if fits and isinstance(expr, Const) and isinstance(expr.value, int | Decimal):
            return Const(value=Decimal(expr.value), type=expected)
        if is_decimal(actual) and scale_of(actual) == scale_of(expected):
            return expr
        return Convert(operand=expr, type=expected)
    if is_float(expected):
        if is_float(actual) or is_int(actual) or _is_literal_number(expr):
            return to_float(expr)
        return None
    if is_int(expected):
        return expr if is_int(actual) else None
    if is_text(expected):
        return expr if is_text(actual) else None
    if isinstance(expr, Const) and isinstance(expr.value, str) and takes_literals(expected):
        return parsed_literal(expr.value, expected)
    if same_id(actual, expected) or _is_key(expected, actual, scope):
        return expr
    if isinstance(actual, Scalar) and isinstance(expected, Scalar):
        return expr if actual.kind is expected.kind else None
    if _target_of_many(actual) is not None and _target_of_many(actual) == _target_of_many(expected):
        return expr
    return expr if actual == expected else None


def _target_of_many(type_: TypeRef | None) -> str | None:
    """Return the entity whose keys a set holds; the links of a `many` are such a set."""
    match type_:
        case ManyOf(target=target) | SetOf(item=IdOf(target=target)):
            return target
        case _:
            return None


def is_nonzero_by_itself(expr: Expr) -> bool:
    """Tell whether it cannot be zero because of what it is: a literal, or a field's bounds."""
    match expr:
        case Const(value=value):
            return isinstance(value, int | float | Decimal) and value != 0
        case Negate(operand=operand):
            return is_nonzero_by_itself(operand)
        case Convert(operand=operand, type=type_):
            # Rounding can make a zero of anything.
            keeps = is_float(type_) or scale_of(type_) >= scale_of(operand.type)
            return keeps and is_nonzero_by_itself(operand)
    if not isinstance(expr, Path) or not isinstance(expr.type, Scalar):
        return False
    bounds = expr.type.constraints
    return (
        _above(bounds.min, 0, strict=True)
        or _above(bounds.gt, 0, strict=False)
        or (_below(bounds.max, 0, strict=True) or _below(bounds.lt, 0, strict=False))
    )


def _above(bound: object, limit: int, *, strict: bool) -> bool:
    if not isinstance(bound, int | float | Decimal):
        return False
    return bound > limit if strict else bound >= limit


def _below(bound: object, limit: int, *, strict: bool) -> bool:
    if not isinstance(bound, int | float | Decimal):
        return False
    return bound < limit if strict else bound <= limit
