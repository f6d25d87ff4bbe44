"""The integration tests of commands: for each the row it is for, and what comes of it, as data."""

from collections.abc import Iterator, Mapping

from apigen.ir.behaviour import Command, Handler
from apigen.ir.behaviour_names import command_class
from apigen.ir.field import Field, Surface
from apigen.ir.system import Child, Context, Entity
from apigen.ir.types import LocalizedText
from apigen.python import layout
from apigen.python.command_samples import CommandSamples, Outcome, Run
from apigen.python.identifiers import spell, spell_module
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.python.sample_values import Reference, Value, Wire
from apigen.values import dataclass
from apigen.views.localization import is_localized
from apigen.views.tests.case_sources import Source
from apigen.views.tests.case_tables import Tables, case_constant


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualRow:
    """A constant: the row that the commands of an aggregate are for, but for what each says."""

    constant: str
    type: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTests:
    """A test class over one command."""

    name: str
    doc: str
    contract: str
    case_class: str
    arguments: tuple[str, ...]
    """Of the case, as source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTestModule:
    """tests/integration/<context>/test_commands.py."""

    imports: tuple[str, ...]
    context: str
    rows: tuple[UsualRow, ...]
    classes: tuple[CommandTests, ...]


def command_tests(tables: Tables, context: Context) -> CommandTestModule | None:
    """Return the tests of a context's commands; None when there is nothing to test.

    What a hand-written handler does nobody knows, and a command of no aggregate has one.
    """
    samples = CommandSamples(tables.system, tables.samples)
    runs: list[tuple[Entity, Command, Run]] = []
    for entity in tables.entities(context):
        for command in entity.commands:
            run = None if command.handler is Handler.CUSTOM else samples.success(command)
            if run is not None and can_be_stored(tables, run):
                runs.append((entity, command, run))
    if not runs:
        return None
    usual: dict[str, Run] = {}
    for entity, command, run in runs:
        if not command.creates:
            usual.setdefault(entity.qname, run)
    names = [f"Test{command_class(command)}" for _, command, _ in runs]
    names += [_row_constant(tables, tables.system.entities[qname]) for qname in usual]
    module = f"tests.integration.{spell_module(context.name.snake)}.test_commands"
    imports = ImportSet(module, names)
    writer = _Writer(tables, samples, imports, usual)
    rows = tuple(writer.usual_rows())
    classes = tuple(writer.tests(entity, command, run) for entity, command, run in runs)
    return CommandTestModule(
        imports=imports.render(), context=context.name.text, rows=rows, classes=classes
    )


def _row_constant(tables: Tables, entity: Entity) -> str:
    return f"{case_constant(tables.system, entity)}_ROW"


def can_be_stored(tables: Tables, run: Run) -> bool:
    """Whether everything that a row and an input refer to has a sample."""
    wanted = [*_references(list(run.row.values())), *_references(list(run.input.values()))]
    return all(tables.has(tables.system.entities[target]) for target in wanted)


def _references(value: Value) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from _references(item)
        case list():
            for item in value:
                yield from _references(item)
        case Reference(entity=entity):
            yield entity
        case _:
            return


class _Writer:
    """Writes the cases of one module."""

    def __init__(
        self,
        tables: Tables,
        samples: CommandSamples,
        imports: ImportSet,
        usual: Mapping[str, Run],
    ) -> None:
        self._tables = tables
        self._usual = usual
        self._system = tables.system
        self._samples = samples
        self._imports = imports
        self._source = Source(tables.system, imports)

    def usual_rows(self) -> Iterator[UsualRow]:
        """Yield the constants that rows are told from."""
        sample = layout.support(self._system, "testing.cases", "Sample")
        for qname, run in self._usual.items():
            entity = self._system.entities[qname]
            yield UsualRow(
                constant=_row_constant(self._tables, entity),
                type=f"dict[str, {self._imports.use(sample)}]",
                source=self._mapping(row_wire(self._tables, entity, run.row)),
            )

    def tests(self, entity: Entity, command: Command, run: Run) -> CommandTests:
        """Return the test class of one command."""
        contract = "CommandContract" if command.creates else "AggregateCommandContract"
        name = command_class(command)
        return CommandTests(
            name=f"Test{name}",
            doc=f"`{command.name.text}` of {entity.name.pascal}.",
            contract=self._imports.use(
                layout.support(self._system, "testing.contracts.commands", contract)
            ),
            case_class=self._case_symbol("CommandCase"),
            arguments=tuple(self._arguments(entity, command, run)),
        )

    def _case_symbol(self, name: str) -> str:
        return self._imports.use(layout.support(self._system, "testing.command_cases", name))

    def _arguments(self, entity: Entity, command: Command, run: Run) -> Iterator[str]:
        yield f"command={self._imports.use(layout.command(self._system, command))}"
        cases = self._imports.add("tests.cases", spell_module(entity.context))
        yield f"entity={cases}.{case_constant(self._system, entity)}"
        if command.creates:
            yield "creates=True"
        else:
            yield f"row={self._row(entity, run)}"
        if command.input:
            yield f"input={self._mapping(self._input(command, run.input))}"
        outcome = self._samples.outcome(command, run)
        changed = self._changed(entity, outcome)
        if changed:
            yield f"changed={self._mapping(changed)}"
        if any(map(is_localized, command.input)):
            key = layout.support(self._system, "domain.localized", "DEFAULT_LOCALE")
            default = text(self._system.i18n.default)
            yield f"context={{{self._imports.use(key)}: {default}}}"
        if outcome.sizes:
            sizes = {spell(name): str(size) for name, size in outcome.sizes.items()}
            yield f"sizes={self._source.mapping(sizes)}"
        if command.emits:
            events = [self._recorded(one.event, outcome) for one in command.emits]
            yield f"events={self._source.several(events)}"
        yield from self._guards(entity, command, run)
        yield from self._moves(entity, command)
        if command.execution.natural_key is not None:
            yield "once=True"
        if not entity.versioned:
            yield "versioned=False"

    def _row(self, entity: Entity, run: Run) -> str:
        """Return source of a row: the usual one, with what is different in this one."""
        row = row_wire(self._tables, entity, run.row)
        usual = row_wire(self._tables, entity, self._usual[entity.qname].row)
        if not usual.keys() <= row.keys():
            return self._mapping(row)
        constant = _row_constant(self._tables, entity)
        different = _different(row, usual)
        return f"{constant} | {self._mapping(different)}" if different else constant

    def _guards(self, entity: Entity, command: Command, run: Run) -> Iterator[str]:
        guards: list[str] = []
        edges: list[str] = []
        for number in range(len(command.guards)):
            telling = list(self._samples.telling(command, number))
            refused = [other for other, holds in telling if not holds]
            if not refused and (other := self._samples.refused(command, number)) is not None:
                refused = [other]
            guards += [self._guarded(entity, command, number, run, other) for other in refused]
            edges += [
                self._guarded(entity, command, number, run, other)
                for other, holds in telling
                if holds and other != run
            ]
        if guards:
            yield f"guards={self._source.several(guards)}"
        if edges:
            yield f"edges={self._source.several(edges)}"

    def _moves(self, entity: Entity, command: Command) -> Iterator[str]:
        lifecycle, move = entity.lifecycle, command.move
        if lifecycle is None or move is None or command.creates:
            return
        field = next(one for one in entity.fields if one.attribute == lifecycle.field)
        yield f"state={text(field.wire)}"
        illegal = [state.name for state in lifecycle.states if state.name not in move.sources]
        if illegal:
            yield f"illegal={self._source.names(illegal)}"
        if lifecycle.history:
            yield f"history={text(f'{entity.table}_history')}"

    def _recorded(self, qname: str, outcome: Outcome) -> str:
        event = next(one for one in self._system.events if one.qname == qname)
        known = {
            spell(field.attribute): self._told(field, outcome.payloads[event.qname])
            for field in event.payload
            if field.attribute in outcome.payloads[event.qname]
        }
        fields = self._source.names([spell(field.attribute) for field in event.payload])
        payload = f", payload={self._mapping(known)}" if known else ""
        return (
            f"{self._case_symbol('Recorded')}(type={text(event.qname)}, fields={fields}{payload})"
        )

    def _told(self, field: Field, values: Mapping[str, Value]) -> Wire:
        """Return what the payload of an event has: of a localized text, an object."""
        found = self._wire(field, values)
        if found is None or not isinstance(field.type, LocalizedText):
            return found
        return {field.type.default: found}

    def _guarded(
        self, entity: Entity, command: Command, number: int, run: Run, refused: Run
    ) -> str:
        row, usual = (
            row_wire(self._tables, entity, refused.row),
            row_wire(self._tables, entity, run.row),
        )
        told, said = self._input(command, refused.input), self._input(command, run.input)
        parts = [f"code={text(command.guards[number].code)}"]
        for name, mine, first in (("row", row, usual), ("input", told, said)):
            different = _different(mine, first)
            if different:
                parts.append(f"{name}={self._mapping(different)}")
        return f"{self._case_symbol('Guarded')}({', '.join(parts)})"

    def _wire(self, field: Field, values: Mapping[str, Value]) -> Wire:
        return self._tables.samples.json.wire(field.type, values[field.attribute])

    def _input(self, command: Command, values: Mapping[str, Value]) -> dict[str, Wire]:
        return {
            spell(field.attribute): self._wire(field, values)
            for field in command.input
            if field.attribute in values
        }

    def _changed(self, entity: Entity, outcome: Outcome) -> dict[str, Wire]:
        return {
            field.wire: self._wire(field, outcome.changed)
            for field in entity.fields
            if field.attribute in outcome.changed and Surface.RESPONSE in field.reads
        }

    def _mapping(self, values: Mapping[str, Wire]) -> str:
        return self._source.mapping(
            {key: self._source.wire(value) for key, value in values.items()}
        )


def _different(row: Mapping[str, Wire], usual: Mapping[str, Wire]) -> dict[str, Wire]:
    """Return what of a row is not as usual."""
    return {key: row[key] for key in row if row[key] != usual.get(key)}


def row_wire(tables: Tables, owner: Entity | Child, values: Mapping[str, Value]) -> dict[str, Wire]:
    """Return the JSON of everything that is stored of a row, by wire names."""
    found: dict[str, Wire] = {}
    if isinstance(owner, Child) and "id" in values:
        key = values["id"]
        found["id"] = key if isinstance(key, str | int) else str(key)
    for field in owner.fields:
        if field.attribute in values and field.computed is None:
            found[field.wire] = tables.samples.json.wire(field.type, values[field.attribute])
    for child in owner.children:
        value = values.get(child.attribute)
        if isinstance(value, list):
            found[child.attribute] = [
                row_wire(tables, child, item) for item in value if isinstance(item, dict)
            ]
    return found
