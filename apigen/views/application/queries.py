"""What the template of `application/<context>/queries.py` is given: what lists can be asked for."""

from collections.abc import Mapping

from apigen.ir.field import FilterOp
from apigen.ir.names import Name
from apigen.ir.system import Context, Entity, PageStyle, System
from apigen.ir.types import (
    EnumRef,
    IdOf,
    ListOf,
    LocalizedText,
    ManyOf,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
)
from apigen.python import layout
from apigen.python.annotations import id_base
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text, tuple_of
from apigen.values import dataclass
from apigen.views.application.hidden_paths import hidden_source
from apigen.views.application.query_messages import QueryMessage, query_messages
from apigen.views.localization import answers_localized
from apigen.views.nouns import noun, noun_plural
from apigen.views.paths import ResolvedPath, resolve
from apigen.views.read_entities import queries_of, read_entities, with_projections
from apigen.views.versions.systems import context_in, older_systems

_FILTER_TYPES: Mapping[ScalarKind, str] = {
    ScalarKind.INT: "INTEGER",
    ScalarKind.BIGINT: "BIG_INTEGER",
    ScalarKind.FLOAT: "REAL",
    ScalarKind.DECIMAL: "DECIMAL",
    ScalarKind.BOOL: "BOOLEAN",
    ScalarKind.DATE: "DATE",
    ScalarKind.TIME: "TIME",
    ScalarKind.DATETIME: "MOMENT",
    ScalarKind.DURATION: "DURATION",
    ScalarKind.UUID: "UUID_TEXT",
    ScalarKind.ULID: "ULID_TEXT",
}
"""Every other kind is TEXT."""

_GROUPS: Mapping[frozenset[FilterOp], str] = {
    frozenset({FilterOp.EQ, FilterOp.IN}): "EXACT",
    frozenset({FilterOp.EQ, FilterOp.NE, FilterOp.IN, FilterOp.NOT_IN}): "CHOICE",
    frozenset(
        {
            FilterOp.EQ,
            FilterOp.NE,
            FilterOp.IN,
            FilterOp.LT,
            FilterOp.LTE,
            FilterOp.GT,
            FilterOp.GTE,
        }
    ): "RANGE",
    frozenset(
        {FilterOp.EQ, FilterOp.NE, FilterOp.IN, FilterOp.CONTAINS, FilterOp.STARTSWITH}
    ): "SHORT_TEXT",
}
"""Names that support has for usual groups of operators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceQueryConstant:
    """One `ResourceQuery`."""

    name: str
    doc: str
    arguments: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryModule:
    """queries.py of a context."""

    doc: str
    imports: tuple[str, ...]
    messages: tuple[QueryMessage, ...]
    """Questions with a name."""
    queries: tuple[ResourceQueryConstant, ...]


def query_module(system: System, context: Context) -> QueryModule:
    """Return the view of queries.py; only for a context with resources."""
    system = with_projections(system)
    module = layout.application(system, context.name.snake, "queries")
    entities = read_entities(system, context)
    names = [layout.query(system, entity).name for entity in entities]
    names += [layout.query_message(system, one).name for one in queries_of(context)]
    imports = ImportSet(module, names)
    for name in ("PageStyle", "Paging", "ResourceQuery") if entities else ():
        imports.use(layout.support(system, "application.queries", name))
    messages = query_messages(system, context, imports)
    queries = tuple(_constant(system, entity, imports) for entity in entities)
    for older in older_systems(system).values():
        served = with_projections(older)
        of_version = [
            _constant(served, entity, imports)
            for entity in read_entities(served, context_in(served, context))
            if entity.qname in served.resource_endings
        ]
        known = {one.name for one in queries}
        queries += tuple(one for one in of_version if one.name not in known)
    return QueryModule(
        doc=docstring(f"What clients may ask the lists of {noun(context.name)} for."),
        imports=imports.render(),
        messages=messages,
        queries=queries,
    )


def _constant(system: System, entity: Entity, imports: ImportSet) -> ResourceQueryConstant:
    resource = entity.resource
    assert resource is not None
    paging = resource.paging
    style = PageStyle(paging.style).name
    arguments = [f"resource={text(noun(entity.name))}"]
    if resource.search:
        arguments.append("search=True")
    if resource.expand:
        paths = (tuple_of(map(text, path)) for path in resource.expand)
        arguments.append(f"expand={tuple_of(paths)}")
    arguments.append(
        f"paging=Paging(style=PageStyle.{style}, size={paging.size}, max_size={paging.max_size})"
    )
    if set(system.api.filter_syntax) != {"params", "json"}:
        arguments.append(f"filter_syntax={tuple_of(map(text, system.api.filter_syntax))}")
    if answers_localized(system, entity):
        arguments.append(f"languages={imports.use(layout.locales(system))}.offered")
    hidden = hidden_source(system, entity)
    if hidden:
        arguments.append(f"hidden={hidden}")
    return ResourceQueryConstant(
        name=layout.query(system, entity).name,
        doc=docstring(f"Lists of {noun_plural(entity.name)}{_version(system, entity)}."),
        arguments=tuple(arguments),
        fields=_fields(system, entity, imports),
    )


def _version(system: System, entity: Entity) -> str:
    ending = system.resource_endings.get(entity.qname, "")
    return f" in version {Name.of(ending).snake}" if ending else ""


def _fields(system: System, entity: Entity, imports: ImportSet) -> tuple[str, ...]:
    resource = entity.resource
    assert resource is not None
    found: dict[tuple[str, ...], tuple[ResolvedPath, list[FilterOp]]] = {}
    for one in resource.filters:
        resolved = resolve(system, entity, one.path)
        found.setdefault(resolved.wire, (resolved, []))[1].extend(one.ops)
    sortable: set[tuple[str, ...]] = set()
    for path in resource.sorts:
        resolved = resolve(system, entity, path)
        found.setdefault(resolved.wire, (resolved, []))
        sortable.add(resolved.wire)
    return tuple(
        _field(system, resolved, tuple(ops), wire in sortable, imports)
        for wire, (resolved, ops) in found.items()
    )


def _field(
    system: System,
    resolved: ResolvedPath,
    ops: tuple[FilterOp, ...],
    is_sortable: bool,
    imports: ImportSet,
) -> str:
    arguments = [text(step) for step in resolved.wire]
    arguments.append(f"type={_type(system, resolved.field.type, imports)}")
    plain = tuple(op for op in ops if op is not FilterOp.IS_NULL)
    if plain:
        arguments.append(f"ops={_operators(system, plain, imports)}")
    if len(plain) < len(ops):
        arguments.append("nullable=True")
    maker = "listed" if is_sortable else "filtered"
    function = imports.use(layout.support(system, "application.queries", maker))
    return f"{function}({', '.join(arguments)})"


def _operators(system: System, ops: tuple[FilterOp, ...], imports: ImportSet) -> str:
    name = _GROUPS.get(frozenset(ops))
    if name is not None:
        return imports.use(layout.support(system, "application.filter_types", name))
    operators = imports.use(layout.support(system, "application.filter_types", "operators"))
    return f"{operators}({', '.join(text(op.value) for op in ops)})"


def _type(system: System, type_: TypeRef, imports: ImportSet) -> str:
    def support(name: str) -> str:
        return imports.use(layout.support(system, "application.filter_types", name))

    match type_:
        case LocalizedText(item=item):
            return _type(system, item, imports)
        case Scalar(kind=kind):
            return support(_FILTER_TYPES.get(kind, "TEXT"))
        case EnumRef(target=target):
            return f"{support('member_of')}({imports.use(layout.value_type(system, target))})"
        case IdOf(target=target) | RefTo(target=target) | ManyOf(target=target):
            base = id_base(system, target)
            return support("TEXT") if base is None else _type(system, base, imports)
        case ListOf(item=item) | SetOf(item=item):
            return _type(system, item, imports)
        case _:
            return support("TEXT")
