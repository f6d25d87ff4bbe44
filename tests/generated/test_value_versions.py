"""Value objects whose parts versions of the API have otherwise, in a served project."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.generated.projects import assert_clean, generate, run
from tests.generated.servers import Server, served

pytestmark = pytest.mark.slow

SPEC = """\
apigen: 1
app: depot
api: { versions: { v1: , v2: } }
types:
  Weight: { fields: { grams: int(0..), scale: str(1..20)? since=v2 } }
  Size:
    fields:
      width: int(1..999)
      depth: int(1..999)? since=v2
      code: str(1..10)? until=v2
      weight: Weight?
    invariants: { flat: depth is None or depth <= width }
  Spot: { store: json, fields: { aisle: str(1..8), level: int since=v2 = 1 } }
  Card: { fields: { number: str(4..19), holder: str(1..40)? since=v2 } }
  Cash: { fields: { holder: str(1..40) } }
  Payment: { one_of: { card: Card, cash: Cash } }
entities:
  Product:
    audit: true
    fields:
      name: str(1..80)
      size: Size
      spots: list(Spot)
      places: map(Spot)?
      paid: Payment?
      usual: { type: Size, default: { width: 9, depth: 7 } }
    children:
      boxes: { nested: write, fields: { size: Size } }
    events: { ProductResized: [size] }
    commands:
      resize: { input: { size: Size }, set: { size: input.size }, emits: ProductResized }
    api:
      operations: [list, get, create, update, history]
      filters: { size.depth: [gte], size.width: [gte] }
      sort: [size.depth, size.width]
"""
NEW: dict[str, Any] = {
    "name": "Chest",
    "size": {"width": 9, "depth": 3, "weight": {"grams": 5, "scale": "kitchen"}},
    "spots": [{"aisle": "A", "level": 4}, {"aisle": "B", "level": 5}],
    "places": {"shop": {"aisle": "C", "level": 6}},
    "paid": {"kind": "card", "number": "4000", "holder": "Ann"},
    "boxes": [{"size": {"width": 8, "depth": 2}}],
}
OLD: dict[str, Any] = {
    "name": "Chest",
    "size": {"width": 9, "code": None, "weight": {"grams": 5}},
    "spots": [{"aisle": "A"}, {"aisle": "B"}],
    "places": {"shop": {"aisle": "C"}},
    "paid": {"kind": "card", "number": "4000"},
    "usual": {"width": 9, "code": None, "weight": None},
}
"""What clients of v1 see of it."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, on an empty database."""
    folder = tmp_path_factory.mktemp("values")
    spec, made = folder / "depot.yaml", folder / "project"
    spec.write_text(SPEC, encoding="utf-8")
    generate(spec, made)
    assert_clean(run(sys.executable, "-m", "scripts.cli.commands", "db", "upgrade", cwd=made))
    return made


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[Server]:
    """The project, served."""
    with served(project, "depot") as running:
        yield running


@pytest.fixture
def path(server: Server) -> str:
    """The path of a new product, below that of a version."""
    made = server.call("POST", "/api/v2/products", NEW)
    assert made.status == 201, made
    return f"products/{made.body['id']}"


def _known(body: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in body.items() if key in OLD}


@pytest.mark.criterion("R21.1")
def test_a_version_shows_the_parts_that_it_has(server: Server, path: str) -> None:
    """In rows, in lists, in children, in collections and unions, in columns and in JSON."""
    seen = server.call("GET", f"/api/v1/{path}").body
    listed = server.call("GET", "/api/v1/products?size=100&sort=-created_at").body["items"][0]

    assert _known(seen) == OLD == _known(listed)
    assert seen["boxes"][0]["size"] == {"width": 8, "code": None, "weight": None}
    newest = server.call("GET", f"/api/v2/{path}").body
    assert newest["size"] == NEW["size"]
    assert newest["usual"] == {"width": 9, "depth": 7, "weight": None}


@pytest.mark.parametrize("change", [{"size": {"width": 4, "depth": 1}}, {"spots": [{"level": 2}]}])
def test_a_version_takes_no_part_that_it_lacks(
    server: Server, path: str, change: dict[str, object]
) -> None:
    answer = server.call("PATCH", f"/api/v1/{path}", change)

    assert answer.status == 422, answer
    assert "extra_forbidden" in {error["code"] for error in answer.body["errors"]}


@pytest.mark.criterion("R21.1")
def test_a_write_keeps_the_parts_that_its_version_does_not_know(server: Server, path: str) -> None:
    """What is sent again as it was is what it was; what is new has defaults."""
    row = server.call("GET", f"/api/v1/{path}").body
    change = {
        "size": {**OLD["size"], "width": 5, "code": "S", "weight": {"grams": 6}},
        "spots": [{"aisle": "B"}, {"aisle": "Z"}, {"aisle": "A"}],
        "places": {"shop": {"aisle": "D"}, "yard": {"aisle": "E"}},
        "paid": {"kind": "card", "number": "5000"},
        "boxes": [{"id": row["boxes"][0]["id"], "size": {"width": 7}}, {"size": {"width": 6}}],
    }
    answer = server.call("PATCH", f"/api/v1/{path}", change)

    assert answer.status == 200, answer
    newest = server.call("GET", f"/api/v2/{path}").body
    weight = {"grams": 6, "scale": "kitchen"}
    assert newest["size"] == {"width": 5, "depth": 3, "weight": weight}
    assert newest["spots"] == [
        {"aisle": "B", "level": 5},
        {"aisle": "Z", "level": 1},
        {"aisle": "A", "level": 4},
    ]
    assert newest["places"] == {
        "shop": {"aisle": "D", "level": 6},
        "yard": {"aisle": "E", "level": 1},
    }
    assert newest["paid"] == {"kind": "card", "number": "5000", "holder": "Ann"}
    assert [box["size"]["depth"] for box in newest["boxes"]] == [2, None]
    # So do writes of the newest version with what it has no more.
    sent = {"size": {"width": 6, "depth": 6}}
    assert server.call("PATCH", f"/api/v2/{path}", sent).status == 200
    assert server.call("GET", f"/api/v1/{path}").body["size"]["code"] == "S"


def test_a_rule_of_a_value_is_kept_whatever_a_version_knows(server: Server, path: str) -> None:
    answer = server.call("PATCH", f"/api/v1/{path}", {"size": {"width": 2}})

    assert answer.status == 422, answer
    assert answer.body["code"] == "flat"


def test_lists_are_asked_for_parts_that_the_version_has(server: Server, path: str) -> None:
    for asked in ("size.depth[gte]=1", "sort=size.depth"):
        assert server.call("GET", f"/api/v2/products?{asked}").status == 200
        assert server.call("GET", f"/api/v1/products?{asked}").status == 422
    assert server.call("GET", "/api/v1/products?sort=size.width").status == 200


def test_the_past_is_told_without_what_a_version_lacks(server: Server, path: str) -> None:
    def told(version: str) -> dict[str, object]:
        answer = server.call("GET", f"/api/{version}/{path}/history")
        changes: dict[str, object] = answer.body[0]["changes"]
        return changes

    assert {"size.depth", "size.weight.scale"} <= set(told("v2"))
    assert not {"size.depth", "size.weight.scale"} & set(told("v1"))
    assert told("v1")["spots"] == {"from": None, "to": OLD["spots"]}


def test_commands_take_what_their_version_knows_and_events_tell_everything(
    server: Server, project: Path, path: str
) -> None:
    small = {"width": 3, "code": "T"}
    assert server.call("POST", f"/api/v1/{path}/resize", {"size": small}).status == 200

    refused = server.call("POST", f"/api/v1/{path}/resize", {"size": {"width": 3, "depth": 1}})
    assert refused.status == 422, refused
    newest = server.call("GET", f"/api/v2/{path}").body["size"]
    assert newest == {"width": 3, "depth": None, "weight": None}
    with closing(sqlite3.connect(project / "depot.db")) as database:
        told = database.execute(
            "SELECT body FROM outbox_events WHERE event_type = 'depot.Product.ProductResized'"
        ).fetchone()
    assert json.loads(told[0])["payload"]["size"] == {
        "width": 3,
        "depth": None,
        "code": "T",
        "weight": None,
    }


def test_documents_say_so(server: Server) -> None:
    document = server.call("GET", "/openapi.json").body

    def resolved(schema: dict[str, Any]) -> dict[str, Any]:
        reference = schema.get("$ref", "").rpartition("/")[2]
        found: dict[str, Any] = document["components"]["schemas"].get(reference, schema)
        return found

    def parts(version: str) -> set[str]:
        sent = document["paths"][f"/api/{version}/products"]["post"]["requestBody"]
        payload = resolved(sent["content"]["application/json"]["schema"])
        return set(resolved(payload["properties"]["size"])["properties"])

    assert parts("v1") == {"width", "code", "weight"}
    assert parts("v2") == {"width", "depth", "weight"}
