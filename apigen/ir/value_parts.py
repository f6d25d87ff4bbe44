"""What values are made of: the fields of the value objects that a type holds."""

from collections.abc import Iterator, Mapping

from apigen.ir.field import Field
from apigen.ir.system import ObjectType, UnionType, ValueType
from apigen.ir.types import ListOf, MapOf, ObjectRef, SetOf, TypeRef, UnionRef


def parts_of(type_: TypeRef, types: Mapping[str, ValueType]) -> Iterator[Field]:
    """Yield the fields of the value objects that values of a type are, or hold.

    Args:
        type_: Of an object those of its declaration, of a union those of all its variants, of a
            collection those of its elements; those of their own parts are not among them.
        types: By qualified name.
    """
    for target in held_by(type_):
        declared = types.get(target)
        if isinstance(declared, ObjectType):
            yield from declared.fields
        elif isinstance(declared, UnionType):
            for variant in declared.variants:
                yield from parts_of(variant.type, types)


def held_by(type_: TypeRef) -> tuple[str, ...]:
    """Return the value objects and unions that values of a type consist of, by qualified name."""
    match type_:
        case ObjectRef(target=target) | UnionRef(target=target):
            return (target,)
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            return held_by(item)
        case _:
            return ()
