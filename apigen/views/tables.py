"""The tables of a system: columns, keys, constraints and indexes of entities, children and joins.

One physical model, from which the row classes and the migrations are both made, so that they
cannot differ. Knows no source text of columns; conditions are kept as typed rules or as SQL that
both databases read alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field, FkAction, IndexMethod, Origin
from apigen.ir.system import Child, Context, Entity, ExclusiveArc, IdKind, System, Uniqueness
from apigen.ir.types import (
    EnumRef,
    LocalizedText,
    ManyOf,
    RefTo,
    Scalar,
    ScalarKind,
    TypeRef,
)
from apigen.python.annotations import key_field
from apigen.python.identifiers import spell
from apigen.values import dataclass
from apigen.views.bounds_sql import Bound, bounds_of
from apigen.views.ciphers import blind_column
from apigen.views.storage import (
    Stored,
    base_type,
    in_columns,
    shortened,
    stored_columns,
    stored_values,
)
from apigen.views.table_exclusions import Exclusion, table_exclusions

_DRAWN = (IdKind.INT, IdKind.BIGINT)
_ON_DELETE = {
    FkAction.RESTRICT: "RESTRICT",
    FkAction.CASCADE: "CASCADE",
    FkAction.SET_NULL: "SET NULL",
}
_TRIGRAMS = (IndexMethod.GIN, IndexMethod.TRGM)
_TEXT_LIKE = frozenset({ScalarKind.STR, ScalarKind.TEXT})


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A reference of one column to the key of another table."""

    name: str
    target_table: str
    """With its schema, when it has one."""
    target_column: str
    on_delete: str | None
    deferred: bool
    """Part of a circle of tables: PostgreSQL creates it after all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column."""

    id: str
    """Stable id: of the field, of all fields down to it in a value object, or of what apigen adds
    (a position, the key of a parent or of a join table)."""
    attribute: str
    name: str
    type: TypeRef
    nullable: bool
    primary_key: bool = False
    drawn: bool = False
    """The database draws its value."""
    foreign_key: ForeignKey | None = None
    field: str | None = None
    """What clients call it, when that is not the column's name."""
    parent: bool = False
    """The key of the parent that the row belongs to."""
    path: tuple[Field, ...] = ()
    """The fields down to the column; none of positions, digests, keys of parents and of joins."""
    cipher: Field | None = None
    """The field whose ciphertexts it has."""
    digest: Field | None = None
    """The field of whose values it has the digests: a blind index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A CHECK: one of a rule, a bound, stored enum values, or SQL that both databases read."""

    id: str
    """Stable within its table."""
    name: str
    rule: TypedExpr | None = None
    bound: Bound | None = None
    column: str | None = None
    values: tuple[str, ...] = ()
    sql: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index, or a uniqueness; a uniqueness over all rows is a constraint."""

    name: str
    columns: tuple[str, ...]
    descending: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    unique: bool = False
    where: TypedExpr | None = None
    live_only: bool = False
    method: IndexMethod = IndexMethod.BTREE
    trigrams: tuple[str, ...] = ()
    """Columns that a GIN index needs an operator class for."""
    localized: tuple[str, ...] = ()
    """Columns whose text is meant in the first of the locales that has one."""
    locales: tuple[str, ...] = ()

    @property
    def is_constraint(self) -> bool:
        """Whether UNIQUE can say it."""
        return self.unique and self.where is None and not self.live_only and not self.localized


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table."""

    owner: str
    """Qualified name of the entity or child; of a join table, of the one that has the `many`."""
    name: str
    schema: str | None
    doc: str
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    indexes: tuple[Index, ...]
    exclusions: tuple[Exclusion, ...] = ()
    versioned: bool = False
    many: Field | None = None
    """The field that a join table is for."""

    @property
    def qualified(self) -> str:
        """The name with its schema."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


def tables(system: System, *, only: Context | None = None) -> tuple[Table, ...]:
    """Return all tables, a referenced one before those that refer to it, as far as possible.

    Args:
        system: The system.
        only: The context to return the tables of, when not all.
    """
    # A ref stays within its context, and so does a circle of them.
    contexts = system.contexts if only is None else (only,)
    entities = [entity for context in contexts for entity in context.entities]
    circles = _circles(entities)
    made = [
        table
        for entity in entities
        for table in _with_children(entity, entity, entity, system, circles)
    ]
    return _ordered(made)


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
    checks = [*_field_checks(owner.table, stored, system)]
    checks += _null_together(owner, system)
    checks += [_arc(owner, arc) for arc in owner.arcs]
    checks += [
        Check(
            id=f"rule:{rule.code}",
            name=shortened(f"ck_{owner.table}_{rule.code}"),
            rule=rule.expr,
        )
        for rule in owner.invariants
        if rule.db
    ]
    indexes: list[Index] = []
    if isinstance(owner, Child):
        at = len(owner.identity.fields)
        columns[at:at] = list(_parent_columns(owner, parent, root, system))
        if owner.key is not None:
            key = _columns_of(owner, (owner.key,), system)
            indexes.append(
                Index(
                    name=shortened(f"uq_{owner.table}_{'_'.join(key)}"),
                    columns=(owner.parent_column, *key),
                    unique=True,
                )
            )
        if owner.to_one:
            indexes.append(
                Index(
                    name=shortened(f"uq_{owner.table}_{owner.parent_column}"),
                    columns=(owner.parent_column,),
                    unique=True,
                )
            )
    indexes += _indexes(owner, system)
    indexes = [one for index in indexes for one in _by_locale(index, owner, system)]
    return Table(
        owner=owner.qname,
        name=owner.table,
        schema=root.schema,
        doc=owner.doc,
        columns=tuple(columns),
        checks=_distinct_names(checks),
        indexes=(*indexes, *_missing_foreign_key_indexes(owner.table, columns, indexes)),
        exclusions=table_exclusions(owner, lambda names: _columns_of(owner, names, system))
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


def _field_checks(table: str, stored: Iterable[Stored], system: System) -> Iterator[Check]:
    for column in stored:
        if column.cipher is not None:
            continue
        base = base_type(column.type, system)
        if isinstance(base, EnumRef):
            yield Check(
                id=f"values:{column.id}",
                name=shortened(f"ck_{table}_{column.column}_values"),
                column=column.column,
                values=_enum_values(base, system),
            )
        elif column.path[0].origin is Origin.SYNTH:
            # Nobody but the program gives it a value, and rows that are there need no look.
            continue
        elif isinstance(base, LocalizedText):
            yield Check(
                id=f"text:{column.id}",
                name=shortened(f"ck_{table}_{column.column}_text"),
                sql=_default_text(base, column),
            )
        elif isinstance(base, Scalar) and base is column.type:
            for bound in bounds_of(base, column.column):
                yield Check(
                    id=f"{bound.kind}:{column.id}",
                    name=shortened(f"ck_{table}_{column.column}_{bound.kind}"),
                    bound=bound,
                )


def _default_text(type_: LocalizedText, column: Stored) -> str:
    """Return that there is a text for the default locale, and that it is as long as it may be.

    Those of other locales, which may come and go, are looked at by the domain alone.
    """
    found = f"(\"{column.column}\" ->> '{type_.default}')"
    limits = (">=", type_.item.constraints.min), ("<=", type_.item.constraints.max)
    lengths = [f"length({found}) {sign} {limit}" for sign, limit in limits if limit]
    condition = " AND ".join((f"{found} IS NOT NULL", *lengths))
    return f'"{column.column}" IS NULL OR ({condition})' if column.nullable else condition


def _enum_values(ref: EnumRef, system: System) -> tuple[str, ...]:
    return tuple(stored_values(ref.target, system))


def _null_together(owner: Entity | Child, system: System) -> Iterator[Check]:
    """Yield, for each nullable value object, that its required columns are null together."""
    for field in owner.fields:
        if not field.nullable or in_columns(field.type, system) is None:
            continue
        required = [
            f'("{column.column}" IS NULL)'
            for column in stored_columns(field, system)
            if not any(inner.nullable for inner in column.path[1:])
        ]
        if len(required) > 1:
            first, *others = required
            yield Check(
                id=f"together:{field.id}",
                name=shortened(f"ck_{owner.table}_{field.column}_together"),
                sql=" AND ".join(f"{first} = {other}" for other in others),
            )


def _arc(owner: Entity | Child, arc: ExclusiveArc) -> Check:
    columns = {field.attribute: field.column for field in owner.fields}
    ids = sorted(field.id for field in owner.fields if field.attribute in arc.attributes)
    terms = " + ".join(
        f'CASE WHEN "{columns[name]}" IS NULL THEN 0 ELSE 1 END' for name in arc.attributes
    )
    return Check(
        id=f"arc:{','.join(ids)}",
        name=shortened(arc.name),
        sql=f"{terms} {'<=' if arc.nullable else '='} 1",
    )


def _columns_of(
    owner: Entity | Child, attributes: Iterable[str], system: System
) -> tuple[str, ...]:
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


def _indexes(owner: Entity | Child, system: System) -> list[Index]:
    found = [_unique(owner, unique, system) for unique in owner.unique]
    if isinstance(owner, Entity):
        for index in owner.indexes:
            columns = _columns_of(owner, index.attributes, system)
            found.append(
                Index(
                    name=shortened(index.name),
                    columns=columns,
                    descending=_columns_of(owner, index.descending, system),
                    include=_columns_of(owner, index.include, system),
                    where=index.where,
                    method=index.method,
                    trigrams=_trigrams(owner, columns, index.method, system),
                )
            )
    covered = {index.columns[0] for index in found if index.where is None and not index.live_only}
    covered |= {column.column for column in stored_fields(owner, system)[:1]}
    for column in stored_fields(owner, system):
        method = column.path[-1].index
        name = column.column
        if column.cipher is not None:
            name = blind_column(column.cipher, owner)
        if method is None or (method is IndexMethod.BTREE and name in covered):
            continue
        found.append(
            Index(
                name=shortened(f"ix_{owner.table}_{column.column}"),
                columns=(name,),
                method=method,
                trigrams=_trigrams(owner, (column.column,), method, system),
            )
        )
    return found


def _by_locale(index: Index, owner: Entity | Child, system: System) -> Iterator[Index]:
    """Yield an index for each locale where it is over localized texts.

    Unique are the texts themselves, not what stands in for those that are missing.
    """
    texts = {
        column.column
        for column in stored_fields(owner, system)
        if isinstance(column.type, LocalizedText)
    }
    localized = tuple(column for column in index.columns if column in texts)
    if not localized:
        yield index
        return
    for locale, chain in system.i18n.chains.items():
        ending = locale.lower().replace("-", "_")
        yield replace(
            index,
            name=shortened(f"{index.name}_{ending}"),
            localized=localized,
            locales=(locale,) if index.unique else chain,
            trigrams=localized if index.method in _TRIGRAMS else (),
        )


def _trigrams(
    owner: Entity | Child, columns: tuple[str, ...], method: IndexMethod, system: System
) -> tuple[str, ...]:
    if method not in _TRIGRAMS:
        return ()
    texts = {
        column.column
        for column in stored_fields(owner, system)
        if isinstance(column.type, Scalar)
        and (column.type.kind in _TEXT_LIKE or column.type.constraints.max is not None)
    }
    return tuple(column for column in columns if column in texts)


def _unique(owner: Entity | Child, unique: Uniqueness, system: System) -> Index:
    return Index(
        name=shortened(unique.name),
        columns=_columns_of(owner, unique.attributes, system),
        unique=True,
        where=unique.where,
        live_only=unique.live_only,
    )


def _missing_foreign_key_indexes(
    table: str, columns: Iterable[Column], indexes: Iterable[Index]
) -> Iterator[Index]:
    """Yield an index for each foreign key that no index or key begins with."""
    columns = tuple(columns)
    leading = {index.columns[0] for index in indexes if index.where is None and not index.live_only}
    key = [column.name for column in columns if column.primary_key]
    leading |= set(key[:1])
    for column in columns:
        if column.foreign_key is not None and column.name not in leading:
            yield Index(name=shortened(f"ix_{table}_{column.name}"), columns=(column.name,))


def _distinct_names(checks: Iterable[Check]) -> tuple[Check, ...]:
    taken: set[str] = set()
    found = []
    for check in checks:
        name, number = check.name, 2
        while name in taken:
            name, number = shortened(f"{check.name}_{number}"), number + 1
        taken.add(name)
        found.append(replace(check, name=name))
    return tuple(found)


def _circles(entities: Iterable[Entity]) -> frozenset[tuple[str, str]]:
    """Return the references between entities whose tables cannot be put in order: both ends.

    A reference of an entity to itself needs no order. Of a circle, those references are returned
    that lead to an entity written later in the spec: the others then have an order.
    """
    edges: dict[str, list[str]] = {}
    for entity in entities:
        edges[entity.qname] = [target for target in _references(entity) if target != entity.qname]
    order = {qname: place for place, qname in enumerate(edges)}
    reach = {qname: _reachable(qname, edges) for qname in edges}
    return frozenset(
        (source, target)
        for source, targets in edges.items()
        for target in targets
        if source in reach.get(target, set()) and order[target] > order[source]
    )


def _references(owner: Entity | Child) -> Iterator[str]:
    for field in owner.fields:
        if isinstance(field.type, RefTo):
            yield field.type.target
    for child in owner.children:
        yield from _references(child)


def _reachable(start: str, edges: dict[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    left = list(edges.get(start, ()))
    while left:
        found = left.pop()
        if found not in seen:
            seen.add(found)
            left += edges.get(found, ())
    return seen


def _ordered(made: list[Table]) -> tuple[Table, ...]:
    by_name = {table.qualified: table for table in made}
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for table in made:
        targets = [
            column.foreign_key.target_table
            for column in table.columns
            if column.foreign_key is not None
            and not column.foreign_key.deferred
            and column.foreign_key.target_table != table.qualified
        ]
        sorter.add(table.qualified, *targets)
    try:
        return tuple(by_name[name] for name in sorter.static_order())
    except CycleError as error:
        raise ValueError(f"tables refer to each other in a circle: {error.args[1]}") from error
