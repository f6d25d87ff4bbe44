"""AG705: encrypted fields of rows whose key is an enumeration, or has one in it."""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic
from apigen.ir.system import Child, Entity, System
from apigen.ir.types import EnumRef, IdOf, RefTo, TypeRef


def encrypted_keys(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each entity whose ciphertexts a renamed member would make unreadable."""
    for entity in system.entities.values():
        secret = next((one for one in entity.fields if one.encrypted is not None), None)
        if secret is not None and _is_enum(entity, system, frozenset()):
            yield Diagnostic(
                code="AG705",
                message=f"`{secret.name.text}` is encrypted, and the id of"
                f" `{entity.name.text}` is an enum",
                span=secret.span,
                help="ciphertexts are bound to the id of their row, which has to stay what it is:"
                " use another id",
            )


def _is_enum(owner: Entity | Child, system: System, seen: frozenset[str]) -> bool:
    names = owner.identity.fields
    types = [field.type for field in owner.fields if field.attribute in names]
    return any(_leads_to_enum(type_, system, seen) for type_ in types)


def _leads_to_enum(type_: TypeRef, system: System, seen: frozenset[str]) -> bool:
    match type_:
        case EnumRef():
            return True
        case RefTo(target=target) | IdOf(target=target) if target not in seen:
            owner = system.entities.get(target)
            return owner is not None and _is_enum(owner, system, seen | {target})
        case _:
            return False
