"""What versions of the API have fields that others lack: names, paths, what stays shared."""

from pathlib import Path

import pytest

from apigen.ir.field import Surface
from apigen.ir.system import System
from apigen.plan import application, interface, plan
from apigen.render.renderer import render
from apigen.views.application import dtos
from apigen.views.application.hidden_paths import hidden_paths
from apigen.views.versions.systems import (
    older_systems,
    payload_ending,
    system_in,
    with_versions,
)
from tests.unit.views.specs import judged

SPEC = """
apigen: 1
app: shop
api: { versions: { v1: , v2: , v3: } }
entities:
  Customer:
    fields:
      name: str(1..80)
      email: email? since=v3
  Order:
    fields:
      customer: ref(Customer)
      code: str(1..20)? until=v2 search
      note: str(1..20)? since=v2 search
      total: int readonly since=v3 = 0
    children:
      lines:
        nested: write
        fields: { sku: str(1..20), gift: bool since=v2 = false }
    commands:
      close: { handler: custom, input: { why: str(1..20)? since=v3 } }
    queries:
      open: { where: total > input.least, input: { least: { type: int, default: 1, since: v3 } } }
    api: { expand: [customer] }
  Plain: { fields: { name: str(1..80) } }
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    return with_versions(judged(tmp_path_factory.mktemp("spec"), SPEC))


@pytest.fixture(scope="module")
def made(system: System, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the text of the files that clients of a version notice, by path."""
    (context,) = system.contexts
    layers = (application, interface)
    planned = tuple(file for layer in layers for file in layer.context_files(system, context))
    made = render(planned, package="shop", spec_folder=tmp_path_factory.mktemp("made"))
    return {file.path.removeprefix("src/shop/"): file.text for file in made.files}


def test_where_all_versions_have_all_fields_there_is_one_system(tmp_path: Path) -> None:
    system = judged(
        tmp_path,
        "apigen: 1\napp: shop\napi: { versions: { v1: , v2: } }\n"
        "entities:\n  Note: { since: v2, fields: { title: str(1..80) } }\n",
    )

    assert with_versions(system) is system
    assert older_systems(system) == {}


@pytest.mark.parametrize(
    ("version", "sent", "shown"),
    [
        ("v1", {"customer_id", "code"}, {"customer_id", "code"}),
        ("v2", {"customer_id", "note"}, {"customer_id", "note"}),
        ("v3", {"customer_id", "note"}, {"customer_id", "note", "total"}),
    ],
)
def test_a_version_sends_and_shows_what_it_knows(
    system: System, version: str, sent: set[str], shown: set[str]
) -> None:
    order = system_in(system, version).entities["shop.Order"]

    fields = [field for field in order.fields if field.origin == "user"]
    assert {field.attribute for field in fields if Surface.CREATE in field.writes} == sent
    assert {field.attribute for field in fields if field.reads} == shown
    assert order.resource is not None
    asked = {one.path[0] for one in order.resource.filters}
    assert asked & {"code", "note", "total"} == shown - {"customer_id"}


@pytest.mark.parametrize(
    ("version", "inputs", "reads", "resources"),
    [
        (
            "v1",
            {"shop.Order": "V1", "shop.OrderLine": "V1", "shop.Customer": "V2"}
            | {"shop.Order.close": "V2"},
            {"shop.Order": "V1", "shop.OrderLine": "V1", "shop.Customer": "V2"},
            {"shop.Order": "V1", "shop.Customer": "V2"},
        ),
        (
            "v2",
            {"shop.Customer": "V2", "shop.Order.close": "V2"},
            {"shop.Order": "V2", "shop.Customer": "V2"},
            {"shop.Order": "V2", "shop.Customer": "V2"},
        ),
        ("v3", {}, {}, {}),
    ],
)
def test_names_end_in_a_version_only_where_it_is_different(
    system: System,
    version: str,
    inputs: dict[str, str],
    reads: dict[str, str],
    resources: dict[str, str],
) -> None:
    seen = system_in(system, version)

    assert seen.input_endings == inputs
    assert seen.read_endings == reads
    assert seen.resource_endings == resources


def test_the_payloads_of_a_case_are_named_after_what_is_different_first(system: System) -> None:
    seen = system_in(system, "v1")

    assert payload_ending(seen, seen.entities["shop.Order"]) == "V1"
    assert payload_ending(seen, seen.entities["shop.Customer"]) == "V2"
    assert payload_ending(seen, seen.entities["shop.Plain"]) == ""


@pytest.mark.parametrize(
    ("version", "paths"),
    [
        ("v1", {("note",), ("total",), ("lines", "gift"), ("customer", "email")}),
        ("v2", {("code",), ("total",), ("customer", "email")}),
        ("v3", {("code",)}),
    ],
)
def test_the_read_side_hides_the_rest(
    system: System, version: str, paths: set[tuple[str, ...]]
) -> None:
    seen = system_in(system, version)

    assert set(hidden_paths(seen, seen.entities["shop.Order"])) == paths


@pytest.mark.criterion("R21.2")
def test_a_version_that_is_different_has_a_router_of_its_own(made: dict[str, str]) -> None:
    routers = {
        path: "router = ResourceRouter(" in text
        for path, text in made.items()
        if path.startswith("interface/api/v")
    }

    assert routers == {
        "interface/api/v1/customers.py": False,
        "interface/api/v2/customers.py": True,
        "interface/api/v3/customers.py": True,
        "interface/api/v1/orders.py": True,
        "interface/api/v2/orders.py": True,
        "interface/api/v3/orders.py": True,
        "interface/api/v1/plains.py": False,
        "interface/api/v2/plains.py": False,
        "interface/api/v3/plains.py": True,
    }
    older = made["interface/api/v2/orders.py"]
    assert "data: OrderCreate," in older
    assert "response_model=OrderReadV2" in older
    assert "close_order_from_input_v2(" in older
    assert "hidden=" in older
    assert '("code",)' in older
    assert '("gift",)' not in older
    assert "least" not in older
    assert "least" in made["interface/api/v3/orders.py"]


def test_a_payload_leaves_alone_what_its_version_does_not_know(made: dict[str, str]) -> None:
    mappers = made["application/shop/mappers.py"]

    functions = {
        name: mappers.partition(f"def {name}(")[2].partition("\n\n\n")[0]
        for name in ("apply_order_update_v1", "change_order_line_v1", "apply_any_order_update")
    }
    assert "order.code = data.code" in functions["apply_order_update_v1"]
    assert "note" not in functions["apply_order_update_v1"]
    assert "change=change_order_line_v1" in functions["apply_order_update_v1"]
    assert "gift" not in functions["change_order_line_v1"]
    assert "case OrderUpdateV1():" in functions["apply_any_order_update"]
    assert "OrderUpdateV2" not in mappers


def test_the_domain_and_the_tables_have_every_field(system: System, tmp_path: Path) -> None:
    complete = system.versions
    assert complete is not None
    planned = plan.context_files(complete.complete, complete.complete.contexts[0])
    made = render(planned, package="shop", spec_folder=tmp_path)

    texts = {file.path.removeprefix("src/shop/"): file.text for file in made.files}
    for module in ("domain/shop/aggregates.py", "infrastructure/persistence/shop/read_models.py"):
        assert all(name in texts[module] for name in ("code", "note", "total"))


def test_what_nobody_sends_of_many_is_empty(tmp_path: Path) -> None:
    found = judged(
        tmp_path,
        "apigen: 1\napp: shop\napi: { versions: { v1: , v2: } }\nentities:\n"
        "  Label: { fields: { name: str(1..20) } }\n"
        "  Note: { fields: { a: many(Label) readonly, b: many(Label) since=v2 } }\n",
    )
    system = with_versions(found)
    planned = application.context_files(system, system.contexts[0])

    made = render(planned, package="shop", spec_folder=tmp_path)

    mappers = next(file.text for file in made.files if file.path.endswith("/mappers.py"))
    calls = {
        name: "".join(mappers.partition(f"def {name}(")[2].partition("\n\n\n")[0].split())
        for name in ("note_from_create", "note_from_create_v1")
    }
    assert calls["note_from_create"].endswith("returnNote(b=data.b,a=frozenset(),)")
    assert calls["note_from_create_v1"].endswith("returnNote(a=frozenset(),b=frozenset(),)")


def test_a_query_is_served_in_the_versions_that_have_it(tmp_path: Path) -> None:
    found = judged(
        tmp_path,
        "apigen: 1\napp: shop\napi: { versions: { v1: , v2: , v3: } }\nentities:\n"
        "  Note:\n    fields: { n: int, m: int? since=v2 }\n"
        "    queries: { big: { where: n > 5, since: v3 }, old: { where: n > 5, until: v2 } }\n",
    )
    system = with_versions(found)
    planned = tuple(interface.context_files(system, system.contexts[0]))

    made = render(planned, package="shop", spec_folder=tmp_path)

    texts = {file.path.removeprefix("src/shop/interface/api/"): file.text for file in made.files}
    newest, oldest = texts["v3/notes.py"], texts["v1/notes.py"]
    assert '@served_in("v3")\nasync def big_notes(' in newest
    assert "def old_notes(" not in newest
    assert "@served_in" not in oldest
    assert "def old_notes(" in oldest
    assert "def big_notes(" not in oldest
    assert "from shop.interface.api.v3.notes import router" in texts["v2/notes.py"]


def test_what_is_embedded_is_shared_as_far_as_it_is_the_same(tmp_path: Path) -> None:
    found = judged(
        tmp_path,
        "apigen: 1\napp: shop\napi: { versions: { v1: , v2: } }\nentities:\n"
        "  Maker: { fields: { name: str(1..20) } }\n"
        "  Product: { fields: { maker: ref(Maker), code: str? since=v2 } }\n"
        "  Order:\n    fields: { product: ref(Product), maker: ref(Maker), n: int? since=v2 }\n"
        "    children: { parts: { fields: { maker: ref(Maker) } } }\n"
        "    api: { expand: [product.maker, maker, parts.maker] }\n",
    )
    system = with_versions(found)

    names = {one.name for one in dtos.dto_module(system, system.contexts[0]).classes}

    assert {name for name in names if name.endswith("V1") and "Exp" in name} == {
        "OrderExpandedV1",
        "OrderExpansionsV1",
        "OrderProductExpandedV1",
    }
    assert {"OrderProductExpansions", "OrderPartsExpanded", "OrderPartsExpansions"} <= names
