"""Which filters and sorts a field offers: by its type, unless the spec says otherwise (AG603)."""

from apigen.diagnostics import Span
from apigen.ir.field import Field, FilterOp, Surface
from apigen.ir.system import Measure, ObjectStore, ObjectType
from apigen.ir.types import (
    EnumRef,
    IdOf,
    ManyOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    TypeRef,
    plain_type,
)
from apigen.lower.defaults import type_name
from apigen.lower.scalars import ORDERED, TEXTUAL
from apigen.lower.workspace import Workspace
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located

_ORDER = tuple(FilterOp)
_EQUALITY = (FilterOp.EQ, FilterOp.IN)
_MEMBERSHIP = (FilterOp.EQ, FilterOp.NE, FilterOp.IN, FilterOp.NOT_IN)
_RANGE = (
    FilterOp.EQ,
    FilterOp.NE,
    FilterOp.IN,
    FilterOp.LT,
    FilterOp.LTE,
    FilterOp.GT,
    FilterOp.GTE,
)
_TEXT = (FilterOp.EQ, FilterOp.NE, FilterOp.IN, FilterOp.CONTAINS, FilterOp.STARTSWITH)
_SHORT_TEXT = 255


def auto_filters(type_: TypeRef) -> tuple[FilterOp, ...]:
    """Return the operators a field of this type offers when the spec says nothing."""
    match plain_type(type_):
        case EnumRef():
            return _MEMBERSHIP
        case RefTo() | IdOf():
            return _EQUALITY
        case Scalar(kind=ScalarKind.BOOL):
            return (FilterOp.EQ,)
        case Scalar(kind=ScalarKind.UUID | ScalarKind.ULID):
            return _EQUALITY
        case Scalar(kind=kind) if kind in ORDERED:
            return _RANGE
        case Scalar(kind=kind, constraints=constraints) if kind in TEXTUAL:
            longest = constraints.max
            return _TEXT if isinstance(longest, int) and longest <= _SHORT_TEXT else ()
        case _:
            return ()


def possible_filters(type_: TypeRef) -> tuple[FilterOp, ...]:
    """Return the operators that have a meaning for a type, asked for or not."""
    match plain_type(type_):
        case Scalar(kind=ScalarKind.BOOL):
            return (FilterOp.EQ, FilterOp.NE)
        case Scalar(kind=ScalarKind.JSON | ScalarKind.BYTES):
            return ()
        case Scalar(kind=kind) if kind in TEXTUAL:
            return (*_RANGE, FilterOp.NOT_IN, *_TEXT[3:], FilterOp.ENDSWITH)
        case Scalar(kind=kind) if kind in ORDERED:
            return (*_RANGE, FilterOp.NOT_IN)
        case EnumRef() | RefTo() | IdOf() | Scalar(kind=ScalarKind.UUID | ScalarKind.ULID):
            return _MEMBERSHIP
        case ManyOf():
            return _EQUALITY
        case _:
            return ()


def in_order(ops: "set[FilterOp]") -> tuple[FilterOp, ...]:
    """Return operators in the order of the enumeration."""
    return tuple(op for op in _ORDER if op in ops) if ops else ()


def field_filters(
    name: Located[str],
    spec: FieldSpec,
    type_: TypeRef,
    nullable: bool,
    reads: frozenset[Surface],
    work: Workspace,
) -> tuple[FilterOp, ...]:
    """Return the operators of a field, in the order of `FilterOp`."""
    asked = spec.filter
    possible = {*possible_filters(type_), *((FilterOp.IS_NULL,) if nullable else ())}
    if asked is None or (isinstance(asked, Located) and asked.value == "auto"):
        if not reads or spec.computed is not None or is_personal(spec):
            return ()
        ops = set(auto_filters(type_))
    elif isinstance(asked, Located) and isinstance(asked.value, bool):
        if not asked.value or not reads:
            return ()
        ops = set(auto_filters(type_) or possible_filters(type_))
        if not ops:
            _cannot(
                "filter", name.value, f"a {type_name(type_)} has no operators", asked.span, work
            )
            return ()
    else:
        words = asked if isinstance(asked, tuple) else (asked,)
        ops = set()
        for word in words:
            op = FilterOp(str(word.value))
            if op in possible:
                ops.add(op)
            else:
                why = f"`{op.value}` has no meaning for {type_name(type_)}"
                _cannot("filter", name.value, why, word.span, work)
        return in_order(ops) if reads else ()
    if ops and nullable:
        ops.add(FilterOp.IS_NULL)
    return in_order(ops)


def is_personal(spec: FieldSpec) -> bool:
    """Whether a field holds personal data, which lists offer for nothing unless they are told."""
    return spec.pii is not None and spec.pii.value is not False


def field_sorts(
    spec: FieldSpec, type_: TypeRef, reads: frozenset[Surface], work: Workspace
) -> bool:
    """Whether lists may be sorted by a field."""
    asked = spec.sort
    if asked is None or asked.value == "auto":
        if spec.computed is not None or not reads or is_personal(spec):
            return False
        return bool(auto_filters(type_)) and not isinstance(type_, RefTo | IdOf)
    if not asked.value or not reads:
        return False
    if not is_sortable(type_) and measure_of(type_, work) is None:
        _cannot("sort", "", f"a {type_name(type_)} has no order", asked.span, work)
        return False
    return True


def is_sortable(type_: TypeRef) -> bool:
    """Whether values of a type have an order the database knows."""
    match plain_type(type_):
        case EnumRef() | RefTo() | IdOf():
            return True
        case Scalar(kind=kind):
            return kind not in (ScalarKind.JSON, ScalarKind.BYTES)
        case _:
            return False


def measure_of(type_: TypeRef, work: Workspace) -> Measure | None:
    """Return the measure of a value object in columns, which is ordered by its value."""
    declared = work.types.get(type_.target) if isinstance(type_, ObjectRef) else None
    if isinstance(declared, ObjectType) and declared.store is ObjectStore.COLUMNS:
        return declared.measure
    return None


def sort_path(field: Field, work: Workspace) -> tuple[str, ...]:
    """Return the path a flagged field is sorted by: of a measure, its value."""
    measure = measure_of(field.type, work)
    return (field.attribute,) if measure is None else (field.attribute, measure.value)


def _cannot(verb: str, name: str, why: str, span: Span, work: Workspace) -> None:
    target = f" by `{name}`" if name else " by this field"
    work.found.error(
        "AG603",
        f"cannot {verb}{target}: {why}",
        span,
        help="parts of a value object are named by path under `api.filters`"
        if "operators" in why
        else "remove it",
    )
