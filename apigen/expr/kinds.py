"""The types a rule works with: families, names for messages, and what two types have in common."""

from decimal import Decimal

from apigen.ir.types import (
    Constraints,
    EnumRef,
    IdOf,
    ListOf,
    Literal,
    LocalizedText,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
)

K = ScalarKind

BOOL = Scalar(kind=K.BOOL)
INT = Scalar(kind=K.INT)
BIGINT = Scalar(kind=K.BIGINT)
FLOAT = Scalar(kind=K.FLOAT)
TEXT = Scalar(kind=K.TEXT)
DATE = Scalar(kind=K.DATE)
DATETIME = Scalar(kind=K.DATETIME)
DURATION = Scalar(kind=K.DURATION)

MAX_PRECISION = 38
DIVISION_SCALE = 6
"""Decimal places that a division keeps when nothing around it asks for a number of them."""

TEXT_KINDS = frozenset(
    {
        K.STR,
        K.TEXT,
        K.EMAIL,
        K.URL,
        K.SLUG,
        K.PHONE,
        K.IP,
        K.COUNTRY,
        K.CURRENCY,
        K.LOCALE,
        K.TIMEZONE,
    }
)
INT_KINDS = frozenset({K.INT, K.BIGINT})
_ORDERED = TEXT_KINDS | INT_KINDS | {K.FLOAT, K.DECIMAL, K.DATE, K.TIME, K.DATETIME, K.DURATION}


def decimal_type(precision: int, scale: int) -> Scalar:
    """Return the decimal type of so many digits, as far as databases have them."""
    scale = min(scale, MAX_PRECISION)
    return Scalar(
        kind=K.DECIMAL,
        constraints=Constraints(
            precision=min(max(precision, scale, 1), MAX_PRECISION), scale=scale
        ),
    )


def decimal_of_literal(value: Decimal) -> Scalar:
    """Return the narrowest decimal type that holds `value` exactly."""
    scale = scale_of_literal(value)
    return decimal_type(max(value.adjusted() + 1, 1) + scale, scale)


def scale_of_literal(value: Decimal) -> int:
    """Return how many decimal places `value` is written with."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def kind_of(type_: TypeRef | None) -> ScalarKind | None:
    """Return the kind of a scalar, None for anything else."""
    return type_.kind if isinstance(type_, Scalar) else None


def is_text(type_: TypeRef | None) -> bool:
    """Tell whether it is text of any sort (but not a uuid or ulid)."""
    return kind_of(type_) in TEXT_KINDS


def is_int(type_: TypeRef | None) -> bool:
    """Tell whether it is a whole number."""
    return kind_of(type_) in INT_KINDS


def is_decimal(type_: TypeRef | None) -> bool:
    """Tell whether it is a decimal."""
    return kind_of(type_) is K.DECIMAL


def is_float(type_: TypeRef | None) -> bool:
    """Tell whether it is a float."""
    return kind_of(type_) is K.FLOAT


def is_number(type_: TypeRef | None) -> bool:
    """Tell whether it is a number of any sort."""
    return is_int(type_) or is_decimal(type_) or is_float(type_)


def is_bool(type_: TypeRef | None) -> bool:
    """Tell whether it is a truth value."""
    return kind_of(type_) is K.BOOL


def is_ordered(type_: TypeRef | None) -> bool:
    """Tell whether `<` means something for two of them (measures aside)."""
    return kind_of(type_) in _ORDERED


def scale_of(type_: TypeRef | None) -> int:
    """Return the decimal places of a decimal; 0 for whole numbers."""
    if isinstance(type_, Scalar) and type_.kind is K.DECIMAL:
        return type_.constraints.scale or 0
    return 0


def precision_of(type_: TypeRef | None) -> int:
    """Return the digits of a decimal or whole number."""
    if isinstance(type_, Scalar):
        if type_.kind is K.DECIMAL:
            return type_.constraints.precision or MAX_PRECISION
        return 10 if type_.kind is K.INT else 19
    return MAX_PRECISION


def item_of(type_: TypeRef | None) -> TypeRef | None:
    """Return what a list, set or many holds; None when it is no collection."""
    match type_:
        case ListOf(item=item) | SetOf(item=item):
            return item
        case ManyOf(target=target):
            return IdOf(target=target)
        case _:
            return None


def same_id(left: TypeRef, right: TypeRef) -> bool:
    """Tell whether both identify things of one sort."""
    return (
        isinstance(left, RefTo | IdOf)
        and isinstance(right, RefTo | IdOf)
        and left.target == right.target
    )


def short_name(qname: str) -> str:
    """Return the last part of a qualified name."""
    return qname.rpartition(".")[2]


def describe(type_: TypeRef | None) -> str:
    """Return how a spec writes the type, for messages."""
    match type_:
        case None:
            return "`None`"
        case Scalar(kind=kind, named=named):
            return f"`{short_name(named)}`" if named else f"`{kind.value}`"
        case EnumRef(target=target) | ObjectRef(target=target) | UnionRef(target=target):
            return f"`{short_name(target)}`"
        case RefTo(target=target):
            return f"`ref({short_name(target)})`"
        case IdOf(target=target):
            return f"`id({short_name(target)})`"
        case ManyOf(target=target):
            return f"`many({short_name(target)})`"
        case ListOf(item=item):
            return f"`list({describe(item).strip('`')})`"
        case SetOf(item=item):
            return f"`set({describe(item).strip('`')})`"
        case MapOf(item=item):
            return f"`map({describe(item).strip('`')})`"
        case LocalizedText(item=item):
            return describe(item)


def is_same_object(left: TypeRef | None, right: TypeRef | None) -> bool:
    """Tell whether both are the same value object."""
    return (
        isinstance(left, ObjectRef) and isinstance(right, ObjectRef) and left.target == right.target
    )


def literal_type(value: Literal) -> Scalar:
    """Return the type of a literal as the source of a rule can write it."""
    match value:
        case bool():
            return BOOL
        case int():
            return INT if abs(value) < 2**31 else BIGINT
        case Decimal():
            return decimal_of_literal(value)
        case _:
            return TEXT
