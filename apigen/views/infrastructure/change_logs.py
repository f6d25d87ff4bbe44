"""Logs as source: of changes, and what may not be written down of them; of reads."""

from collections.abc import Iterator, Mapping

from apigen.ir.field import Field, Origin
from apigen.ir.system import Child, Entity, ObjectType, System, UnionType
from apigen.ir.types import (
    EnumRef,
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
    UnionRef,
)
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.views.infrastructure.rows import changes_constant, reads_constant
from apigen.views.tables.columns import position_column
from apigen.views.tables.storage import has_columns, stored_columns
from apigen.views.versions.systems import complete


def change_log_source(
    entity: Entity, system: System, imports: ImportSet, *, rows: str
) -> str | None:
    """Return where a repository notes changes; None for an entity that is not audited.

    Args:
        entity: Whose repository it is.
        system: The system.
        imports: Of the module of repositories.
        rows: The module of the context's row classes.
    """
    if entity.audit is None:
        return None
    arguments = [f"table={imports.add(rows, changes_constant(entity))}"]
    # What the newest version has no more is shown by an older one, and is no secret.
    everything = complete(system)
    stored = everything.entities[entity.qname]
    masked = tuple(dict.fromkeys(masked_paths(stored, everything)))
    if masked:
        arguments.append(f"masked={_texts(masked)}")
    if entity.audit.fields is not None:
        wires = {field.attribute: field.wire for field in entity.fields}
        names = tuple(wires.get(name, name) for name in entity.audit.fields)
        arguments.append(f"fields={_texts(names)}")
    ignored = tuple(_positions(entity, system, ""))
    if ignored:
        arguments.append(f"ignored={_texts(ignored)}")
    kind = imports.use(layout.support(system, "infrastructure.changes", "ChangeLog"))
    return f"{kind}({', '.join(arguments)})"


def read_log_source(
    source: Entity, shown: Mapping[str, frozenset[str]], system: System, imports: ImportSet
) -> str | None:
    """Return where a read model notes who is shown rows of `source`; None: nowhere.

    Args:
        source: Whose rows are shown.
        shown: What documents call each value, to the attributes that it is made of.
        system: The system.
        imports: Of the module of read models.
    """
    if not source.logs_reads:
        return None
    rows = f"{layout.persistence(system, layout.context_of(source.qname))}.rows"
    arguments = [f"table={imports.add(rows, reads_constant(source))}"]
    if source.audit is not None and source.audit.reads:
        arguments.append("every=True")
    fields = [
        f"{text(name)}: {text(field.wire)}"
        for name, attributes in shown.items()
        for field in source.fields
        if field.audit_reads and field.attribute in attributes
    ]
    if fields:
        arguments.append(f"fields={{{', '.join(fields)}}}")
    kind = imports.use(layout.support(system, "infrastructure.reads", "ReadLog"))
    return f"{kind}({', '.join(arguments)})"


def shown_fields(entity: Entity) -> Mapping[str, frozenset[str]]:
    """Return the wire names of what an entity shows, to the attributes it is made of."""
    return {
        field.wire: frozenset({field.attribute})
        if field.computed is None
        else field.computed.reads | {field.attribute}
        for field in entity.fields
        if field.reads
    }


def masked_paths(owner: Entity | Child, system: System, start: str = "") -> Iterator[str]:
    """Yield the wire paths of what may not be logged: personal, encrypted, or never shown."""
    for field in owner.fields:
        if field.origin is Origin.SYNTH:
            continue
        if isinstance(field.type, ManyOf) or not has_columns(field):
            if is_confidential(field):
                yield f"{start}{field.wire}"
            continue
        for column in stored_columns(field, system):
            last = column.path[-1].type
            if any(map(is_confidential, column.path)) or _is_within(last, system, ()):
                yield start + ".".join(column.wire)
    for child in owner.children:
        yield from masked_paths(child, system, f"{start}{child.attribute}.")


def is_confidential(field: Field) -> bool:
    """Tell whether a value may be known to nobody but those who may read the row, or not even."""
    is_secret = field.pii is not None or field.encrypted is not None
    return is_secret or (not field.reads and field.computed is None)


def _is_within(type_: TypeRef, system: System, seen: tuple[str, ...]) -> bool:
    """Tell whether there is anything confidential in a value that is stored as one."""
    match type_:
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            return _is_within(item, system, seen)
        case ObjectRef(target=target) | UnionRef(target=target) if target not in seen:
            declared = system.types[target]
            if isinstance(declared, ObjectType):
                return any(
                    is_confidential(part) or _is_within(part.type, system, (*seen, target))
                    for part in declared.fields
                )
            assert isinstance(declared, UnionType)
            return any(
                _is_within(variant.type, system, (*seen, target)) for variant in declared.variants
            )
        case (
            Scalar()
            | EnumRef()
            | IdOf()
            | RefTo()
            | ManyOf()
            | ObjectRef()
            | UnionRef()
            | LocalizedText()
        ):
            return False


def _positions(owner: Entity | Child, system: System, start: str) -> Iterator[str]:
    """Yield the columns that keep the order of children: moving one changes those of others."""
    for child in owner.children:
        here = f"{start}{child.attribute}."
        if not child.to_one and child.order_by is None:
            yield f"{here}{position_column(child, system)}"
        yield from _positions(child, system, here)


def _texts(items: tuple[str, ...]) -> str:
    return "(" + "".join(f"{text(item)}, " for item in items) + ")"
