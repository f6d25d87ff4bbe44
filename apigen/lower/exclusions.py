"""`exclude`: no two live rows overlap (AG309)."""

from apigen.diagnostics import Span
from apigen.ir.field import Field
from apigen.ir.system import Exclusion
from apigen.ir.types import Scalar, ScalarKind
from apigen.lower.defaults import type_name
from apigen.lower.keys import Keyed, attributes
from apigen.lower.mixins import Part
from apigen.lower.workspace import Workspace
from apigen.spec.entities import ExclusionSpec
from apigen.spec.located import Located

_RANGED = frozenset(
    {
        ScalarKind.DATE,
        ScalarKind.DATETIME,
        ScalarKind.INT,
        ScalarKind.BIGINT,
        ScalarKind.DECIMAL,
    }
)
"""Kinds that PostgreSQL has a range type of."""
_INCOMPARABLE = frozenset({ScalarKind.JSON, ScalarKind.BYTES})


def exclusions(
    written: tuple[Part[ExclusionSpec], ...], keyed: Keyed, work: Workspace
) -> tuple[Exclusion, ...]:
    """Return the exclusions that could be read, in written order."""
    found: list[Exclusion] = []
    for part in written:
        spec = part.value
        equal = attributes(spec.equal or (), keyed, work, of="exclude")
        overlap = _range(spec, keyed, work)
        where = keyed.rules.condition(spec.where) if spec.where is not None else None
        if equal is None or overlap is None or (spec.where is not None and where is None):
            continue
        _check_equal(spec.equal or (), equal, keyed, work)
        found.append(
            Exclusion(name=part.name.value, equal=equal, overlap=overlap, where=where),
        )
    return tuple(found)


def _check_equal(
    written: tuple[Located[str], ...], equal: tuple[str, ...], keyed: Keyed, work: Workspace
) -> None:
    for name, attribute in zip(written, equal, strict=True):
        field = _field(attribute, keyed)
        if field is None or not isinstance(field.type, Scalar):
            continue
        if field.type.kind in _INCOMPARABLE:
            _refuse(
                f"`{name.value}` is {field.type.kind.value}, which no index compares",
                name.span,
                "name another field",
                work,
            )


def _range(spec: ExclusionSpec, keyed: Keyed, work: Workspace) -> tuple[str, str] | None:
    written = spec.overlap or ()
    if len(written) != 2:
        if spec.overlap is not None:
            _refuse(
                f"`overlap` names a begin and an end, not {len(written)} fields",
                written[0].span if written else spec.span,
                "such as `overlap: [starts_at, ends_at]`",
                work,
            )
        return None
    resolved = attributes(written, keyed, work, of="exclude")
    if resolved is None:
        return None
    begin, end = (_field(attribute, keyed) for attribute in resolved)
    if begin is None or end is None:
        _refuse(
            "a range begins and ends at fields, not at parts of them",
            written[0 if begin is None else 1].span,
            "name a field",
            work,
        )
        return None
    for name, field in zip(written, (begin, end), strict=True):
        if not (isinstance(field.type, Scalar) and field.type.kind in _RANGED):
            _refuse(
                f"`{name.value}` is {type_name(field.type)}, which has no ranges",
                name.span,
                "dates, datetimes and numbers but `float` have",
                work,
            )
            return None
    assert isinstance(begin.type, Scalar)
    assert isinstance(end.type, Scalar)
    if begin.type.kind is not end.type.kind:
        _refuse(
            f"a range from {begin.type.kind.value} to {end.type.kind.value} has no length",
            written[1].span,
            "both ends have one type",
            work,
        )
        return None
    places = (begin.type.constraints.scale, end.type.constraints.scale)
    if places[0] != places[1]:
        _refuse(
            f"a range from {places[0]} to {places[1]} decimal places is none",
            written[1].span,
            "both ends have one type",
            work,
        )
        return None
    return begin.attribute, end.attribute


def _field(attribute: str, keyed: Keyed) -> Field | None:
    for draft in keyed.drafts:
        for field in draft.fields:
            if field.attribute == attribute:
                return field
    return next((one for one in keyed.synthesized if one.attribute == attribute), None)


def _refuse(message: str, span: Span, help: str, work: Workspace) -> None:
    work.found.error("AG309", message, span, help=help)
