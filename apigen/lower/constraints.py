"""Bounds, patterns and digits of a type, typed and checked against it (AG203, AG207)."""

from dataclasses import replace

from apigen.diagnostics import Span
from apigen.ir.types import (
    Constraints,
    Literal,
    Scalar,
    ScalarKind,
)
from apigen.lower.patterns import read_pattern
from apigen.lower.scalars import LONGEST, constraint_keys, is_length, read_literal
from apigen.lower.workspace import Workspace
from apigen.source.node import ScalarNode
from apigen.source.scalars import resolve
from apigen.spec.fields import ConstrainedSpec
from apigen.spec.located import Located
from apigen.spec.type_syntax import (
    Range,
)

_CONSTRAINTS = (
    "min",
    "max",
    "gt",
    "lt",
    "step",
    "precision",
    "scale",
    "pattern",
    "normalize",
)


def constrained_scalar(
    kind: ScalarKind, written: Range | None, spec: ConstrainedSpec, span: Span, work: Workspace
) -> Scalar:
    """Return a built-in type with the constraints of its range and of the keys beside it.

    What is wrong is reported and left out: the type itself is known, so uses of it stay silent.
    """
    allowed = constraint_keys(kind)
    before = len(work.found)
    refuse_constraints(spec, f"`{kind.value}`", allowed, work)
    low, high = _range_bounds(kind, written, work)
    if (low is not None and spec.min is not None) or (high is not None and spec.max is not None):
        assert written is not None
        bad_range(
            kind.value, "the bound is given twice", written.span, work, help="keep one of them"
        )
    bounds: dict[str, Literal | None] = {"min": low, "max": high}
    for key, node in (
        ("min", spec.min),
        ("max", spec.max),
        ("gt", spec.gt),
        ("lt", spec.lt),
        ("step", spec.step),
    ):
        if node is not None and key in allowed:
            bounds[key] = _bound(kind, key, node, work)
    constraints = Constraints(
        min=bounds["min"],
        max=bounds["max"] if bounds["max"] is not None else LONGEST.get(kind),
        gt=bounds.get("gt"),
        lt=bounds.get("lt"),
        step=bounds.get("step"),
        pattern=read_pattern(spec.pattern, bounds["min"], bounds["max"] or LONGEST.get(kind), work)
        if spec.pattern is not None and "pattern" in allowed
        else None,
        precision=None,
        scale=None,
        normalize=tuple(dict.fromkeys(word.value for word in spec.normalize or ()))
        if "normalize" in allowed
        else (),
    )
    if kind is ScalarKind.DECIMAL:
        constraints = _digits(constraints, spec, work)
    _check_order(kind, constraints, written.span if written is not None else span, work)
    if len(work.found) > before:
        is_decimal = kind is ScalarKind.DECIMAL
        constraints = Constraints(
            max=LONGEST.get(kind),
            precision=work.settings.precision if is_decimal else None,
            scale=work.settings.scale if is_decimal else None,
        )
    return Scalar(kind=kind, constraints=constraints)


def _digits(constraints: Constraints, spec: ConstrainedSpec, work: Workspace) -> Constraints:
    default = work.settings
    precision = spec.precision.value if spec.precision is not None else default.precision
    scale = spec.scale.value if spec.scale is not None else min(default.scale, precision)
    if scale > precision:
        work.found.error(
            "AG207",
            f"`scale` {scale} is more than `precision` {precision}",
            (spec.scale or spec.precision or Located(value=0, span=spec.span)).span,
            help="`precision` counts all digits, `scale` those after the point",
        )
    return replace(constraints, precision=precision, scale=scale)


def _range_bounds(
    kind: ScalarKind, written: Range | None, work: Workspace
) -> tuple[Literal | None, Literal | None]:
    if written is None:
        return None, None
    allowed = constraint_keys(kind)
    if "max" not in allowed:
        bad_range(kind.value, "it has no range", written.span, work, help="leave it out")
        return None, None
    if written.single and not is_length(kind):
        assert written.high is not None
        bad_range(
            kind.value,
            "a single number is a length",
            written.span,
            work,
            help=f"write `..{written.high.value}` or `0..{written.high.value}`",
        )
        return None, None
    return (
        _bound_text(kind, "min", written.low, work),
        _bound_text(kind, "max", written.high, work),
    )


def _bound_text(
    kind: ScalarKind, key: str, text: Located[str] | None, work: Workspace
) -> Literal | None:
    if text is None:
        return None
    node = ScalarNode(
        value=resolve(text.value), raw=text.value, quoted=False, block=False, span=text.span
    )
    return _bound(kind, key, node, work, code="AG203")


def _bound(
    kind: ScalarKind, key: str, node: ScalarNode, work: Workspace, *, code: str = "AG207"
) -> Literal | None:
    """Return a bound as a value: a length for texts, else a literal of the type."""
    if is_length(kind):
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000_000:
            return value
        wanted = "a length"
    else:
        literal = read_literal(kind, node)
        if literal is not None and not (key == "step" and not _is_positive(literal)):
            return literal
        wanted = "a positive number" if key == "step" else f"a {kind.value}"
    message = (
        f"bad range for `{kind.value}`: `{node.raw}` is not {wanted}"
        if code == "AG203"
        else f"`{key}` of `{kind.value}` is {wanted}, not `{node.raw}`"
    )
    work.found.error(code, message, node.span, help=_bound_help(kind))
    return None


def _bound_help(kind: ScalarKind) -> str:
    if is_length(kind):
        return "`(80)` is a maximum length, `(1..80)` a range"
    return {
        ScalarKind.DATE: "such as `2026-01-31`",
        ScalarKind.TIME: "such as `08:30`",
        ScalarKind.DATETIME: "such as `2026-01-31T08:30:00Z`",
        ScalarKind.DURATION: "such as `30m`",
        ScalarKind.INT: "32 bits; `bigint` has 64",
    }.get(kind, "for numbers write `0..5`")


def _is_positive(value: Literal) -> bool:
    return not isinstance(value, str | bool) and not str(value).startswith("-") and bool(value)


def _check_order(kind: ScalarKind, constraints: Constraints, span: Span, work: Workspace) -> None:
    low = constraints.min if constraints.min is not None else constraints.gt
    high = constraints.max if constraints.max is not None else constraints.lt
    if low is None or high is None:
        return
    # Bounds of one type compare with each other, whichever of the ordered types it is.
    if low > high:  # type: ignore[operator]
        bad_range(kind.value, f"{low} is more than {high}", span, work, help="swap them")
    elif low == high and (constraints.gt is not None or constraints.lt is not None):
        bad_range(kind.value, "no value is inside it", span, work, help="widen it")


def bad_range(type_: str, why: str, span: Span, work: Workspace, *, help: str = "") -> None:
    """Report AG203."""
    work.found.error("AG203", f"bad range for `{type_}`: {why}", span, help=help)


def refuse_constraints(
    spec: ConstrainedSpec, type_: str, allowed: tuple[str, ...], work: Workspace
) -> None:
    """Report AG207 for each constraint that says nothing about the type."""
    for key in _CONSTRAINTS:
        value: object = getattr(spec, key)
        if value is None or key in allowed:
            continue
        span = value[0].span if isinstance(value, tuple) and value else getattr(value, "span", None)
        work.found.error(
            "AG207",
            f"`{key}` does not apply to {type_}",
            span if isinstance(span, Span) else spec.span,
            help=f"keys that do: {', '.join(f'`{known}`' for known in allowed)}"
            if allowed
            else "it has no constraints of its own here",
        )


def item_counts(spec: ConstrainedSpec, work: Workspace) -> Constraints:
    """Return `min` and `max` of a collection, which count its items."""
    bounds: dict[str, int | None] = {"min": None, "max": None}
    for key, node in (("min", spec.min), ("max", spec.max)):
        if node is None:
            continue
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            bounds[key] = value
        else:
            work.found.error(
                "AG207", f"`{key}` of a collection counts items, not `{node.raw}`", node.span
            )
    low, high = bounds["min"], bounds["max"]
    if low is not None and high is not None and low > high and spec.max is not None:
        bad_range("a collection", f"{low} is more than {high}", spec.max.span, work)
    return Constraints(min=low, max=high)
