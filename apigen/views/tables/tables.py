"""The tables of a system: columns, keys, constraints and indexes of entities, children and joins.

One physical model, from which the row classes and the migrations are both made, so that they
cannot differ. Knows no source text of columns; conditions are kept as typed rules or as SQL that
both databases read alike.
"""

from collections.abc import Iterator

from apigen.ir.field import Field, FkAction
from apigen.ir.system import Child, Context, Entity, IdKind, System
from apigen.ir.types import ManyOf, RefTo, Scalar, ScalarKind
from apigen.python.identifiers import spell
from apigen.views.tables.checks import checks
from apigen.views.tables.ciphers import blind_column
from apigen.views.tables.columns import columns_of, key_column, position_column, stored_fields
from apigen.views.tables.exclusions import table_exclusions
from apigen.views.tables.indexes import indexes
from apigen.views.tables.order import circular_references, ordered
from apigen.views.tables.parts import Column, ForeignKey, Index, Table
from apigen.views.tables.storage import Stored, shortened

_DRAWN = (IdKind.INT, IdKind.BIGINT)
_ON_DELETE = {
    FkAction.RESTRICT: "RESTRICT",
    FkAction.CASCADE: "CASCADE",
    FkAction.SET_NULL: "SET NULL",
}


def tables(system: System, *, only: Context | None = None) -> tuple[Table, ...]:
    """Return all tables, a referenced one before those that refer to it, as far as possible.

    Args:
        system: The system.
        only: The context to return the tables of, when not all.
    """
    # A ref stays within its context, and so does a circle of them.
    contexts = system.contexts if only is None else (only,)
    entities = [entity for context in contexts for entity in context.entities]
    circles = circular_references(entities)
    made = [
        table
        for entity in entities
        for table in _with_children(entity, entity, entity, system, circles)
    ]
    return ordered(made)


def _with_children(
    owner: Entity | Child,
    parent: Entity | Child,
    root: Entity,
    system: System,
    circles: frozenset[tuple[str, str]],
) -> Iterator[Table]:
    yield _table(owner, parent, root, system, circles)
    for field in owner.fields:
        if isinstance(field.type, ManyOf):
            yield _join_table(owner, field, root, system)
    for child in owner.children:
        yield from _with_children(child, owner, root, system, circles)


def _table(
    owner: Entity | Child,
    parent: Entity | Child,
    root: Entity,
    system: System,
    circles: frozenset[tuple[str, str]],
) -> Table:
    stored = stored_fields(owner, system)
    columns = [
        made
        for column in stored
        for made in _with_digest(owner, _column(owner, column, root, system, circles))
    ]
    if isinstance(owner, Child):
        at = len(owner.identity.fields)
        columns[at:at] = list(_parent_columns(owner, parent, root, system))
    return Table(
        owner=owner.qname,
        name=owner.table,
        schema=root.schema,
        doc=owner.doc,
        columns=tuple(columns),
        checks=checks(owner, stored, system),
        indexes=indexes(owner, columns, system),
        exclusions=table_exclusions(owner, lambda names: columns_of(owner, names, system))
        if isinstance(owner, Entity)
        else (),
        versioned=isinstance(owner, Entity) and owner.versioned,
    )


def _column(
    owner: Entity | Child,
    stored: Stored,
    root: Entity,
    system: System,
    circles: frozenset[tuple[str, str]],
) -> Column:
    field = stored.path[0]
    is_key = field.attribute in owner.identity.fields
    wire = ".".join(stored.wire)
    foreign_key = None
    if isinstance(stored.type, RefTo):
        target = system.entities[stored.type.target]
        foreign_key = ForeignKey(
            name=shortened(f"fk_{owner.table}_{stored.column}"),
            target_table=_qualified(target),
            target_column=key_column(target.qname, system),
            on_delete=_ON_DELETE.get(stored.path[-1].on_delete),
            deferred=(root.qname, target.qname) in circles,
        )
    return Column(
        id=stored.id,
        path=stored.path,
        attribute=stored.attribute,
        name=stored.column,
        type=stored.type,
        nullable=stored.nullable,
        primary_key=is_key,
        drawn=is_key and owner.identity.kind in _DRAWN,
        foreign_key=foreign_key,
        field=wire if wire != stored.column else None,
        cipher=stored.cipher,
    )


def _with_digest(owner: Entity | Child, column: Column) -> Iterator[Column]:
    """Yield a column, and after it the one of its blind index if it has one."""
    yield column
    field = column.cipher
    if field is None or field.encrypted is None or not field.encrypted.blind_index:
        return
    name = blind_column(field, owner)
    yield Column(
        id=f"{column.id}.digest",
        attribute=spell(name),
        name=name,
        type=Scalar(kind=ScalarKind.BYTES),
        nullable=column.nullable,
        field=field.wire,
        digest=field,
    )


def _parent_columns(
    child: Child, parent: Entity | Child, root: Entity, system: System
) -> Iterator[Column]:
    name = f"{root.schema}.{parent.table}" if root.schema else parent.table
    yield Column(
        id=f"{child.id}.parent",
        attribute=spell(child.parent_column),
        name=child.parent_column,
        type=RefTo(target=parent.qname),
        nullable=False,
        foreign_key=ForeignKey(
            name=shortened(f"fk_{child.table}_{child.parent_column}"),
            target_table=name,
            target_column=key_column(parent.qname, system),
            on_delete="CASCADE",
            deferred=False,
        ),
        parent=True,
    )
    if child.order_by is None and not child.to_one:
        yield Column(
            id=f"{child.id}.position",
            attribute=spell(position_column(child, system)),
            name=position_column(child, system),
            type=Scalar(kind=ScalarKind.INT),
            nullable=False,
        )


def _join_table(owner: Entity | Child, field: Field, root: Entity, system: System) -> Table:
    join = field.join
    assert join is not None
    assert isinstance(field.type, ManyOf)
    target = system.entities[field.type.target]
    owner_table = f"{root.schema}.{owner.table}" if root.schema else owner.table
    sides = (
        (join.owner_column, owner.qname, owner_table, True),
        (join.target_column, target.qname, _qualified(target), False),
    )
    columns = tuple(
        Column(
            id=f"{field.id}.{'owner' if is_owner else 'target'}",
            attribute=spell(column),
            name=column,
            type=RefTo(target=qname),
            nullable=False,
            primary_key=True,
            foreign_key=ForeignKey(
                name=shortened(f"fk_{join.table}_{column}"),
                target_table=table,
                target_column=key_column(qname, system),
                on_delete="CASCADE",
                deferred=False,
            ),
            field=None if is_owner else field.wire,
            parent=is_owner,
        )
        for column, qname, table, is_owner in sides
    )
    index = Index(
        name=shortened(f"ix_{join.table}_{join.target_column}"), columns=(join.target_column,)
    )
    return Table(
        owner=owner.qname,
        name=join.table,
        schema=root.schema,
        doc="",
        columns=columns,
        checks=(),
        indexes=(index,),
        many=field,
    )


def _qualified(entity: Entity) -> str:
    return f"{entity.schema}.{entity.table}" if entity.schema else entity.table
