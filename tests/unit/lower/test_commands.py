"""Commands: inputs, effects, events they emit, how they run and where they are reached."""

from collections.abc import Callable

import pytest

from apigen.ir.behaviour import (
    Append,
    Assign,
    Backoff,
    Command,
    Erase,
    Handler,
    RemoveChildren,
    Retry,
    Route,
)
from apigen.ir.system import Operation
from apigen.ir.types import IdOf, RefTo, Scalar, ScalarKind
from tests.unit.lower.conftest import Codes, Lower

type One = Callable[[str], Command]

_ORDER = """\
entities:
  Product:
    fields: {{ name: str(1..80), price: decimal }}
  Order:
    fields:
      number: str(1..20) immutable
      note: str(1..80)?
      email: email? pii=contact
      name: str(1..80) pii=identity
      product: ref(Product)?
      total: 'decimal := sum(l.price for l in lines)'
    children:
      lines:
        fields: {{ product: ref(Product), quantity: int, price: decimal, rest: int = 0 }}
    events:
      Changed:
        pick: [total, product]
        fields: {{ order_id: id(Order), note: str(1..80)?, by: int? }}
    commands:
      change: {command}
"""


@pytest.fixture
def one(lowered: Lower) -> One:
    """Lower one command `change` of an order."""

    def run(command: str) -> Command:
        # The event is not of every test, and unused ones are for `check`.
        return lowered(_ORDER.format(command=command)).entities["shop.Order"].commands[0]

    return run


def _values(assigned: tuple[Assign, ...]) -> dict[str, str]:
    return {one.attribute: one.value.source for one in assigned}


def test_inputs_are_fields_without_a_table(one: One) -> None:
    command = one(
        "{ input: { note: str(1..80)?, product: ref(Product), line_id: id(OrderLine),"
        " days: 'int(1..9) = 2', kind: enum(a|b) }, set: { note: input.note } }"
    )

    by_name = {field.attribute: field for field in command.input}

    assert list(by_name) == ["note", "product_id", "line_id", "days", "kind"]
    assert by_name["product_id"].type == RefTo(target="shop.Product")
    assert by_name["line_id"].type == IdOf(target="shop.OrderLine")
    assert not by_name["note"].required_on_create
    assert by_name["product_id"].required_on_create
    assert not by_name["days"].required_on_create
    assert all(field.filter == () and not field.sort for field in command.input)
    assert len({field.id for field in command.input}) == 5


def test_an_enumeration_of_an_input_has_the_name_of_the_command(lowered: Lower) -> None:
    system = lowered(
        _ORDER.format(command="{ input: { kind: enum(a|b) }, set: { note: \"'x'\" } }")
    )

    assert "shop.ChangeOrderKind" in system.types


def test_guards_have_codes_and_messages(one: One) -> None:
    command = one(
        "{ set: { note: None }, when: { no_lines: len(lines) > 0,"
        " no_note: { rule: note is not None, message: Say something. } } }"
    )

    assert [(guard.code, guard.message) for guard in command.guards] == [
        ("no_lines", "No lines."),
        ("no_note", "Say something."),
    ]


def test_a_guard_alone_has_the_code_of_its_command(one: One) -> None:
    command = one("{ set: { note: None }, when: len(lines) > 0 }")

    assert [guard.code for guard in command.guards] == ["change_refused"]


def test_effects_take_place_in_order(one: One) -> None:
    command = one(
        "{ input: { product: ref(Product), line_id: id(OrderLine) }, erases: contact,"
        " remove: { lines: id == input.line_id },"
        " append: { lines: { product: input.product, quantity: 1, price: input.product.price } },"
        " set: { note: None, product: input.product } }"
    )

    first, second, appended, removed, erased = command.effects

    assert isinstance(first, Assign)
    assert isinstance(second, Assign)
    assert (first.attribute, second.attribute) == ("note", "product_id")
    assert isinstance(appended, Append)
    assert appended.child == "shop.OrderLine"
    assert _values(appended.values) == {
        "product_id": "input.product",
        "quantity": "1",
        "price": "input.product.price",
    }
    assert isinstance(removed, RemoveChildren)
    assert removed.condition.source == "id == input.line_id"
    assert erased == Erase(attributes=("email",))


def test_personal_data_of_all_classes_is_erased(one: One) -> None:
    assert one("{ erases: pii }").effects == (Erase(attributes=("email", "name")),)


def test_personal_data_is_not_listed_by(lowered: Lower) -> None:
    order = lowered(_ORDER.format(command="{ erases: pii }")).entities["shop.Order"]

    email = next(field for field in order.fields if field.attribute == "email")

    assert (email.pii, email.filter, email.sort) == ("contact", (), False)


def test_payloads_are_filled_by_name(one: One) -> None:
    command = one("{ input: { by: int }, emits: { Changed: { note: \"'new'\" } } }")

    (emission,) = command.emits

    assert emission.event == "shop.Order.Changed"
    assert _values(emission.values) == {
        "total": "total",
        "product_id": "product_id",
        "order_id": "id",
        "note": "'new'",
        "by": "input.by",
    }


def test_what_nothing_fills_and_may_be_null_is_null(one: One) -> None:
    (emission,) = one("{ emits: Changed }").emits

    assert _values(emission.values)["by"] == "None"


def test_a_command_is_reached_below_its_row(one: One) -> None:
    assert one("{ set: { note: None } }").route == Route(
        method="POST", path="/{id}/change", status=200
    )


@pytest.mark.parametrize(
    ("api", "route"),
    [
        ("false", None),
        ("PUT /:id/note", Route(method="PUT", path="/{id}/note", status=200)),
        (
            "{ method: DELETE, status: 202, tags: [Notes] }",
            Route(method="DELETE", path="/{id}/change", status=202, tags=("Notes",)),
        ),
        ("POST /:id/x/:note", Route(method="POST", path="/{id}/x/{note}", status=200)),
    ],
)
def test_a_route_may_be_written(one: One, api: str, route: Route | None) -> None:
    command = one(f"{{ input: {{ note: str(1..9) }}, set: {{ note: input.note }}, api: {api} }}")

    assert command.route == route


def test_how_a_command_is_run(one: One) -> None:
    execution = one(
        "{ input: { note: str(1..9) }, set: { note: input.note }, idempotent: input.note,"
        " lock: true, isolation: serializable, timeout: 5s,"
        " retry: { attempts: 4, backoff: linear, delay: 500ms, max_delay: 2s, jitter: false } }"
    ).execution

    assert execution.natural_key is not None
    assert execution.natural_key.source == "input.note"
    assert (execution.idempotent, execution.lock) == (False, True)
    assert (execution.isolation, execution.timeout_s) == ("serializable", 5.0)
    assert execution.retry == Retry(
        attempts=4, backoff=Backoff.LINEAR, delay_s=0.5, max_delay_s=2.0, jitter=False
    )


def test_a_key_of_the_request_may_be_asked_for(one: One) -> None:
    execution = one("{ set: { note: None }, idempotent: true }").execution

    assert execution.idempotent
    assert execution.natural_key is None


def test_a_handler_of_the_owner_may_answer_with_something_else(one: One) -> None:
    command = one(
        "{ handler: custom, returns: decimal, errors: { gone: { status: 410, message: Gone. },"
        " too_late: { status: 409 } } }"
    )

    assert command.handler is Handler.CUSTOM
    assert isinstance(command.returns, Scalar)
    assert command.returns.kind is ScalarKind.DECIMAL
    assert [(e.code, e.status, e.message) for e in command.errors] == [
        ("gone", 410, "Gone."),
        ("too_late", 409, "Too late."),
    ]


def test_a_handler_of_the_owner_makes_a_payload_that_nothing_fills(one: One, codes: Codes) -> None:
    text = _ORDER.replace("by: int?", "by: int")

    assert codes(text.format(command="{ emits: Changed }")) == ["AG405"]
    assert codes(text.format(command="{ emits: Changed, handler: custom }")) == []


_PAYMENT = """\
entities:
  Order: {{ fields: {{ number: str(1..20) }} }}
  Payment:
    fields:
      order: ref(Order) immutable
      amount: decimal immutable
      provider: enum(card|invoice) immutable = card
      reference: str(1..80)? readonly
    commands:
{commands}
"""
_REQUEST = "      request: { creates: true, input: { order: ref(Order), amount: decimal } }\n"


def test_a_factory_fills_fields_by_name(lowered: Lower) -> None:
    payment = lowered(_PAYMENT.format(commands=_REQUEST)).entities["shop.Payment"]

    (command,) = payment.commands

    assert command.creates
    assert {
        effect.attribute: effect.value.source
        for effect in command.effects
        if isinstance(effect, Assign)
    } == {"order_id": "input.order_id", "amount": "input.amount"}


def test_the_only_factory_takes_the_place_of_create(lowered: Lower) -> None:
    payment = lowered(_PAYMENT.format(commands=_REQUEST)).entities["shop.Payment"]

    assert payment.resource is not None
    assert Operation.CREATE not in payment.resource.operations
    assert payment.commands[0].route == Route(method="POST", path="", status=201)


def test_factories_have_words_when_there_are_several(lowered: Lower) -> None:
    more = _REQUEST + _REQUEST.replace("request", "take_again")
    payment = lowered(_PAYMENT.format(commands=more)).entities["shop.Payment"]

    assert [command.route.path for command in payment.commands if command.route is not None] == [
        "/request",
        "/take-again",
    ]


def test_a_factory_may_set_what_never_changes(lowered: Lower, codes: Codes) -> None:
    commands = _REQUEST.replace("decimal } }", "decimal }, set: { provider: invoice } }")

    lowered(_PAYMENT.format(commands=commands))
    assert codes(_PAYMENT.format(commands="      x: { set: { provider: card } }\n")) == ["AG406"]


def test_a_factory_needs_what_has_no_default(codes: Codes) -> None:
    commands = "      request: { creates: true, input: { amount: decimal } }\n"

    assert codes(_PAYMENT.format(commands=commands)) == ["AG405"]
    custom = commands.replace("creates", "handler: custom, creates")
    assert codes(_PAYMENT.format(commands=custom)) == []


def test_a_factory_of_keys_that_clients_choose_takes_one(lowered: Lower) -> None:
    system = lowered(
        "entities:\n  Tag:\n    id: str\n    fields: { name: str(1..20) }\n"
        "    commands:\n"
        "      make: { creates: true, input: { id: str(1..20), name: str(1..20) } }\n"
    )

    (command,) = system.entities["shop.Tag"].commands

    assert [effect.attribute for effect in command.effects if isinstance(effect, Assign)] == [
        "id",
        "name",
    ]


def test_a_command_of_a_context_has_no_row(lowered: Lower) -> None:
    system = lowered(
        "entities: { Order: { fields: { number: str(1..20) } } }\n"
        "commands:\n  close_day: { input: { day: date }, emits: DayClosed }\n"
        "events:\n  DayClosed: { fields: { day: date } }\n"
    )

    (command,) = system.contexts[0].commands

    assert (command.qname, command.owner) == ("shop.close_day", None)
    assert command.route == Route(method="POST", path="/close-day", status=204)
    assert _values(command.emits[0].values) == {"day": "input.day"}
    assert system.commands == (command,)


_NO_REST = "generate: { rest: false }\n"


def test_nothing_is_reached_without_rest(lowered: Lower) -> None:
    text = _PAYMENT.format(commands=_REQUEST)

    system = lowered(f"{text}commands: {{ tidy: {{ handler: custom }} }}\n{_NO_REST}")

    assert [command.route for command in system.commands] == [None, None]


def test_links_of_a_many_are_set_from_keys(lowered: Lower) -> None:
    system = lowered(
        "entities:\n  Tag: { fields: { name: str(1..20) } }\n"
        "  Note:\n    fields: { tags: many(Tag) }\n"
        "    commands: { sort: { input: { tags: set(id(Tag)) }, set: { tags: input.tags } } }\n"
    )

    (effect,) = system.entities["shop.Note"].commands[0].effects

    assert isinstance(effect, Assign)
    assert effect.attribute == "tags"


def test_former_names_are_kept(one: One) -> None:
    command = one("{ set: { note: None }, renamed_from: alter }")

    assert command.renamed_from == ("alter",)
    assert command.qname == "shop.Order.change"
