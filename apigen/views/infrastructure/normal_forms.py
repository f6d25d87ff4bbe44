"""Which texts of a seed row are normalized as those of a request are, as source.

Keys are those of the domain. Texts inside of unions are left out of it: which variant a row holds
is known only when it is read.
"""

from apigen.ir.system import Child, Entity, ObjectType, System
from apigen.ir.types import (
    IdOf,
    ListOf,
    LocalizedText,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    SetOf,
    TypeRef,
)
from apigen.python.annotations import key_field
from apigen.python.identifiers import spell
from apigen.python.literals import text, tuple_of


def normal_forms(
    owner: Entity | Child | ObjectType, system: System, inside: frozenset[str] = frozenset()
) -> str:
    """Return source of a mapping of attributes to normalizers, or to the same of what is below.

    Empty when nothing is normalized.
    """
    found = {
        spell(field.attribute): _of_type(field.type, system, inside)
        for field in owner.fields
        if field.computed is None
    }
    if isinstance(owner, Entity | Child):
        found |= {spell(child.attribute): normal_forms(child, system) for child in owner.children}
    entries = [f"{text(name)}: {form}" for name, form in found.items() if form]
    return "{" + ", ".join(entries) + "}" if entries else ""


def _of_type(type_: TypeRef, system: System, inside: frozenset[str]) -> str:
    match type_:
        case Scalar(constraints=bounds) if bounds.normalize:
            return tuple_of(map(text, bounds.normalize))
        case LocalizedText(item=item):
            return _of_type(item, system, inside)
        case ObjectRef(target=target) if target not in inside:
            declared = system.types[target]
            assert isinstance(declared, ObjectType)
            return normal_forms(declared, system, inside | {target})
        case ListOf(item=item) | SetOf(item=item):
            return _of_type(item, system, inside)
        case MapOf(item=Scalar() as item):
            return _of_type(item, system, inside)
        case RefTo(target=target) | IdOf(target=target) | ManyOf(target=target) if (
            target not in inside
        ):
            # A generated key is a field whose type is the identifier of its own entity.
            key = key_field(system, target)
            return "" if key is None else _of_type(key.type, system, inside | {target})
        case _:
            return ""
