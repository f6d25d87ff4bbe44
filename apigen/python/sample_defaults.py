"""Defaults of the spec as values of samples: what a field holds when a client leaves it out."""

from collections.abc import Mapping

from apigen.ir.field import Field
from apigen.ir.system import System
from apigen.ir.types import (
    ListOf,
    LiteralDefault,
    LocalizedText,
    MapOf,
    ObjectRef,
    Scalar,
    SetOf,
    TypeRef,
    UnionRef,
)
from apigen.python.defaults import typed
from apigen.python.sample_rules import SampleRules
from apigen.python.sample_values import Value, object_type, union_type
from apigen.python.scalar_samples import at_scale


class SampleDefaults:
    """Reads the defaults of one system."""

    def __init__(self, system: System, rules: SampleRules) -> None:
        self._system = system
        self._rules = rules

    def of(self, field: Field) -> Value:
        """Return what the field is given when it is left out: None when that is nothing.

        Raises:
            LookupError: It is made when it is needed: the time, a key, something of the actor's.
        """
        match field.default:
            case None:
                return None
            case LiteralDefault(value=value):
                return self._value(field.type, value)
            case _:
                raise LookupError(field.attribute)

    def _value(self, type_: TypeRef, value: object) -> Value:
        match type_:
            case Scalar():
                # JSON documents and texts stay what they are.
                return at_scale(type_, typed(type_.kind, value))  # type: ignore[return-value]
            case LocalizedText(default=locale) if isinstance(value, dict):
                return str(value[locale])
            case ObjectRef(target=target) if isinstance(value, dict):
                return self._object(target, value)
            case UnionRef(target=target) if isinstance(value, dict):
                union = union_type(self._system, target)
                tag = value[union.tag]
                variant = next(variant for variant in union.variants if variant.tag == tag)
                if isinstance(variant.type, ObjectRef):
                    return {union.tag: tag, **self._object(variant.type.target, value)}
                return {union.tag: tag, "value": self._value(variant.type, value["value"])}
            case ListOf(item=item) | SetOf(item=item) if isinstance(value, list):
                return [self._value(item, each) for each in value]
            case MapOf(item=item) if isinstance(value, dict):
                return {str(key): self._value(item, each) for key, each in value.items()}
            case _:
                return value  # type: ignore[return-value]  # a member, a key: as it is written

    def _object(self, target: str, given: Mapping[str, object]) -> dict[str, Value]:
        fields = object_type(self._system, target).fields
        values: dict[str, Value] = {}
        for field in fields:
            if field.computed is None:
                part = given.get(field.attribute)
                is_given = field.attribute in given
                values[field.attribute] = (
                    self.of(field)
                    if not is_given
                    else None
                    if part is None
                    else self._value(field.type, part)
                )
        return self._rules.computed(values, {}, fields)
