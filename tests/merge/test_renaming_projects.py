"""Declared renames in whole projects with edits in every layer: they still type-check and pass."""

import ast
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from apigen.amend.renaming import renamed
from apigen.driver import judge, render_system
from apigen.evolve.record import Rename
from apigen.merge.renaming.mentions import Why
from apigen.merge.renaming.names import is_import
from apigen.merge.renaming.renamed import Renamed
from apigen.merge.worktree import digest
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile, Rendering
from tests.generated.projects import BIN, assert_clean, run
from tests.merge.renamed_projects import carried

type Edits = Mapping[str, str | Callable[[str], str]]
"""Text of a file of the owner's own, or what the owner makes of a generated one."""

SHOP = """\
apigen: 1
app: shop

types:
  Address:
    fields:
      street: str(1..70)
      city: str(1..40)
  Priority: enum(low|high)

entities:
  Order:
    fields:
      title: str(1..200)
      remark: str(1..500)?
      priority: Priority = low
      address: Address
      due_on: date?
      total: decimal := sum(line.price * line.quantity for line in lines)
    children:
      lines:
        max: 10
        nested: write
        fields:
          product: str(1..80)
          price: decimal(0..)
          quantity: int(1..99) = 1
    invariants:
      urgent_has_date: priority != high or due_on is not None
  Memo:
    fields:
      remark: str(1..500)
      order: ref(Order)?
"""
SPECS = Path(__file__).parents[2] / "specs"
AGGREGATES = "src/shop/domain/shop/aggregates.py"
HANDLERS = "src/shop/application/shop/handlers.py"
MAPPERS = "src/shop/application/shop/mappers.py"
ROUTES = "src/shop/interface/api/v1/orders.py"
UNIT_TESTS = "tests/unit/shop/test_aggregates.py"
OWN = "src/shop/domain/shop/pricing.py"
OWN_TESTS = "tests/unit/shop/test_pricing.py"

OWN_MODULE = '''\
"""What an order costs, and which come first."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import shop.domain.shop.aggregates as model
from shop.domain.shop.aggregates import Memo, Order
from shop.domain.shop.entities import OrderLine as Line
from shop.domain.shop.value_objects import Address, Priority

if TYPE_CHECKING:
    from shop.domain.shop.repositories import ShopUnitOfWork
    from shop.domain.shop.value_objects import OrderId

__all__ = ["Order", "cheapest", "moved"]


def cheapest(orders: Iterable[Order]) -> Order:
    """Return the order with the lowest price."""
    return min(orders, key=lambda order: (order.priority is Priority.LOW, order.total))


def moved(order: Order, city: str) -> Order:
    """Return the order, to be sent to another place."""
    order.address = dataclasses.replace(order.address, city=city)
    order.remark = f"{order.remark or ''} to {order.address.city}"
    return order


def sample(remark: str) -> "model.Order":
    """Return an order of one line."""
    address = Address(street="s", city="c")
    line = Line(product="p", price=Decimal(2), quantity=3)
    return model.Order(title="t", remark=remark, address=address, lines=[line])


def pieces(orders: Sequence[Order]) -> int:
    """Count what is ordered."""
    return sum(line.quantity for order in orders for line in order.lines)


def told(thing: object) -> str:
    """Say what a thing is about."""
    match thing:
        case Order(remark=str(text), priority=Priority.HIGH):
            return f"urgent: {text}"
        case Order(lines=[Line(quantity=many)]):
            return f"{many} pieces"
        case Memo(remark=text):
            return text
    return "remark"


async def urge(work: ShopUnitOfWork, key: OrderId) -> None:
    """Make an order urgent."""
    async with work:
        order = await work.orders.get(key)
        if order is not None:
            order.priority = Priority.HIGH
            order.remark = "urgent"
            await work.orders.save(order)
'''
OWN_TEST_MODULE = '''\
"""The owner's tests."""

from decimal import Decimal

from shop.domain.shop.aggregates import Memo, Order
from shop.domain.shop.pricing import cheapest, moved, pieces, sample, told
from shop.domain.shop.value_objects import Priority


def test_moved() -> None:
    order = moved(sample("gift"), "Rome")

    assert (order.remark, order.address.city) == ("gift to Rome", "Rome")


def test_pieces_and_prices() -> None:
    orders = [sample("a"), sample("b")]

    assert pieces(orders) == 3 * len(orders)
    assert cheapest(orders).total == Decimal(6)
    assert orders[0].priority is Priority.LOW


def test_told() -> None:
    assert told(Memo(remark="mine")) == "mine"
    assert told(sample("a")) == "3 pieces"
    assert told(Order) == "remark"


def test_urged() -> None:
    order = sample("a")
    order.urge("now")

    assert (order.remark, order.is_urgent) == ("now", True)
'''


def _aggregates(text: str) -> str:
    method = '''
    @property
    def is_urgent(self) -> bool:
        """Whether the order comes first."""
        return self.priority is Priority.HIGH

    def urge(self, remark: str) -> None:
        """Make the order urgent, say why in its remark."""
        self.remark = remark
        self.priority = Priority.HIGH
        for line in self.lines:
            line.quantity = max(1, line.quantity)
'''
    edited = text.replace(
        '        check_string("remark", self.remark, minimum=1, maximum=500)\n',
        '        check_string("remark", self.remark, minimum=1, maximum=500)\n'
        "        if self.remark is not None:\n"
        "            self.remark = self.remark.strip()\n",
        1,
    )
    start = "    def check_invariants"
    return edited.replace(start, f"{method.strip(chr(10))}\n\n{start}", 1)


def _handlers(text: str) -> str:
    hook = """async def _without_spaces(order: Order, data: OrderCreate) -> None:
    order.title = data.title.strip()
    if order.remark is None:
        order.remark = data.remark


"""
    made = "ORDER_HOOKS = ServiceHooks[Order, OrderCreate, OrderUpdate]()"
    return text.replace("# Yours to fill", f"{hook}# Yours to fill", 1).replace(
        made, f"{made[:-1]}before_create=(_without_spaces,))", 1
    )


def _mappers(text: str) -> str:
    return text.replace(
        '    if data.is_set("title"):\n        order.title = data.title\n',
        '    if data.is_set("title"):\n        order.title = data.title.strip()\n',
        1,
    ).replace('    """Return a new order line."""\n', '    """Return a line, as ordered."""\n', 1)


def _routes(text: str) -> str:
    return text + textwrap.dedent(
        '''

        @router.get("/{order_id}/again", response_model=OrderRead, operation_id="get_order_again")
        async def get_order_again(
            request: Request, order_id: OrderId, handlers: ShopDependency
        ) -> Response:
            """Read one order, a second time."""
            return await replies.one(request, handlers.order_reader, order_id)
        '''
    )


def _unit_tests(text: str) -> str:
    return text + textwrap.dedent(
        '''

        def test_there_are_keys_enough() -> None:
            """The owner's."""
            assert len(shop.ORDER.keys) > len(shop.ORDER.required)
        '''
    )


EDITS: Edits = {
    AGGREGATES: _aggregates,
    HANDLERS: _handlers,
    MAPPERS: _mappers,
    ROUTES: _routes,
    UNIT_TESTS: _unit_tests,
    OWN: OWN_MODULE,
    OWN_TESTS: OWN_TEST_MODULE,
}
RENAMES = {
    "an entity": (Rename(kind="entity", old="shop.Order", new="shop.Purchase"),),
    "a field": (Rename(kind="field", old="shop.Order.remark", new="shop.Order.note"),),
    "an enum member": (Rename(kind="member", old="shop.Priority.low", new="shop.Priority.calm"),),
    "a value type": (Rename(kind="type", old="shop.Address", new="shop.Place"),),
    "a child": (
        Rename(kind="collection", old="shop.Order.lines", new="shop.Order.positions"),
        Rename(kind="child", old="shop.OrderLine", new="shop.OrderPosition"),
    ),
    "a field of a child": (
        Rename(kind="field", old="shop.OrderLine.quantity", new="shop.OrderLine.amount"),
    ),
    "a field of a value type": (
        Rename(kind="field", old="shop.Address.city", new="shop.Address.town"),
    ),
    "a field in a renamed entity": (
        Rename(kind="entity", old="shop.Order", new="shop.Purchase"),
        Rename(kind="field", old="shop.Order.remark", new="shop.Purchase.note"),
        Rename(kind="field", old="shop.Order.title", new="shop.Purchase.label"),
    ),
    "everything at once": (
        Rename(kind="entity", old="shop.Order", new="shop.Purchase"),
        Rename(kind="field", old="shop.Order.remark", new="shop.Purchase.note"),
        Rename(kind="field", old="shop.Memo.remark", new="shop.Memo.text"),
        Rename(kind="collection", old="shop.Order.lines", new="shop.Purchase.positions"),
        Rename(kind="field", old="shop.OrderLine.quantity", new="shop.PurchaseLine.amount"),
        Rename(kind="type", old="shop.Address", new="shop.Place"),
        Rename(kind="field", old="shop.Address.city", new="shop.Place.town"),
        Rename(kind="type", old="shop.Priority", new="shop.Urgency"),
        Rename(kind="member", old="shop.Priority.low", new="shop.Urgency.calm"),
    ),
    "two that swap": (
        Rename(kind="entity", old="shop.Order", new="shop.Memo"),
        Rename(kind="entity", old="shop.Memo", new="shop.Order"),
    ),
}

CHINOOK_RENAMES = {
    "an entity of Chinook": (
        Rename(kind="entity", old="catalog.Track", new="catalog.Song"),
        Rename(kind="field", old="catalog.Track.name", new="catalog.Song.title"),
    ),
    "two of Chinook that swap": (
        Rename(kind="entity", old="catalog.Album", new="catalog.Artist"),
        Rename(kind="entity", old="catalog.Artist", new="catalog.Album"),
    ),
    "a value type of Chinook that both contexts use": (
        Rename(kind="type", old="shared.Address", new="shared.Place"),
        Rename(kind="field", old="shared.Address.city", new="shared.Place.town"),
        Rename(kind="collection", old="sales.Invoice.lines", new="sales.Invoice.entries"),
    ),
}
_RENDERED: dict[str, Rendering] = {}
"""By spec: the tests share them."""


def _chinook() -> str:
    """Return the spec of Chinook without its rows."""
    return (SPECS / "chinook.yaml").read_text().partition("\nseeds:")[0]


def _python_of(rendering: Rendering) -> list[RenderedFile]:
    """Return the modules that their owner may edit, but for the migrations."""
    return [
        file
        for file in rendering.files
        if file.path.endswith(".py")
        and file.file_class is FileClass.MERGED
        and not file.path.startswith("migrations/versions/")
    ]


def _statements(text: str) -> list[str]:
    return [ast.dump(one) for one in ast.parse(text).body if not is_import(one)]


def _imports(text: str) -> set[tuple[str | None, str, str | None]]:
    """Return what is imported, in any order: module, name, alias."""
    return {
        (getattr(node, "module", None), alias.name, alias.asname)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _rendered(spec: str, folder: Path) -> Rendering:
    if spec in _RENDERED:
        return _RENDERED[spec]
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "apigen.yaml"
    place.write_text(spec)
    judgement = judge(place)
    assert judgement.system is not None, judgement.diagnostics
    _RENDERED[spec] = render_system(judgement.system, spec_folder=folder)
    return _RENDERED[spec]


def _edited(old: Rendering, edits: Edits) -> dict[str, str | bytes | None]:
    texts = {file.path: file.text for file in old.files if file.path in edits}
    result: dict[str, str | bytes | None] = {}
    for path, edit in edits.items():
        result[path] = edit if isinstance(edit, str) else edit(texts[path])
        assert result[path] != texts.get(path)
    return result


def _carried(name: str, folder: Path) -> tuple[Rendering, Rendering, Renamed]:
    """Return the last run's rendering, the renamed one and the edited project after the renames."""
    renames = RENAMES[name]
    old = _rendered(SHOP, folder / "old")
    new = _rendered(renamed({"apigen.yaml": SHOP}, renames)["apigen.yaml"], folder / "new")
    return old, new, carried(old, new, _edited(old, EDITS), renames=renames)


def _write(found: Renamed, new: Rendering, project: Path) -> None:
    """Write a project as it is once merged: today's rendering, yours where there is yours."""
    texts = {file.path: file.content for file in new.files}
    worktree = found.worktree
    for path in worktree.files():
        if not path.startswith("migrations/versions"):
            texts[path] = worktree.content(path)
    for path, content in texts.items():
        place = project / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


@pytest.mark.parametrize("name", RENAMES)
def test_what_nobody_edited_becomes_what_the_renamed_spec_makes(name: str, tmp_path: Path) -> None:
    """Base and yours of every file, at its new place: nothing is left to merge."""
    old, new, found = _carried(name, tmp_path)

    edited = {found.worktree.moves.get(path, path) for path in EDITS}
    for file in new.files:
        if file.file_class is FileClass.MERGED and not file.path.startswith("migrations/"):
            assert found.worktree.base(file.path) == file.content, file.path
            entry = found.manifest.entries[file.path]
            assert (entry.sha256, entry.elements) == (digest(file.content), file.elements)
            if file.path not in edited:
                assert found.worktree.content(file.path) == file.content, file.path
    assert found.blocked == ()
    assert len(found.manifest.entries) == len(old.files)


@pytest.mark.parametrize("name", [*RENAMES, *CHINOOK_RENAMES])
def test_an_edit_elsewhere_in_a_file_keeps_nothing_from_its_new_names(
    name: str, tmp_path: Path
) -> None:
    """With something added to every file, each statement is what the renamed spec makes."""
    renames = RENAMES.get(name) or CHINOOK_RENAMES[name]
    spec = SHOP if name in RENAMES else _chinook()
    old = _rendered(spec, tmp_path / "old")
    new = _rendered(renamed({"apigen.yaml": spec}, renames)["apigen.yaml"], tmp_path / "new")
    own: dict[str, str | bytes | None] = {
        file.path: f"{file.text}\n\n# Mine.\nMINE = 1\n" for file in _python_of(old)
    }

    found = carried(old, new, own, renames=renames)

    assert found.blocked == ()
    assert found.mentions == ()
    assert len(_python_of(new)) == len(own)
    for file in _python_of(new):
        after = found.worktree.content(file.path).decode()
        assert after.endswith("\n\n# Mine.\nMINE = 1\n")
        assert _imports(after) == _imports(file.text), file.path
        assert _statements(after)[:-1] == _statements(file.text), file.path


@pytest.mark.parametrize("name", RENAMES)
def test_no_reference_of_the_owners_is_in_doubt(name: str, tmp_path: Path) -> None:
    _, _, found = _carried(name, tmp_path)

    assert [mention for mention in found.mentions if mention.why is Why.DOUBT] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["an entity", "everything at once", "two that swap"])
def test_a_project_with_edits_in_every_layer_works_after_a_rename(
    name: str, tmp_path: Path
) -> None:
    """Type check and tests, the owner's among them."""
    _, new, found = _carried(name, tmp_path)
    project = tmp_path / "project"

    _write(found, new, project)

    assert_clean(run(BIN / "mypy", "--strict", "src", "tests", cwd=project))
    assert_clean(run(BIN / "pytest", "-q", "-x", "tests/unit", "tests/e2e", cwd=project))
