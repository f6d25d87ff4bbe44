"""What the templates of a project's tests are given, unit and integration.

Names classes and tables; what is tested is the support package's contracts.
"""

from collections.abc import Iterator, Mapping

from apigen.ir.field import Field
from apigen.ir.system import Context, Entity, ObjectType, System
from apigen.ir.types import LocalizedText, Scalar, plain_type
from apigen.python import layout
from apigen.python.bounds import STORAGE, edges
from apigen.python.identifiers import spell, spell_module
from apigen.python.imports import ImportSet
from apigen.python.literals import text, tuple_of
from apigen.python.sample_values import Value
from apigen.python.scalar_samples import ScalarValue
from apigen.values import dataclass
from apigen.views.application.dtos import has_service
from apigen.views.infrastructure.purging import purge_constant, purged_entities, purging_path
from apigen.views.infrastructure.rows import changes_constant
from apigen.views.tables.ciphers import encrypted, with_owned
from apigen.views.tables.storage import row_class
from apigen.views.tests.case_sources import Source
from apigen.views.tests.case_tables import Tables, case_constant, version_cases
from apigen.views.tests.value_sources import ValueSource
from apigen.views.versions.systems import payload_ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An `__init__.py` of the tests, or conftest.py: a docstring and the package's name."""

    package: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClass:
    """A test class over one case."""

    name: str
    doc: str
    attributes: tuple[str, ...]
    """Class attributes, as source; the case first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTests:
    """A module of test classes that subclass one contract."""

    imports: tuple[str, ...]
    doc: str
    contract: str
    classes: tuple[CaseClass, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """tests/e2e/test_service.py."""

    package: str
    readers: str
    """Tuple of paths, as source."""


def package(system: System, doc: str) -> Package:
    """Return a package of tests."""
    return Package(package=system.app.package, doc=doc)


def service(system: System) -> Service:
    """Return what tests of the service as a whole need to know."""
    readers = {"swagger": "/docs", "redoc": "/redoc"}
    paths = [repr(readers[reader]) for reader in system.api.docs_ui]
    return Service(
        package=system.app.package, readers="(" + "".join(f"{path}, " for path in paths) + ")"
    )


def mapper_tests(tables: Tables, context: Context, older: tuple[Tables, ...] = ()) -> CaseTests:
    """Return the unit tests of a context's mapping; `older` are those of older versions."""
    module = _Module(tables.system, context, "mapping", "MappingContract")
    mapped = [(tables, entity) for entity in tables.entities(context)]
    mapped += [(one, entity) for one in older for entity in one.with_other_payloads(context)]
    classes: dict[str, CaseClass] = {}
    for one, entity in mapped:
        ending = payload_ending(one.system, entity)
        name = f"Test{entity.name.pascal}Mapping{ending}"
        if has_service(entity) and name not in classes:
            classes[name] = CaseClass(
                name=name,
                doc=f"{entity.name.pascal}: what is sent is what is shown.",
                attributes=(
                    module.case(entity, one.system),
                    module.all_cases(version_cases(one.system) if ending else "CASES"),
                ),
            )
    return module.tests("Mapping between payloads and aggregates", tuple(classes.values()))


def repository_tests(tables: Tables, context: Context) -> CaseTests:
    """Return the integration tests of a context's repositories."""
    module = _Module(tables.system, context, "repositories", "RepositoryContract")
    classes = tuple(
        CaseClass(
            name=f"Test{entity.name.pascal}Repository",
            doc=f"{entity.name.pascal}: what is stored is what is read.",
            attributes=(module.case(entity),),
        )
        for entity in tables.entities(context)
    )
    return module.tests("The repositories", classes)


def audit_tests(tables: Tables, context: Context) -> CaseTests:
    """Return the integration tests of what is noted of a context's audited aggregates."""
    module = _Module(tables.system, context, "audit", "AuditContract")
    rows = f"{layout.persistence(tables.system, context.name.snake)}.rows"
    classes = tuple(
        CaseClass(
            name=f"Test{entity.name.pascal}Audit",
            doc=f"{entity.name.pascal}: who did what is known.",
            attributes=(
                module.case(entity),
                f"log = {module.imports.add(rows, changes_constant(entity))}",
            ),
        )
        for entity in tables.entities(context)
        if entity.audit is not None
    )
    return module.tests("The audit", classes)


def encryption_tests(tables: Tables, context: Context) -> CaseTests:
    """Return the integration tests of what the tables of encrypted fields hold."""
    module = _Module(tables.system, context, "encryption", "EncryptionContract")
    rows = f"{layout.persistence(tables.system, context.name.snake)}.rows"
    classes = []
    for entity in tables.entities(context):
        types = [
            module.imports.add(rows, row_class(owner.qname, tables.system))
            for owner in with_owned(entity)
            if encrypted(owner)
        ]
        if types:
            classes.append(
                CaseClass(
                    name=f"Test{entity.name.pascal}Encryption",
                    doc=f"{entity.name.pascal}: what is encrypted stays so.",
                    attributes=(module.case(entity), f"row_types = {tuple_of(types)}"),
                )
            )
    return module.tests("Encryption at rest", tuple(classes))


def purge_tests(tables: Tables, context: Context) -> CaseTests:
    """Return the integration tests of what is removed for good of a context's aggregates."""
    module = _Module(tables.system, context, "purging", "PurgeContract")
    path = purging_path(tables.system)
    purged = {entity.qname for entity in purged_entities(tables.system)}
    classes = tuple(
        CaseClass(
            name=f"Test{entity.name.pascal}Purge",
            doc=f"{entity.name.pascal}: what was deleted long ago is gone.",
            attributes=(
                module.case(entity),
                f"purge = {module.imports.add(path, purge_constant(tables.system, entity))}",
            ),
        )
        for entity in tables.entities(context)
        if entity.qname in purged
    )
    return module.tests("Removal for good", classes)


def aggregate_tests(tables: Tables, context: Context) -> CaseTests:
    """Return the unit tests of a context's aggregates."""
    module = _Module(tables.system, context, "aggregates", "AggregateContract")
    classes = tuple(
        CaseClass(
            name=f"Test{entity.name.pascal}",
            doc=f"{entity.name.pascal} checks itself.",
            attributes=(
                module.case(entity),
                module.all_cases(),
                *_bounds(tables, entity, module),
                *_other_names(entity, module),
            ),
        )
        for entity in tables.entities(context)
    )
    return module.tests("The aggregates", classes)


def _bounds(tables: Tables, entity: Entity, module: "_Module") -> Iterator[str]:
    read = frozenset().union(*(rule.expr.reads for rule in entity.invariants))
    first = tables.rows(entity)[0]
    for name, is_allowed in (("inside", True), ("outside", False)):
        table: dict[str, str] = {}
        for field in entity.fields:
            is_stored = field.computed is None and field.attribute in first
            type_ = plain_type(field.type)
            if not isinstance(type_, Scalar) or not is_stored:
                continue
            values = [
                module.value(field, edge.value)
                for edge in edges(type_)
                if edge.is_allowed is is_allowed
                and edge.why != STORAGE
                and not (is_allowed and field.attribute in read)
            ]
            if values:
                table[spell(field.attribute)] = module.source.several(values)
        if not is_allowed:
            table |= _outside_children(entity, module, first)
        if table:
            yield module.table(name, table)
    sizes = {
        spell(child.attribute): f"({child.min or 0}, {child.max})"
        for child in entity.children
        if not child.to_one and first.get(child.attribute) and (child.min or child.max)
    }
    if sizes:
        yield module.constant("sizes", "tuple[int, int | None]", sizes)


def _outside_children(
    entity: Entity, module: "_Module", first: Mapping[str, Value]
) -> dict[str, str]:
    """Return the values just outside the constraints of the children's fields, by path."""
    return {
        f"{spell(child.attribute)}.0.{spell(field.attribute)}": module.source.several(values)
        for child in entity.children
        if not child.to_one and first.get(child.attribute)
        for field in child.fields
        if isinstance(type_ := plain_type(field.type), Scalar) and field.computed is None
        if (
            values := [
                module.value(field, edge.value)
                for edge in edges(type_)
                if not edge.is_allowed and edge.why != STORAGE
            ]
        )
    }


def _other_names(entity: Entity, module: "_Module") -> Iterator[str]:
    """Yield the class attribute that tells which fields clients call otherwise."""
    renamed = {
        spell(field.attribute): text(field.wire)
        for field in entity.fields
        if field.wire != spell(field.attribute)
    }
    for child in entity.children:
        if child.attribute != spell(child.attribute):
            renamed[spell(child.attribute)] = text(child.attribute)
        renamed |= {
            f"{spell(child.attribute)}.0.{spell(field.attribute)}": text(
                f"{child.attribute}.0.{field.wire}"
            )
            for field in child.fields
            if (child.attribute, field.wire) != (spell(child.attribute), spell(field.attribute))
        }
    if renamed:
        yield module.constant("names", "str", renamed)


def value_object_tests(tables: Tables, context: Context) -> CaseTests | None:
    """Return the unit tests of a context's value objects, or None when it has none."""
    module = _Module(tables.system, context, "aggregates", "ValueObjectContract")
    found = (
        _value_object(tables, type_, module)
        for type_ in context.types
        if isinstance(type_, ObjectType)
    )
    classes = tuple(made for made in found if made is not None)
    return module.tests("The value objects", classes) if classes else None


def _value_object(tables: Tables, type_: ObjectType, module: "_Module") -> CaseClass | None:
    values = [tables.samples.object_value(type_, n) for n in (0, 1, 2)]
    first = values[0]
    writer = ValueSource(tables.system, module.imports, module.source)
    if first is None or not writer.can_write(type_, first):
        return None
    attributes = [f"value = {writer.object(type_, first)}"]
    other = next((v for v in values if v is not None and v != first), None)
    if other is not None and writer.can_write(type_, other):
        attributes.append(f"other = {writer.object(type_, other)}")
    outside: dict[str, str] = {}
    for field in type_.fields:
        if isinstance(field.type, Scalar) and field.computed is None:
            refused = [
                module.source.scalar(edge.value)
                for edge in edges(field.type)
                if not edge.is_allowed and edge.why != STORAGE
            ]
            if refused:
                outside[spell(field.attribute)] = module.source.several(refused)
    if outside:
        attributes.append(module.table("outside", outside))
    return CaseClass(
        name=f"Test{type_.name.pascal}",
        doc=f"{type_.name.pascal}: immutable, compared by its parts, always valid.",
        attributes=tuple(attributes),
    )


class _Module:
    """One module of test classes while its view is built."""

    def __init__(
        self, system: System, context: Context, contract_module: str, contract: str
    ) -> None:
        self._system = system
        self._folder = spell_module(context.name.snake)
        self._context = context
        self.imports = ImportSet("tests")
        self.source = Source(system, self.imports)
        self.contract = self.imports.use(
            layout.support(system, f"testing.contracts.{contract_module}", contract)
        )

    def case(self, entity: Entity, system: System | None = None) -> str:
        """Return the class attribute that names an entity's case, as `system` has it."""
        name = case_constant(system or self._system, entity)
        return f"case = {self.imports.add('tests.cases', self._folder)}.{name}"

    def all_cases(self, name: str = "CASES") -> str:
        """Return the class attribute that names the cases of all entities."""
        return f"cases = {self.imports.add('tests.cases', name)}"

    def value(self, field: Field, value: ScalarValue) -> str:
        """Return source of a scalar as the field holds it: of localized texts, the default one."""
        source = self.source.scalar(value)
        if not isinstance(field.type, LocalizedText):
            return source
        name = layout.support(self._system, "domain.localized", "Localized")
        return f"{self.imports.use(name)}({{{text(field.type.default)}: {source}}})"

    def table(self, name: str, entries: Mapping[str, str]) -> str:
        """Return a class attribute: attribute of an aggregate to values of its type."""
        mapping = self.imports.add("collections.abc", "Mapping")
        class_var = self.imports.add("typing", "ClassVar")
        any_type = self.imports.add("typing", "Any")
        return (
            f"{name}: {class_var}[{mapping}[str, tuple[{any_type}, ...]]] = "
            f"{self.source.mapping(entries)}"
        )

    def constant(self, name: str, type_: str, entries: Mapping[str, str]) -> str:
        """Return a class attribute: a mapping of texts to values of `type_`."""
        mapping = self.imports.add("collections.abc", "Mapping")
        class_var = self.imports.add("typing", "ClassVar")
        return f"{name}: {class_var}[{mapping}[str, {type_}]] = {self.source.mapping(entries)}"

    def tests(self, what: str, classes: tuple[CaseClass, ...]) -> CaseTests:
        """Return the finished view."""
        return CaseTests(
            imports=self.imports.render(),
            doc=f"{what} of {self._context.name.text}.",
            contract=self.contract,
            classes=classes,
        )
