"""Turn a system into its entity diagram: which boxes and edges, and what the rows say.

Enums and declared scalars are no boxes: they are told in the row that uses them. The fields that
an entity gets from its switches are one note, for they say nothing about the domain.
"""

from collections.abc import Iterator, Mapping

from apigen.graph.diagram import Box, BoxKind, Diagram, Edge, EdgeKind, End, Group, Row
from apigen.graph.type_text import type_text
from apigen.ir.field import Field, Origin
from apigen.ir.system import (
    Child,
    Entity,
    Identity,
    ObjectType,
    System,
    UnionType,
    Uniqueness,
    ValueType,
)
from apigen.ir.types import (
    IdOf,
    ListOf,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    SetOf,
    TypeRef,
    UnionRef,
)

type _Owner = Entity | Child | ObjectType


def entity_diagram(system: System) -> Diagram:
    """Return the diagram of `system`; boxes and edges keep the order of the spec."""
    boxes: list[Box] = []
    edges: list[Edge] = []
    for context in system.contexts:
        group = context.qname
        for entity in context.entities:
            owners: tuple[Entity | Child, ...] = (entity, *_descendants(entity))
            for owner in owners:
                rows, starts = _owner_rows(owner, system.types)
                kind = BoxKind.AGGREGATE if isinstance(owner, Entity) else BoxKind.CHILD
                boxes.append(_box(owner, group, kind, rows, note=_note(owner)))
                edges.extend(starts)
        for declared in context.types:
            if isinstance(declared, ObjectType):
                rows, starts = _value_rows(declared, system.types)
                boxes.append(_box(declared, group, BoxKind.VALUE, rows, note=""))
                edges.extend(starts)
            elif isinstance(declared, UnionType):
                rows, starts = _variant_rows(declared, system.types)
                boxes.append(_box(declared, group, BoxKind.UNION, rows, note=""))
                edges.extend(starts)
    drawn = {box.key for box in boxes}
    used = {box.group for box in boxes}
    # A shared kernel has types alone: it is the background of the others, not the first to read.
    contexts = sorted(system.contexts, key=lambda context: not context.entities)
    return Diagram(
        title=system.app.title or system.app.name,
        groups=tuple(
            Group(key=context.qname, title=context.name.text, doc=context.doc)
            for context in contexts
            if context.qname in used
        ),
        boxes=tuple(boxes),
        edges=tuple(edge for edge in edges if edge.target in drawn),
    )


def _descendants(owner: Entity | Child) -> Iterator[Child]:
    for child in owner.children:
        yield child
        yield from _descendants(child)


def _box(
    element: Entity | Child | ObjectType | UnionType,
    group: str,
    kind: BoxKind,
    rows: tuple[Row, ...],
    *,
    note: str,
) -> Box:
    title = element.class_name.pascal if isinstance(element, Child) else element.name.text
    return Box(
        key=element.qname,
        group=group,
        title=title,
        kind=kind,
        doc=element.doc,
        rows=rows,
        note=note,
    )


def _note(owner: Entity | Child) -> str:
    if isinstance(owner, Child):
        return ""
    facts = (
        (owner.timestamps, "timestamps"),
        (owner.versioned, "version"),
        (owner.soft_delete is not None, "soft delete"),
    )
    return " · ".join(text for is_so, text in facts if is_so)


def _owner_rows(
    owner: Entity | Child, types: Mapping[str, ValueType]
) -> tuple[tuple[Row, ...], tuple[Edge, ...]]:
    rows: list[Row] = []
    edges: list[Edge] = []
    single = _single_unique(owner.unique)
    for field in owner.fields:
        if field.origin is Origin.SYNTH and field.attribute not in owner.identity.fields:
            continue
        is_unique = field.attribute in single
        mark = _mark(field, owner.identity, is_unique=is_unique)
        edges.extend(_field_edges(owner, len(rows), field, is_unique=is_unique))
        rows.append(_row(field, types, mark, identity=owner.identity))
    for child in owner.children:
        end = _child_end(child)
        edges.append(
            Edge(
                source=owner.qname,
                row=len(rows),
                target=child.qname,
                kind=EdgeKind.CHILD,
                label=child.attribute,
                source_end=End.NONE,
                target_end=end,
            )
        )
        counted = child.class_name.pascal if child.to_one else f"{child.class_name.pascal}[]"
        optional = "?" if end is End.ZERO_OR_ONE else ""
        rows.append(Row(name=child.attribute, type=counted + optional, mark=""))
    return tuple(rows), tuple(edges)


def _value_rows(
    value: ObjectType, types: Mapping[str, ValueType]
) -> tuple[tuple[Row, ...], tuple[Edge, ...]]:
    rows = tuple(_row(field, types, "", identity=None) for field in value.fields)
    edges = tuple(
        edge
        for index, field in enumerate(value.fields)
        for edge in _field_edges(value, index, field, is_unique=False)
    )
    return rows, edges


def _variant_rows(
    union: UnionType, types: Mapping[str, ValueType]
) -> tuple[tuple[Row, ...], tuple[Edge, ...]]:
    rows = tuple(
        Row(name=variant.tag, type=type_text(variant.type, types), mark="")
        for variant in union.variants
    )
    edges = tuple(
        Edge(
            source=union.qname,
            row=index,
            target=variant.type.target,
            kind=EdgeKind.VALUE,
            label=variant.tag,
            source_end=End.NONE,
            target_end=End.NONE,
        )
        for index, variant in enumerate(union.variants)
        if isinstance(variant.type, ObjectRef)
    )
    return rows, edges


def _single_unique(uniques: tuple[Uniqueness, ...]) -> frozenset[str]:
    return frozenset(unique.attributes[0] for unique in uniques if len(unique.attributes) == 1)


def _row(
    field: Field, types: Mapping[str, ValueType], mark: str, *, identity: Identity | None
) -> Row:
    text = type_text(field.type, types)
    if (
        identity is not None
        and identity.fields == (field.attribute,)
        and field.origin is Origin.SYNTH
    ):
        # A synthesized key is better told by its strategy than by the type it is stored as.
        prefix = "" if identity.prefix is None else f" {identity.prefix}_"
        text = identity.kind.value + prefix
    optional = "?" if field.nullable and field.computed is None else ""
    derived = " :=" if field.computed is not None else ""
    return Row(name=field.attribute, type=text + optional + derived, mark=mark)


def _mark(field: Field, identity: Identity, *, is_unique: bool) -> str:
    if field.attribute in identity.fields:
        return "PK"
    if isinstance(field.type, RefTo):
        return "FK"
    return "UK" if is_unique else ""


def _child_end(child: Child) -> End:
    if child.to_one:
        return End.ONE if child.min else End.ZERO_OR_ONE
    return End.ONE_OR_MORE if child.min else End.MANY


def _field_edges(owner: _Owner, row: int, field: Field, *, is_unique: bool) -> Iterator[Edge]:
    kind, target = _target(field.type)
    if target is None or (field.origin is Origin.SYNTH and target == owner.qname):
        # The type of a key is the identifier of the very entity: no relation.
        return
    source_end, target_end = End.NONE, End.NONE
    if kind is EdgeKind.MANY:
        source_end, target_end = End.MANY, End.MANY
    elif kind in {EdgeKind.REF, EdgeKind.ID}:
        source_end = End.ZERO_OR_ONE if is_unique else End.MANY
        target_end = End.ZERO_OR_ONE if field.nullable else End.ONE
    yield Edge(
        source=owner.qname,
        row=row,
        target=target,
        kind=kind,
        label=field.name.text,
        source_end=source_end,
        target_end=target_end,
    )


def _target(type_ref: TypeRef) -> tuple[EdgeKind, str | None]:
    match type_ref:
        case RefTo(target=target):
            return EdgeKind.REF, target
        case ManyOf(target=target):
            return EdgeKind.MANY, target
        case IdOf(target=target):
            return EdgeKind.ID, target
        case ObjectRef(target=target) | UnionRef(target=target):
            return EdgeKind.VALUE, target
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            return _target(item)
        case Scalar() | _:
            return EdgeKind.VALUE, None
