"""Two types of one field: the same, wider, narrower, and which bounds moved."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from apigen.evolve.classification import Row
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
from apigen.values import dataclass

_IN_COLUMN = frozenset(
    {
        ScalarKind.STR,
        ScalarKind.EMAIL,
        ScalarKind.URL,
        ScalarKind.SLUG,
        ScalarKind.PHONE,
    }
)
"""Texts whose greatest length is the column's."""
_TEXTS = _IN_COLUMN | {
    ScalarKind.TEXT,
    ScalarKind.IP,
    ScalarKind.COUNTRY,
    ScalarKind.CURRENCY,
    ScalarKind.LOCALE,
    ScalarKind.TIMEZONE,
}
_INT_DIGITS = {ScalarKind.INT: 10, ScalarKind.BIGINT: 19}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeChange:
    """One thing that is different."""

    row: Row
    attribute: str
    before: str
    after: str


def type_changes(
    old: TypeRef, new: TypeRef, old_ids: Mapping[str, str], new_ids: Mapping[str, str]
) -> tuple[TypeChange, ...]:
    """Compare two types.

    Args:
        old: Of the last run.
        new: Of today.
        old_ids: Stable id of what `old` refers to, by qualified name.
        new_ids: The same for `new`.
    """
    match old, new:
        case Scalar(named=str(before)), Scalar(named=str(after)) if old_ids.get(
            before
        ) == new_ids.get(after):
            # The declared type says what is different.
            return ()
        case Scalar(), Scalar():
            return tuple(_scalars(old, new))
        case (
            (EnumRef(target=before), EnumRef(target=after))
            | (ObjectRef(target=before), ObjectRef(target=after))
            | (UnionRef(target=before), UnionRef(target=after))
            | (IdOf(target=before), IdOf(target=after))
            | (RefTo(target=before), RefTo(target=after))
        ) if old_ids.get(before) == new_ids.get(after):
            return ()
        case ManyOf(target=before), ManyOf(target=after) if old_ids.get(before) == new_ids.get(
            after
        ):
            return tuple(_bounds(old.constraints, new.constraints, in_column=False))
        case (
            (ListOf(item=inner, constraints=low), ListOf(item=outer, constraints=high))
            | (SetOf(item=inner, constraints=low), SetOf(item=outer, constraints=high))
            | (MapOf(item=inner, constraints=low), MapOf(item=outer, constraints=high))
        ):
            bounds = tuple(_bounds(low, high, in_column=False))
            return (*type_changes(inner, outer, old_ids, new_ids), *bounds)
        case LocalizedText(item=inner), LocalizedText(item=outer):
            # Which locale is the default one, the platform says.
            return type_changes(inner, outer, old_ids, new_ids)
        case Scalar(), LocalizedText(item=outer):
            more = type_changes(old, outer, old_ids, new_ids)
            return (_languages(Row.LOCALIZED), *more)
        case LocalizedText(item=inner), Scalar():
            more = type_changes(inner, new, old_ids, new_ids)
            return (_languages(Row.NOT_LOCALIZED), *more)
        case RefTo(), ManyOf():
            row = Row.TO_MANY
        case ManyOf(), RefTo():
            row = Row.TO_ONE
        case _:
            row = Row.TYPE_NARROWED
    return (TypeChange(row=row, attribute="type", before=words(old), after=words(new)),)


def _languages(row: Row) -> TypeChange:
    is_on = row is Row.LOCALIZED
    return TypeChange(
        row=row, attribute="localized", before=str(not is_on).lower(), after=str(is_on).lower()
    )


def words(type_: TypeRef) -> str:
    """Return a type as the spec writes it."""
    match type_:
        case Scalar(named=str(named)):
            return _short(named)
        case Scalar(kind=kind, constraints=bounds):
            if kind is ScalarKind.DECIMAL:
                return f"decimal precision={bounds.precision} scale={bounds.scale}"
            if bounds.min is None and bounds.max is None:
                return kind.value
            if bounds.min is None and kind in _TEXTS:
                return f"{kind.value}({bounds.max})"
            return f"{kind.value}({_text(bounds.min)}..{_text(bounds.max)})"
        case EnumRef(target=target) | ObjectRef(target=target) | UnionRef(target=target):
            return _short(target)
        case IdOf(target=target):
            return f"id({_short(target)})"
        case RefTo(target=target):
            return f"ref({_short(target)})"
        case ManyOf(target=target):
            return f"many({_short(target)})"
        case ListOf(item=item):
            return f"list({words(item)})"
        case SetOf(item=item):
            return f"set({words(item)})"
        case MapOf(item=item):
            return f"map({words(item)})"
        case LocalizedText(item=item):
            return f"{words(item)} localized"


def _scalars(old: Scalar, new: Scalar) -> Iterator[TypeChange]:
    before, after = old.constraints, new.constraints
    if old.kind is new.kind:
        if old.kind is ScalarKind.DECIMAL:
            yield from _digits(before, after)
        yield from _bounds(before, after, in_column=old.kind in _IN_COLUMN)
        return
    row = Row.TYPE_WIDENED if _holds(old, new) else Row.TYPE_NARROWED
    yield TypeChange(row=row, attribute="type", before=words(old), after=words(new))
    if row is Row.TYPE_WIDENED and old.kind not in _TEXTS:
        yield from _bounds(before, after, in_column=False)


def _holds(old: Scalar, new: Scalar) -> bool:
    """Whether every value of the old type is one of the new."""
    before, after = old.constraints, new.constraints
    if old.kind is ScalarKind.INT and new.kind is ScalarKind.BIGINT:
        return True
    if old.kind in _INT_DIGITS and new.kind is ScalarKind.DECIMAL:
        return (after.precision or 0) - (after.scale or 0) >= _INT_DIGITS[old.kind]
    if old.kind in _TEXTS and new.kind is ScalarKind.TEXT:
        return after.pattern is None and after.max is None and not after.min
    if old.kind in _TEXTS and new.kind is ScalarKind.STR:
        return after.pattern is None and not after.min and _at_most(before.max, after.max)
    return False


def _digits(before: Constraints, after: Constraints) -> Iterator[TypeChange]:
    shown = [f"decimal precision={one.precision} scale={one.scale}" for one in (before, after)]
    if shown[0] == shown[1]:
        return
    whole = [(one.precision or 0) - (one.scale or 0) for one in (before, after)]
    wider = whole[1] >= whole[0] and (after.scale or 0) >= (before.scale or 0)
    yield TypeChange(
        row=Row.TYPE_WIDENED if wider else Row.TYPE_NARROWED,
        attribute="type",
        before=shown[0],
        after=shown[1],
    )


def _bounds(before: Constraints, after: Constraints, *, in_column: bool) -> Iterator[TypeChange]:
    for attribute, is_upper in (("min", False), ("max", True), ("gt", False), ("lt", True)):
        old: Literal | None = getattr(before, attribute)
        new: Literal | None = getattr(after, attribute)
        if old == new:
            continue
        low, high = (old, new) if is_upper else (new, old)
        looser = new is None or (old is not None and _at_most(low, high))
        row = Row.LOOSENED if looser else Row.TIGHTENED
        if in_column and attribute == "max":
            row = Row.TYPE_WIDENED if looser else Row.TYPE_NARROWED
        yield TypeChange(row=row, attribute=attribute, before=_text(old), after=_text(new))
    for attribute in ("step", "pattern"):
        old, new = getattr(before, attribute), getattr(after, attribute)
        if old != new:
            row = Row.LOOSENED if new is None else Row.TIGHTENED
            yield TypeChange(row=row, attribute=attribute, before=_text(old), after=_text(new))
    if before.normalize != after.normalize:
        yield TypeChange(
            row=Row.COMPUTED_CHANGED,
            attribute="normalize",
            before=" ".join(before.normalize),
            after=" ".join(after.normalize),
        )


def _at_most(low: Literal | None, high: Literal | None) -> bool:
    """Whether `low <= high`, for bounds of one type; False when that can not be said."""
    if isinstance(low, int | float | Decimal) and isinstance(high, int | float | Decimal):
        return Decimal(str(low)) <= Decimal(str(high))
    if low is None or high is None:
        return high is None
    try:
        return bool(low <= high)  # type: ignore[operator]
    except TypeError:
        return False


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _short(qname: str) -> str:
    return qname.rpartition(".")[2]
