"""Queries: questions with a name over entities and projections (AG103, AG207, AG309, AG603).

Routes come with the resources; AG42x for conditions.
"""

from collections.abc import Mapping
from dataclasses import replace

from apigen.diagnostics.near import did_you_mean, nearest
from apigen.expr.scope import ChildScope, RuleKind, ScopeField
from apigen.ir.behaviour import Handler, Query, Shape, SortBy
from apigen.ir.expr import SqlSupport
from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.types import (
    EnumRef,
    IdOf,
    ListOf,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
)
from apigen.lower.caching import query_cache
from apigen.lower.defaults import type_name
from apigen.lower.element_facts import element_facts
from apigen.lower.fields import FieldDraft
from apigen.lower.filters import is_sortable
from apigen.lower.meanings import Meanings, parse, scope_fields
from apigen.lower.messages import OF_TABLES, Message, message_fields
from apigen.lower.symbols import SymbolKind
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located, Named
from apigen.spec.queries import QuerySpec
from apigen.values import dataclass

_OF_QUERIES = frozenset(
    {
        *("query_id", "timestamp", "cache_key", "cache_ttl", "actor", "now"),
        *("page", "size", "cursor", "sort", "q", "filter", "expand", "format"),
    }
)
"""What every query carries, and the parameters of lists."""
_OF_PAGES = _OF_QUERIES | {"count"}
"""And what those carry that answer in pages."""
_RESERVED = frozenset(
    {
        *("read", "create", "update", "replace", "delete", "restore", "export", "all"),
        *("list", "get", "count", "history", "import"),
    }
)
"""Operations every entity may have."""
_ROWS = (Shape.PAGE, Shape.LIST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a query reads: an entity, or a projection and the entity it shows."""

    qname: str
    name: Name
    entity: str
    """Qualified entity whose rows they are."""
    is_projection: bool
    fields: tuple[Field, ...]
    scope: tuple[ScopeField, ...]
    children: tuple[ChildScope, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All that queries can read, by qualified name."""

    entities: Mapping[str, Source]
    projections: Mapping[str, Source]
    meanings: Meanings
    work: Workspace

    def find(self, name: Located[str], context: str) -> Source | None:
        """Return the entity or projection that a name means in a context, or report AG103."""
        projection = self.projections.get(f"{context}.{name.value}")
        if projection is not None:
            return projection
        if name.value in self.work.contexts[context].projections:
            # It was wrong, which is reported.
            return None
        symbol = self.work.symbols.find(name, context, SymbolKind.ENTITY, self.work.found)
        if symbol is None:
            return None
        source = self.entities.get(symbol.qname)
        if source is None:
            self.work.found.error(
                "AG103",
                f"`{name.value}` is a {symbol.kind.value}, which no query reads",
                name.span,
                help="name an entity or a projection",
            )
        elif symbol.context != context:
            self.work.found.error(
                "AG302",
                f"`{name.value}` is in context `{symbol.context}`",
                name.span,
                help=f"a query reads rows of its own context: put it into `{symbol.context}`",
            )
            return None
        return source


def lower_query(
    named: Named[QuerySpec], context: str, owner: Source | None, sources: Sources
) -> Query | None:
    """Return a query without its route; None when it is not known what it reads."""
    spec, name, work = named.value, named.name, sources.work
    source = owner
    if spec.of is not None:
        source = sources.find(spec.of, context)
    elif owner is None:
        work.found.error(
            "AG006",
            "a query of a context needs `of`",
            name.span,
            help="such as `of: Order`",
        )
    if owner is not None and name.value in _RESERVED:
        work.found.error(
            "AG102",
            f"`{name.value}` is reserved by apigen: every entity may have it",
            name.span,
            help="a word of the trade says more, such as `waiting` or `overdue`",
        )
    if source is None or not _is_of_owner(spec, source, owner, work):
        return None
    qname = f"{owner.qname if owner is not None else context}.{name.value}"
    shape = Shape(spec.returns.value) if spec.returns is not None else Shape.PAGE
    drafts = _inputs(named, qname, context, source, sources, shape)
    where = None
    if spec.where is not None:
        scope = sources.meanings.scope(
            RuleKind.QUERY_WHERE,
            source.entity,
            source.scope,
            source.children,
            input=scope_fields(drafts, sources.meanings),
        )
        where = parse(spec.where, scope, work)
    is_custom = spec.handler is not None and spec.handler.value == Handler.CUSTOM.value
    _check_keys(spec, shape, is_custom=is_custom, work=work)
    return Query(
        **element_facts("query", qname, name, spec, work),
        context=context,
        owner=owner.qname if owner is not None else None,
        source=source.qname,
        source_is_projection=source.is_projection,
        input=tuple(field for draft in drafts for field in draft.fields),
        where=where,
        sort=_sort(spec.sort or (), source, work),
        limit=spec.limit.value if spec.limit is not None else None,
        shape=shape,
        cache=query_cache(spec.cache, work),
        handler=Handler.CUSTOM if is_custom else Handler.GENERATED,
        route=None,
        lifespan=work.versions.lifespan(spec, work.found),
    )


def _is_of_owner(spec: QuerySpec, source: Source, owner: Source | None, work: Workspace) -> bool:
    """Report AG302 for a query that reads rows of another entity than its owner's.

    Who may ask it is said in the owner's `access`, by conditions over the owner's rows.
    """
    if owner is None or source.entity == owner.entity:
        return True
    assert spec.of is not None
    work.found.error(
        "AG302",
        f"`{spec.of.value}` has other rows than `{owner.name.text}`",
        spec.of.span,
        help="put the query under what it reads, or under `queries:` of the context",
    )
    return False


def _inputs(
    named: Named[QuerySpec],
    qname: str,
    context: str,
    source: Source,
    sources: Sources,
    shape: Shape,
) -> tuple[FieldDraft, ...]:
    message = Message(
        qname=qname,
        class_name=Name.of(named.name.value).pascal + source.name.plural_pascal,
        context=context,
        kind="input",
        what="an input of a query",
        reserved=_OF_PAGES if shape is Shape.PAGE else _OF_QUERIES,
        unfit=(*OF_TABLES, "localized"),
        allows_refs=False,
    )
    drafts = message_fields(named.value.input or (), message, sources.work)
    return tuple(_checked(draft, sources.work) for draft in drafts)


def _checked(draft: FieldDraft, work: Workspace) -> FieldDraft:
    """Report AG207 for an input that has no place in an address."""
    for field in draft.fields:
        if not _fits_address(field.type):
            work.found.error(
                "AG207",
                f"an input of a query cannot be {type_name(field.type)}",
                draft.spec.type.span if draft.spec.type is not None else field.span,
                help="it stands in an address: scalars, enums, ids and lists of them fit",
            )
            return replace(draft, fields=())
    return draft


def _fits_address(type_: TypeRef) -> bool:
    match type_:
        case Scalar(kind=kind):
            return kind not in (ScalarKind.JSON, ScalarKind.BYTES)
        case EnumRef() | IdOf():
            return True
        case ListOf(item=item) | SetOf(item=item):
            return not isinstance(item, ListOf | SetOf) and _fits_address(item)
        case _:
            return False


def _check_keys(spec: QuerySpec, shape: Shape, *, is_custom: bool, work: Workspace) -> None:
    """Report AG207 for keys that say nothing about what is answered."""
    given = {
        "sort": spec.sort[0].span if spec.sort else None,
        "limit": spec.limit.span if spec.limit is not None else None,
    }
    for key, span in given.items():
        if span is None or is_custom or shape in _ROWS or (key, shape) == ("sort", Shape.ONE):
            continue
        work.found.error(
            "AG207",
            f"`{key}` does not apply to a query that returns {shape.value}",
            span,
            help="remove it",
        )
    written = {"where": spec.where.span if spec.where is not None else None, **given}
    for key, span in written.items() if is_custom else ():
        if span is not None:
            work.found.error(
                "AG207",
                f"`{key}` does not apply to a query with a handler of your own",
                span,
                help="the handler chooses the rows: leave out one of the two",
            )


def _sort(written: tuple[Located[str], ...], source: Source, work: Workspace) -> tuple[SortBy, ...]:
    steps: dict[str, SortBy] = {}
    for one in written:
        text = one.value.removeprefix("-")
        field = next((f for f in source.fields if text in (f.attribute, f.name.text)), None)
        if field is None:
            if not work.is_poisoned(source.qname, text.removesuffix("_id")):
                known = [f.name.text for f in source.fields]
                work.found.error(
                    "AG309",
                    f"no field `{text}` in `{source.name.text}`",
                    one.span,
                    help=did_you_mean(nearest(text, known)) or "`-` before a name turns the order",
                )
            continue
        why = ""
        if field.encrypted is not None:
            work.found.error(
                "AG705",
                f"cannot sort by `{text}`: it is encrypted, and ciphertext has no order",
                one.span,
                help="remove it from the list",
            )
            continue
        if not is_sortable(field.type):
            why = f"a {type_name(field.type)} has no order"
        elif (
            field.computed is not None
            and not field.stored
            and field.computed.sql is SqlSupport.NONE
        ):
            why = "the database cannot work it out"
        elif field.attribute in steps:
            why = "it is named twice"
        if why:
            work.found.error(
                "AG603", f"cannot sort by `{text}`: {why}", one.span, help="remove it from the list"
            )
            continue
        steps[field.attribute] = SortBy(
            attribute=field.attribute, descending=one.value.startswith("-")
        )
    return tuple(steps.values())
