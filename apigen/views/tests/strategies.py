"""Hypothesis strategies of an entity's payloads, as source of `tests/strategies/<context>.py`."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from apigen.ir.field import Field, Surface
from apigen.ir.system import Child, Context, Entity, EnumType, IdKind, Nested, ObjectType
from apigen.ir.types import EnumRef, ListOf, MapOf, ObjectRef, Scalar, ScalarKind, SetOf, plain_type
from apigen.python import layout
from apigen.python.identifiers import spell_module, spell_variable
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.python.sample_values import Value
from apigen.values import dataclass
from apigen.views.application.dtos import has_service
from apigen.views.tests.case_sources import Source
from apigen.views.tests.case_tables import Tables, case_constant

_INT_BOUND = {ScalarKind.INT: 2**31, ScalarKind.BIGINT: 2**63}
_GENERATED = frozenset({IdKind.UUID7, IdKind.UUID4, IdKind.ULID, IdKind.INT, IdKind.BIGINT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """The strategy of an entity's payloads."""

    function: str
    entity: str
    fields: str
    """Dict of wire names to strategies, as source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategies:
    """tests/strategies/<context>.py."""

    imports: tuple[str, ...]
    context: str
    sample: str
    strategies: tuple[Strategy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A property test of one entity."""

    function: str
    doc: str
    strategy: str
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """tests/unit/<context>/test_properties.py."""

    imports: tuple[str, ...]
    package: str
    context: str
    properties: tuple[Property, ...]


def strategies(tables: Tables, context: Context) -> Strategies:
    """Return the strategies of one context."""
    system = tables.system
    functions = [_function(entity) for entity in _made(tables, context)]
    imports = ImportSet(f"tests.strategies.{spell_module(context.name.snake)}", ("st", *functions))
    writer = _Writer(tables, imports)
    sample = imports.use(layout.support(system, "testing.cases", "Sample"))
    return Strategies(
        context=context.name.text,
        strategies=tuple(
            Strategy(
                function=_function(entity),
                entity=entity.name.pascal,
                fields=writer.entity(entity, tables.rows(entity)[0]),
            )
            for entity in _made(tables, context)
        ),
        sample=sample,
        imports=imports.render(),
    )


def properties(tables: Tables, context: Context) -> Properties:
    """Return the property tests of one context."""
    folder = spell_module(context.name.snake)
    imports = ImportSet(
        f"tests.unit.{folder}.test_properties", ("given", "Sample", "assert_arrives", "CASES")
    )
    cases = imports.add("tests.cases", folder)
    module = imports.add("tests.strategies", folder)
    return Properties(
        imports=imports.render(),
        package=tables.system.app.package,
        context=context.name.text,
        properties=tuple(
            Property(
                function=f"test_any_valid_{entity.name.snake}_arrives_unchanged",
                strategy=f"{module}.{_function(entity)}",
                case=f"{cases}.{case_constant(tables.system, entity)}",
                doc=docstring(f"{entity.name.pascal} shows what it was made from.", indent=4),
            )
            for entity in _made(tables, context)
        ),
    )


def _made(tables: Tables, context: Context) -> tuple[Entity, ...]:
    """Return the entities that requests make."""
    return tuple(entity for entity in tables.entities(context) if has_service(entity))


def _function(entity: Entity) -> str:
    return spell_variable(entity.name.plural_snake)


class _Writer:
    """Writes strategies into one module."""

    def __init__(self, tables: Tables, imports: ImportSet) -> None:
        self._tables = tables
        self._imports = imports
        self._source = Source(tables.system, imports)

    def entity(self, entity: Entity, sample: Mapping[str, Value]) -> str:
        """Return the dict of a payload; references stay those of a sample."""
        entries: dict[str, str] = {}
        # Any value may be fine by itself and too large for what is computed from it.
        computed = [field.computed.reads for field in entity.fields if field.computed is not None]
        read = frozenset().union(*computed)
        for field in entity.fields:
            is_generated = (
                field.attribute in entity.identity.fields and entity.identity.kind in _GENERATED
            )
            if Surface.CREATE in field.writes and not is_generated:
                value = sample.get(field.attribute)
                is_read = field.attribute in read
                written = self._sample(field, value) if is_read else self._field(field, value)
                entries[field.wire] = written
        for child in entity.children:
            if child.nested is not Nested.NONE and child.attribute in sample:
                entries[child.attribute] = self._child(child, sample[child.attribute])
        return self._source.mapping(entries)

    def _child(self, child: Child, value: Value) -> str:
        items = value if isinstance(value, list) else [value]
        wires = [self._tables.samples.json.wire_of(child, v) for v in items if isinstance(v, dict)]
        if child.to_one:
            return self._just(self._source.wire(wires[0] if wires else None))
        return self._just(self._source.wire([*wires]))

    def _field(self, field: Field, value: Value) -> str:
        found = self._type(plain_type(field.type))
        if found is None:
            return self._sample(field, value)
        return f"st.none() | {found}" if field.nullable else found

    def _sample(self, field: Field, value: Value) -> str:
        return self._just(self._source.wire(self._tables.samples.json.wire(field.type, value)))

    def _just(self, source: str) -> str:
        return f"st.just({source})"

    def _type(self, type_: object) -> str | None:
        """Return the strategy of a type, None for one that a sample has to stand in for."""
        match type_:
            case Scalar():
                return self._scalar(type_)
            case EnumRef(target=target):
                enum = self._tables.system.types[target]
                assert isinstance(enum, EnumType)
                names = ", ".join(text(member.name) for member in enum.members)
                return f"st.sampled_from([{names}])"
            case ObjectRef(target=target):
                return self._object(target)
            case ListOf():
                inner = self._type(type_.item)
                limits = type_.constraints
                least = limits.min if isinstance(limits.min, int) else 0
                most = limits.max if isinstance(limits.max, int) else least + 3
                if inner is None:
                    return None
                most = min(most, least + 3)
                return f"st.lists({inner}, min_size={least}, max_size={most})"
            case SetOf() | MapOf():
                return None
            case _:
                return None

    def _object(self, target: str) -> str | None:
        type_ = self._tables.system.types[target]
        assert isinstance(type_, ObjectType)
        if type_.invariants:
            return None
        value = self._tables.samples.object_value(type_, 0) or {}
        entries = {
            field.wire: self._field(field, value.get(field.attribute))
            for field in type_.fields
            if Surface.CREATE in field.writes
        }
        return f"st.fixed_dictionaries({self._source.mapping(entries)})"

    def _scalar(self, scalar: Scalar) -> str | None:
        limits = scalar.constraints
        match scalar.kind:
            case ScalarKind.BOOL:
                return "st.booleans()"
            case ScalarKind.INT | ScalarKind.BIGINT if limits.step is None:
                return self._integers(scalar)
            case ScalarKind.DECIMAL if limits.step is None:
                return self._decimals(scalar)
            case ScalarKind.STR | ScalarKind.TEXT if limits.pattern is None:
                if limits.normalize and limits.normalize != ("trim",):
                    return None
                least = limits.min if isinstance(limits.min, int) else 0
                most = limits.max if isinstance(limits.max, int) else 200
                texts = self._support("texts")
                return f"{texts}({least}, {most})"
            case ScalarKind.DATETIME if limits.min is None and limits.max is None:
                return f"{self._support('moments')}()"
            case ScalarKind.DURATION if limits.step is None:
                low = limits.min if isinstance(limits.min, timedelta) else timedelta()
                high = limits.max if isinstance(limits.max, timedelta) else timedelta(days=30)
                if limits.gt is not None or limits.lt is not None or high < low:
                    return None
                seconds = (int(low.total_seconds()) + 1, int(high.total_seconds()))
                if seconds[1] < seconds[0]:
                    return None
                return f"{self._support('durations')}({seconds[0]}, {seconds[1]})"
            case _:
                return None

    def _integers(self, scalar: Scalar) -> str:
        limits, bound = scalar.constraints, _INT_BOUND[scalar.kind]
        low = limits.min if isinstance(limits.min, int) else -bound
        high = limits.max if isinstance(limits.max, int) else bound - 1
        if isinstance(limits.gt, int):
            low = max(low, limits.gt + 1)
        if isinstance(limits.lt, int):
            high = min(high, limits.lt - 1)
        return f"st.integers({low}, {high})"

    def _decimals(self, scalar: Scalar) -> str | None:
        limits = scalar.constraints
        scale = limits.scale or 0
        unit = Decimal(1).scaleb(-scale)
        ceiling = Decimal(10) ** ((limits.precision or 18) - scale) - unit
        low = -ceiling if limits.min is None else Decimal(str(limits.min))
        high = ceiling if limits.max is None else Decimal(str(limits.max))
        if limits.gt is not None:
            low = max(low, Decimal(str(limits.gt)) + unit)
        if limits.lt is not None:
            high = min(high, Decimal(str(limits.lt)) - unit)
        if high < low:
            return None
        return f"{self._support('decimals')}({str(low)!r}, {str(high)!r}, scale={scale})"

    def _support(self, name: str) -> str:
        return self._imports.use(layout.support(self._tables.system, "testing.strategies", name))
