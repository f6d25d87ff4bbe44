"""Owned entities: their classes, keys, tables and nesting."""

from dataclasses import replace

from apigen.diagnostics import Label
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.expr.scope import ChildScope
from apigen.ir.field import Field, Origin
from apigen.ir.names import Name, singularize
from apigen.ir.system import Child, Identity, IdKind, Nested
from apigen.ir.types import IdOf
from apigen.lower.element_facts import element_facts
from apigen.lower.encryption import check_keyed
from apigen.lower.field_flags import FieldOwner
from apigen.lower.fields import FieldDraft, lower_field, synthesized, unsortable
from apigen.lower.identifiers import fitting
from apigen.lower.keys import Keyed, arcs, uniquenesses
from apigen.lower.meanings import Meanings
from apigen.lower.rules import RuleBook
from apigen.lower.symbols import Symbol, SymbolKind
from apigen.lower.workspace import Workspace
from apigen.spec.entities import ChildSpec
from apigen.spec.located import Located
from apigen.spec.names import NameRule, check_name
from apigen.values import dataclass

MAX_DEPTH = 3
RESERVED = ("id",)
_GENERATED = (IdKind.UUID7, IdKind.UUID4, IdKind.ULID, IdKind.INT, IdKind.BIGINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDeclaration:
    """A child with its class name decided, so that `id(OrderLine)` can be looked up."""

    collection: Located[str]
    spec: ChildSpec
    class_name: str
    qname: str
    children: tuple["ChildDeclaration", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDraft:
    """A child with its fields lowered; expressions are still text."""

    declaration: ChildDeclaration
    drafts: tuple[FieldDraft, ...]
    identity: Identity
    id_field: Field
    table: str
    children: tuple["ChildDraft", ...]


def declare_children(
    children: tuple[tuple[Located[str], ChildSpec], ...],
    parent: str,
    root: str,
    context: str,
    work: Workspace,
    *,
    depth: int = 1,
) -> tuple[ChildDeclaration, ...]:
    """Decide the class names of children and enter them into the symbol table."""
    declared: list[ChildDeclaration] = []
    for collection, spec in children:
        if depth > MAX_DEPTH:
            work.found.error(
                "AG302",
                f"`{collection.value}` is nested more than {MAX_DEPTH} levels deep",
                collection.span,
                help="make it an entity with a `ref` to its parent",
            )
            continue
        is_one = spec.one is not None and spec.one.value
        last = Name.of(collection.value)
        parts = last.snake.split("_")
        if not is_one:
            parts[-1] = singularize(parts[-1])
        class_name = Name.of(parent).pascal + "".join(part.capitalize() for part in parts)
        place = collection
        if spec.entity is not None:
            place = spec.entity
            if check_name(spec.entity, NameRule(kind="entity", case="pascal"), work.found):
                class_name = spec.entity.value
        symbol = Symbol(
            kind=SymbolKind.CHILD,
            context=context,
            name=class_name,
            span=place.span,
            owner=root,
        )
        first = work.symbols.add(symbol)
        if first is not symbol:
            work.found.error(
                "AG104",
                f"`{collection.value}` of `{parent}` and {first.kind} `{first.name}` both become"
                f" the class `{class_name}`",
                place.span,
                labels=(Label(span=first.span, text="the other one"),),
                help="set `entity` to a name of its own",
            )
            continue
        inner = tuple((named.name, named.value) for named in spec.children or ())
        declared.append(
            ChildDeclaration(
                collection=collection,
                spec=spec,
                class_name=class_name,
                qname=symbol.qname,
                children=declare_children(inner, class_name, root, context, work, depth=depth + 1),
            )
        )
    return tuple(declared)


def draft_children(
    declared: tuple[ChildDeclaration, ...],
    root: Identity,
    context: str,
    origin: Origin,
    work: Workspace,
) -> tuple[ChildDraft, ...]:
    """Lower the fields of children, all levels."""
    return tuple(_draft(child, root, context, origin, work) for child in declared)


def _draft(
    child: ChildDeclaration, root: Identity, context: str, origin: Origin, work: Workspace
) -> ChildDraft:
    owner = FieldOwner(
        qname=child.qname,
        class_name=child.class_name,
        context=context,
        origin=origin,
        is_child=True,
    )
    drafts: list[FieldDraft] = []
    for named in child.spec.fields or ():
        if named.name.value in RESERVED:
            refuse_reserved(named.name, work)
            continue
        draft = lower_field(named.name, named.value, owner, work)
        drafts.append(
            replace(
                draft,
                fields=tuple(
                    replace(unsortable(field), index=field.index) for field in draft.fields
                ),
            )
        )
    kind = root.kind if root.kind in _GENERATED else IdKind.UUID7
    name = work.settings.naming.name(child.class_name)
    return ChildDraft(
        declaration=child,
        drafts=tuple(drafts),
        identity=Identity(
            kind=kind,
            fields=("id",),
            type_name=f"{name.pascal}Id",
            prefix=None,
            client_supplied=False,
        ),
        id_field=synthesized(
            child.qname, "id", IdOf(target=child.qname), work, child.collection.span
        ),
        table=table_name(name, work),
        children=draft_children(child.children, root, context, origin, work),
    )


def refuse_reserved(name: Located[str], work: Workspace, *, is_there: bool = True) -> None:
    """Report AG102 for a name that apigen adds itself, or that every aggregate has in code."""
    text = name.value
    if is_there:
        work.found.error(
            "AG102",
            f"`{text}` is reserved by apigen, which adds it",
            name.span,
            help="rename the field, or leave it out: it is there already",
        )
        return
    work.found.error(
        "AG102",
        f"`{text}` is reserved by apigen: every aggregate has an attribute of this name",
        name.span,
        help=f"rename it; a field keeps its name outside with `wire={text} column={text}`",
    )


def finish_child(
    draft: ChildDraft, parent: str, meanings: Meanings, work: Workspace
) -> tuple[Child, ChildScope]:
    """Type the rules of a child and of those below it, deepest first."""
    child = draft.declaration
    spec = child.spec
    inner = [finish_child(nested, child.class_name, meanings, work) for nested in draft.children]
    rules = RuleBook(
        child.qname,
        draft.drafts,
        (draft.id_field,),
        tuple(scope for _, scope in inner),
        meanings,
        work,
    )
    keyed = Keyed(
        title=child.class_name,
        table=draft.table,
        drafts=rules.drafts,
        synthesized=(draft.id_field,),
        live_only=False,
        rules=rules,
    )
    _check_sizes(child, work)
    is_one = spec.one is not None and spec.one.value
    parent_column = fitting(f"{Name.of(parent).snake}_id")
    is_nullable = is_one and not (spec.min is not None and spec.min.value > 0)
    scope = ChildScope(
        name=child.collection.value,
        qname=child.qname,
        to_one=is_one,
        nullable=is_nullable,
        fields=rules.fields(),
        children=tuple(scope for _, scope in inner),
        span=child.collection.span,
    )
    lowered = Child(
        **element_facts("child", child.qname, child.collection, spec, work),
        attribute=child.collection.value,
        class_name=work.settings.naming.name(child.class_name),
        identity=draft.identity,
        fields=(draft.id_field, *(f for d in rules.drafts for f in d.fields)),
        to_one=is_one,
        min=spec.min.value if spec.min is not None else None,
        max=spec.max.value if spec.max is not None else None,
        key=_own_field(spec.key_field, "key", keyed, work),
        order_by=_own_field(spec.order_by, "order_by", keyed, work),
        nested=Nested(spec.nested.value) if spec.nested is not None else Nested.CREATE,
        children=tuple(lowered for lowered, _ in inner),
        invariants=rules.invariants(spec.invariants or (), in_table=True),
        unique=uniquenesses(spec.unique or (), keyed, work),
        arcs=arcs(draft.table, rules.drafts),
        table=draft.table,
        parent_column=parent_column,
    )
    return lowered, scope


def _own_field(name: Located[str] | None, key: str, keyed: Keyed, work: Workspace) -> str | None:
    if name is None:
        return None
    for draft in keyed.drafts:
        matches = [f for f in draft.fields if name.value in (f.attribute, draft.name.value)]
        if matches:
            if draft.is_arc or matches[0].computed is not None:
                work.found.error(
                    "AG309",
                    f"`{name.value}` has no column of its own",
                    name.span,
                    help=f"`{key}` takes a stored field",
                )
                return None
            if not check_keyed(matches[0], name, key, work):
                return None
            return matches[0].attribute
        if draft.name.value == name.value:
            return None
    known = [draft.name.value for draft in keyed.drafts]
    work.found.error(
        "AG309",
        f"no field `{name.value}` in `{keyed.title}`",
        name.span,
        help=did_you_mean(nearest(name.value, known))
        or f"fields: {', '.join(f'`{field}`' for field in known)}",
    )
    return None


def _check_sizes(child: ChildDeclaration, work: Workspace) -> None:
    low, high = child.spec.min, child.spec.max
    if low is not None and high is not None and low.value > high.value:
        work.found.error(
            "AG203",
            f"bad range for `{child.collection.value}`: {low.value} is more than {high.value}",
            low.span,
            help="swap `min` and `max`",
        )
    is_one = child.spec.one is not None and child.spec.one.value
    if is_one and high is not None and high.value > 1:
        work.found.error(
            "AG203",
            f"bad range for `{child.collection.value}`: `one` holds at most one",
            high.span,
            help="remove `max`, or `one`",
        )


def table_name(name: Name, work: Workspace) -> str:
    """Return the table of a class, as `defaults.naming.table` has it."""
    plural = work.settings.naming.table == "plural_snake"
    return fitting(name.plural_snake if plural else name.snake)
