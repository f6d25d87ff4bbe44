"""Rules on samples: what is computed, what holds and what does not, at any time of day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field as default
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from apigen.expr.evaluate import Environment, MeasureParts, NotEvaluableError, evaluate
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import ObjectType, Rule, System
from apigen.ir.types import (
    LiteralDefault,
    Scalar,
    ScalarKind,
    TypeRef,
)
from apigen.python.sample_values import Value
from apigen.values import dataclass

_CLOCKS = (datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2060, 1, 1, 12, tzinfo=UTC))
"""A rule about now has to hold at any time the tests may run."""

ACTOR_ID = "tester"
"""Who carries out the commands of tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the rules of a command can see beside the row; by attribute."""

    input: Mapping[str, object] = default(default_factory=dict)
    old: Mapping[str, object] = default(default_factory=dict)
    actor: Mapping[str, object] = default(default_factory=dict)
    entities: Mapping[str, Mapping[object, Mapping[str, object]]] = default(default_factory=dict)
    """By qualified name, rows by their `Reference`."""


class SampleRules:
    """Evaluates the rules of one system."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._measures = dict(self._measure_parts())

    def computed(
        self,
        values: Mapping[str, Value],
        own: Mapping[str, Value],
        fields: Sequence[Field],
    ) -> dict[str, Value]:
        """Return `values` with the computed fields that can be worked out, in any order."""
        known: dict[str, Value] = {**own, **values}
        for field in fields:
            literal = isinstance(field.default, LiteralDefault)
            if field.attribute not in known and field.computed is None and literal:
                assert isinstance(field.default, LiteralDefault)
                if not isinstance(field.default.value, list | dict):
                    known[field.attribute] = field.default.value
        pending = [field for field in fields if field.computed is not None]
        for _ in range(len(pending)):
            for field in list(pending):
                assert field.computed is not None
                try:
                    result = evaluate(field.computed.tree, self._environment(known, 0))
                except NotEvaluableError:
                    continue
                if not field.computed.uses_clock:
                    known[field.attribute] = _stored(field.type, result)
                pending.remove(field)
        return {
            key: value
            for key, value in known.items()
            if key in values or key in own or any(f.attribute == key and f.computed for f in fields)
        }

    def holds(self, rule: Rule, values: Mapping[str, Value]) -> bool:
        """Whether a rule holds, now and later."""
        for clock in range(len(_CLOCKS)):
            try:
                if not evaluate(rule.expr.tree, self._environment(values, clock)):
                    return False
            except NotEvaluableError:
                # It reads what only the running program knows: taken to hold.
                return True
        return True

    def fails(self, rule: Rule, values: Mapping[str, Value]) -> bool:
        """Whether a rule does not hold, now and later."""
        try:
            return not any(
                evaluate(rule.expr.tree, self._environment(values, clock))
                for clock in range(len(_CLOCKS))
            )
        except NotEvaluableError:
            return False

    def verdict(
        self, expr: TypedExpr, values: Mapping[str, Value], around: Surroundings
    ) -> bool | None:
        """Return whether a condition holds, now and later; None when nobody can tell."""
        try:
            found = {
                bool(evaluate(expr.tree, self._surrounded(values, clock, around)))
                for clock in range(len(_CLOCKS))
            }
        except NotEvaluableError:
            return None
        return found.pop() if len(found) == 1 else None

    def value(
        self, expr: TypedExpr, values: Mapping[str, Value], around: Surroundings
    ) -> tuple[bool, Value]:
        """Return whether the value of a rule can be known before it runs, and that value."""
        if expr.uses_clock:
            return False, None
        try:
            result = evaluate(expr.tree, self._surrounded(values, 0, around))
        except NotEvaluableError:
            return False, None
        return True, _stored(expr.type, result)

    def _surrounded(
        self, values: Mapping[str, Value], clock: int, around: Surroundings
    ) -> Environment:
        return replace(
            self._environment(values, clock),
            input=around.input,
            old=around.old,
            actor=around.actor,
            entities=around.entities,
        )

    def _environment(self, values: Mapping[str, Value], clock: int) -> Environment:
        return Environment(owner=values, now=_CLOCKS[clock], measures=self._measures, variables={})

    def _measure_parts(self) -> Iterator[tuple[str, MeasureParts]]:
        for qname, type_ in self._system.types.items():
            if isinstance(type_, ObjectType) and type_.measure is not None:
                zero: dict[str, object] = {type_.measure.value: Decimal(0)}
                for field in type_.fields:
                    if isinstance(field.default, LiteralDefault):
                        zero[field.attribute] = field.default.value
                value = next(f for f in type_.fields if f.attribute == type_.measure.value)
                parts = MeasureParts(
                    value=type_.measure.value,
                    unit=type_.measure.unit,
                    type=value.type,
                    zero=zero,
                )
                yield qname, parts


def _stored(type_: TypeRef, value: object) -> Value:
    """Return a computed result as the value of its field's type."""
    if isinstance(type_, Scalar) and value is not None:
        if type_.kind is ScalarKind.DECIMAL and isinstance(value, int | Decimal):
            return Decimal(value).quantize(Decimal(1).scaleb(-(type_.constraints.scale or 0)))
        if type_.kind is ScalarKind.FLOAT and isinstance(value, int | Decimal):
            return float(value)
    return value  # type: ignore[return-value]  # the checker proved the type
