"""A command or event with `renamed_from` has its new name in the owner's code too."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from apigen.cli.app import app

SPEC = """\
apigen: 1
app: shop
entities:
  Order:
    fields: { number: str, total: int = 0 }
    lifecycle: { states: [draft, placed], final: [placed] }
    commands:
      place: { moves: draft -> placed, set: { total: total + 1 }, emits: OrderPlaced }
      check: { handler: custom }
    events: { OrderPlaced: [number] }
"""
OWN = '''\
"""The owner's."""

from shop.application.shop.commands import PlaceOrder
from shop.domain.shop.aggregates import Order
from shop.domain.shop.events import OrderPlaced, OrderPlacedEvent


def act(order: Order, command: PlaceOrder) -> OrderPlaced | OrderPlacedEvent | None:
    """Act."""
    order.place()
    return None
'''


def _run(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a module of its owner's, and a handler that the owner has written."""
    spec, folder = tmp_path / "shop.yaml", tmp_path / "shop"
    spec.write_text(SPEC)
    _run("init", "shop", "--spec", str(spec), "--dir", str(folder))
    (folder / "src/shop/mine.py").write_text(OWN)
    return folder


def _change(project: Path, *pairs: tuple[str, str]) -> None:
    text = SPEC
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    (project / "apigen.yaml").write_text(text)
    _run("regenerate", "--dir", str(project))


def test_class_method_and_payload_have_their_new_names(project: Path) -> None:
    _change(
        project,
        ("place: {", "submit: { renamed_from: place,"),
        ("emits: OrderPlaced", "emits: OrderSent"),
        ("OrderPlaced: [number]", "OrderSent: { pick: [number], renamed_from: OrderPlaced }"),
    )

    wanted = (
        OWN.replace("PlaceOrder", "SubmitOrder")
        .replace("OrderPlaced", "OrderSent")
        .replace("order.place()", "order.submit()")
    )
    assert (project / "src/shop/mine.py").read_text() == wanted


def test_the_module_of_a_handler_moves_with_what_its_owner_wrote(project: Path) -> None:
    custom = project / "src/shop/application/shop/custom"
    old = next(custom.glob("*check*.py"))
    old.write_text(old.read_text() + "\n\nMINE = 1\n")

    text = SPEC.replace("check: {", "examine: { renamed_from: check,")
    (project / "apigen.yaml").write_text(text)
    told = CliRunner().invoke(app, ["regenerate", "--dir", str(project)]).output

    assert not old.exists()
    new = custom / old.name.replace("check", "examine")
    text = new.read_text()
    assert "MINE = 1" in text
    assert "from shop.application.shop.commands import ExamineOrder\n" in text
    assert "command: ExamineOrder," in text
    # What only mentions it is its owner's to change, and named.
    assert "custom/examine_order.py:1: " in told
    assert "custom/examine_order.py:6: " not in told


def test_a_stub_that_nobody_has_touched_is_that_of_the_new_name(project: Path) -> None:
    text = SPEC.replace("check: {", "examine: { renamed_from: check,")
    _change(project, ("check: {", "examine: { renamed_from: check,"))
    renamed = (project / "src/shop/application/shop/custom/examine_order.py").read_text()

    fresh = project.parent / "fresh"
    (project.parent / "fresh.yaml").write_text(text)
    _run("init", "shop", "--spec", str(project.parent / "fresh.yaml"), "--dir", str(fresh))

    assert (fresh / "src/shop/application/shop/custom/examine_order.py").read_text() == renamed
    assert "CheckOrder" not in renamed


def test_a_handler_written_by_hand_follows_other_renames(project: Path) -> None:
    custom = project / "src/shop/application/shop/custom/check_order.py"
    text = custom.read_text().replace("raise NotImplementedError", "print(MINE); raise KeyError")
    custom.write_text(text + "\n\ndef number_of(order: Order) -> str:\n    return order.number\n")

    _change(
        project,
        ("number: str", "code: { type: str, renamed_from: number }"),
        ("[number]", "[code]"),
    )

    assert "return order.code\n" in custom.read_text()
    assert "print(MINE); raise KeyError" in custom.read_text()
