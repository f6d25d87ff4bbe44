"""Samples as JSON, and examples of the spec as samples."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from uuid import UUID

from apigen.ir.system import (
    Child,
    Entity,
    System,
    UnionType,
)
from apigen.ir.types import (
    EnumRef,
    Json,
    ListOf,
    LocalizedText,
    ManyOf,
    MapOf,
    ObjectRef,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
)
from apigen.python.sample_values import (
    Reference,
    Value,
    Wire,
    creatable,
    enum_type,
    json_scalar,
    object_type,
    union_type,
)
from apigen.python.scalar_samples import accepts, at_scale


class SampleJson:
    """Converts values of one system."""

    def __init__(self, system: System) -> None:
        self._system = system

    def wire_of(self, owner: Entity | Child, values: Mapping[str, Value]) -> dict[str, Wire]:
        """Return the JSON a client sends for `values`."""
        payload = {
            field.wire: self.wire(field.type, values[field.attribute])
            for field in creatable(owner.fields, owner.identity)
            if field.attribute in values
        }
        for child in owner.children:
            if child.attribute in values:
                payload[child.attribute] = self.child_wire(child, values[child.attribute])
        return payload

    def child_wire(self, child: Child, value: Value) -> Wire:
        """Return the JSON of a child, or of a list of children."""
        if isinstance(value, list):
            return [self.wire_of(child, item) for item in value if isinstance(item, dict)]
        return self.wire_of(child, value) if isinstance(value, dict) else None

    def wire(self, type_: TypeRef, value: Value) -> Wire:
        """Return the JSON form of a value of `type_`."""
        if value is None or isinstance(value, Reference):
            return value
        match type_:
            case ObjectRef(target=target) if isinstance(value, dict):
                fields = {
                    field.attribute: field
                    for field in object_type(self._system, target).fields
                    if field.reads
                }
                return {
                    fields[key].wire: self.wire(fields[key].type, item)
                    for key, item in value.items()
                    if key in fields
                }
            case UnionRef(target=target) if isinstance(value, dict):
                return self._union_wire(union_type(self._system, target), value)
            case ListOf() | SetOf() if isinstance(value, list):
                return [self.wire(type_.item, item) for item in value]
            case MapOf() if isinstance(value, dict):
                return {key: self.wire(type_.item, item) for key, item in value.items()}
            case ManyOf() if isinstance(value, list):
                return [item for item in value if isinstance(item, Reference)]
            case _:
                return _json_wire(value)

    def _union_wire(self, type_: UnionType, value: dict[str, Value]) -> Wire:
        tag = value[type_.tag]
        variant = next(variant for variant in type_.variants if variant.tag == tag)
        if isinstance(variant.type, ObjectRef):
            inner = self.wire(variant.type, {k: v for k, v in value.items() if k != type_.tag})
            return {
                type_.tag: variant.tag,
                **(inner if isinstance(inner, dict) else {}),
            }
        return {
            type_.tag: variant.tag,
            "value": self.wire(variant.type, value["value"]),
        }

    def parsed(self, type_: TypeRef, example: Json) -> Value:
        """Return an example of the spec as a value; None when it is not one."""
        match type_:
            case LocalizedText(item=item):
                return self.parsed(item, example)
            case Scalar():
                return _parsed_scalar(type_, example)
            case EnumRef(target=target):
                names = [member.name for member in enum_type(self._system, target).members]
                return example if isinstance(example, str) and example in names else None
            case ObjectRef(target=target) if isinstance(example, dict):
                fields = {field.wire: field for field in object_type(self._system, target).fields}
                if not set(example) <= set(fields):
                    return None
                parsed = {
                    fields[key].attribute: self.parsed(fields[key].type, item)
                    for key, item in example.items()
                }
                complete = all(
                    not field.required_on_create or parsed.get(field.attribute) is not None
                    for field in fields.values()
                )
                return parsed if complete else None
            case ListOf() | SetOf() if isinstance(example, list):
                return [self.parsed(type_.item, item) for item in example]
            case MapOf() if isinstance(example, dict):
                return {key: self.parsed(type_.item, item) for key, item in example.items()}
            case _:
                return None

    def accepts(self, type_: TypeRef, value: Value) -> bool:
        """Whether `value` keeps the constraints of `type_`."""
        if value is None:
            return False
        match type_:
            case LocalizedText(item=item):
                return self.accepts(item, value)
            case Scalar():
                return accepts(type_, value)
            case ObjectRef(target=target) if isinstance(value, dict):
                return all(
                    field.attribute not in value
                    or (value[field.attribute] is None and field.nullable)
                    or self.accepts(field.type, value[field.attribute])
                    for field in object_type(self._system, target).fields
                )
            case ListOf() | SetOf() if isinstance(value, list):
                least, most = type_.constraints.min, type_.constraints.max
                return (
                    (not isinstance(least, int) or len(value) >= least)
                    and (not isinstance(most, int) or len(value) <= most)
                    and all(self.accepts(type_.item, item) for item in value)
                )
            case MapOf() if isinstance(value, dict):
                return all(self.accepts(type_.item, item) for item in value.values())
            case _:
                return True


def _json_wire(value: Value) -> Wire:
    if isinstance(value, dict):
        return {key: _json_wire(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json_wire(item) for item in value]
    return value if isinstance(value, Reference) else json_scalar(value)


def _parsed_scalar(scalar: Scalar, example: Json) -> Value:
    try:
        match scalar.kind, example:
            case ScalarKind.DECIMAL, (int() | float() | str()):
                found = at_scale(scalar, Decimal(str(example)))
                return found if isinstance(found, Decimal) else None
            case ScalarKind.FLOAT, (int() | float()):
                return float(example)
            case ScalarKind.BOOL, bool():
                return example
            case ((ScalarKind.INT | ScalarKind.BIGINT), int()):
                return None if isinstance(example, bool) else example
            case ScalarKind.DATE, str():
                return date.fromisoformat(example)
            case ScalarKind.TIME, str():
                return time.fromisoformat(example)
            case ScalarKind.DATETIME, str():
                moment = datetime.fromisoformat(example)
                return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
            case ScalarKind.UUID, str():
                return UUID(example)
            case ((ScalarKind.DURATION | ScalarKind.BYTES | ScalarKind.JSON), _):
                return None
            case _, str():
                return example
            case _:
                return None
    except (ValueError, InvalidOperation):
        return None
