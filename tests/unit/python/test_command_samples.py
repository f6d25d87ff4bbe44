"""Runs of commands and answers to callers, worked out from the shop's spec."""

from pathlib import Path

import pytest

from apigen.ir.behaviour import Command
from apigen.python.access_samples import STRANGER, AccessSamples, Answer, Caller
from apigen.python.command_samples import CommandSamples
from apigen.python.query_samples import QuerySamples
from apigen.python.sample_values import Value
from apigen.python.samples import Samples
from apigen.views.read_entities import queries_of
from tests.unit.evolve.specs import system_of

SHOP = system_of((Path(__file__).parents[3] / "specs" / "shop.yaml").read_text(encoding="utf-8"))
SAMPLES = CommandSamples(SHOP, Samples(SHOP))
COMMANDS = {command.qname.removeprefix("shop."): command for command in SHOP.commands}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_a_run_that_succeeds(name: str) -> None:
    assert SAMPLES.success(COMMANDS[name]) is not None


def guards() -> list[tuple[Command, int]]:
    """Return every guard by its number."""
    return [(one, number) for one in SHOP.commands for number in range(len(one.guards))]


@pytest.mark.parametrize(
    ("command", "number"), guards(), ids=lambda one: one.qname if isinstance(one, Command) else None
)
def test_every_guard_has_a_run_that_only_it_refuses(command: Command, number: int) -> None:
    run, other = SAMPLES.refused(command, number), SAMPLES.success(command)

    assert run is not None
    assert run != other


def test_a_run_is_found_at_the_edge_of_a_guard() -> None:
    """`available > quantity` in place of `>=` would refuse it."""
    ((run, holds),) = SAMPLES.telling(COMMANDS["Product.reserve"], 0)

    assert holds
    assert run.row["available"] == run.input["quantity"] != 0


def test_what_a_run_leaves_behind_is_known() -> None:
    reserve = COMMANDS["Product.reserve"]
    run = SAMPLES.success(reserve)

    assert run is not None
    outcome = SAMPLES.outcome(reserve, run)
    assert outcome.changed == {"reserved": run.input["quantity"]}
    assert outcome.payloads["shop.Product.StockReserved"] == run.input


@pytest.mark.parametrize(
    ("operation", "subject", "roles", "answer"),
    [
        ("read", "", (), Answer.UNAUTHENTICATED),
        ("read", "Customer-0", (), Answer.FORBIDDEN),
        ("read", "Customer-0", ("customer",), Answer.PERMITTED),
        ("read", STRANGER, ("customer",), Answer.NOT_FOUND),
        ("place", STRANGER, ("customer",), Answer.NOT_FOUND),
        ("place", STRANGER, ("staff",), Answer.FORBIDDEN),
        ("ship", STRANGER, ("admin",), Answer.PERMITTED),
    ],
)
def test_access_is_decided_by_role_and_row(
    operation: str, subject: str, roles: tuple[str, ...], answer: Answer
) -> None:
    order = SHOP.entities["shop.Order"]
    row = SAMPLES.row(order, 0)
    assert row is not None
    caller = Caller(subject=subject, roles=roles, claims={})

    assert AccessSamples(SHOP, SAMPLES).row_answer(order, operation, row, caller) is answer


QUERIES = """
apigen: 1
app: { name: shop }
entities:
  Desk:
    fields: { owner: str(1..40), height: int }
    queries:
      of: { input: { who: str(1..40) }, where: owner == input.who }
      between: { input: { low: int, high: int }, where: height > input.low and height < input.high }
      all_of_them: { sort: [height] }
      never: { where: height > 3 and height < 2 }
projections:
  View:
    of: Desk
    fields: { id: id(Desk), holder: str := owner }
    queries: { held_by: { input: { who: str }, where: holder == input.who } }
"""


@pytest.mark.parametrize(
    ("name", "is_found"),
    [
        ("of", True),
        ("between", True),
        ("all_of_them", True),
        ("never", False),
        ("held_by", True),
    ],
)
def test_a_row_is_found_for_a_query_that_can_find_one(name: str, is_found: bool) -> None:
    system = system_of(QUERIES)
    queries = {one.name.text: one for one in queries_of(system.contexts[0])}

    run = QuerySamples(system, Samples(system)).matching(queries[name])

    assert (run is not None) is is_found
    if run is not None and "who" in run.input:
        assert run.input["who"] == run.row["owner"]
    if run is not None and "low" in run.input:
        low, height, high = run.input["low"], run.row["height"], run.input["high"]
        assert isinstance(low, int)
        assert isinstance(height, int)
        assert isinstance(high, int)
        assert low < height < high


def test_commands_of_entities_with_several_keys_have_runs() -> None:
    system = system_of("""
apigen: 1
app: { name: shop }
entities:
  Seat:
    id: composite(room|number)
    fields: { room: str(1..9) immutable, number: int immutable, note: str(1..9) }
    commands: { clear: { set: { note: '"none"' } } }
""")
    (command,) = system.commands

    run = CommandSamples(system, Samples(system)).success(command)

    assert run is not None
    assert {"room", "number", "note"} <= set(run.row)


@pytest.mark.parametrize(
    ("subject", "after", "answer"),
    [
        ("Owner 1", {}, Answer.PERMITTED),
        ("Owner 1", {"owner": "Owner 2"}, Answer.FORBIDDEN),
        (STRANGER, {"owner": STRANGER}, Answer.NOT_FOUND),
    ],
)
def test_nobody_moves_a_row_into_or_out_of_their_reach(
    subject: str, after: dict[str, Value], answer: Answer
) -> None:
    system = system_of("""
apigen: 1
app: { name: shop }
security:
  auth: [jwt]
  jwt: { issuer: "https://id.example", audience: shop, jwks_url: "https://id.example/jwks" }
policies: { own: owner == actor.id }
entities:
  Note:
    fields: { owner: str(1..9) }
    access: { read: authenticated if own, update: authenticated if own, all: nobody }
""")
    note = system.entities["shop.Note"]
    samples = CommandSamples(system, Samples(system))
    row = samples.row(note, 0)
    assert row is not None
    caller = Caller(subject=subject, roles=(), claims={})

    found = AccessSamples(system, samples).row_answer(
        note, "update", row, caller, after={**row, **after}
    )

    assert found is answer
