"""Systems built by hand, as small as a drawing needs them."""

from apigen.diagnostics import Span
from apigen.ir.field import Field, FkAction, Origin
from apigen.ir.names import Name
from apigen.ir.system import (
    Api,
    AppInfo,
    Child,
    Context,
    Database,
    Entity,
    EnumMember,
    EnumStore,
    EnumType,
    Identity,
    IdKind,
    Nested,
    ObjectStore,
    ObjectType,
    Operation,
    Outputs,
    PageStyle,
    Paging,
    Resource,
    SoftDelete,
    System,
    UnionType,
    UnionVariant,
    Uniqueness,
    ValueType,
)
from apigen.ir.types import (
    Constraints,
    IdOf,
    ManyOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    TypeRef,
)

SPAN = Span(file="apigen.yaml", line=1, column=1, end_line=1, end_column=2)
STR = Scalar(kind=ScalarKind.STR, constraints=Constraints(min=1, max=200))


def field(
    name: str, type_ref: TypeRef = STR, *, nullable: bool = False, origin: Origin = Origin.USER
) -> Field:
    """Make a field; a ref's attribute is `<name>_id`."""
    attribute = f"{name}_id" if isinstance(type_ref, RefTo) else name
    return Field(
        id=name,
        qname=name,
        name=Name.of(name),
        doc="",
        span=SPAN,
        attribute=attribute,
        type=type_ref,
        nullable=nullable,
        default=None,
        computed=None,
        writes=frozenset(),
        reads=frozenset(),
        filter=(),
        sort=False,
        search=False,
        index=None,
        on_delete=FkAction.RESTRICT,
        inverse=None,
        join=None,
        column=attribute,
        wire=attribute,
        label="",
        example=None,
        fake=None,
        origin=origin,
    )


def ref(name: str, target: str, *, nullable: bool = False) -> Field:
    """Make a many-to-one field."""
    return field(name, RefTo(target=target), nullable=nullable)


def many(name: str, target: str) -> Field:
    """Make a many-to-many field."""
    return field(name, ManyOf(target=target))


def known_id(name: str, target: str) -> Field:
    """Make an identifier without a foreign key."""
    return field(name, IdOf(target=target))


def value(name: str, target: str, *, nullable: bool = False) -> Field:
    """Make a field that holds a value object."""
    return field(name, ObjectRef(target=target), nullable=nullable)


def identity(kind: IdKind = IdKind.UUID7, *fields: str) -> Identity:
    """Make a key; without fields it is the synthesized `id`."""
    return Identity(
        kind=kind, fields=fields or ("id",), type_name="XId", prefix=None, client_supplied=False
    )


def child(
    qname: str, attribute: str, *fields: Field, to_one: bool = False, least: int | None = None
) -> Child:
    """Make an owned entity."""
    return Child(
        id=qname,
        qname=qname,
        name=Name.of(attribute),
        doc="",
        span=SPAN,
        attribute=attribute,
        class_name=Name.of(qname.rpartition(".")[2]),
        identity=identity(),
        fields=(field("id", origin=Origin.SYNTH), *fields),
        to_one=to_one,
        min=least,
        max=None,
        key=None,
        order_by=None,
        nested=Nested.WRITE,
        children=(),
        invariants=(),
        unique=(),
        arcs=(),
        table=Name.of(attribute).snake,
        parent_column="parent_id",
    )


def entity(
    qname: str,
    *fields: Field,
    children: tuple[Child, ...] = (),
    unique: tuple[str, ...] = (),
    doc: str = "",
    is_soft_deleted: bool = False,
) -> Entity:
    """Make an aggregate with a synthesized key and timestamps."""
    context, _, text = qname.rpartition(".")
    name = Name.of(text)
    resource = Resource(
        path=f"/{name.plural_kebab}",
        tags=(),
        nested_under=None,
        operations=(Operation.LIST, Operation.GET, Operation.CREATE),
        export=(),
        paging=Paging(style=PageStyle.OFFSET, size=20, max_size=100),
        filters=(),
        sorts=(),
        search=(),
        expand=(),
        body_limit_bytes=None,
    )
    return Entity(
        id=qname,
        qname=qname,
        name=name,
        doc=doc,
        span=SPAN,
        context=context,
        identity=identity(),
        fields=(
            field("id", origin=Origin.SYNTH),
            *fields,
            field("created_at", origin=Origin.SYNTH),
        ),
        children=children,
        inverses=(),
        timestamps=True,
        versioned=True,
        etag=True,
        soft_delete=SoftDelete(restore=True) if is_soft_deleted else None,
        invariants=(),
        unique=tuple(
            Uniqueness(name=f"uq_{attribute}", attributes=(attribute,), where=None, live_only=False)
            for attribute in unique
        ),
        indexes=(),
        arcs=(),
        table=name.plural_snake,
        schema=None,
        resource=resource,
    )


def value_object(qname: str, *fields: Field) -> ObjectType:
    """Make a value object."""
    return ObjectType(
        id=qname,
        qname=qname,
        name=Name.of(qname.rpartition(".")[2]),
        doc="",
        span=SPAN,
        fields=fields,
        invariants=(),
        measure=None,
        store=ObjectStore.COLUMNS,
        example=None,
    )


def enum(qname: str, *members: str) -> EnumType:
    """Make an enumeration whose members are stored under their names."""
    return EnumType(
        id=qname,
        qname=qname,
        name=Name.of(qname.rpartition(".")[2]),
        doc="",
        span=SPAN,
        members=tuple(EnumMember(name=name, value=name, label=name) for name in members),
        store=EnumStore.CHECK,
    )


def union(qname: str, **variants: TypeRef) -> UnionType:
    """Make a tagged union."""
    return UnionType(
        id=qname,
        qname=qname,
        name=Name.of(qname.rpartition(".")[2]),
        doc="",
        span=SPAN,
        tag="kind",
        variants=tuple(UnionVariant(tag=tag, type=type_ref) for tag, type_ref in variants.items()),
    )


def system(*entities: Entity, types: tuple[ValueType, ...] = (), title: str = "Shop") -> System:
    """Make a system; contexts are those of the qualified names, in order of appearance."""
    names: dict[str, None] = {}
    for element in (*types, *entities):
        names[element.qname.rpartition(".")[0]] = None
    contexts = tuple(
        Context(
            id=name,
            qname=name,
            name=Name.of(name),
            doc="",
            span=SPAN,
            uses=(),
            schema=None,
            types=tuple(kind for kind in types if kind.qname.rpartition(".")[0] == name),
            entities=tuple(found for found in entities if found.context == name),
        )
        for name in names
    )
    return System(
        app=AppInfo(
            name="shop",
            title=title,
            doc="",
            version="0.1.0",
            license=None,
            contact=(),
            package="shop",
            python="3.12",
        ),
        contexts=contexts,
        database=Database(),
        api=Api(),
        outputs=Outputs(),
        preset="minimal",
        seeds=(),
        types={kind.qname: kind for kind in types},
        entities={found.qname: found for found in entities},
        children={owned.qname: owned for found in entities for owned in found.children},
    )
