"""Examples and defaults of values, as far as clients of a version of the API know them."""

from apigen.ir.system import System
from apigen.ir.types import ListOf, MapOf, ObjectRef, SetOf, TypeRef, UnionRef
from apigen.ir.value_parts import parts_of


def known_parts(system: System, type_: TypeRef, value: object) -> object:
    """Return a value without the parts of value objects that the version does not show.

    Args:
        system: As the version has it.
        type_: Of the value.
        value: Parts are named as in JSON, or by their attributes.
    """
    match type_, value:
        case ((ListOf(item=item) | SetOf(item=item)), list()):
            return [known_parts(system, item, one) for one in value]
        case MapOf(item=item), dict():
            return {key: known_parts(system, item, one) for key, one in value.items()}
        case ((ObjectRef() | UnionRef()), dict()):
            parts = {
                name: part
                for part in parts_of(type_, system.types)
                for name in (part.attribute, part.wire)
            }
            return {
                key: known_parts(system, parts[key].type, one) if key in parts else one
                for key, one in value.items()
                if key not in parts or parts[key].reads
            }
        case _:
            return value
