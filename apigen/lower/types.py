"""Type strings to types: names looked up, constraints typed and checked against the type."""

from dataclasses import replace
from typing import assert_never

from apigen.diagnostics import Edit, Fix, Label
from apigen.diagnostics.near import did_you_mean, is_certain, nearest
from apigen.ir.system import EnumStore, EnumType, ObjectType, ScalarType, UnionType
from apigen.ir.types import (
    EnumRef,
    IdOf,
    ListOf,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
)
from apigen.lower.constraints import bad_range, constrained_scalar, item_counts, refuse_constraints
from apigen.lower.enums import enum_members
from apigen.lower.file_types import FILE, file_type
from apigen.lower.identifiers import stable_id
from apigen.lower.symbols import Found, NotVisible, SymbolKind, Unknown, not_visible
from apigen.lower.workspace import Workspace
from apigen.spec.fields import ConstrainedSpec, EnumMemberSpec
from apigen.spec.located import Located, Named
from apigen.spec.type_syntax import (
    CollectionSyntax,
    CoreSyntax,
    EnumSyntax,
    NamedSyntax,
    RelationSyntax,
)
from apigen.values import dataclass

_KINDS = {kind.value: kind for kind in ScalarKind}
_PLANNED_TYPES = frozenset({"password", "secret"})
_FOREIGN = {
    "string": "str",
    "varchar": "str",
    "char": "str",
    "integer": "int",
    "long": "bigint",
    "bigserial": "bigint",
    "boolean": "bool",
    "timestamp": "datetime",
    "timestamptz": "datetime",
    "number": "decimal",
    "numeric": "decimal",
    "money": "decimal",
    "double": "float",
    "real": "float",
    "guid": "uuid",
    "blob": "bytes",
    "binary": "bytes",
    "object": "json",
    "jsonb": "json",
    "dict": "map",
    "array": "list",
    "uri": "url",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose type it is, for the name of an enumeration written in place and for messages."""

    context: str
    enum_name: str
    """Class name of the enumeration, should there be one: `OrderStatus`."""
    allows_relations: bool = True
    """False inside value objects, which hold no foreign keys."""
    allows_many: bool = True
    """False inside children: only an aggregate's root has links to many others."""
    allows_files: bool = False
    """Only an aggregate's root has files, each in a field of its own."""


def lower_type(
    core: CoreSyntax, spec: ConstrainedSpec, owner: Owner, work: Workspace
) -> TypeRef | None:
    """Return the type with the constraints of its range and of the keys beside it.

    None when something was wrong, which has been reported (AG103, AG105, AG201, AG203, AG207,
    AG212, AG214, AG302), or when what it names is poisoned.
    """
    match core:
        case NamedSyntax():
            return _named(core, spec, owner, work)
        case EnumSyntax():
            refuse_constraints(spec, "an enum", (), work)
            return _inline_enum(core, owner, work)
        case CollectionSyntax():
            return _collection(core, spec, owner, work)
        case RelationSyntax():
            return _relation(core, spec, owner, work)
        case _:
            assert_never(core)


def _named(
    core: NamedSyntax, spec: ConstrainedSpec, owner: Owner, work: Workspace
) -> TypeRef | None:
    name = core.name
    kind = _KINDS.get(name.value)
    if kind is not None:
        return constrained_scalar(kind, core.range, spec, name.span, work)
    if name.value == FILE:
        if owner.allows_files:
            refuse_constraints(spec, "a `file`", (), work)
            return file_type(owner.context, name.span, work)
        work.found.error(
            "AG014",
            "a `file` is not supported here yet",
            name.span,
            help="a field of an entity can be one: `image: file?`",
        )
        return None
    if name.value in _PLANNED_TYPES:
        work.found.error(
            "AG014",
            f"the type `{name.value}` is not supported yet",
            name.span,
            help="leave it out; `apigen schema` writes what this version supports",
        )
        return None
    match work.symbols.look_up(name.value, owner.context):
        case Found(symbol=symbol):
            if symbol.kind is not SymbolKind.TYPE:
                _refuse_entity(name, symbol.kind, owner, work)
                return None
            refuse_constraints(spec, f"`{name.value}`", (), work)
            if core.range is not None:
                bad_range(name.value, "its own declaration sets the range", core.range.span, work)
            return reference_to(symbol.qname, work)
        case NotVisible(symbol=symbol):
            not_visible(name, symbol, owner.context, work.found)
        case Unknown(near=near, elsewhere=elsewhere):
            _unknown_type(name, near, elsewhere, owner, work)
    return None


def reference_to(qname: str, work: Workspace) -> TypeRef | None:
    """Return how a field refers to a declared type; None when that type is poisoned."""
    declared = work.types.get(qname)
    match declared:
        case EnumType():
            return EnumRef(target=qname)
        case ObjectType():
            return ObjectRef(target=qname)
        case UnionType():
            return UnionRef(target=qname)
        case ScalarType(type=Scalar() as scalar):
            return replace(scalar, named=qname)
        case ScalarType(type=other):
            return other
        case None:
            return None


def _unknown_type(
    name: Located[str],
    near: tuple[str, ...],
    elsewhere: tuple[str, ...],
    owner: Owner,
    work: Workspace,
) -> None:
    text = name.value
    meant = _FOREIGN.get(text.lower())
    types = (
        *_KINDS,
        FILE,
        *work.symbols.names(owner.context, (SymbolKind.TYPE,)),
    )
    candidates = (meant,) if meant is not None else nearest(text, types)
    if not candidates and near:
        candidates = near
    help = "built-in types: `apigen explain types`; your own types live under `types:`"
    if elsewhere:
        help = f"it exists in context `{elsewhere[0]}`: write `{elsewhere[0]}.{text}`"
    fix = None
    known = meant is not None or is_certain(text, candidates)
    if known and name.span.end_column - name.span.column == len(text):
        fix = Fix(
            title=f"write `{candidates[0]}`",
            edits=(Edit(span=name.span, text=candidates[0]),),
        )
    work.found.error(
        "AG201",
        f"unknown type `{text}`",
        name.span,
        label=did_you_mean(candidates),
        help=help,
        fix=fix,
    )


def _refuse_entity(name: Located[str], kind: SymbolKind, owner: Owner, work: Workspace) -> None:
    text = name.value
    fix = None
    # Not a safe fix where `ref` is not allowed, nor when the text is not at the span.
    if owner.allows_relations and kind is SymbolKind.ENTITY and "." not in text:
        fix = Fix(title=f"write `ref({text})`", edits=(Edit(span=name.span, text=f"ref({text})"),))
    help = f"`ref({text})` here, `id({text})` across contexts, or `children` if owned"
    if kind is SymbolKind.CHILD:
        help = f"`id({text})` holds the key of one; the rows stay with their owner"
    work.found.error(
        "AG214",
        f"`{text}` is an entity, not a value type",
        name.span,
        help=help,
        fix=fix,
    )


def _collection(
    core: CollectionSyntax, spec: ConstrainedSpec, owner: Owner, work: Workspace
) -> TypeRef | None:
    refuse_constraints(spec, f"a {core.kind}", ("min", "max"), work)
    bare = ConstrainedSpec(span=spec.span)
    if isinstance(core.item, RelationSyntax) and core.item.kind != "id":
        work.found.error(
            "AG302",
            f"a {core.kind} can not hold a `{core.item.kind}`",
            core.item.span,
            help=f"`many({core.item.targets[0].value})` links many, `id(…)` holds ids only",
        )
        return None
    item = lower_type(core.item, bare, replace(owner, allows_files=False), work)
    if item is None:
        return None
    constraints = item_counts(spec, work)
    match core.kind:
        case "list":
            return ListOf(item=item, constraints=constraints)
        case "set":
            return SetOf(item=item, constraints=constraints)
        case "map":
            return MapOf(item=item, constraints=constraints)


def _relation(
    core: RelationSyntax, spec: ConstrainedSpec, owner: Owner, work: Workspace
) -> TypeRef | None:
    """Return the type of the first target; the others of an arc are `relation_targets`."""
    refuse_constraints(spec, f"`{core.kind}`", ("min", "max") if core.kind == "many" else (), work)
    targets = relation_targets(core, owner, work)
    if not targets:
        return None
    match core.kind:
        case "ref":
            return RefTo(target=targets[0])
        case "many":
            return ManyOf(target=targets[0], constraints=item_counts(spec, work))
        case "id":
            return IdOf(target=targets[0])


def relation_targets(core: RelationSyntax, owner: Owner, work: Workspace) -> tuple[str, ...]:
    """Return the qualified names of the targets, none when one of them is wrong."""
    if len(core.targets) > 1 and core.kind != "ref":
        work.found.error(
            "AG202",
            f"`{core.kind}` has one target",
            core.span,
            help="`ref(A|B)` is the one that may have several",
        )
        return ()
    if not owner.allows_relations and core.kind != "id":
        work.found.error(
            "AG302",
            f"a value object can not hold a `{core.kind}`",
            core.span,
            help=f"use `id({core.targets[0].value})`, or make it an entity or a child",
        )
        return ()
    if not owner.allows_many and core.kind == "many":
        work.found.error(
            "AG302",
            "a child can not hold a `many`",
            core.span,
            help=f"hold the keys, `list(id({core.targets[0].value}))`, or make it an entity",
        )
        return ()
    qnames: list[str] = []
    for target in core.targets:
        symbol = work.symbols.find(target, owner.context, SymbolKind.ENTITY, work.found)
        if symbol is None:
            return ()
        if symbol.kind is SymbolKind.TYPE:
            work.found.error(
                "AG302",
                f"`{target.value}` is a value type, not an entity",
                target.span,
                labels=(Label(span=symbol.span, text="declared here"),),
                help=f"write `{target.value}` alone",
            )
            return ()
        if core.kind != "id" and symbol.kind is SymbolKind.CHILD:
            work.found.error(
                "AG302",
                f"`{target.value}` is owned by `{symbol.owner.rpartition('.')[2]}`",
                target.span,
                help=f"use `id({target.value})`; aggregates refer to roots only",
            )
            return ()
        if core.kind != "id" and symbol.context != owner.context:
            work.found.error(
                "AG302",
                f"`{target.value}` is in context `{symbol.context}`",
                target.span,
                help=f"use `id({target.value})`: foreign keys stay inside one context",
            )
            return ()
        qnames.append(symbol.qname)
    if len(set(qnames)) < len(qnames):
        work.found.error("AG202", "`ref` names one target twice", core.span, help="`ref(A|B)`")
        return ()
    return tuple(qnames)


def _inline_enum(core: EnumSyntax, owner: Owner, work: Workspace) -> TypeRef | None:
    members = tuple(
        Named(name=member, value=EnumMemberSpec(span=member.span)) for member in core.members
    )
    qname = f"{owner.context}.{owner.enum_name}"
    lowered = enum_members(members, qname, core.span, work)
    if lowered is None:
        return None
    known = work.types.get(qname)
    if known is not None or work.symbols.of(qname) is not None:
        symbol = work.symbols.of(qname)
        span = symbol.span if symbol is not None else known.span if known is not None else core.span
        work.found.error(
            "AG104",
            f"the enum of this field and another declaration both become the class"
            f" `{owner.enum_name}`",
            core.span,
            labels=(Label(span=span, text="the other one"),),
            help="declare the enum under `types` with a name of its own",
        )
        return None
    enum = EnumType(
        id=stable_id("type", qname),
        qname=qname,
        name=work.settings.naming.name(owner.enum_name),
        doc="",
        span=core.span,
        members=lowered,
        store=EnumStore.CHECK,
    )
    work.types[qname] = enum
    return EnumRef(target=qname)
