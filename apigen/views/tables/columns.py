"""Which columns the fields of an entity or child are kept in."""

from collections.abc import Iterable

from apigen.ir.system import Child, Entity, System
from apigen.python.annotations import key_field
from apigen.views.tables.ciphers import blind_column
from apigen.views.tables.storage import Stored, stored_columns


def stored_fields(owner: Entity | Child, system: System) -> tuple[Stored, ...]:
    """Return the columns of an owner's fields, those of its key first and in the key's order."""
    found = [column for field in owner.fields for column in stored_columns(field, system)]
    order = {name: place for place, name in enumerate(owner.identity.fields)}
    keys = [column for column in found if column.path[0].attribute in order]
    keys.sort(key=lambda column: order[column.path[0].attribute])
    rest = [column for column in found if column.path[0].attribute not in order]
    return (*keys, *rest)


def key_column(qname: str, system: System) -> str:
    """Return the column that is the key of an entity or child with a key of one column."""
    field = key_field(system, qname)
    if field is None:
        raise ValueError(f"{qname} has a key of several columns")
    return stored_columns(field, system)[0].column


def position_column(child: Child, system: System) -> str:
    """Return the column that keeps the order of a list of children."""
    columns = {column.column for column in stored_fields(child, system)}
    name, taken = "position", columns | {field.attribute for field in child.fields}
    while name in taken:
        name += "_"
    return name


def columns_of(owner: Entity | Child, attributes: Iterable[str], system: System) -> tuple[str, ...]:
    """Return the columns of attributes; `price.currency` names one of a value object's."""
    by_path: dict[str, list[str]] = {}
    for column in stored_fields(owner, system):
        names = [field.attribute for field in column.path]
        if column.cipher is not None:
            # Nothing else of a ciphertext can be compared.
            by_path[names[0]] = [blind_column(column.cipher, owner)]
            continue
        for length in range(1, len(names) + 1):
            by_path.setdefault(".".join(names[:length]), []).append(column.column)
    return tuple(column for attribute in attributes for column in by_path.get(attribute, ()))
