"""Fields and values as a version of the API knows them, in what the newest version has no more.

In the system of the newest version, what is gone looks as in the last version that had it. So do
its values, though the newest may have their types otherwise: its fields are of an edition of the
type, `shop.Size@v1`, which is the same to the domain and has the payloads of that version.
"""

from collections.abc import Iterator
from dataclasses import replace

from apigen.ir.field import Field, Surface
from apigen.ir.system import Api, ObjectType, System, UnionType, ValueType
from apigen.ir.types import ListOf, MapOf, ObjectRef, SetOf, TypeRef, UnionRef
from apigen.views.versions.class_endings import Endings

_NOT_SENT = frozenset({Surface.INTERNAL})


def as_known(field: Field, version: str, api: Api) -> Field:
    """Return a field as clients of a version know it: neither sent nor shown where it lacks it."""
    if version in api.versions_with(field.lifespan):
        return field
    return replace(
        field,
        writes=_NOT_SENT if field.writes else field.writes,
        reads=frozenset[Surface](),
        filter=(),
        sort=False,
        search=False,
    )


class Editions:
    """The editions that a system has: of one that is not the newest, none."""

    def __init__(self, system: System, version: str) -> None:
        """Look for values that older versions have otherwise.

        Args:
            system: With the fields of every version.
            version: That editions are made for.
        """
        self._system = system
        older = [one.name for one in system.api.versions if one.name != version]
        is_newest = version == system.api.version
        self._endings = {
            name: dict(Endings(system, name).of_values()) for name in (older if is_newest else ())
        }

    def types(self) -> Iterator[tuple[str, ValueType]]:
        """Yield the editions of types by their qualified names."""
        for version, endings in self._endings.items():
            for qname in endings:
                name = _edition(qname, version)
                match self._system.types[qname]:
                    case ObjectType() as declared:
                        known = (
                            as_known(field, version, self._system.api) for field in declared.fields
                        )
                        fields = tuple(
                            replace(one, type=self.type_in(one.type, version)) for one in known
                        )
                        yield name, replace(declared, qname=name, fields=fields)
                    case UnionType() as declared:
                        variants = tuple(
                            replace(one, type=self.type_in(one.type, version))
                            for one in declared.variants
                        )
                        yield name, replace(declared, qname=name, variants=variants)
                    case _:
                        pass

    def endings(self) -> Iterator[tuple[str, str]]:
        """Yield what the names of their payloads end in."""
        for version, endings in self._endings.items():
            yield from ((_edition(qname, version), ending) for qname, ending in endings.items())

    def type_in(self, type_: TypeRef, version: str) -> TypeRef:
        """Return a type as a version has it."""
        match type_:
            case ObjectRef(target=target) | UnionRef(target=target):
                if target in self._endings.get(version, {}):
                    return replace(type_, target=_edition(target, version))
                return type_
            case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
                return replace(type_, item=self.type_in(item, version))
            case _:
                return type_


def _edition(qname: str, version: str) -> str:
    return f"{qname}@{version}"
