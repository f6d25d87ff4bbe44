"""Valid values of entities, chosen by number: what tests send and the documentation shows.

`Samples(system).entity(entity, n)` gives the values of the n-th sample by attribute, invariants
kept, computed fields worked out; `payload` the JSON a client sends to create it. A reference to
another entity is a `Reference` to its sample of the same number: whoever uses the sample makes
the target first. Optional references that would close a cycle are left out.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import assert_never

from apigen.expr.near_misses import constants, telling
from apigen.ir.field import Field, Surface
from apigen.ir.names import words
from apigen.ir.system import Child, Entity, IdKind, Nested, ObjectType, Rule, System, UnionType
from apigen.ir.types import (
    EnumRef,
    IdOf,
    ListOf,
    LiteralDefault,
    LocalizedText,
    ManyOf,
    MapOf,
    ObjectRef,
    RefTo,
    Scalar,
    ScalarKind,
    SetOf,
    TypeRef,
    UnionRef,
    plain_type,
)
from apigen.python.sample_defaults import SampleDefaults
from apigen.python.sample_json import SampleJson
from apigen.python.sample_references import acyclic_references
from apigen.python.sample_rules import SampleRules, Surroundings
from apigen.python.sample_values import (
    GENERATED,
    WANTED,
    Reference,
    Value,
    Wire,
    creatable,
    enum_type,
    json_scalar,
    object_type,
    union_type,
)
from apigen.python.scalar_samples import accepts, scalar_value

_SEARCH_LIMIT = 4_000


class Samples:
    """The samples of one system."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._edges = acyclic_references(system)
        self._available: dict[str, int] = {}
        self._rules = SampleRules(system)
        self.json = SampleJson(system)
        self.defaults = SampleDefaults(system, self._rules)

    def entity(self, entity: Entity, n: int) -> dict[str, Value] | None:
        """Return the values of the n-th sample by attribute, or None when there is none.

        Has every field a client may send on create (nullable ones too), the children that may
        be nested, and the computed fields.
        """
        values: dict[str, Value] = {}
        for field in creatable(entity.fields, entity.identity):
            values[field.attribute] = self._owned(field, entity.qname, n)
        for child in entity.children:
            if child.nested is not Nested.NONE:
                values[child.attribute] = self._children(child, entity.qname, n)
        for arc in entity.arcs:
            given = [name for name in arc.attributes if values.get(name) is not None]
            chosen = given[n % len(given)] if given else None
            values |= {name: None for name in given if name != chosen}
        own: dict[str, Value] = {}
        if "id" not in values and any(field.attribute == "id" for field in entity.fields):
            own = {"id": Reference(entity=entity.qname, n=n)}
        return self._settled(
            values,
            own,
            entity.fields,
            entity.invariants,
            entity.children,
            entity.qname,
            n,
        )

    def payload(self, entity: Entity, n: int) -> dict[str, Wire] | None:
        """Return the JSON that creates the n-th sample, or None when there is none."""
        values = self.entity(entity, n)
        return None if values is None else self.json.wire_of(entity, values)

    def distinct(self, entity: Entity, wanted: int) -> tuple[dict[str, Value], ...]:
        """Return up to `wanted` samples, 0 first, that no uniqueness of the entity forbids."""
        found: list[dict[str, Value]] = []
        keys: list[set[str]] = [set() for _ in _unique_sets(entity)]
        for n in range(wanted):
            values = self.entity(entity, n)
            if values is None:
                break
            signatures = [[_at(values, path) for path in paths] for paths in _unique_sets(entity)]
            # Of nothing there may be many; so it is with what the server fills in itself.
            complete = [None if None in one else repr(one) for one in signatures]
            if any(one in seen for one, seen in zip(complete, keys, strict=True)):
                break
            for one, seen in zip(complete, keys, strict=True):
                if one is not None:
                    seen.add(one)
            found.append(values)
        return tuple(found)

    def available(self, target: str) -> int:
        """Return how many samples of an entity there are to refer to, at least 1."""
        if target not in self._available:
            self._available[target] = 1  # for references in a circle
            found = self.distinct(self._system.entities[target], WANTED)
            self._available[target] = max(len(found), 1)
        return self._available[target]

    def child(self, child: Child, parent: str, n: int) -> dict[str, Value] | None:
        """Return the values of the n-th sample of a child."""
        values: dict[str, Value] = {
            field.attribute: self._owned(field, parent, n)
            for field in creatable(child.fields, child.identity)
        }
        if any(
            isinstance(field.type, RefTo)
            and not field.nullable
            and values.get(field.attribute, "") is None
            for field in child.fields
        ):
            return None  # It has to refer to what cannot be stored before it.
        for inner in child.children:
            if inner.nested is not Nested.NONE:
                values[inner.attribute] = self._children(inner, parent, n)
        return self._settled(values, {}, child.fields, child.invariants, child.children, parent, n)

    def _children(self, child: Child, parent: str, n: int) -> Value:
        if child.to_one:
            return self.child(child, parent, n)
        wanted = max(child.min or 0, 2 if n == 0 else 1)
        if child.max is not None:
            wanted = min(wanted, child.max)
        found = [self.child(child, parent, n * 10 + index) for index in range(wanted)]
        return [values for values in found if values is not None]

    def _owned(self, field: Field, owner: str, n: int) -> Value:
        """Return a value of a field, following references only where that closes no cycle."""
        target = field.type.target if isinstance(field.type, RefTo | ManyOf) else None
        if target is not None and (owner, target) not in self._edges:
            return [] if isinstance(field.type, ManyOf) else None
        return self.field(field, n)

    def field(self, field: Field, n: int) -> Value:
        """Return the n-th value of a field: its example first, then what is not its default."""
        word = " ".join(words(field.name.text))
        examples = [] if field.example is None else [self.json.parsed(field.type, field.example)]
        if n == 0 and examples and self.json.accepts(field.type, examples[0]):
            return examples[0]
        value = self.value(field.type, n, word)
        default = field.default.value if isinstance(field.default, LiteralDefault) else None
        if n == 0 and default is not None and value == default:
            return self.value(field.type, n + 1, word)
        return value

    def holds(self, entity: Entity, values: Mapping[str, Value]) -> bool:
        """Whether values keep every invariant of the entity."""
        known = self._rules.computed(values, {}, entity.fields)
        return all(self._rules.holds(rule, known) for rule in entity.invariants)

    def change(self, entity: Entity, field: Field, values: Mapping[str, Value]) -> Value:
        """Return another value that `field` may take among `values`; None when there is none."""
        for n in range(1, 8):
            value = self._owned(field, entity.qname, n)
            if value is None or value == values.get(field.attribute):
                continue
            if self.holds(entity, {**values, field.attribute: value}):
                return value
        return None

    def other_children(self, entity: Entity, child: Child, values: Mapping[str, Value]) -> Value:
        """Return other children that a change may put in the place of those in `values`."""
        for n in range(1, 8):
            value = self._children(child, entity.qname, n)
            if value != values.get(child.attribute) and self.holds(
                entity, {**values, child.attribute: value}
            ):
                return value
        return None

    def breaking(
        self, entity: Entity, rule: Rule, values: Mapping[str, Value]
    ) -> dict[str, Value] | None:
        """Return changes of `values` after which only `rule` does not hold, or None."""
        others = [other for other in entity.invariants if other.code != rule.code]
        for changes in self._combinations(entity, rule, values):
            known = self._rules.computed({**values, **changes}, {}, entity.fields)
            if self._rules.fails(rule, known) and all(
                self._rules.holds(other, known) for other in others
            ):
                return changes
        return None

    def telling(
        self, entity: Entity, rule: Rule, values: Mapping[str, Value]
    ) -> Iterator[tuple[dict[str, Value], bool]]:
        """Yield changes of `values` that tell `rule` from its near misses, and whether it holds.

        All other invariants hold after the changes.
        """
        others = [other for other in entity.invariants if other.code != rule.code]
        cases = (
            (changes, self._rules.computed({**values, **changes}, {}, entity.fields))
            for changes in self._combinations(entity, rule, values)
        )
        for (changes, _), holds in telling(
            rule.expr,
            cases,
            verdict=lambda expr, case: self._rules.verdict(expr, case[1], Surroundings()),
            fits=lambda case, _: all(self._rules.holds(other, case[1]) for other in others),
        ):
            yield changes, holds

    def _combinations(
        self, entity: Entity, rule: Rule, values: Mapping[str, Value]
    ) -> Iterator[dict[str, Value]]:
        names = sorted(name for name in rule.expr.reads if name in values)
        types = {field.attribute: plain_type(field.type) for field in entity.fields}
        choices = [
            [
                *self._choices(name, entity.fields, entity.children, entity.qname, 0, values),
                *(
                    constant
                    for constant in constants(rule.expr.tree)
                    if isinstance(scalar := types.get(name), Scalar) and accepts(scalar, constant)
                ),
            ]
            for name in names
        ]
        for picked in itertools.islice(itertools.product(*choices), _SEARCH_LIMIT):
            yield dict(zip(names, picked, strict=True))

    def value(self, type_: TypeRef, n: int, word: str) -> Value:
        """Return the n-th value of a type; None when it has none that keeps its constraints."""
        match type_:
            case Scalar():
                return self._scalar(type_, n, word)
            case EnumRef(target=target):
                members = enum_type(self._system, target).members
                return members[n % len(members)].name
            case ObjectRef(target=target):
                return self.object_value(object_type(self._system, target), n)
            case UnionRef(target=target):
                return self._union(union_type(self._system, target), n, word)
            case ListOf() | SetOf():
                count = _count(type_, 2 if n % 2 == 0 else 1)
                return _unique(self.value(type_.item, n + index, word) for index in range(count))
            case MapOf():
                count = _count(type_, 1)
                return {
                    f"key {index + 1}": self.value(type_.item, n + index, word)
                    for index in range(count)
                }
            case IdOf(target=target):
                return self.key(target, n)
            case RefTo(target=target):
                return Reference(entity=target, n=n % self.available(target))
            case LocalizedText(item=item):
                # A plain text is one of the default locale.
                return self.value(item, n, word)
            case ManyOf(target=target):
                count = _count(type_, 2 if n == 0 else 1)
                numbers = dict.fromkeys((n + i) % self.available(target) for i in range(count))
                return [Reference(entity=target, n=number) for number in numbers]
            case _:
                assert_never(type_)

    def key_wire(self, entity: Entity, n: int) -> Wire:
        """Return the JSON of a key that need not exist: an object when it has several parts."""
        value = self.key(entity.qname, n)
        if not isinstance(value, dict):
            return json_scalar(value) if not isinstance(value, Reference | list) else None
        fields = {field.attribute: field for field in entity.fields}
        return {fields[k].wire: self._key_part(fields[k], v) for k, v in value.items()}

    def _key_part(self, field: Field, value: Value) -> Wire:
        if isinstance(value, Reference):
            return self.key_wire(self._system.entities[value.entity], value.n)
        return self.json.wire(field.type, value)

    def key(self, target: str, n: int) -> Value:
        """Return a value of an entity's or child's key that need not exist."""
        owner = self._system.entities.get(target) or self._system.children[target]
        identity = owner.identity
        fields = {field.attribute: field for field in owner.fields}
        if identity.kind is IdKind.COMPOSITE:
            return {name: self.field(fields[name], n) for name in identity.fields}
        only = fields[identity.fields[0]]
        if identity.prefix is not None:
            kind = ScalarKind.ULID if identity.kind is IdKind.ULID else ScalarKind.UUID
            return f"{identity.prefix}_{scalar_value(Scalar(kind=kind), n, word='id')!s}"
        if identity.kind in (IdKind.INT, IdKind.BIGINT):
            return n + 1
        if isinstance(only.type, IdOf):
            kinds = {
                IdKind.UUID7: ScalarKind.UUID,
                IdKind.UUID4: ScalarKind.UUID,
                IdKind.ULID: ScalarKind.ULID,
            }
            scalar = Scalar(kind=kinds.get(identity.kind, ScalarKind.STR))
            return self._scalar(scalar, n, "key")
        if isinstance(only.type, RefTo):
            return self.key(only.type.target, n)
        return self.field(only, n)

    def _scalar(self, scalar: Scalar, n: int, word: str) -> Value:
        named = self._system.types.get(scalar.named) if scalar.named else None
        example = getattr(named, "example", None)
        if n == 0 and example is not None:
            parsed = self.json.parsed(scalar, example)
            if self.json.accepts(scalar, parsed):
                return parsed
        found = scalar_value(scalar, n, word=word)
        return {**found} if isinstance(found, dict) else found

    def object_value(self, type_: ObjectType, n: int) -> dict[str, Value] | None:
        """Return the n-th value of a value object by attribute, with its computed fields."""
        if n == 0 and isinstance(type_.example, dict):
            parsed = self.json.parsed(ObjectRef(target=type_.qname), type_.example)
            if isinstance(parsed, dict):
                return {**parsed, **_unsent(type_)}
        values: dict[str, Value] = {
            field.attribute: self.field(field, n)
            for field in type_.fields
            if Surface.CREATE in field.writes
        }
        values |= _unsent(type_)
        return self._settled(values, {}, type_.fields, type_.invariants, (), type_.qname, n)

    def _union(self, type_: UnionType, n: int, word: str) -> Value:
        variant = type_.variants[n % len(type_.variants)]
        value = self.value(variant.type, n // len(type_.variants), word)
        if isinstance(variant.type, ObjectRef) and isinstance(value, dict):
            return {type_.tag: variant.tag, **value}
        return {type_.tag: variant.tag, "value": value}

    def _settled(
        self,
        values: dict[str, Value],
        own: Mapping[str, Value],
        fields: Sequence[Field],
        rules: Sequence[Rule],
        children: Sequence[Child],
        owner: str,
        n: int,
    ) -> dict[str, Value] | None:
        """Return `values` changed as little as the rules demand, with the computed fields."""
        first = self._rules.computed(values, own, fields)
        broken = [rule for rule in rules if not self._rules.holds(rule, first)]
        if not broken:
            return {key: value for key, value in first.items() if key not in own}
        names = sorted(frozenset().union(*(rule.expr.reads for rule in broken)))
        choices = [list(self._choices(name, fields, children, owner, n, values)) for name in names]
        for picked in itertools.islice(itertools.product(*choices), _SEARCH_LIMIT):
            changed = {**values, **dict(zip(names, picked, strict=True))}
            candidate = self._rules.computed(
                {key: value for key, value in changed.items() if key in values},
                own,
                fields,
            )
            if all(self._rules.holds(rule, candidate) for rule in rules):
                return {key: value for key, value in candidate.items() if key not in own}
        return None

    def _choices(
        self,
        name: str,
        fields: Sequence[Field],
        children: Sequence[Child],
        owner: str,
        n: int,
        values: Mapping[str, Value],
    ) -> Iterator[Value]:
        """Yield values to try for one name of a broken rule, the one it has first."""
        if name not in values:
            yield None
            return
        yield values[name]
        for field in fields:
            if field.attribute != name:
                continue
            if isinstance(field.default, LiteralDefault) and not isinstance(
                field.default.value, list | dict
            ):
                yield field.default.value
            if not isinstance(field.type, RefTo | ManyOf):
                for step in range(1, 7):
                    yield self.field(field, n + step)
                yield from _extremes(field.type)
                for other in fields:
                    if other.attribute in values and other.type == field.type:
                        yield values[other.attribute]
            if field.nullable:
                yield None
        for child in children:
            if child.attribute == name and child.to_one:
                yield None
            elif child.attribute == name:
                for count in range(child.min or 0, min(child.max or 4, 4) + 1):
                    found = [self.child(child, owner, n * 10 + i) for i in range(count)]
                    yield [values for values in found if values is not None]


def _extremes(type_: TypeRef) -> Iterator[Value]:
    type_ = plain_type(type_)
    if isinstance(type_, Scalar):
        for bound in (type_.constraints.min, type_.constraints.max):
            if bound is not None and accepts(type_, bound):
                yield bound
        for far in (
            datetime(2100, 1, 1, tzinfo=UTC),
            datetime(2000, 1, 1, tzinfo=UTC),
        ):
            value = far if type_.kind is ScalarKind.DATETIME else far.date()
            if type_.kind in (ScalarKind.DATETIME, ScalarKind.DATE) and accepts(type_, value):
                yield value


def _unique_sets(entity: Entity) -> list[tuple[str, ...]]:
    sets = [uniqueness.attributes for uniqueness in entity.unique]
    if entity.identity.kind not in GENERATED:
        sets.append(entity.identity.fields)
    return sets


def _at(values: Mapping[str, Value], path: str) -> Value:
    value: Value = dict(values)
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _unsent(type_: ObjectType) -> dict[str, Value]:
    """Return what a value object has of what clients of the version do not send: the defaults."""
    unsent = (
        field
        for field in type_.fields
        if field.computed is None and Surface.CREATE not in field.writes
    )
    return {
        field.attribute: _default(field)
        for field in unsent
        if field.default is None or isinstance(field.default, LiteralDefault)
    }


def _default(field: Field) -> Value:
    given = field.default.value if isinstance(field.default, LiteralDefault) else None
    return None if isinstance(given, list | dict) else given


def _count(type_: ListOf | SetOf | MapOf | ManyOf, wanted: int) -> int:
    least, most = type_.constraints.min, type_.constraints.max
    count = max(wanted, least) if isinstance(least, int) else wanted
    return min(count, most) if isinstance(most, int) else count


def _unique(values: Iterator[Value]) -> list[Value]:
    found: list[Value] = []
    for value in values:
        if value not in found and value is not None:
            found.append(value)
    return found
