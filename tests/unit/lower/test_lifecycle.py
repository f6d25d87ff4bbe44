"""Lifecycles: the enumeration, the field, the moves."""

import pytest

from apigen.ir.behaviour import Lifecycle, Move, State
from apigen.ir.field import Origin, Surface
from apigen.ir.system import EnumType, Operation
from apigen.ir.types import EnumRef, LiteralDefault
from tests.unit.lower.conftest import Codes, Lower

_ORDER = """\
entities:
  Order:
    fields: {{ number: str(1..20) }}
    lifecycle: {lifecycle}
    commands:
      place: {{ moves: draft -> placed }}
      send: {{ moves: placed -> sent }}
      cancel: {{ moves: any -> cancelled }}
"""
_STATES = "{ states: [draft, placed, sent, cancelled], final: [sent, cancelled] }"


def test_the_states_are_an_enumeration_that_fields_may_name(lowered: Lower) -> None:
    system = lowered(
        _ORDER.format(lifecycle=_STATES)
        + "  Note:\n    fields: { text: str(1..80), about: OrderStatus? }\n"
    )

    enum = system.types["shop.OrderStatus"]
    about = system.entities["shop.Note"].fields[2]

    assert isinstance(enum, EnumType)
    assert [member.name for member in enum.members] == ["draft", "placed", "sent", "cancelled"]
    assert about.type == EnumRef(target="shop.OrderStatus")
    assert system.contexts[0].types[0] == enum


def test_the_status_is_a_field_that_no_client_sends(lowered: Lower) -> None:
    entity = lowered(_ORDER.format(lifecycle=_STATES)).entities["shop.Order"]

    status = next(field for field in entity.fields if field.name.text == "status")

    assert status.origin is Origin.SYNTH
    assert status.writes == {Surface.INTERNAL}
    assert status.reads == {Surface.RESPONSE}
    assert status.filter
    assert status.sort
    assert status.default == LiteralDefault(value="draft")


def test_states_may_have_settings_of_their_own(lowered: Lower) -> None:
    system = lowered(
        _ORDER.format(
            lifecycle="{ field: state, history: true, states: { placed: { label: Ordered },"
            " draft: { renamed_from: open }, sent: { final: true }, cancelled: { final: true } },"
            " initial: draft }"
        )
    )

    entity = system.entities["shop.Order"]
    enum = system.types["shop.OrderStatus"]

    assert entity.lifecycle == Lifecycle(
        field="state",
        enum="shop.OrderStatus",
        states=(
            State(name="placed", final=False),
            State(name="draft", final=False),
            State(name="sent", final=True),
            State(name="cancelled", final=True),
        ),
        initial="draft",
        history=True,
    )
    assert isinstance(enum, EnumType)
    assert enum.members[0].label == "Ordered"
    assert enum.members[1].renamed_from == ("open",)


def test_any_is_every_state_that_is_not_final(lowered: Lower) -> None:
    entity = lowered(_ORDER.format(lifecycle=_STATES)).entities["shop.Order"]

    assert entity.commands[2].move == Move(sources=("draft", "placed"), target="cancelled")


def test_moves_are_answered_where_the_resource_says_so(lowered: Lower) -> None:
    lifecycle = _STATES.replace("}", ", history: true }")
    text = _ORDER.format(lifecycle=lifecycle)

    silent = lowered(text).entities["shop.Order"].resource
    told = lowered(text + "    api: { operations: { history: true } }\n")
    resource = told.entities["shop.Order"].resource

    assert silent is not None
    assert Operation.HISTORY not in silent.operations
    assert resource is not None
    assert Operation.HISTORY in resource.operations


def test_what_names_a_wrong_lifecycle_stays_silent(codes: Codes) -> None:
    text = (
        "entities:\n  Order:\n    fields: { number: str(1..20), was: OrderStatus? }\n"
        "    lifecycle: { states: [draft, draft] }\n"
        "    commands:\n      place: { moves: draft -> placed, when: status == draft }\n"
    )

    assert codes(text) == ["AG212"]


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ("place: { moves: draft -> placed }", []),
        ("place: { moves: draft -> sent }", ["AG401"]),
        ("a: { moves: draft -> placed }, b: { moves: placed -> draft }", ["AG401"]),
        ("a: { set: { number: number } }", ["AG402", "AG402"]),
    ],
)
def test_states_that_are_not_there_or_not_of_use(
    codes: Codes, commands: str, expected: list[str]
) -> None:
    text = (
        "entities:\n  Order:\n    fields: { number: str(1..20) }\n"
        "    lifecycle: { states: [draft, placed], final: placed }\n"
        f"    commands: {{ {commands} }}\n"
    )

    assert codes(text) == expected
