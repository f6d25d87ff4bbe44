"""The end-to-end tests of access: every operation of a resource for every caller, as data."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from apigen.ir.access import CREATE, DELETE, EXPORT, READ, RESTORE, UPDATE
from apigen.ir.behaviour import Handler
from apigen.ir.system import Context, Entity, Operation
from apigen.python import layout
from apigen.python.access_samples import AccessSamples, Answer, Caller
from apigen.python.command_samples import CommandSamples
from apigen.python.identifiers import spell_module
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.python.sample_values import Reference, Value, Wire
from apigen.values import dataclass
from apigen.views.case_sources import Source
from apigen.views.case_tables import Tables, case_constant
from apigen.views.command_tests import row_wire
from apigen.views.dtos import has_service
from apigen.views.persistence import names_in_domain
from apigen.views.readme import resource_path


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One operation as it is asked for, and what comes of it."""

    operation: str
    method: str
    path: str
    body: str
    """Source; empty without one."""
    answers: tuple[tuple[Caller, Answer], ...]


type _Decides = Callable[[Caller], Answer | None]

_OF_ROWS: Mapping[Operation, tuple[str, str, str]] = {
    Operation.GET: (READ, "GET", "/{id}"),
    Operation.UPDATE: (UPDATE, "PATCH", "/{id}"),
    Operation.DELETE: (DELETE, "DELETE", "/{id}"),
    Operation.HISTORY: (READ, "GET", "/{id}/history"),
}
_OF_LISTS: Mapping[Operation, str] = {Operation.LIST: "", Operation.COUNT: "/count"}


def access_tests(tables: Tables, context: Context) -> AccessTestModule | None:
    """Return the tests of a context's permissions; None when nobody is asked who they are."""
    system = tables.system
    if system.security is None:
        return None
    samples = CommandSamples(system, tables.samples)
    tested: list[tuple[Entity, dict[str, Value]]] = []
    for entity in tables.entities(context):
        row = samples.row(entity, 0)
        is_plain = entity.resource is not None and entity.resource.nested_under is None
        # A row of a nested resource is found below another one, with permissions of its own.
        if is_plain and row is not None and len(entity.identity.fields) == 1:
            tested.append((entity, row))
    if not tested:
        return None
    names = [f"Test{entity.name.pascal}Access" for entity, _ in tested]
    module = f"tests.e2e.{spell_module(context.name.snake)}.test_access"
    imports = ImportSet(module, names)
    contract = imports.use(layout.support(system, "testing.contracts.access", "AccessContract"))
    writer = _Writer(tables, samples, imports)
    return AccessTestModule(
        contract=contract,
        classes=tuple(writer.tests(entity, row) for entity, row in tested),
        imports=imports.render(),
        context=context.name.text,
    )


class _Writer:
    """Writes the cases of one module."""

    def __init__(self, tables: Tables, samples: CommandSamples, imports: ImportSet) -> None:
        self._tables = tables
        self._system = tables.system
        self._samples = samples
        self._access = AccessSamples(tables.system, samples)
        self._imports = imports
        self._source = Source(tables.system, imports)

    def tests(self, entity: Entity, row: Mapping[str, Value]) -> AccessTests:
        """Return the test class of one resource."""
        return AccessTests(
            name=f"Test{entity.name.pascal}Access",
            doc=f"Who may do what with {entity.name.plural_pascal}.",
            case_class=self._symbol("access_cases", "AccessCase"),
            arguments=tuple(self._arguments(entity, row)),
        )

    def _symbol(self, module: str, name: str) -> str:
        return self._imports.use(layout.support(self._system, f"testing.{module}", name))

    def _arguments(self, entity: Entity, row: Mapping[str, Value]) -> Iterator[str]:
        cases = self._imports.add("tests.cases", spell_module(entity.context))
        path = text(resource_path(self._system, entity))
        case = self._symbol("cases", "ResourceCase")
        yield (
            f"resource={case}(entity={cases}.{case_constant(entity)}, path={path}, "
            "operations=frozenset())"
        )
        plain = self._symbol("plain_aggregates", "aggregate_from_json")
        cls = self._imports.use(layout.entity_class(self._system, entity.qname))
        names = names_in_domain(entity, self._system)
        yield f"make=lambda data: {plain}({cls}, data, {names})"
        yield f"row={self._mapping(row_wire(self._tables, entity, row))}"
        asked = [self._operation(one) for one in self._asked(entity, row) if one.answers]
        yield f"operations={self._source.several(asked)}"

    def _asked(self, entity: Entity, row: Mapping[str, Value]) -> Iterator[_Asked]:
        assert entity.resource is not None
        callers = self._access.callers(entity, row)
        for operation in entity.resource.operations:
            if operation in _OF_ROWS:
                name, method, path = _OF_ROWS[operation]
                if operation is Operation.UPDATE and not has_service(entity):
                    continue
                answers = self._answers(
                    callers, partial(self._access.row_answer, entity, name, row)
                )
                body = "{}" if operation is Operation.UPDATE else ""
                yield _Asked(
                    operation=operation.value, method=method, path=path, body=body, answers=answers
                )
            elif operation in _OF_LISTS:
                answers = self._answers(callers, partial(self._access.list_answer, entity, row))
                yield _Asked(
                    operation=operation.value,
                    method="GET",
                    path=_OF_LISTS[operation],
                    body="",
                    answers=answers,
                )
            elif operation is Operation.EXPORT:
                answers = self._answers(
                    callers, partial(self._access.grant_answer, entity.access, EXPORT)
                )
                yield _Asked(
                    operation="export", method="GET", path="/export", body="", answers=answers
                )
            elif operation is Operation.CREATE:
                yield self._create(entity, callers)
            elif operation is Operation.RESTORE and Operation.DELETE in entity.resource.operations:
                answers = self._answers(
                    callers, partial(self._access.row_answer, entity, RESTORE, row)
                )
                # A row that is not deleted is not there to be restored.
                kept = tuple(
                    one for one in answers if one[1] in (Answer.PERMITTED, Answer.UNAUTHENTICATED)
                )
                yield _Asked(
                    operation="restore", method="POST", path="/{id}/restore", body="", answers=kept
                )
        yield from self._commands(entity, row, callers)
        yield from self._queries(entity, callers)

    def _create(self, entity: Entity, callers: tuple[Caller, ...]) -> _Asked:
        made = self._samples.row(entity, 1) or self._samples.row(entity, 0) or {}
        rows = self._tables.rows(entity)
        payload = self._tables.samples.json.wire_of(entity, rows[min(1, len(rows) - 1)])
        answers = self._answers(callers, partial(self._access.create_answer, entity, CREATE, made))
        return _Asked(
            operation="create",
            method="POST",
            path="",
            body=self._mapping(payload),
            answers=answers,
        )

    def _commands(
        self, entity: Entity, row: Mapping[str, Value], callers: tuple[Caller, ...]
    ) -> Iterator[_Asked]:
        for command in entity.commands:
            if command.route is None:
                continue
            name = command.name.text
            run = self._samples.success(command)
            if run is None or not self._are_there(run.input):
                continue
            if command.creates:
                made = {**(self._samples.row(entity, 0) or {}), **run.input}
                answers = self._answers(
                    callers,
                    partial(self._access.create_answer, entity, name, made),
                )
            else:
                answers = self._answers(
                    callers, partial(self._access.row_answer, entity, name, row)
                )
            if command.handler is Handler.CUSTOM:
                # What it does when it is let, nobody knows before it is written.
                answers = tuple(one for one in answers if one[1] is not Answer.PERMITTED)
            sent = {
                field.wire: self._tables.samples.json.wire(field.type, run.input[field.attribute])
                for field in command.input
                if field.attribute in run.input
            }
            yield _Asked(
                operation=name,
                method=command.route.method,
                path=command.route.path,
                body=self._mapping(sent) if command.input else "",
                answers=answers,
            )

    def _queries(self, entity: Entity, callers: tuple[Caller, ...]) -> Iterator[_Asked]:
        for query in entity.queries:
            needs_input = any(one.default is None and not one.nullable for one in query.input)
            if query.route is None or query.handler is Handler.CUSTOM or needs_input:
                continue
            name = query.name.text
            answer = partial(self._access.grant_answer, entity.access, name)
            yield _Asked(
                operation=name,
                method=query.route.method,
                path=query.route.path,
                body="",
                answers=self._answers(callers, answer),
            )

    def _are_there(self, values: Mapping[str, Value]) -> bool:
        targets = (one.entity for one in values.values() if isinstance(one, Reference))
        return all(self._tables.has(self._system.entities[target]) for target in targets)

    def _answers(
        self, callers: tuple[Caller, ...], answer: _Decides
    ) -> tuple[tuple[Caller, Answer], ...]:
        found = ((caller, answer(caller)) for caller in callers)
        return tuple((caller, told) for caller, told in found if told is not None)

    def _operation(self, asked: _Asked) -> str:
        parts = [f"operation={text(asked.operation)}", f"method={text(asked.method)}"]
        if asked.path:
            parts.append(f"path={text(asked.path)}")
        if asked.body:
            parts.append(f"body={asked.body}")
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
