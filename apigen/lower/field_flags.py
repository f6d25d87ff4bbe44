"""Keys of a field that cannot hold: unfit for its type or place, or against each other.

AG207, AG210, AG211, AG304 and AG215.
"""

from apigen.diagnostics import Edit, Fix, Label, Span
from apigen.ir.field import Origin
from apigen.ir.types import (
    ManyOf,
    RefTo,
    Scalar,
    ScalarKind,
    TypeRef,
)
from apigen.lower.defaults import type_name
from apigen.lower.scalars import TEXTUAL
from apigen.lower.workspace import Workspace
from apigen.source.spans import end_of
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOwner:
    """The entity, child or value object a field belongs to."""

    qname: str
    class_name: str
    context: str
    origin: Origin
    is_value: bool = False
    is_child: bool = False
    holds_files: bool = False
    key_fields: frozenset[str] = frozenset()
    """Names of the fields that make up a natural or composite key: they never change."""


def is_true(flag: Located[bool] | None) -> bool:
    """Whether a flag is written and not `false`."""
    return flag is not None and flag.value


def check_flags(
    name: Located[str], spec: FieldSpec, type_: TypeRef, owner: FieldOwner, work: Workspace
) -> None:
    """Report the keys of a field that cannot hold."""
    _check_applies(spec, type_, owner, work)
    _check_contradictions(spec, work)
    _check_stored(name, spec, owner, work)
    if spec.computed is not None:
        for key in _NO_COLUMN if not is_true(spec.stored) else _NO_INPUT:
            flag = getattr(spec, key)
            if flag is not None and getattr(flag, "value", True) is not False:
                span = flag[0].span if isinstance(flag, tuple) and flag else flag.span
                work.found.error(
                    "AG210",
                    f"`{name.value}` is computed and `{key}`",
                    span,
                    labels=(Label(span=spec.computed.span, text="computed here"),),
                    help="a computed value is never input"
                    if key in _NO_INPUT
                    else "with `stored: true` it has a column; else it is worked out on reading",
                )
    if (
        spec.on_delete is not None
        and spec.on_delete.value == "set_null"
        and isinstance(type_, RefTo)
        and spec.type is not None
        and not spec.type.nullable
    ):
        fix = None
        if spec.type.span.end_column - spec.type.span.column == len(spec.type.text):
            fix = Fix(
                title="make it optional", edits=(Edit(span=end_of(spec.type.span), text="?"),)
            )
        work.found.error(
            "AG304",
            f"`{name.value}` can never be null",
            spec.on_delete.span,
            labels=(Label(span=spec.type.span, text="required here"),),
            help=f"`{spec.type.text}?`, or `on_delete=restrict`",
            fix=fix,
        )
    if (
        isinstance(type_, Scalar)
        and type_.kind is ScalarKind.FLOAT
        and type_.named is None
        and _is_money(name.value)
        and spec.type is not None
    ):
        _warn_float(spec, work)


_NO_INPUT = ("immutable", "writeonly", "backfill")
_NO_COLUMN = ("unique", "index", *_NO_INPUT)
"""Keys that a computed field cannot have, with and without a column."""


def _check_stored(name: Located[str], spec: FieldSpec, owner: FieldOwner, work: Workspace) -> None:
    if not is_true(spec.stored):
        return
    assert spec.stored is not None
    if spec.computed is None:
        work.found.error(
            "AG210",
            f"`{name.value}` is stored and not computed",
            spec.stored.span,
            help="remove `stored`: every field that is not computed is stored",
        )
    elif owner.is_value:
        work.found.error(
            "AG207",
            "`stored` does not apply to a field of a value object",
            spec.stored.span,
            help="compute it on the entity's field that has this type",
        )


_MONEY = frozenset(
    {"price", "amount", "cost", "total", "fee", "salary", "balance", "subtotal", "discount", "tax"}
)


def _is_money(name: str) -> bool:
    return bool(_MONEY.intersection(name.split("_")))


def _warn_float(spec: FieldSpec, work: Workspace) -> None:
    assert spec.type is not None
    core = spec.type.core
    span = getattr(core, "name", Located(value="", span=spec.type.span)).span
    fix = None
    if span.end_column - span.column == len("float"):
        fix = Fix(title="write `decimal`", edits=(Edit(span=span, text="decimal"),))
    work.found.warning(
        "AG215",
        "`float` loses cents",
        span,
        help="`decimal`, or a `Money` type with `measure`",
        fix=fix,
    )


_OUTPUT_FLAGS = ("search", "filter", "sort", "audit_reads")
_MEANING = {
    "readonly": "`readonly` is never input",
    "writeonly": "`writeonly` is never output",
    "hidden": "`hidden` is neither input nor output",
    "immutable": "`immutable` is set on create only",
    "search": "`search` shows in which rows the value occurs",
    "audit_reads": "`audit_reads` logs who is shown the value",
    "filter": "`filter` shows which rows have the value",
    "sort": "`sort` shows the order of the values",
}
_CONTRADICTIONS = (
    ("readonly", "writeonly"),
    ("readonly", "immutable"),
    ("hidden", "writeonly"),
    *(("hidden", flag) for flag in _OUTPUT_FLAGS),
    *(("writeonly", flag) for flag in _OUTPUT_FLAGS),
)


def _check_contradictions(spec: FieldSpec, work: Workspace) -> None:
    for first, second in _CONTRADICTIONS:
        a, b = getattr(spec, first), getattr(spec, second)
        if not _is_on(a) or not _is_on(b):
            continue
        spans = sorted((_flag_span(a), _flag_span(b)))
        work.found.error(
            "AG211",
            f"`{first}` and `{second}` contradict each other",
            spans[1],
            labels=(Label(span=spans[0], text="the other one"),),
            help=f"{_MEANING[first]}; {_MEANING[second]}",
        )
        return


def _is_on(flag: object) -> bool:
    if isinstance(flag, tuple):
        return True
    return isinstance(flag, Located) and flag.value not in (False, "auto")


def _flag_span(flag: Located[bool] | tuple[Located[str], ...]) -> Span:
    return flag[0].span if isinstance(flag, tuple) else flag.span


_OF_ENTITIES = ("filter", "sort", "search", "audit_reads")
_OF_ROWS = ("unique", "index", "immutable", "readonly", "writeonly", "hidden", "column")
"""Keys that say something of a row; a value object is sent and shown as a whole."""


def _check_applies(spec: FieldSpec, type_: TypeRef, owner: FieldOwner, work: Workspace) -> None:
    """Report AG207 for keys that say nothing about the field's type or place."""
    refs = ("on_delete", "inverse")
    allowed = {
        RefTo: (*refs, "unique", "index"),
        ManyOf: ("inverse", "through", "filter"),
    }.get(type(type_), ("unique", "index"))
    for key in ("on_delete", "inverse", "through", "unique", "index"):
        value = getattr(spec, key)
        if value is None or getattr(value, "value", True) is False or key in allowed:
            continue
        span = value[0].span if isinstance(value, tuple) and value else getattr(value, "span", None)
        work.found.error(
            "AG207",
            f"`{key}` does not apply to {type_name(type_)}",
            span if isinstance(span, Span) else spec.span,
            help={"through": "only to `many`", "on_delete": "only to `ref`"}.get(
                key, "only to `ref` and `many`" if key == "inverse" else "remove it"
            ),
        )
    if owner.is_value or owner.is_child:
        place = "a child" if owner.is_child else "a value object"
        for key in _OF_ENTITIES if owner.is_child else (*_OF_ENTITIES, *_OF_ROWS):
            value = getattr(spec, key)
            if value is not None and getattr(value, "value", True) is not False:
                work.found.error(
                    "AG207",
                    f"`{key}` does not apply to a field of {place}",
                    value[0].span if isinstance(value, tuple) and value else value.span,
                    help="lists show entities: make it one"
                    if owner.is_child
                    else "set it on the entity's field that has this type",
                )
    if is_true(spec.search) and not (isinstance(type_, Scalar) and type_.kind in TEXTUAL):
        assert spec.search is not None
        work.found.error(
            "AG207",
            f"`search` does not apply to {type_name(type_)}",
            spec.search.span,
            help="only texts are searched",
        )
