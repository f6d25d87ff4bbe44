"""The end-to-end tests of one resource: its REST surface as data, and the contracts it keeps."""

from collections.abc import Iterator

from apigen.ir.field import Field, FkAction, Surface
from apigen.ir.names import Name
from apigen.ir.system import (
    Child,
    Context,
    Entity,
    EnumType,
    Filterable,
    Nested,
    ObjectType,
    Operation,
    Resource,
    System,
)
from apigen.ir.types import (
    ActorDefault,
    EnumRef,
    IdOf,
    ManyOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    TypeRef,
)
from apigen.python import layout
from apigen.python.identifiers import spell_module
from apigen.python.imports import ImportSet
from apigen.python.literals import text, tuple_of
from apigen.values import dataclass
from apigen.views.localization import is_localized, shows_localized
from apigen.views.project.readme import resource_path
from apigen.views.tests.case_sources import Source
from apigen.views.tests.case_tables import (
    Tables,
    case_constant,
    has_update,
    in_arcs,
    nested_field,
    version_cases,
)

_CONTRACTS = {
    Operation.CREATE: ("writing", "CreateContract"),
    Operation.GET: ("reading", "GetContract"),
    Operation.LIST: ("reading", "ListContract"),
    Operation.UPDATE: ("writing", "UpdateContract"),
    Operation.REPLACE: ("writing", "ReplaceContract"),
    Operation.DELETE: ("removal", "DeleteContract"),
    Operation.RESTORE: ("removal", "RestoreContract"),
    Operation.BULK_CREATE: ("bulk", "BulkCreateContract"),
    Operation.BULK_UPDATE: ("bulk", "BulkUpdateContract"),
    Operation.BULK_DELETE: ("bulk", "BulkDeleteContract"),
    Operation.COUNT: ("reading", "CountContract"),
    Operation.EXPORT: ("reading", "ExportContract"),
}
_KINDS = {
    ScalarKind.INT: "number",
    ScalarKind.BIGINT: "number",
    ScalarKind.FLOAT: "number",
    ScalarKind.DECIMAL: "number",
    ScalarKind.DATETIME: "moment",
    ScalarKind.DURATION: "duration",
    ScalarKind.BOOL: "flag",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceTests:
    """tests/e2e/<context>/test_<resource>.py."""

    imports: tuple[str, ...]
    name: str
    doc: str
    contracts: tuple[str, ...]
    case_class: str
    case: str
    """Expression of the entity's case."""
    arguments: tuple[str, ...]
    """Of the resource's case, beside the entity."""
    cases: str | None
    """Expression of the cases of all entities, in an older version of the API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a path leads: the JSON fields on the way, the field at its end."""

    name: str
    steps: tuple[tuple[str, str], ...]
    field: Field


def resource_tests(tables: Tables, context: Context, entity: Entity) -> ResourceTests:
    """Return the tests of an entity's resource."""
    assert entity.resource is not None
    system = tables.system
    folder = spell_module(context.name.snake)
    name = f"Test{entity.name.plural_pascal}{system.resource_endings.get(entity.qname, '')}"
    imports = ImportSet(f"tests.e2e.{folder}.{resource_tests_name(system, entity)}", (name,))
    contracts = tuple(
        imports.use(layout.support(system, f"testing.contracts.{module}", contract))
        for module, contract in _contracts(entity, entity.resource)
    )
    case_class = imports.use(layout.support(system, "testing.cases", "ResourceCase"))
    cases = imports.add("tests.cases", folder)
    source = Source(system, imports)
    return ResourceTests(
        name=name,
        doc=f"The resource of {entity.name.pascal} over HTTP.",
        contracts=contracts,
        case_class=case_class,
        case=f"{cases}.{case_constant(system, entity)}",
        arguments=tuple(_arguments(tables, entity, entity.resource, source, imports)),
        cases=imports.add("tests.cases", version_cases(system))
        if entity.qname in system.resource_endings
        else None,
        imports=imports.render(),
    )


def resource_tests_name(system: System, entity: Entity) -> str:
    """Return the module of the tests of a resource, in the version that the system is of."""
    ending = system.resource_endings.get(entity.qname, "")
    version = f"_{Name.of(ending).snake}" if ending else ""
    return f"test_{entity.name.plural_snake}{version}"


def _contracts(entity: Entity, resource: Resource) -> Iterator[tuple[str, str]]:
    for operation in resource.operations:
        if operation not in _CONTRACTS:
            continue
        if operation is Operation.RESTORE and Operation.DELETE not in resource.operations:
            continue
        if operation is Operation.BULK_UPDATE and not has_update(entity):
            continue
        if operation is Operation.BULK_CREATE and _is_one_of_a_kind(entity):
            continue
        yield _CONTRACTS[operation]
    if resource.cache is not None and {Operation.GET, Operation.LIST} & set(resource.operations):
        yield "caching", "CachedContract"
    if resource.nested_under is not None and Operation.LIST in resource.operations:
        yield "reading", "NestedContract"
    if _is_written_in_languages(entity, resource):
        yield "localized", "LocalizedContract"


def _is_written_in_languages(entity: Entity, resource: Resource) -> bool:
    read_and_changed = {Operation.GET, Operation.UPDATE} <= set(resource.operations)
    return read_and_changed and any(_localized(entity))


def _localized(entity: Entity) -> Iterator[str]:
    """Yield the localized fields that clients read and change."""
    for field in entity.fields:
        if is_localized(field) and field.reads and Surface.UPDATE in field.writes:
            yield field.wire


def _is_one_of_a_kind(entity: Entity) -> bool:
    """Whether nobody can have two: who makes it is part of it, and unique."""
    own = {one.attribute for one in entity.fields if isinstance(one.default, ActorDefault)}
    return any(set(unique.attributes) <= own for unique in entity.unique)


def _arguments(
    tables: Tables, entity: Entity, resource: Resource, source: Source, imports: ImportSet
) -> Iterator[str]:
    system = tables.system
    parent = nested_field(entity)
    yield f"path={text(tested_path(system, entity))}"
    operations = source.names([operation.value for operation in resource.operations])
    yield f"operations=frozenset({operations})"
    if resource.paging.style.value != "offset":
        yield f"paging={text(resource.paging.style.value)}"
    if resource.paging.max_size != 100:
        yield f"max_page_size={resource.paging.max_size}"
    if not entity.etag:
        yield "etag=False"
    if shows_localized(entity):
        i18n = system.i18n
        locales = dict.fromkeys((i18n.default, *i18n.locales))
        yield f"localized={source.names([*_localized(entity)])}"
        yield f"locales={source.names([*locales])}"
    if parent is not None:
        yield f"parent={text(parent.wire)}"
    column = layout.support(system, "testing.cases", "Column")
    filters = [
        f"{imports.use(column)}({_column(tables, place)}, ops={source.names(_ops(filterable))})"
        for filterable in resource.filters
        if (place := _place(tables, entity, filterable.path)) is not None
    ]
    if filters:
        yield f"filters={source.several(filters)}"
    if system.api.filter_syntax != ("params", "json"):
        yield f"filter_syntax={source.names(system.api.filter_syntax)}"
    sorts = [
        f"{imports.use(column)}({_column(tables, place)})"
        for path in resource.sorts
        if (place := _place(tables, entity, path)) is not None and _has_order(tables, place.field)
    ]
    if sorts:
        yield f"sorts={source.several(sorts)}"
    if resource.search:
        wires = {field.attribute: field.wire for field in entity.fields}
        yield f"search={source.names([wires[name] for name in resource.search])}"
    # Samples have no children that only commands make.
    closed = {child.attribute for child in entity.children if child.nested is Nested.NONE}
    expansions = [
        _expansion(tables, entity, path) for path in resource.expand if path[0] not in closed
    ]
    if expansions:
        expansion = imports.use(layout.support(system, "testing.cases", "Expansion"))
        yield f"expand={source.several([f'{expansion}({found})' for found in expansions])}"
    if resource.export:
        yield f"export={source.names(resource.export)}"
    links = list(_links(tables, entity))
    if links and Operation.DELETE in resource.operations:
        link = imports.use(layout.support(system, "testing.cases", "Link"))
        yield f"links={source.several([f'{link}({found})' for found in links])}"


def tested_path(system: System, entity: Entity) -> str:
    """Return the path of a resource as tests fill it in from a row: fields by their wire names."""
    path = resource_path(system, entity)
    parent = nested_field(entity)
    return path if parent is None else path.replace(f"{{{parent.attribute}}}", f"{{{parent.wire}}}")


def _ops(filterable: Filterable) -> tuple[str, ...]:
    return tuple(op.value for op in filterable.ops)


def _column(tables: Tables, place: _Place) -> str:
    arguments = [f"name={text(place.name)}"]
    if place.steps != tuple((name, "") for name in place.name.split(".")):
        steps = tuple_of(tuple_of(map(text, step)) for step in place.steps)
        arguments.append(f"steps={steps}")
    kind = _kind(tables, place.field.type)
    if kind != "text":
        arguments.append(f"kind={text(kind)}")
    return ", ".join(arguments)


def _place(tables: Tables, entity: Entity, path: tuple[str, ...]) -> _Place | None:
    """Follow a path of the spec; None where tests cannot look: into children or write-only."""
    fields = {name: f for f in entity.fields for name in (f.name.text, f.attribute)}
    steps: list[tuple[str, str]] = []
    names: list[str] = []
    found: Field | None = None
    for index, step in enumerate(path):
        found = fields.get(step)
        if found is None or not found.reads:
            return None
        is_last = index == len(path) - 1
        target = found.type.target if isinstance(found.type, RefTo | ManyOf) else ""
        names.append(found.wire if is_last or not target else found.name.text)
        steps.append((found.wire, "" if is_last else target))
        if is_last:
            break
        if target:
            fields = {
                name: f
                for f in tables.system.entities[target].fields
                for name in (f.name.text, f.attribute)
            }
        elif isinstance(found.type, ObjectRef):
            inner = tables.system.types[found.type.target]
            assert isinstance(inner, ObjectType)
            fields = {f.name.text: f for f in inner.fields}
        else:
            return None
    if found is None or isinstance(found.type, ManyOf | ObjectRef):
        return None
    return _Place(name=".".join(names), steps=tuple(steps), field=found)


def _kind(tables: Tables, type_: TypeRef) -> str:
    match type_:
        case Scalar(kind=kind):
            return _KINDS.get(kind, "text")
        case RefTo(target=target) | IdOf(target=target):
            key = tables.samples.key(target, 0)
            return "number" if isinstance(key, int) else "text"
        case _:
            return "text"


def _has_order(tables: Tables, field: Field) -> bool:
    """Whether the order of the JSON is that of the database: an enum sorts by stored value."""
    if isinstance(field.type, EnumRef):
        enum = tables.system.types[field.type.target]
        assert isinstance(enum, EnumType)
        return all(member.name == member.value for member in enum.members)
    return True


def _expansion(tables: Tables, entity: Entity, path: tuple[str, ...]) -> str:
    found = f"name={text('.'.join(path))}"
    owner: Entity | Child = entity
    collections: list[str] = []
    while child := _child(owner, path[len(collections)]):
        collections.append(child.attribute)
        owner = child
    if collections:
        found += f", collections={tuple(collections)!r}"
    first = path[len(collections)]
    field = next((f for f in owner.fields if f.name.text == first), None)
    if field is None or not isinstance(field.type, RefTo | ManyOf):
        return found
    return f"{found}, field={text(field.wire)}, entity={text(field.type.target)}"


def _child(owner: Entity | Child, attribute: str) -> Child | None:
    return next((one for one in owner.children if one.attribute == attribute), None)


def _links(tables: Tables, entity: Entity) -> Iterator[str]:
    if entity.soft_delete is not None:
        return
    for other, field in tables.referring(entity):
        if not tables.has(other):
            continue
        is_settable = field.wire in tables.samples.json.wire_of(other, tables.rows(other)[0])
        in_arc = field.attribute in in_arcs(other)
        if field.on_delete is FkAction.NONE or not is_settable or in_arc:
            continue
        yield (
            f"entity={text(other.qname)}, field={text(field.wire)}, "
            f"action={text(field.on_delete.value)}"
        )
