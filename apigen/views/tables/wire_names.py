"""Keys inside stored JSON that clients know by another name, as source."""

from apigen.ir.system import ObjectType, System, UnionType
from apigen.ir.types import ListOf, MapOf, ObjectRef, SetOf, TypeRef, UnionRef
from apigen.python.identifiers import spell
from apigen.python.literals import text


def wire_names(type_: TypeRef, system: System) -> str:
    """Return source of what `RenamedJson` takes; `{}` when all keys are known as they are."""
    match type_:
        case ListOf(item=item) | SetOf(item=item):
            return wire_names(item, system)
        case MapOf(item=item):
            below = wire_names(item, system)
            return "{}" if below == "{}" else f'{{"*": ("", {below})}}'
        case ObjectRef(target=target):
            declared = system.types[target]
            assert isinstance(declared, ObjectType)
            return _mapping(_field_names(declared, system))
        case UnionRef(target=target):
            union = system.types[target]
            assert isinstance(union, UnionType)
            names = {} if spell(union.tag) == union.tag else {spell(union.tag): (union.tag, "{}")}
            for variant in union.variants:
                inner = variant.type
                if isinstance(inner, ObjectRef):
                    variant_type = system.types[inner.target]
                    assert isinstance(variant_type, ObjectType)
                    names |= _field_names(variant_type, system)
            return _mapping(names)
        case _:
            return "{}"


def _field_names(declared: ObjectType, system: System) -> dict[str, tuple[str, str]]:
    names = {}
    for field in declared.fields:
        attribute, below = spell(field.attribute), wire_names(field.type, system)
        if field.computed is None and (attribute != field.wire or below != "{}"):
            names[attribute] = (field.wire, below)
    return names


def _mapping(names: dict[str, tuple[str, str]]) -> str:
    entries = (f"{text(key)}: ({text(name)}, {below})" for key, (name, below) in names.items())
    return "{" + ", ".join(entries) + "}"
