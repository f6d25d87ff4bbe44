"""Write what tests ask for as the source of their cases: rows, requests, one class a subject."""

from collections.abc import Iterator, Mapping

from apigen.ir.system import Context, Entity
from apigen.python import layout
from apigen.python.identifiers import spell_module
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.python.sample_values import Wire
from apigen.values import dataclass
from apigen.views.read_entities import read_entities, source_of, with_projections
from apigen.views.tests.asked import Asked, Table
from apigen.views.tests.asked_operations import AskedOperations
from apigen.views.tests.case_sources import Source
from apigen.views.tests.case_tables import Tables, case_constant, key_wires
from apigen.views.tests.command_tests import row_wire
from apigen.views.tests.e2e_tests import tested_path


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTests:
    """A test class over what can be asked of one subject."""

    name: str
    doc: str
    contract: str
    case_class: str
    arguments: tuple[str, ...]
    """Of the case, as source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTestModule:
    """tests/e2e/<context>/test_access.py and test_writes.py."""

    doc: str
    imports: tuple[str, ...]
    constants: tuple[str, ...] = ()
    """Who asks."""
    classes: tuple[AskedTests, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What one test class is about."""

    name: str
    """`Order`."""
    what: str
    """`orders`, for documentation."""
    path: str
    table: Table | None
    """None: there are no rows."""
    asked: tuple[Asked, ...]
    is_kept: bool = False
    """Whether what is shown of it is kept, and may be shown again."""


def subjects(tables: Tables, context: Context) -> Iterator[Subject]:
    """Yield everything of a context that can be asked over HTTP."""
    system = tables.system
    reading = with_projections(system)
    operations = AskedOperations(tables)
    for entity in read_entities(system, context):
        table = operations.table(entity)
        if table is not None and entity.resource is not None:
            yield Subject(
                name=entity.name.pascal,
                what=entity.name.plural_snake.replace("_", " "),
                path=tested_path(system, entity),
                table=table,
                asked=tuple(operations.of_resource(table)),
                is_kept=entity.resource.cache is not None,
            )
    commands = tuple(operations.of_context(context.access, context.commands))
    if commands:
        yield Subject(
            name=f"{context.name.pascal}Commands",
            what=f"the commands of {context.name.text}",
            path=system.api.root,
            table=None,
            asked=commands,
        )
    for query in context.queries:
        table = operations.table(source_of(reading, query))
        if table is not None and query.route is not None:
            yield Subject(
                name=f"{query.name.pascal}Query",
                what=f"`{query.name.text}`",
                path=system.api.root,
                table=table,
                asked=(operations.query(table, query, context.access),),
            )


class AskedSource:
    """Writes subjects into one module."""

    def __init__(self, tables: Tables, imports: ImportSet) -> None:
        self._tables = tables
        self._system = tables.system
        self._imports = imports
        self.values = Source(tables.system, imports)

    def symbol(self, module: str, name: str) -> str:
        """Return the local name of something of `support/testing`."""
        return self._imports.use(layout.support(self._system, f"testing.{module}", name))

    def subject(self, subject: Subject) -> Iterator[str]:
        """Yield the arguments of a case that say whose rows are asked for."""
        yield f"path={text(subject.path)}"
        if subject.table is not None:
            yield from self._row(subject.table)

    def request(self, asked: Asked, table: Table | None) -> Iterator[str]:
        """Yield the arguments that say what is asked for of a table."""
        yield f"operation={text(asked.operation)}"
        if asked.variant:
            yield f"variant={text(asked.variant)}"
        yield f"method={text(asked.method)}"
        if asked.path:
            yield f"path={text(asked.path)}"
        for name, values in (("inputs", asked.inputs), ("query", asked.query)):
            if values:
                yield f"{name}={self.mapping(values)}"
        if asked.body is not None:
            yield f"body={self.body(asked.body, table)}"
        if asked.row:
            yield f"row={self.mapping(asked.row)}"

    def body(self, values: Mapping[str, Wire], table: Table | None) -> str:
        """Return source of what is sent: one of the table's samples, where it is one."""
        if table is not None and values and self._tables.has(table.entity):
            for number, row in enumerate(self._tables.rows(table.entity)):
                if self._tables.samples.json.wire_of(table.entity, row) == values:
                    return f"{self._case(table.entity)}.samples[{number}]"
        return self.mapping(values)

    def mapping(self, values: Mapping[str, Wire]) -> str:
        """Return source of JSON by name."""
        return self.values.mapping({key: self.values.wire(value) for key, value in values.items()})

    def _row(self, table: Table) -> Iterator[str]:
        source = table.source
        yield f"entity={self._case(source)}"
        yield f"row={self.mapping(row_wire(self._tables, source, table.row))}"
        key, called = key_wires(source), key_wires(table.entity)
        if key != called:
            yield f"key={self.values.names(called)}"

    def _case(self, entity: Entity) -> str:
        cases = self._imports.add("tests.cases", spell_module(entity.context))
        return f"{cases}.{case_constant(self._system, entity)}"
