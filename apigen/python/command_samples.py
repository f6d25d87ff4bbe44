"""Rows and inputs for which a command succeeds, and for which one of its guards refuses it.

Found by trying the samples of what the guards read; what the command leaves behind is worked out
with the same rules. Knows nothing of how tests are written.
"""

import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import assert_never

from apigen.expr.near_misses import constants, telling
from apigen.ir.behaviour import (
    Append,
    Assign,
    Command,
    Emission,
    Erase,
    RemoveChildren,
)
from apigen.ir.expr import TypedExpr
from apigen.ir.field import Field, Origin
from apigen.ir.system import Child, Entity, System
from apigen.ir.types import (
    ActorDefault,
    IdOf,
    LiteralDefault,
    ManyOf,
    ObjectRef,
    RefTo,
    Scalar,
    SetOf,
    plain_type,
)
from apigen.python.sample_rules import ACTOR_ID, SampleRules, Surroundings
from apigen.python.sample_values import GENERATED, WANTED, Reference, Value, object_type
from apigen.python.samples import Samples
from apigen.python.scalar_samples import accepts
from apigen.values import dataclass

_SEARCH_LIMIT = 3_000
_CHILDREN = 2
"""So many children are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A row that a command is for, and what it is told; by attribute."""

    row: Mapping[str, Value]
    """Everything that is stored, children with their keys; empty for commands without a row."""
    input: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run that succeeds leaves behind, as far as it can be known; by attribute."""

    changed: Mapping[str, Value]
    sizes: Mapping[str, int]
    """How many children there are in the collections that it changes."""
    payloads: Mapping[str, Mapping[str, Value]]
    """What is known of the payload of each event that it records, by qualified event."""


class CommandSamples:
    """The runs of the commands of one system."""

    def __init__(self, system: System, samples: Samples) -> None:
        self._system = system
        self._samples = samples
        self._rules = SampleRules(system)
        self._rows: dict[str, dict[object, Mapping[str, object]]] | None = None

    def success(self, command: Command) -> Run | None:
        """Return a run that keeps every guard and every invariant, or None when none is found."""
        return next(self._runs(command, None), None)

    def refused(self, command: Command, guard: int) -> Run | None:
        """Return a run that only the guard of this number refuses, or None."""
        return next(self._runs(command, guard), None)

    def telling(self, command: Command, guard: int) -> Iterator[tuple[Run, bool]]:
        """Return runs that tell a guard from its near misses, and whether it holds in them.

        What else there is lets them through: the other guards where it holds, those before it
        where it does not.
        """
        return telling(
            command.guards[guard].condition,
            itertools.islice(self._candidates(command), _SEARCH_LIMIT),
            verdict=lambda rule, run: self._rules.verdict(rule, run.row, self._around(run)),
            fits=lambda run, holds: self._fits(command, run, None if holds else guard),
        )

    def row(self, entity: Entity, n: int, state: str | None = None) -> dict[str, Value] | None:
        """Return everything that is stored of sample `n`, in a state."""
        values = self._samples.entity(entity, n)
        if values is None:
            return None
        values = {key: value for key, value in values.items() if key not in _computed(entity)}
        for field in entity.fields:
            if field.attribute in values or field.computed is not None:
                continue
            if field.origin is Origin.SYNTH and field.attribute != _state_field(entity):
                continue
            if field.attribute in entity.identity.fields and entity.identity.kind in GENERATED:
                continue
            values[field.attribute] = self._unsent(field, entity.qname, n)
        if entity.lifecycle is not None:
            values[entity.lifecycle.field] = state or entity.lifecycle.initial
        for child in entity.children:
            if not child.to_one:
                values[child.attribute] = self._children(child, n, child.min or 0)
        return self._known(values, entity)

    def outcome(self, command: Command, run: Run) -> Outcome:
        """Return what a run leaves behind."""
        around = self._around(run)
        after, sizes = self._after(command, run, around)
        changed: dict[str, Value] = {}
        for effect in command.effects:
            if isinstance(effect, Assign) and effect.attribute in after:
                changed[effect.attribute] = after[effect.attribute]
        if command.move is not None:
            field = self._owner(command).lifecycle
            assert field is not None
            changed[field.field] = command.move.target
        payloads = {
            emission.event: self._payload(emission, after, around) for emission in command.emits
        }
        return Outcome(changed=changed, sizes=sizes, payloads=payloads)

    def input(self, fields: Sequence[Field], row: Mapping[str, Value]) -> dict[str, Value]:
        """Return what a command or a query may be told, whatever comes of it; by attribute."""
        return {field.attribute: self._first_input(field, row) for field in fields}

    def verdict(
        self, rule: TypedExpr, row: Mapping[str, Value], actor: Mapping[str, object]
    ) -> bool | None:
        """Return whether a rule holds for a row and somebody; None when nobody can tell."""
        around = replace(self._around(Run(row=row, input={})), actor=actor)
        return self._rules.verdict(rule, row, around)

    def _owner(self, command: Command) -> Entity:
        assert command.owner is not None
        return self._system.entities[command.owner]

    def _unsent(self, field: Field, owner: str, n: int) -> Value:
        """Return what a field has that no client sends."""
        if isinstance(field.default, LiteralDefault):
            literal = field.default.value
            if not isinstance(literal, list | dict):
                return literal
        if isinstance(field.default, ActorDefault) and isinstance(field.type, Scalar):
            return f"{owner.rpartition('.')[2]}-{n}"
        if field.nullable:
            return None
        if isinstance(field.type, ManyOf | SetOf):
            return []
        return self._samples.field(field, n)

    def _known(self, values: Mapping[str, Value], owner: Entity | Child) -> dict[str, Value]:
        return self._rules.computed(values, {}, owner.fields)

    def _children(self, child: Child, n: int, count: int) -> list[Value]:
        found = (self._child(child, n * 10 + index) for index in range(count))
        return [values for values in found if values is not None]

    def _child(self, child: Child, n: int) -> dict[str, Value] | None:
        values: dict[str, Value] = {}
        for field in child.fields:
            if field.computed is not None:
                continue
            if field.attribute in child.identity.fields and child.identity.kind in GENERATED:
                values[field.attribute] = self._samples.key(child.qname, n)
            elif isinstance(field.type, RefTo):
                values[field.attribute] = self._samples.field(field, n)
            else:
                values[field.attribute] = self._unsent(field, child.qname, n)
        for inner in child.children:
            values[inner.attribute] = None if inner.to_one else []
        known = self._known(values, child)
        return known if all(self._rules.holds(rule, known) for rule in child.invariants) else None

    def _runs(self, command: Command, refusing: int | None) -> Iterator[Run]:
        """Yield runs in which all guards hold, or all but one that comes first."""
        for run in self._candidates(command):
            if self._fits(command, run, refusing):
                yield run

    def _candidates(self, command: Command) -> Iterator[Run]:
        """Yield runs that differ in what the rules of a command read, whatever comes of them."""
        entity = None if command.owner is None else self._system.entities[command.owner]
        base: dict[str, Value] = {}
        if entity is not None and not command.creates:
            state = command.move.sources[0] if command.move is not None else None
            found = self.row(entity, 0, state)
            if found is None:
                return
            base = found
        for row in self._choices(entity, command, base):
            if entity is not None and base and not self._keeps_invariants(entity, row):
                continue
            for given in self._input_choices(command, row):
                yield Run(row=row, input=given)

    def _choices(
        self, entity: Entity | None, command: Command, base: Mapping[str, Value]
    ) -> Iterator[dict[str, Value]]:
        """Yield rows that differ in what the rules of the command read."""
        if entity is None or not base:
            yield {}
            return
        rules = [guard.condition for guard in command.guards]
        rules += [effect.value for effect in command.effects if isinstance(effect, Assign)]
        rules += [rule.expr for rule in entity.invariants] if rules else []
        read = _stored_reads(entity, rules)
        # A child that is to be removed has to be there, one that is to be added not.
        read |= {
            one.collection for one in command.effects if isinstance(one, Append | RemoveChildren)
        }
        yield from self._row_choices(entity, base, rules, read)

    def _row_choices(
        self,
        entity: Entity,
        base: Mapping[str, Value],
        rules: list[TypedExpr],
        read: Collection[str],
    ) -> Iterator[dict[str, Value]]:
        """Yield rows that differ in what of them is read."""
        names = [name for name in base if name in read]
        choices = [list(self._row_values(entity, name, base, rules)) for name in names]
        computed = _computed(entity)
        for picked in itertools.islice(itertools.product(*choices), _SEARCH_LIMIT):
            stored = {key: value for key, value in base.items() if key not in computed}
            yield self._known({**stored, **dict(zip(names, picked, strict=True))}, entity)

    def _row_values(
        self,
        entity: Entity,
        name: str,
        base: Mapping[str, Value],
        rules: list[TypedExpr],
    ) -> Iterator[Value]:
        child = next((one for one in entity.children if one.attribute == name), None)
        if child is not None:
            if child.to_one:
                yield base[name]
                return
            for count in range(_CHILDREN, (child.min or 0) - 1, -1):
                yield self._children(child, 0, count)
            return
        field = next(field for field in entity.fields if field.attribute == name)
        is_state = entity.lifecycle is not None and name == entity.lifecycle.field
        if is_state and entity.lifecycle is not None:
            yield base[name]
            yield from (state.name for state in entity.lifecycle.states if state.name != base[name])
            return
        if name in entity.identity.fields:
            yield base[name]
            return
        others = [value for other, value in _ordered(base, rules) if other != name]
        yield from self._field_values(field, base[name], rules, others)

    def _field_values(
        self, field: Field, first: Value, rules: list[TypedExpr], others: Sequence[Value]
    ) -> Iterator[Value]:
        """Yield values that a rule may tell apart; among them those that it compares with."""
        yield first
        if isinstance(field.type, RefTo):
            if field.nullable:
                yield None
            return
        yield from (self._samples.field(field, n) for n in range(4))
        found = [one for rule in rules for one in constants(rule.tree)]
        if isinstance(field.type, ObjectRef) and isinstance(first, dict):
            for inner in object_type(self._system, field.type.target).fields:
                if isinstance(inner.type, Scalar) and inner.computed is None:
                    fitting = (one for one in found if accepts(inner.type, one))
                    yield from ({**first, inner.attribute: one} for one in fitting)
        type_ = plain_type(field.type)
        if isinstance(type_, Scalar):
            yield from (one for one in found if accepts(type_, one))
            for bound in (type_.constraints.min, type_.constraints.max):
                if bound is not None and accepts(type_, bound):
                    yield bound
            like = type(self._samples.field(field, 0))
            yield from (one for one in others if type(one) is like and accepts(type_, one))
        if field.nullable:
            yield None

    def _input_choices(
        self, command: Command, row: Mapping[str, Value]
    ) -> Iterator[dict[str, Value]]:
        read = frozenset().union(*(guard.condition.inputs for guard in command.guards))
        rules = [guard.condition for guard in command.guards]
        names = [field.attribute for field in command.input]
        choices: list[list[Value]] = []
        for field in command.input:
            first = self._first_input(field, row)
            if field.attribute in read and not isinstance(field.type, IdOf):
                others = [value for _, value in _ordered(row, rules)]
                choices.append(list(self._field_values(field, first, rules, others)))
            else:
                choices.append([first])
        for picked in itertools.islice(itertools.product(*choices), _SEARCH_LIMIT):
            yield dict(zip(names, picked, strict=True))

    def _first_input(self, field: Field, row: Mapping[str, Value]) -> Value:
        if isinstance(field.type, IdOf):
            for value in row.values():
                children = value if isinstance(value, list) else []
                ids = [one.get("id") for one in children if isinstance(one, dict)]
                if ids and field.type.target in self._system.children:
                    return ids[0]
        return self._samples.field(field, 0)

    def _keeps_invariants(self, entity: Entity, row: Mapping[str, Value]) -> bool:
        return all(self._rules.holds(rule, row) for rule in entity.invariants)

    def _fits(self, command: Command, run: Run, refusing: int | None) -> bool:
        around = self._around(run)
        for number, guard in enumerate(command.guards):
            verdict = self._rules.verdict(guard.condition, run.row, around)
            if number == refusing:
                return verdict is False
            if verdict is not True:
                return False
        if command.owner is None or not run.row:
            return True
        after, _ = self._after(command, run, around)
        owner = self._owner(command)
        return self._keeps_invariants(owner, after) and all(
            _keeps_key(child, after.get(child.attribute)) for child in owner.children
        )

    def _around(self, run: Run) -> Surroundings:
        if self._rows is None:
            self._rows = dict(self._entities())
        actor = {"id": ACTOR_ID, "roles": (), "scopes": ()}
        return Surroundings(input=run.input, old=run.row, entities=self._rows, actor=actor)

    def _entities(self) -> Iterator[tuple[str, dict[object, Mapping[str, object]]]]:
        for qname, entity in self._system.entities.items():
            rows: dict[object, Mapping[str, object]] = {}
            for n in range(WANTED):
                row = self.row(entity, n)
                if row is not None:
                    rows[Reference(entity=qname, n=n)] = row
            yield qname, rows

    def _after(
        self, command: Command, run: Run, around: Surroundings
    ) -> tuple[dict[str, Value], dict[str, int]]:
        """Return the row after the effects, without what is not known, and sizes of collections."""
        entity = self._owner(command) if command.owner is not None else None
        row = dict(run.row)
        sizes: dict[str, int] = {}
        for effect in command.effects:
            match effect:
                case Assign(attribute=attribute, value=value):
                    self._set(row, attribute, value, around)
                case Append(collection=collection):
                    children = row.get(collection)
                    if isinstance(children, list):
                        added = self._appended(effect, row, around)
                        row[collection] = [*children, added]
                        sizes[collection] = len(children) + 1
                case RemoveChildren(collection=collection, condition=condition):
                    children = row.get(collection)
                    if isinstance(children, list):
                        kept = [
                            child
                            for child in children
                            if isinstance(child, dict)
                            and self._rules.verdict(condition, child, around) is False
                        ]
                        row[collection] = list(kept)
                        sizes[collection] = len(kept)
                case Erase(attributes=attributes):
                    for attribute in attributes:
                        row.pop(attribute, None)
                case _:
                    assert_never(effect)
        if entity is None:
            return row, sizes
        if command.move is not None and entity.lifecycle is not None:
            row[entity.lifecycle.field] = command.move.target
        computed = _computed(entity)
        return (
            self._known({key: value for key, value in row.items() if key not in computed}, entity),
            sizes,
        )

    def _set(
        self,
        row: dict[str, Value],
        attribute: str,
        value: TypedExpr,
        around: Surroundings,
        *,
        read: Mapping[str, Value] | None = None,
    ) -> None:
        """Give an attribute what a rule says of `read`, the row itself unless it is given."""
        known, result = self._rules.value(value, row if read is None else read, around)
        if known:
            row[attribute] = result
        else:
            row.pop(attribute, None)

    def _appended(self, effect: Append, row: Mapping[str, Value], around: Surroundings) -> Value:
        child = self._system.children[effect.child]
        values: dict[str, Value] = {}
        for given in effect.values:
            known, result = self._rules.value(given.value, row, around)
            if known:
                values[given.attribute] = result
        return self._known(values, child)

    def _payload(
        self, emission: Emission, after: Mapping[str, Value], around: Surroundings
    ) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for given in emission.values:
            known, result = self._rules.value(given.value, after, around)
            if known:
                found[given.attribute] = result
        return found


def _computed(entity: Entity) -> frozenset[str]:
    return frozenset(field.attribute for field in entity.fields if field.computed is not None)


def _keeps_key(child: Child, children: Value) -> bool:
    """Whether no two children have the same key in their parent, and there are not too many."""
    if not isinstance(children, list):
        return True
    if child.max is not None and len(children) > child.max:
        return False
    if child.key is None:
        return True
    keys = [repr(one.get(child.key)) for one in children if isinstance(one, dict)]
    return len(set(keys)) == len(keys)


def _ordered(
    row: Mapping[str, Value], rules: Sequence[TypedExpr]
) -> Iterator[tuple[str, int | Decimal | date | timedelta]]:
    """Yield what rules read of a row that can be more or less than something else."""
    read = {name for rule in rules for name in rule.reads}
    for name, value in row.items():
        if name not in read or isinstance(value, bool):
            continue
        if isinstance(value, int | Decimal | date | timedelta):
            yield name, value


def _state_field(entity: Entity) -> str:
    return entity.lifecycle.field if entity.lifecycle is not None else ""


def _stored_reads(entity: Entity, rules: list[TypedExpr]) -> set[str]:
    """Return the stored attributes that rules read, also through computed fields."""
    computed = {field.attribute: field.computed for field in entity.fields}
    found: set[str] = set()
    pending = [name for rule in rules for name in rule.reads]
    while pending:
        name = pending.pop()
        if name in found:
            continue
        found.add(name)
        rule = computed.get(name)
        if rule is not None:
            pending += rule.reads
    return {name for name in found if computed.get(name) is None}
