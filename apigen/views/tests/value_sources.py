"""Write sample values of value objects as Python expressions that construct them."""

from apigen.ir.system import EnumType, ObjectType, System
from apigen.ir.types import EnumRef, ListOf, MapOf, ObjectRef, Scalar, ScalarKind, SetOf, TypeRef
from apigen.python import layout
from apigen.python.annotations import FORMAT_TYPES
from apigen.python.identifiers import member_names, spell
from apigen.python.imports import ImportSet
from apigen.python.sample_values import Reference, Value
from apigen.views.tests.case_sources import Source


class ValueSource:
    """Writes typed values into one module, importing their classes."""

    def __init__(self, system: System, imports: ImportSet, source: Source) -> None:
        self._system = system
        self._imports = imports
        self._source = source

    def can_write(self, type_: ObjectType, value: dict[str, Value]) -> bool:
        """Whether every part is of a type that has a constructor expression here."""
        return all(
            field.computed is not None
            or value.get(field.attribute) is None
            or self._is_plain(field.type)
            for field in type_.fields
        )

    def _is_plain(self, type_: TypeRef) -> bool:
        match type_:
            case Scalar(kind=kind):
                return kind not in (ScalarKind.JSON, ScalarKind.ULID)
            case ListOf() | SetOf() | MapOf():
                return self._is_plain(type_.item)
            case ObjectRef(target=target):
                object_type = self._system.types[target]
                assert isinstance(object_type, ObjectType)
                return all(self._is_plain(field.type) for field in object_type.fields)
            case EnumRef():
                return True
            case _:
                return False

    def object(self, type_: ObjectType, value: dict[str, Value]) -> str:
        """Return the call that makes a value object."""
        cls = self._imports.use(layout.value_type(self._system, type_.qname))
        arguments = ", ".join(
            f"{spell(field.attribute)}={self._value(field.type, value.get(field.attribute))}"
            for field in type_.fields
            if field.computed is None and field.attribute in value
        )
        return f"{cls}({arguments})"

    def _value(self, type_: TypeRef, value: Value) -> str:
        if value is None or isinstance(value, Reference):
            return "None"
        match type_:
            case ObjectRef(target=target) if isinstance(value, dict):
                object_type = self._system.types[target]
                assert isinstance(object_type, ObjectType)
                return self.object(object_type, value)
            case EnumRef(target=target):
                enum = self._system.types[target]
                assert isinstance(enum, EnumType)
                cls = self._imports.use(layout.value_type(self._system, target))
                return f"{cls}.{member_names(enum)[str(value)]}"
            case ListOf() if isinstance(value, list):
                # A value object is hashable, so its lists are tuples.
                return self._source.several([self._value(type_.item, item) for item in value])
            case SetOf() if isinstance(value, list):
                items = ", ".join(self._value(type_.item, item) for item in value)
                return f"frozenset({{{items}}})" if items else "frozenset()"
            case MapOf() if isinstance(value, dict):
                return self._source.mapping(
                    {key: self._value(type_.item, item) for key, item in value.items()}
                )
            case Scalar(named=named):
                plain = "None" if isinstance(value, list | dict) else self._source.scalar(value)
                if named is None:
                    return self._format(type_, plain)
                return f"{self._imports.use(layout.value_type(self._system, named))}({plain})"
            case _:
                return "None"

    def _format(self, scalar: Scalar, plain: str) -> str:
        """Return a text of a well-known format as its type."""
        name = FORMAT_TYPES.get(scalar.kind)
        if name is None:
            return plain
        cls = self._imports.use(layout.support(self._system, "core.formats", name))
        return f"{cls}({plain})"
