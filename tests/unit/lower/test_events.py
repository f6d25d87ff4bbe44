"""Events, and reactions to them."""

import pytest

from apigen.ir.behaviour import Event, Retry
from apigen.ir.element import Deprecation, Lifespan
from apigen.ir.system import Messaging
from apigen.ir.types import EnumRef, IdOf, Scalar, ScalarKind, SetOf
from tests.unit.lower.conftest import Codes, Lower

_ORDER = """\
entities:
  Customer: {{ fields: {{ name: str(1..80) }} }}
  Tag: {{ fields: {{ name: str(1..80) }} }}
  Order:
    fields:
      customer: ref(Customer)
      tags: many(Tag)
      kind: enum(a|b)
      placed_at: datetime?
    events:
      OrderPlaced: {event}
    commands: {{ place: {{ emits: OrderPlaced, handler: custom }} }}
"""


def _event(lowered: Lower, event: str) -> Event:
    return lowered(_ORDER.format(event=event)).entities["shop.Order"].events[0]


def test_picked_fields_are_values(lowered: Lower) -> None:
    event = _event(lowered, "[customer, tags, kind, placed_at]")

    assert [(field.attribute, field.type, field.nullable) for field in event.payload] == [
        ("customer_id", IdOf(target="shop.Customer"), False),
        ("tags", SetOf(item=IdOf(target="shop.Tag")), False),
        ("kind", EnumRef(target="shop.OrderKind"), False),
        ("placed_at", Scalar(kind=ScalarKind.DATETIME), True),
    ]
    assert event.payload[0].name.text == "customer_id"
    assert (event.version, event.public, event.upcasts) == (1, False, ())


def test_declared_fields_come_after_picked_ones(lowered: Lower) -> None:
    event = _event(lowered, "{ fields: { reason: str(1..80) }, pick: [customer_id], public: true }")

    assert [field.attribute for field in event.payload] == ["customer_id", "reason"]
    assert event.public
    assert event.owner == "shop.Order"
    assert event.payload[1].qname == "shop.Order.OrderPlaced.reason"


def test_upcasts_fill_what_older_versions_lack(lowered: Lower) -> None:
    event = _event(
        lowered,
        "{ pick: [kind, placed_at], fields: { title: { type: str(1..80), renamed_from: name } },"
        " version: 3, upcast: { 2: { placed_at: event.occurred_at },"
        " 1: { title: event.name, kind: a } } }",
    )

    assert [
        (upcast.version, [(one.attribute, one.value.source) for one in upcast.values])
        for upcast in event.upcasts
    ] == [
        (1, [("title", "event.name"), ("kind", "a")]),
        (2, [("placed_at", "event.occurred_at")]),
    ]


def test_an_upcast_reads_what_was_there(codes: Codes) -> None:
    wrong = "{ pick: [kind], version: 2, upcast: { 1: { kind: event.kind } } }"

    assert codes(_ORDER.format(event=wrong)) == ["AG423"]


def test_a_picked_field_that_is_wrong_is_reported_once(codes: Codes) -> None:
    text = (
        "entities:\n  Order:\n    fields: { number: strng }\n"
        "    events: { Placed: [number] }\n"
        "    commands: { place: { emits: { Placed: { number: number } } } }\n"
        "commands: { tell: { input: { text: str(1..9) }, handler: custom, api: false } }\n"
        "reactions: { one: { event: Placed, run: tell, with: { text: event.number } } }\n"
    )

    assert codes(text) == ["AG201"]


def test_mixins_bring_events(lowered: Lower) -> None:
    system = lowered(
        "mixins:\n  Filed: { fields: { shelf: int }, events: { Moved: [shelf] } }\n"
        "entities:\n  Book:\n    use: Filed\n    fields: { title: str(1..80) }\n"
        "    commands: { move: { emits: Moved } }\n"
    )

    (event,) = system.entities["shop.Book"].events

    assert event.qname == "shop.Book.Moved"
    assert event.payload[0].attribute == "shelf"


_REACTION = """\
entities:
  Order:
    fields: {{ number: str(1..20), total: decimal }}
    commands:
      place: {{ emits: OrderPlaced }}
      print: {{ input: {{ copies: 'int(1..9) = 1' }}, set: {{ number: number }} }}
    events:
      OrderPlaced: [total]
commands:
  award: {{ input: {{ order: ref(Order), points: int }}, handler: custom, api: false }}
reactions:
  one: {reaction}
{more}"""


def test_a_reaction_runs_a_command_with_what_the_event_tells(lowered: Lower) -> None:
    system = lowered(
        _REACTION.format(
            reaction="{ event: OrderPlaced, run: award, delay: 5m, when: event.total > 10,"
            " with: { order: event.order_id, points: round(event.total) },"
            " retry: { attempts: 5 }, inbox: false }",
            more="",
        )
    )

    (reaction,) = system.reactions

    assert reaction.event == "shop.Order.OrderPlaced"
    assert reaction.command == "shop.award"
    assert reaction.target is None
    assert [(one.attribute, one.value.source) for one in reaction.values] == [
        ("order_id", "event.order_id"),
        ("points", "round(event.total)"),
    ]
    assert reaction.when is not None
    assert (reaction.delay_s, reaction.inbox) == (300.0, False)
    assert reaction.retry == Retry(attempts=5)


def test_a_command_of_an_entity_needs_a_target(lowered: Lower, codes: Codes) -> None:
    reaction = "{ event: OrderPlaced, run: Order.print, target: event.aggregate_id }"

    (one,) = lowered(_REACTION.format(reaction=reaction, more="")).reactions

    assert one.command == "shop.Order.print"
    assert one.target is not None
    assert one.inbox
    without = "{ event: OrderPlaced, run: Order.print }"
    assert codes(_REACTION.format(reaction=without, more="")) == ["AG405"]


def test_reactions_do_what_messaging_says(lowered: Lower) -> None:
    reaction = "{ event: OrderPlaced, run: Order.print, target: event.order_id }"
    more = (
        "messaging: { outbox: { poll: 200ms, batch: 10, retention: 1d }, inbox: false,"
        " dlq: { max_attempts: 2, retention: 2d } }\n"
    )

    system = lowered(_REACTION.format(reaction=reaction, more=more))

    assert not system.reactions[0].inbox
    assert system.messaging == Messaging(
        poll_s=0.2,
        batch=10,
        retention_s=86_400.0,
        max_attempts=2,
        dead_retention_s=172_800.0,
    )


_CONTEXTS = """\
contexts:
  sales:
    entities:
      Order:
        fields: {{ number: str(1..20) }}
        commands: {{ place: {{ emits: OrderPlaced }} }}
        events: {{ OrderPlaced: {{ pick: [number], public: {public} }} }}
  stock:
    {uses}
    entities: {{ Parcel: {{ fields: {{ number: str(1..20) }} }} }}
    commands: {{ pack: {{ handler: custom, api: false }} }}
    reactions: {{ pack_orders: {{ event: {event}, run: pack }} }}
"""


@pytest.mark.parametrize(
    ("public", "uses", "event", "expected"),
    [
        ("true", "uses: sales", "sales.OrderPlaced", []),
        ("false", "uses: sales", "sales.OrderPlaced", ["AG501"]),
        ("true", "", "sales.OrderPlaced", ["AG105"]),
        ("true", "uses: sales", "OrderPlaced", ["AG404"]),
        ("true", "uses: sales", "sales.OrderPayed", ["AG404"]),
    ],
)
def test_events_of_other_contexts(
    codes: Codes, public: str, uses: str, event: str, expected: list[str]
) -> None:
    assert codes(_CONTEXTS.format(public=public, uses=uses, event=event)) == expected


def test_an_event_may_be_deprecated(lowered: Lower) -> None:
    plain = _event(lowered, "{ pick: [kind], deprecated: true }")
    dated = _event(lowered, "{ pick: [kind], deprecated: { reason: Old., since: 2026-01-01 } }")

    assert plain.lifespan == Lifespan(deprecated=Deprecation())
    assert dated.lifespan.deprecated == Deprecation(reason="Old.", since="2026-01-01")
