"""Encrypted fields as the modules of persistence call them: a constant each, what it does where."""

from collections.abc import Iterator, Mapping

from apigen.ir.field import Field
from apigen.ir.system import Child, Context, Entity, System
from apigen.ir.types import Scalar, ScalarKind
from apigen.python import layout
from apigen.python.annotations import FORMAT_TYPES, domain_annotation, scalar_type
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.values import dataclass
from apigen.views.tables.storage import shortened
from apigen.views.tables.wire_names import wire_names

_MODULE = "infrastructure.field_encryption"


@dataclass(frozen=True, slots=True, kw_only=True)
class CipherConstant:
    """A constant of the module of rows."""

    name: str
    source: str


def owners_of(context: Context) -> Iterator[Entity | Child]:
    """Yield the entities of a context, each with all that it owns behind it."""
    for entity in context.entities:
        yield from with_owned(entity)


def with_owned(owner: Entity | Child) -> Iterator[Entity | Child]:
    """Yield an entity or child, and all that it owns behind it."""
    yield owner
    for child in owner.children:
        yield from with_owned(child)


def encrypted(owner: Entity | Child) -> tuple[Field, ...]:
    """Return the fields whose values are encrypted."""
    return tuple(field for field in owner.fields if field.encrypted is not None)


def blind_column(field: Field, owner: Entity | Child) -> str:
    """Return the column of the digests of a field: `national_id_index`."""
    taken = {one.column for one in owner.fields} | {spell(one.attribute) for one in owner.fields}
    name = shortened(f"{field.column}_index")
    while name in taken:
        name = shortened(f"{name}_")
    return name


def constants(context: Context) -> Mapping[str, str]:
    """Return the constant of each encrypted field of a context, by the field's id."""
    found: dict[str, str] = {}
    for owner in owners_of(context):
        of = owner.name if isinstance(owner, Entity) else owner.class_name
        for field in encrypted(owner):
            name = base = f"{of.snake.upper()}_{field.attribute.upper()}_CIPHER"
            number = 2
            while name in found.values():
                name, number = f"{base}_{number}", number + 1
            found[field.id] = name
    return found


class Ciphers:
    """The constants of one context, for a module that uses them."""

    def __init__(self, context: Context, system: System, imports: ImportSet) -> None:
        """Import what is used into the module of `imports`."""
        self._system = system
        self._imports = imports
        self._rows = f"{layout.persistence(system, context.name.snake)}.rows"
        self._names = constants(context)

    def constant(self, field: Field) -> str:
        """Return the local name of a field's constant."""
        return self._imports.add(self._rows, self._names[field.id])

    def sealed(self, field: Field, value: str, key: str) -> str:
        """Return source of a value for its column."""
        return f"{self.constant(field)}.sealed({value}, {key})"

    def opened(self, field: Field, value: str, key: str) -> str:
        """Return source of what a column has."""
        return f"{self.constant(field)}.opened({value}, {key})"

    def digested(self, field: Field, value: str) -> str:
        """Return source of a value for its blind index."""
        return f"{self.constant(field)}.digested({value})"


def definitions(context: Context, system: System, imports: ImportSet) -> tuple[CipherConstant, ...]:
    """Return the constants that the module of rows defines."""
    names = constants(context)
    return tuple(
        CipherConstant(name=names[field.id], source=_source(field, owner, system, imports))
        for owner in owners_of(context)
        for field in encrypted(owner)
    )


def _source(field: Field, owner: Entity | Child, system: System, imports: ImportSet) -> str:
    kind = imports.use(layout.support(system, _MODULE, "EncryptedField"))
    annotation = domain_annotation(field.type, system=system, imports=imports)
    arguments = [f"name={text(field.id)}", f"column={text(f'{owner.table}.{field.column}')}"]
    type_ = field.type
    if not isinstance(type_, Scalar):
        arguments.append(f"kind={annotation}")
    elif type_.kind is ScalarKind.JSON:
        if not field.nullable:
            arguments.append("holds_null=True")
    else:
        arguments.append(f"kind={_base(type_, system, imports)}")
        if type_.kind is ScalarKind.DECIMAL:
            arguments.append(f"scale={type_.constraints.scale}")
    names = wire_names(type_, system)
    if names != "{}":
        arguments.append(f"names={names}")
    return f"{kind}[{annotation}]({', '.join(arguments)})"


def _base(scalar: Scalar, system: System, imports: ImportSet) -> str:
    """Return the type below names: of texts, whatever their form, `str`."""
    if scalar.kind in FORMAT_TYPES:
        return "str"
    return scalar_type(scalar, system=system, imports=imports, base=True)
