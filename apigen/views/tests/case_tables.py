"""The tables that the tests of one entity work on, as source of `tests/cases/<context>.py`.

Which samples, edges and changes there are; how they are tested is `support/testing/contracts`.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping

from apigen.ir.field import Field, Origin, Surface
from apigen.ir.names import Name
from apigen.ir.system import Child, Context, Entity, IdKind, Nested, ObjectType, System, Uniqueness
from apigen.ir.types import (
    DynamicDefault,
    EnumRef,
    ListOf,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    UnionRef,
    plain_type,
)
from apigen.python import layout
from apigen.python.bounds import edges
from apigen.python.identifiers import constant, spell, spell_module
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.python.sample_values import WANTED, Reference, Value, Wire
from apigen.python.samples import Samples
from apigen.python.scalar_samples import normalized
from apigen.values import dataclass
from apigen.views.application.dtos import has_service
from apigen.views.infrastructure.persistence import names_in_domain
from apigen.views.localization import reading_context
from apigen.views.tests.case_sources import Copies, Source
from apigen.views.versions.systems import (
    context_in,
    has_versions_of_fields,
    older_systems,
    payload_ending,
    version_of,
)

_ABSENT = 997
"""Number of a sample that no test stores."""

_GENERATED = frozenset({IdKind.UUID7, IdKind.UUID4, IdKind.ULID, IdKind.INT, IdKind.BIGINT})
_FEW = 100
"""Arrays longer than this are not worth their time in a test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityTable:
    """One `EntityCase`: its constant, its class with parameters, and its arguments as source."""

    constant: str
    type: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCases:
    """The cases that an older version of the API has for itself."""

    version: str
    name: str
    type: str
    cases: tuple[str, ...]
    """Expressions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesModule:
    """tests/cases/<context>.py."""

    imports: tuple[str, ...]
    context: str
    tables: tuple[EntityTable, ...]
    versions: tuple[VersionCases, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """tests/cases/__init__.py: the cases of all contexts."""

    imports: tuple[str, ...]
    any_case: str
    cases: tuple[str, ...]
    """Expressions of the constants."""
    versions: tuple[VersionCases, ...]
    """Of older versions, where they differ; each case is several, from one context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A value next to an edge, and where in the payload it stands."""

    at: tuple[str | int, ...]
    value: Wire | Copies
    why: str
    is_allowed: bool


class Tables:
    """Works out the tables of a system's entities."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.samples = Samples(system)
        self._rows = dict(self._all_rows())
        self._referring: dict[str, list[tuple[Entity, Field]]] = {}
        for entity in system.entities.values():
            for field in entity.fields:
                if isinstance(field.type, RefTo):
                    self._referring.setdefault(field.type.target, []).append((entity, field))

    def has(self, entity: Entity) -> bool:
        """Whether there is a sample of the entity, and of everything it has to refer to."""
        return entity.qname in self._rows

    def rows(self, entity: Entity) -> tuple[dict[str, Value], ...]:
        """Return the samples of an entity."""
        return self._rows[entity.qname]

    def referring(self, entity: Entity) -> tuple[tuple[Entity, Field], ...]:
        """Return the refs to an entity, each with the entity that holds it."""
        return tuple(self._referring.get(entity.qname, ()))

    def entities(self, context: Context) -> tuple[Entity, ...]:
        """Return the entities of a context that have samples."""
        return tuple(entity for entity in context.entities if self.has(entity))

    def with_other_payloads(self, context: Context) -> tuple[Entity, ...]:
        """Return those of them whose payloads are not those of the newest version."""
        seen = context_in(self.system, context)
        return tuple(one for one in self.entities(seen) if payload_ending(self.system, one))

    def _all_rows(self) -> Iterator[tuple[str, tuple[dict[str, Value], ...]]]:
        found = {
            qname: self.samples.distinct(entity, WANTED)
            for qname, entity in self.system.entities.items()
        }
        missing = {qname for qname, rows in found.items() if not rows}
        while True:
            more = {
                qname
                for qname, rows in found.items()
                if qname not in missing
                and any(target in missing for row in rows for target in _targets(row))
            }
            if not more:
                break
            missing |= more
        for qname, rows in found.items():
            if qname not in missing:
                yield qname, self._under_one_parent(self.system.entities[qname], rows)

    def _under_one_parent(
        self, entity: Entity, rows: tuple[dict[str, Value], ...]
    ) -> tuple[dict[str, Value], ...]:
        """Give all samples of a nested resource the same parent, so that one list shows them."""
        parent = nested_field(entity)
        if parent is None or not isinstance(parent.type, RefTo):
            return rows
        if any(unique.attributes == (parent.attribute,) for unique in entity.unique):
            return rows
        same = Reference(entity=parent.type.target, n=0)
        return tuple({**row, parent.attribute: same} for row in rows)


def nested_field(entity: Entity) -> Field | None:
    """Return the reference to the entity that a resource is nested under."""
    if entity.resource is None or entity.resource.nested_under is None:
        return None
    return next(f for f in entity.fields if f.attribute == entity.resource.nested_under)


def cases_module(tables: Tables, context: Context, older: tuple[Tables, ...] = ()) -> CasesModule:
    """Return the cases of one context; `older` are those of older versions of the API."""
    module = f"tests.cases.{spell_module(context.name.snake)}"
    cased = [(tables, entity) for entity in tables.entities(context)]
    cased += [(one, entity) for one in older for entity in one.with_other_payloads(context)]
    constants = [case_constant(one.system, entity) for one, entity in cased]
    imports = ImportSet(module, constants)
    made: dict[str, EntityTable] = {}
    for constant_name, (one, entity) in zip(constants, cased, strict=True):
        if constant_name not in made:
            made[constant_name] = _entity_table(one, entity, imports)
    differing = older if has_versions_of_fields(tables.system, context) else ()
    versions = tuple(_of_version(one, context, imports) for one in differing)
    return CasesModule(
        imports=imports.render(),
        context=context.name.text,
        tables=tuple(made.values()),
        versions=versions,
    )


def _of_version(tables: Tables, context: Context, imports: ImportSet) -> VersionCases:
    system = tables.system
    return VersionCases(
        version=version_of(system),
        name=_of_version_name(system),
        type=imports.use(layout.support(system, "testing.cases", "AnyCase")),
        cases=tuple(
            case_constant(system, entity) for entity in tables.with_other_payloads(context)
        ),
    )


def _of_version_name(system: System) -> str:
    return constant(f"of_{version_of(system)}")


def version_cases(system: System) -> str:
    """Return the name of all cases of an older version of the API: `CASES_V1`."""
    return constant(f"cases_{version_of(system)}")


def registry(system: System, cased: Mapping[str, Collection[str]]) -> Registry:
    """Return the module that lists every case.

    Args:
        system: The system.
        cased: The entities that have cases, as qualified names, by that of their context.
    """
    imports = ImportSet("tests", ("CASES",))
    any_case = imports.use(layout.support(system, "testing.cases", "AnyCase"))
    names: list[str] = []
    for context in system.contexts:
        if context.qname in cased:
            module = spell_module(context.name.snake)
            local = imports.add("tests.cases", module)
            names += (
                f"{local}.{case_constant(system, entity)}"
                for entity in context.entities
                if entity.qname in cased[context.qname]
            )
    versions = tuple(
        VersionCases(
            version=version_of(older),
            name=version_cases(older),
            type=any_case,
            cases=tuple(
                f"{imports.add('tests.cases', spell_module(context.name.snake))}"
                f".{_of_version_name(older)}"
                for context in system.contexts
                if context.qname in cased and has_versions_of_fields(system, context)
            ),
        )
        for older in older_systems(system).values()
    )
    return Registry(
        imports=imports.render(), any_case=any_case, cases=tuple(names), versions=versions
    )


def case_constant(system: System, entity: Entity) -> str:
    """Return the name of an entity's case, in the version that the system is of."""
    ending = payload_ending(system, entity)
    return constant(entity.name.snake + (f"_{Name.of(ending).snake}" if ending else ""))


def key_wires(entity: Entity) -> tuple[str, ...]:
    """Return what clients call the parts of an entity's key."""
    return tuple(_field(entity, name).wire for name in entity.identity.fields)


def _entity_table(tables: Tables, entity: Entity, imports: ImportSet) -> EntityTable:
    system = tables.system
    work = imports.use(layout.unit_of_work(system, entity.context))
    case = imports.use(layout.support(system, "testing.cases", "EntityCase"))
    cls = imports.use(layout.entity_class(system, entity.qname))
    id_type = imports.use(layout.id_type(system, entity.qname))
    return EntityTable(
        constant=case_constant(system, entity),
        type=f"{case}[{cls}, {work}, {id_type}]",
        arguments=(
            *_wiring(system, entity, imports),
            *_data(tables, entity, Source(system, imports), imports),
        ),
    )


def _stores_past_requests(system: System) -> bool:
    """Whether tests need rows that no request can make: of commands, access, files and keys."""
    return (
        system.security is not None
        or system.files is not None
        or system.has_idempotency
        or bool(system.commands)
    )


def _wiring(system: System, entity: Entity, imports: ImportSet) -> Iterator[str]:
    yield f"name={text(entity.qname)}"
    if not has_service(entity) or _stores_past_requests(system):
        plain = layout.support(system, "testing.plain_aggregates", "aggregate_from_json")
        cls = imports.use(layout.entity_class(system, entity.qname))
        names = names_in_domain(entity, system)
        names += reading_context(entity, system, imports)
        yield f"make=lambda data: {imports.use(plain)}({cls}, data, {names})"
    if has_service(entity):
        yield from _mapped(system, entity, imports)
    else:
        yield "change=lambda entity, data: None"
    read = imports.use(layout.read_mapper(system, entity))
    yield f"show=lambda entity: {read}.to_dto(entity).to_json()"
    work = layout.unit_of_work(system, entity.context)
    persistence = layout.persistence(system, entity.context)
    yield f"unit_of_work={imports.add(persistence, f'Sql{work.name}')}"
    attribute = spell(entity.name.plural_snake)
    yield f"repository=lambda work: work.{attribute}"


def _mapped(system: System, entity: Entity, imports: ImportSet) -> Iterator[str]:
    create = imports.use(layout.dto(system, entity.qname, "Create"))
    build = imports.use(layout.from_create(system, entity))
    yield f"create=lambda data: {build}({create}.model_validate_json(data))"
    if has_update(entity):
        update = imports.use(layout.dto(system, entity.qname, "Update"))
        apply = imports.use(layout.apply_update(system, entity))
        yield (f"change=lambda entity, data: {apply}(entity, {update}.model_validate_json(data))")
    else:
        yield "change=lambda entity, data: None"


def has_update(entity: Entity) -> bool:
    """Whether any part of the aggregate may change after it was created."""
    return any(Surface.UPDATE in field.writes for field in entity.fields) or any(
        child.nested is Nested.WRITE for child in entity.children
    )


def _data(tables: Tables, entity: Entity, source: Source, imports: ImportSet) -> Iterator[str]:
    """Yield the arguments that are data, leaving out what would be the default."""
    samples = tables.samples
    rows = tables.rows(entity)
    first = rows[0]
    payloads = [samples.json.wire_of(entity, row) for row in rows]
    yield f"samples={source.columns(payloads)}"
    keys = [samples.key_wire(entity, n) for n in (*range(len(rows)), _ABSENT)]
    yield f"keys={source.several([source.wire(key) for key in keys])}"
    key = key_wires(entity)
    if key != ("id",):
        yield f"key={source.names(key)}"
    required = tuple(required_names(entity))
    if required:
        yield f"required={source.names(required)}"
    yield from _defaults(tables, entity, source, first)
    yield from _computed(tables, entity, source)
    changes = dict(_changes(tables, entity, first)) if has_service(entity) else {}
    if changes:
        yield f"changes={source.mapping({k: source.wire(v) for k, v in changes.items()})}"
    for argument, names in (
        ("nullable", tuple(_nullable(tables, entity, first))),
        ("fixed", unchangeable(entity)),
        ("closed", tuple(_not_written(entity, Surface.CREATE))),
    ):
        if names:
            yield f"{argument}={source.names(names)}"
    unseen = [field.wire for field in entity.fields if not field.reads]
    if unseen:
        yield f"unseen=frozenset({source.names(unseen)})"
    unordered = [f.wire for f in entity.fields if isinstance(f.type, ManyOf | SetOf)]
    unordered += [child.attribute for child in entity.children if child.order_by]
    if unordered:
        yield f"unordered=frozenset({source.names(unordered)})"
    references = {
        field.wire: text(field.type.target)
        for field in entity.fields
        if isinstance(field.type, RefTo)
        and Surface.CREATE in field.writes
        and field.attribute not in in_arcs(entity)
    }
    if references:
        yield f"references={source.mapping(references)}"
    yield from _limits(tables, entity, source, imports, first)
    yield from _forms(entity, imports, tables.system, first)
    yield from _omitted(tables, entity, source, imports, first)
    yield from _broken(tables, entity, source, imports, first)
    yield from _unique(tables, entity, source, imports)
    renamed = {
        name: text(field.wire)
        for field in entity.fields
        if field.origin is Origin.SYNTH and (name := field.attribute) != field.wire
    }
    if renamed:
        yield f"names={source.mapping(renamed)}"
    for argument, value, usual in (
        ("soft_delete", entity.soft_delete is not None, False),
        ("versioned", entity.versioned, True),
        ("timestamps", entity.timestamps, True),
    ):
        if value is not usual:
            yield f"{argument}={value}"


def in_arcs(entity: Entity) -> frozenset[str]:
    """Return the attributes that exclude each other."""
    return frozenset(name for arc in entity.arcs for name in arc.attributes)


def required_names(entity: Entity) -> Iterator[str]:
    """Yield the wire names that a create request has to have."""
    for field in _creatable(entity):
        if field.required_on_create:
            yield field.wire
    for child in entity.children:
        if child.nested is not Nested.NONE and child.min and not child.to_one:
            yield child.attribute


def _creatable(entity: Entity) -> Iterator[Field]:
    for field in entity.fields:
        is_key = field.attribute in entity.identity.fields
        if Surface.CREATE in field.writes and not (is_key and entity.identity.kind in _GENERATED):
            yield field


def _defaults(
    tables: Tables, entity: Entity, source: Source, first: Mapping[str, Value]
) -> Iterator[str]:
    required = set(required_names(entity))
    defaults: dict[str, Wire] = {}
    made: list[str] = []
    minimal: dict[str, Value] = {}
    for field in _creatable(entity):
        minimal[field.attribute] = first[field.attribute] if field.wire in required else None
    for field in entity.fields:
        if field.wire in required or field.computed is not None:
            continue
        try:
            value = tables.samples.defaults.of(field)
        except LookupError:
            if isinstance(field.default, DynamicDefault) and field.reads:
                made.append(field.wire)
            continue
        if field.attribute in minimal:
            minimal[field.attribute] = value
        is_known = value is not None or (field.nullable and Surface.CREATE in field.writes)
        if is_known and field.reads:
            defaults[field.wire] = tables.samples.json.wire(field.type, value)
    for child in entity.children:
        given = first.get(child.attribute) if child.attribute in required else None
        minimal[child.attribute] = given if given or child.to_one else []
    is_enough = all(arc.nullable for arc in entity.arcs)
    if defaults and is_enough and tables.samples.holds(entity, minimal):
        yield f"defaults={source.mapping({k: source.wire(v) for k, v in defaults.items()})}"
        if made:
            yield f"made={source.names(made)}"


def _computed(tables: Tables, entity: Entity, source: Source) -> Iterator[str]:
    derived = [field for field in entity.fields if field.computed is not None and field.reads]
    if not derived:
        return
    known: dict[str, str] = {}
    for field in derived:
        values = [row.get(field.attribute) for row in tables.rows(entity)]
        if all(value is not None for value in values):
            wires = [tables.samples.json.wire(field.type, value) for value in values]
            known[field.wire] = "[" + ", ".join(map(source.wire, wires)) + "]"
    if known:
        yield f"computed={source.mapping(known)}"
    yield f"derived=frozenset({source.names([field.wire for field in derived])})"


def field_changes(
    tables: Tables, entity: Entity, first: Mapping[str, Value]
) -> Iterator[tuple[Field, Value]]:
    """Yield the fields that PATCH may change, each with another value that it may have."""
    parent = nested_field(entity)
    for field in entity.fields:
        if Surface.UPDATE not in field.writes or field is parent:
            continue
        if field.attribute in in_arcs(entity):
            continue
        value = tables.samples.change(entity, field, first)
        if value is not None:
            yield field, value


def _changes(
    tables: Tables, entity: Entity, first: Mapping[str, Value]
) -> Iterator[tuple[str, Wire]]:
    for field, value in field_changes(tables, entity, first):
        yield field.wire, tables.samples.json.wire(field.type, value)
    for child in entity.children:
        if child.nested is Nested.WRITE and not child.to_one:
            other = tables.samples.other_children(entity, child, first)
            if other:
                yield child.attribute, tables.samples.json.child_wire(child, other)


def _nullable(tables: Tables, entity: Entity, first: Mapping[str, Value]) -> Iterator[str]:
    for field in entity.fields:
        if (
            field.nullable
            and Surface.UPDATE in field.writes
            and tables.samples.holds(entity, {**first, field.attribute: None})
            and field.attribute not in in_arcs(entity)
        ):
            yield field.wire


def unchangeable(entity: Entity) -> tuple[str, ...]:
    """Return the names in a payload that neither PATCH nor PUT takes."""
    return tuple(_not_written(entity, Surface.UPDATE))


def _not_written(entity: Entity, surface: Surface) -> Iterator[str]:
    for field in entity.fields:
        is_key = field.attribute in entity.identity.fields
        if surface in field.writes:
            continue
        if is_key and entity.identity.client_supplied and surface is Surface.CREATE:
            continue
        yield field.wire
    for child in entity.children:
        accepts = {Nested.WRITE} if surface is Surface.UPDATE else {Nested.WRITE, Nested.CREATE}
        if child.nested not in accepts:
            yield child.attribute


def _limits(
    tables: Tables,
    entity: Entity,
    source: Source,
    imports: ImportSet,
    first: Mapping[str, Value],
) -> Iterator[str]:
    refused = imports.use(layout.support(tables.system, "testing.cases", "Probe"))
    found = list(refusals(tables, entity, first))
    for argument, is_allowed in (("accepted", True), ("refused", False)):
        rows = [
            f"{refused}({text('.'.join(map(str, refusal.at)))}, {source.wire(refusal.value)}, "
            f"{text(refusal.why)})"
            for refusal in found
            if refusal.is_allowed is is_allowed
        ]
        if rows:
            yield f"{argument}={source.several(rows)}"


def refusals(tables: Tables, entity: Entity, first: Mapping[str, Value]) -> Iterator[Refusal]:
    """Yield what every field that clients send accepts and refuses at its edges."""
    read = frozenset().union(*(rule.expr.reads for rule in entity.invariants))
    for field in entity.fields:
        if field.computed is not None:
            read |= field.computed.reads
    for field in _creatable(entity):
        for refusal in _field_refusals(tables, field, (field.wire,), first.get(field.attribute)):
            if not refusal.is_allowed or field.attribute not in read:
                yield refusal
    for child in entity.children:
        if child.nested is Nested.NONE:
            continue
        for refusal in _child_refusals(tables, child, first.get(child.attribute)):
            if not refusal.is_allowed or child.attribute not in read:
                yield refusal


def _field_refusals(
    tables: Tables, field: Field, at: tuple[str | int, ...], value: Value
) -> Iterator[Refusal]:
    samples, type_ = tables.samples, plain_type(field.type)
    if not field.nullable:
        yield Refusal(at=at, value=None, why="null", is_allowed=False)
    match type_:
        case Scalar():
            if type_.kind is not ScalarKind.JSON:
                wrong: Wire = {"no": "scalar"}
                yield Refusal(at=at, value=wrong, why="wrong type", is_allowed=False)
            for edge in edges(type_):
                wire = samples.json.wire(type_, edge.value)
                yield Refusal(at=at, value=wire, why=edge.why, is_allowed=edge.is_allowed)
        case EnumRef():
            yield Refusal(at=at, value="no such member", why="no member", is_allowed=False)
        case ObjectRef(target=target):
            yield Refusal(at=at, value="text", why="wrong type", is_allowed=False)
            object_type = tables.system.types[target]
            assert isinstance(object_type, ObjectType)
            if isinstance(value, dict):
                for inner in object_type.fields:
                    if Surface.CREATE not in inner.writes:
                        continue
                    for refusal in _field_refusals(
                        tables, inner, (*at, inner.wire), value.get(inner.attribute)
                    ):
                        if not refusal.is_allowed or not object_type.invariants:
                            yield refusal
        case ListOf():
            yield Refusal(at=at, value="text", why="wrong type", is_allowed=False)
            most = type_.constraints.max
            item = samples.value(type_.item, 0, "item")
            if isinstance(most, int) and most < _FEW and item is not None:
                copy = samples.json.wire(type_.item, item)
                yield Refusal(at=at, value=Copies(copy, most + 1), why="too many", is_allowed=False)
                yield Refusal(at=at, value=Copies(copy, most), why="most", is_allowed=True)
            if isinstance(type_.constraints.min, int) and type_.constraints.min > 0:
                yield Refusal(at=at, value=[], why="too few", is_allowed=False)
        case SetOf() | MapOf() | UnionRef() | ManyOf():
            yield Refusal(at=at, value="text", why="wrong type", is_allowed=False)
        case _:
            yield Refusal(at=at, value={"no": "key"}, why="wrong type", is_allowed=False)


def _child_refusals(tables: Tables, child: Child, value: Value) -> Iterator[Refusal]:
    at: tuple[str | int, ...] = (child.attribute,)
    item = value
    if not child.to_one:
        yield Refusal(at=at, value="text", why="wrong type", is_allowed=False)
        item = value[0] if isinstance(value, list) and value else None
        if child.min:
            yield Refusal(at=at, value=[], why="too few", is_allowed=False)
        if child.max is not None and child.max <= _FEW and isinstance(item, dict):
            copies = Copies(tables.samples.json.wire_of(child, item), child.max + 1)
            yield Refusal(at=at, value=copies, why="too many", is_allowed=False)
            if child.key is None and not child.unique:
                full = Copies(copies.item, child.max)
                yield Refusal(at=at, value=full, why="most", is_allowed=True)
        at = (*at, 0)
    if not isinstance(item, dict):
        return
    for field in child.fields:
        if Surface.CREATE not in field.writes or field.attribute not in item:
            continue
        for refusal in _field_refusals(tables, field, (*at, field.wire), item[field.attribute]):
            if not refusal.is_allowed or not child.invariants:
                yield refusal


def _forms(
    entity: Entity, imports: ImportSet, system: System, first: Mapping[str, Value]
) -> Iterator[str]:
    """Yield texts that are not in the normal form of their field, and what that is."""
    found: list[str] = []
    for field in _creatable(entity):
        value, type_ = first.get(field.attribute), plain_type(field.type)
        # What is sent is compared with what the aggregate has: of localized texts, a mapping.
        if not isinstance(type_, Scalar) or type_ is not field.type or not isinstance(value, str):
            continue
        for step in type_.constraints.normalize:
            sent = _unnormalized(value, step)
            if sent != value and normalized(sent, type_.constraints.normalize) == value:
                normal = imports.use(layout.support(system, "testing.cases", "Normal"))
                names = f"{text(field.wire)}, {text(spell(field.attribute))}"
                found.append(f"{normal}({names}, {text(sent)}, {text(value)})")
    if found:
        yield f"normal=({', '.join(found)},)"


def _unnormalized(value: str, step: str) -> str:
    match step:
        case "trim":
            return f"  {value}\t"
        case "lower":
            return value.upper()
        case "upper":
            return value.lower()
        case "nfc":
            return unicodedata.normalize("NFD", value)
        case _:
            return value.replace("-", " ").upper()


def _omitted(
    tables: Tables,
    entity: Entity,
    source: Source,
    imports: ImportSet,
    first: Mapping[str, Value],
) -> Iterator[str]:
    """Yield the fields of first children that may be left out, and what they become."""
    found: list[str] = []
    for child in entity.children:
        if child.to_one or child.nested is Nested.NONE or not first.get(child.attribute):
            continue
        for field in child.fields:
            if Surface.CREATE not in field.writes or not field.reads or field.required_on_create:
                continue
            if isinstance(field.type, ManyOf) or field.attribute in child.identity.fields:
                continue
            try:
                value = tables.samples.defaults.of(field)
            except LookupError:
                continue
            probe = imports.use(layout.support(tables.system, "testing.cases", "Probe"))
            stored = source.wire(tables.samples.json.wire(field.type, value))
            path = text(f"{child.attribute}.0.{field.wire}")
            found.append(f'{probe}({path}, {stored}, "left out")')
    if found:
        yield f"omitted={source.several(found)}"


def _broken(
    tables: Tables,
    entity: Entity,
    source: Source,
    imports: ImportSet,
    first: Mapping[str, Value],
) -> Iterator[str]:
    refused: list[str] = []
    accepted: list[str] = []
    for rule in entity.invariants:
        changes = tables.samples.breaking(entity, rule, first)
        told = list(tables.samples.telling(entity, rule, first))
        broken = [told_changes for told_changes, holds in told if not holds]
        if changes and changes not in broken:
            broken.append(changes)
        for values in broken:
            case = imports.use(layout.support(tables.system, "testing.cases", "Broken"))
            shown = _changed_wires(tables, entity, source, first, values)
            refused.append(f"{case}(code={text(rule.code)}, values={shown})")
        for values in (told_changes for told_changes, holds in told if holds):
            case = imports.use(layout.support(tables.system, "testing.cases", "Kept"))
            shown = _changed_wires(tables, entity, source, first, values)
            accepted.append(f"{case}(code={text(rule.code)}, values={shown})")
    if refused:
        yield f"broken={source.several(refused)}"
    if accepted:
        yield f"kept={source.several(accepted)}"


def _changed_wires(
    tables: Tables,
    entity: Entity,
    source: Source,
    first: Mapping[str, Value],
    changes: Mapping[str, Value],
) -> str:
    payload = tables.samples.json.wire_of(entity, {**first, **changes})
    names = {
        **{field.attribute: field.wire for field in entity.fields},
        **{child.attribute: child.attribute for child in entity.children},
    }
    return source.mapping({names[name]: source.wire(payload[names[name]]) for name in changes})


def _unique(tables: Tables, entity: Entity, source: Source, imports: ImportSet) -> Iterator[str]:
    rows = tables.rows(entity)
    if len(rows) < 2:
        return
    sets = [unique for unique in entity.unique if unique.where is None]
    has_key = entity.identity.kind not in _GENERATED
    key = frozenset(entity.identity.fields if has_key else ("",))
    found: list[str] = []
    for unique in sets:
        roots = [attribute.partition(".")[0] for attribute in unique.attributes]
        clash = {**rows[1], **{root: rows[0].get(root) for root in roots}}
        if any(rows[0].get(root) is None for root in roots) or _covers_another(unique, sets):
            continue
        if key <= set(unique.attributes):  # The key would clash first.
            continue
        if not tables.samples.holds(entity, clash) or in_arcs(entity) & set(roots):
            continue
        case = imports.use(layout.support(tables.system, "testing.cases", "Unique"))
        wires = source.names([_field(entity, root).wire for root in roots])
        live = ", deleted_rows_count=False" if unique.live_only else ""
        found.append(f"{case}(fields={wires}{live})")
    if has_key:
        case = imports.use(layout.support(tables.system, "testing.cases", "Unique"))
        wires = source.names([_field(entity, name).wire for name in entity.identity.fields])
        found.append(f"{case}(fields={wires})")
    if found:
        yield f"unique={source.several(found)}"


def _covers_another(unique: Uniqueness, sets: list[Uniqueness]) -> bool:
    return any(
        other is not unique and set(other.attributes) <= set(unique.attributes) for other in sets
    )


def _field(entity: Entity, attribute: str) -> Field:
    return next(field for field in entity.fields if field.attribute == attribute)


def _targets(value: Value) -> Iterator[str]:
    match value:
        case Reference(entity=entity):
            yield entity
        case dict():
            for item in value.values():
                yield from _targets(item)
        case list():
            for item in value:
                yield from _targets(item)
        case _:
            return
