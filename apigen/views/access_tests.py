"""The end-to-end tests of access: every operation of a resource for every caller, as data."""

from collections.abc import Iterator, Mapping

from apigen.ir.system import Context
from apigen.python import layout
from apigen.python.access_samples import Answer, Caller
from apigen.python.identifiers import spell_module
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.python.sample_values import Value, Wire
from apigen.values import dataclass
from apigen.views.access_operations import AccessOperations, Asked, Table
from apigen.views.case_sources import Source
from apigen.views.case_tables import Tables, case_constant, key_wires
from apigen.views.command_tests import row_wire
from apigen.views.e2e_tests import tested_path
from apigen.views.persistence import names_in_domain
from apigen.views.read_entities import read_entities, source_of, with_projections


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTests:
    """A test class over the permissions of one resource."""

    name: str
    doc: str
    case_class: str
    arguments: tuple[str, ...]
    """Of the case, as source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTestModule:
    """tests/e2e/<context>/test_access.py."""

    imports: tuple[str, ...]
    context: str
    contract: str
    classes: tuple[AccessTests, ...]


def access_tests(tables: Tables, context: Context) -> AccessTestModule | None:
    """Return the tests of a context's permissions; None when nobody is asked who they are."""
    if tables.system.security is None:
        return None
    operations = AccessOperations(tables)
    module = f"tests.e2e.{spell_module(context.name.snake)}.test_access"
    subjects = tuple(_subjects(tables, context, operations))
    if not subjects:
        return None
    imports = ImportSet(module, [subject.name for subject in subjects])
    contract = layout.support(tables.system, "testing.contracts.access", "AccessContract")
    used = imports.use(contract)
    writer = _Writer(tables, imports)
    return AccessTestModule(
        contract=used,
        classes=tuple(writer.tests(subject) for subject in subjects),
        imports=imports.render(),
        context=context.name.text,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    """What one test class is about."""

    name: str
    doc: str
    path: str
    table: Table | None
    """None: there are no rows."""
    asked: tuple[Asked, ...]


def _subjects(tables: Tables, context: Context, operations: AccessOperations) -> Iterator[_Subject]:
    system = tables.system
    reading = with_projections(system)
    for entity in read_entities(system, context):
        table = operations.table(entity)
        if table is not None and entity.resource is not None:
            yield _Subject(
                name=f"Test{entity.name.pascal}Access",
                doc=f"Who may do what with {entity.name.plural_pascal}.",
                path=tested_path(system, entity),
                table=table,
                asked=tuple(operations.of_resource(table)),
            )
    commands = tuple(operations.of_context(context.access, context.commands))
    if commands:
        yield _Subject(
            name=f"Test{context.name.pascal}CommandsAccess",
            doc=f"Who may send the commands of {context.name.text}.",
            path=system.api.root,
            table=None,
            asked=commands,
        )
    for query in context.queries:
        table = operations.table(source_of(reading, query))
        if table is not None and query.route is not None:
            yield _Subject(
                name=f"Test{query.name.pascal}QueryAccess",
                doc=f"Who may ask for `{query.name.text}`.",
                path=system.api.root,
                table=table,
                asked=(operations.query(table, query, context.access),),
            )


class _Writer:
    """Writes the cases of one module."""

    def __init__(self, tables: Tables, imports: ImportSet) -> None:
        self._tables = tables
        self._system = tables.system
        self._imports = imports
        self._source = Source(tables.system, imports)

    def tests(self, subject: _Subject) -> AccessTests:
        """Return one test class."""
        return AccessTests(
            name=subject.name,
            doc=subject.doc,
            case_class=self._symbol("access_cases", "AccessCase"),
            arguments=tuple(self._arguments(subject)),
        )

    def _symbol(self, module: str, name: str) -> str:
        return self._imports.use(layout.support(self._system, f"testing.{module}", name))

    def _arguments(self, subject: _Subject) -> Iterator[str]:
        yield f"path={text(subject.path)}"
        if subject.table is not None:
            yield from self._row(subject.table)
        asked = [self._operation(one) for one in subject.asked if one.answers]
        yield f"operations={self._source.several(asked)}"

    def _row(self, table: Table) -> Iterator[str]:
        source = table.source
        cases = self._imports.add("tests.cases", spell_module(source.context))
        yield f"entity={cases}.{case_constant(source)}"
        plain = self._symbol("plain_aggregates", "aggregate_from_json")
        cls = self._imports.use(layout.entity_class(self._system, source.qname))
        names = names_in_domain(source, self._system)
        yield f"make=lambda data: {plain}({cls}, data, {names})"
        yield f"row={self._mapping(row_wire(self._tables, source, table.row))}"
        key, called = key_wires(source), key_wires(table.entity)
        if key != called:
            yield f"key={self._source.names(called)}"

    def _operation(self, asked: Asked) -> str:
        parts = [f"operation={text(asked.operation)}"]
        if asked.variant:
            parts.append(f"variant={text(asked.variant)}")
        parts.append(f"method={text(asked.method)}")
        if asked.path:
            parts.append(f"path={text(asked.path)}")
        for name, values in (("inputs", asked.inputs), ("query", asked.query)):
            if values:
                parts.append(f"{name}={self._mapping(values)}")
        if asked.body is not None:
            parts.append(f"body={self._mapping(asked.body)}")
        for name, values in (("row", asked.row), ("changed", asked.changed)):
            if values:
                parts.append(f"{name}={self._mapping(values)}")
        if asked.shows:
            parts.append("shows=True")
        groups: dict[Answer, list[str]] = {}
        for caller, answer in asked.answers:
            groups.setdefault(answer, []).append(self._caller(caller))
        refused = {
            str(answer.value): self._source.several(groups[answer])
            for answer in (Answer.UNAUTHENTICATED, Answer.FORBIDDEN, Answer.NOT_FOUND)
            if answer in groups
        }
        if refused:
            entries = ", ".join(f"{status}: {callers}" for status, callers in refused.items())
            parts.append(f"refused={{{entries}}}")
        for argument, answer in (("permitted", Answer.PERMITTED), ("unaware", Answer.UNAWARE)):
            if answer in groups:
                parts.append(f"{argument}={self._source.several(groups[answer])}")
        return f"{self._symbol('access_cases', 'AccessRow')}({', '.join(parts)})"

    def _caller(self, caller: Caller) -> str:
        parts: list[str] = []
        if caller.subject:
            parts.append(f"subject={text(caller.subject)}")
        if caller.roles:
            parts.append(f"roles={self._source.names(caller.roles)}")
        if caller.claims:
            claims = {name: self._source.wire(_claim(one)) for name, one in caller.claims.items()}
            parts.append(f"claims={self._source.mapping(claims)}")
        return f"{self._symbol('access_cases', 'Caller')}({', '.join(parts)})"

    def _mapping(self, values: Mapping[str, Wire]) -> str:
        return self._source.mapping(
            {key: self._source.wire(value) for key, value in values.items()}
        )


def _claim(value: Value) -> Wire:
    return value if isinstance(value, str | int) else str(value)
