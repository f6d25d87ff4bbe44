"""Stored computed fields, defaults of the actor, rows that must not overlap."""

from collections.abc import Callable

from apigen.ir.field import FilterOp, IndexMethod, Surface
from apigen.ir.system import Entity, Exclusion
from apigen.ir.types import ActorDefault
from tests.unit.lower.conftest import Codes, Lower

type One = Callable[[str], Entity]


def _field(entity: Entity, attribute: str):  # type: ignore[no-untyped-def]  # returns a Field
    return next(field for field in entity.fields if field.attribute == attribute)


def test_a_stored_computed_field_has_a_column_that_is_filtered_and_indexed(entity: One) -> None:
    thing = entity(
        "{ fields: { a: int, twice: { type: int, computed: a * 2, stored: true, filter: [gte],"
        " index: true } }, invariants: { small: twice < 9 } }"
    )

    twice = _field(thing, "twice")
    assert twice.stored
    assert twice.computed is not None
    assert twice.writes == frozenset()
    assert twice.filter == (FilterOp.GTE,)
    assert twice.index is IndexMethod.BTREE
    assert thing.invariants[0].db


def test_a_measure_is_sorted_by_its_value(lowered: Lower) -> None:
    text = """\
types:
  Money:
    fields: { amount: decimal, currency: currency = EUR }
    measure: { value: amount, unit: currency }
entities:
  Order:
    fields:
      total: { type: Money, computed: sum(l.price for l in lines), stored: true, sort: true }
    children: { lines: { fields: { price: Money } } }
"""

    resource = lowered(text).entities["shop.Order"].resource

    assert resource is not None
    assert ("total", "amount") in resource.sorts


def test_a_field_may_take_its_value_from_whoever_creates_it(lowered: Lower) -> None:
    text = """\
security: { auth: jwt, actor: { level: int, region: str? } }
entities:
  Note:
    fields:
      author: str(64) hidden = actor.id
      level: int = actor.level
      region: str? readonly = actor.region
"""

    note = lowered(text).entities["shop.Note"]

    assert _field(note, "author").default == ActorDefault(claim="id")
    # No client sends them, hidden or not.
    assert _field(note, "author").writes == {Surface.INTERNAL}
    assert _field(note, "level").writes == {Surface.INTERNAL}
    assert not _field(note, "level").required_on_create
    assert _field(note, "region").default == ActorDefault(claim="region")


def test_rows_of_one_value_do_not_overlap(entity: One) -> None:
    visit = entity(
        "{ fields: { room: str(9), begins: datetime, ends: datetime, kind: enum(firm|maybe) },"
        " exclude: { busy: { equal: room, overlap: [begins, ends], where: kind == firm } } }"
    )

    (busy,) = visit.exclusions
    assert busy == Exclusion(
        name="busy", equal=("room",), overlap=("begins", "ends"), where=busy.where
    )
    assert busy.where is not None


def test_exclusions_of_mixins_are_those_of_the_entity(lowered: Lower) -> None:
    text = """\
mixins:
  Booked:
    fields: { begins: date, ends: date }
    exclude: { busy: { overlap: [begins, ends] } }
entities:
  Visit: { use: Booked, fields: { room: str } }
"""

    assert [one.name for one in lowered(text).entities["shop.Visit"].exclusions] == ["busy"]


def test_what_depends_on_the_time_is_not_stored(codes: Codes) -> None:
    text = """\
entities:
  Note: { fields: { at: datetime, is_old: { type: bool, computed: at < now, stored: true } } }
"""

    assert codes(text) == ["AG210"]
