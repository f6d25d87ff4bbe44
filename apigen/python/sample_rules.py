"""Rules on samples: what is computed, what holds and what does not, at any time of day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from apigen.expr.evaluate import Environment, MeasureParts, NotEvaluableError, evaluate
from apigen.ir.field import Field
from apigen.ir.system import ObjectType, Rule, System
from apigen.ir.types import (
    LiteralDefault,
    Scalar,
    ScalarKind,
    TypeRef,
)
from apigen.python.sample_values import Value

_CLOCKS = (datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2060, 1, 1, 12, tzinfo=UTC))
"""A rule about now has to hold at any time the tests may run."""


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
