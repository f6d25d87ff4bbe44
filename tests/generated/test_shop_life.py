"""The shop, served: a customer orders, is refused what is not theirs, is paid for, and shipped.

On SQLite, and on PostgreSQL when TEST_DATABASE_URL names a server.
"""

import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.generated.projects import Projects, assert_clean, run
from tests.generated.servers import Answer, Server, served

pytestmark = pytest.mark.slow

API = "/api/v2"
ADDRESS = {"line1": "Long Street 1", "city": "Ghent", "postcode": "9000", "country": "BE"}
PAID = """\
import asyncio, sys
from shop.bootstrap import bootstrap
from shop.application.shop.commands import PayOrder
from shop.core.settings import Settings
from shop.support.core.actor import SYSTEM
from shop.support.core.context import ExecutionContext, bound_context

async def main() -> None:
    wiring = bootstrap(Settings())
    with bound_context(ExecutionContext(actor=SYSTEM, correlation_id="paid-by-script")):
        print(await wiring.commands.dispatch(PayOrder(id=sys.argv[1])))
    await wiring.engine.dispose()

asyncio.run(main())
"""
EVENTS = """\
import asyncio, json
import sqlalchemy as sa
from shop.bootstrap import bootstrap
from shop.core.settings import Settings

async def main() -> None:
    wiring = bootstrap(Settings())
    async with wiring.engine.connect() as connection:
        rows = await connection.execute(
            sa.text("SELECT body, published_at FROM outbox_events ORDER BY created_at, id")
        )
        print(json.dumps([[json.loads(body), at is not None] for body, at in rows]))
    await wiring.engine.dispose()

asyncio.run(main())
"""
LOGGED = EVENTS.replace(
    "SELECT body, published_at FROM outbox_events ORDER BY created_at, id",
    "SELECT operation || ' ' || CAST(changes AS TEXT), operation FROM customers_changes",
).replace("json.loads(body)", "str(body)")
"""Prints the log of customers as it is stored."""
LONG_AGO = """\
import asyncio
import sqlalchemy as sa
from shop.bootstrap import bootstrap
from shop.core.settings import Settings
from shop.infrastructure.persistence.shop.rows import CustomerRow
from shop.support.core.clock import utc_now
from datetime import timedelta

async def main() -> None:
    wiring = bootstrap(Settings())
    async with wiring.engine.begin() as connection:
        at = utc_now() - timedelta(days=366)
        await connection.execute(sa.update(CustomerRow).values(is_deleted=True, deleted_at=at))
    await wiring.engine.dispose()

asyncio.run(main())
"""
EVERYTHING = """\
import asyncio
import sqlalchemy as sa
from shop.bootstrap import bootstrap
from shop.core.settings import Settings
from shop.infrastructure.persistence.session import Row
from shop.infrastructure.persistence.shop import rows

async def main() -> None:
    wiring = bootstrap(Settings())
    async with wiring.engine.connect() as connection:
        for table in Row.metadata.sorted_tables:
            for row in await connection.execute(sa.text(f"SELECT * FROM {table.name}")):
                print(table.name, [bytes(one) if isinstance(one, bytes) else one for one in row])
    await wiring.engine.dispose()

asyncio.run(main())
"""
"""Prints every row of every table as it is stored."""
EXCHANGED = """\
import asyncio, sys
import sqlalchemy as sa
from shop.bootstrap import bootstrap
from shop.core.settings import Settings

async def main() -> None:
    wiring = bootstrap(Settings())
    async with wiring.engine.begin() as connection:
        await connection.execute(
            sa.text("UPDATE customers SET phone = (SELECT other.phone FROM customers other"
                    " WHERE other.id = :one) WHERE id = :other"),
            {"one": sys.argv[1], "other": sys.argv[2]},
        )
    await wiring.engine.dispose()

asyncio.run(main())
"""
"""Gives the second customer the phone of the first, as it is stored."""
WAIT_S = 20.0


class Shop:
    """A served shop, and those who ask it."""

    def __init__(self, project: Path, server: Server, settings: dict[str, str]) -> None:
        """Ask `server`, which serves `project`."""
        self._project = project
        self._server = server
        self._settings = settings

    def token(self, subject: str, *roles: str) -> str:
        """Return a development token, as a developer gets one."""
        asked = [part for role in roles for part in ("--role", role)]
        done = self.script("-m", "scripts.cli.commands", "token", "--sub", subject, *asked)
        return done.split()[-1]

    def script(self, *arguments: str) -> str:
        """Run something in the project, and return what it prints."""
        done = run(sys.executable, *arguments, cwd=self._project, **self._settings)
        assert_clean(done)
        return done.stdout

    def ask(
        self, token: str, method: str, path: str, body: object = None, *, api: str = API
    ) -> Answer:
        """Ask with a token, or without one when it is empty."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        return self._server.call(method, api + path, body, headers)

    def log(self, event: str) -> str:
        """Return what the server has logged, a line about an event included."""
        return self._server.said(event)

    def events(self) -> list[Any]:  # JSON: events as they are stored, and whether delivered
        """Return what is in the outbox."""
        import json

        found = json.loads(self.script("-c", EVENTS))
        assert isinstance(found, list)
        return found


@pytest.fixture(scope="module")
def shop(projects: Projects, url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Serve a shop on an empty, migrated database."""
    project = projects.copy("shop", tmp_path_factory.mktemp("served"))
    settings = {
        "DATABASE_URL": url,
        "JWT_ISSUER": "http://localhost:8000",
        "JWT_JWKS_URL": "file:.dev/jwks.json",
        "MESSAGING__POLL_S": "0.1",
    }
    assert_clean(
        run(sys.executable, "-m", "scripts.cli.commands", "db", "upgrade", cwd=project, **settings)
    )
    with served(project, "shop", **settings) as server:
        yield Shop(project, server, settings)


def assert_only_v2_tracks(shop: Shop, ada: str, clerk: str, id: str) -> None:
    """A field with `since: v2` is in all that v2 answers, and in nothing that v1 does."""
    older, newer = "/api/v1", "/api/v2"
    before = shop.ask(ada, "GET", f"/orders/{id}", api=older)
    after = shop.ask(ada, "GET", f"/orders/{id}", api=newer)
    assert after.body["tracking_code"] == "T-1"
    assert before.body == {k: v for k, v in after.body.items() if k != "tracking_code"}
    assert before.headers["etag"] == after.headers["etag"]

    for api, is_known in ((older, False), (newer, True)):
        listed = shop.ask(ada, "GET", "/orders", api=api).body["items"]
        assert [("tracking_code" in item) for item in listed] == [is_known]
        found = shop.ask(ada, "GET", "/orders?tracking_code=T-1", api=api)
        assert found.status == (200 if is_known else 422)
        ordered = shop.ask(ada, "GET", "/orders?sort=tracking_code", api=api)
        assert ordered.status == (200 if is_known else 422)
        changed = shop.ask(ada, "PATCH", f"/orders/{id}", {"note": api}, api=api)
        assert changed.status == 200, changed.body
        assert ("tracking_code" in changed.body) is is_known
        asked = shop.ask(clerk, "GET", "/orders/waiting?days=1", api=api)
        assert (asked.status, asked.body["items"]) == (200, [])
    assert shop.ask(ada, "GET", f"/orders/{id}").body["tracking_code"] == "T-1"

    schemas = shop.ask("", "GET", "/openapi.json", api="").body["components"]["schemas"]
    assert "tracking_code" in schemas["OrderRead"]["properties"]
    assert "tracking_code" not in schemas["OrderReadV1"]["properties"]


def assert_past(shop: Shop, ada: str, id: str) -> None:
    """Who did what is one list, moves and other changes; a version is told of its fields only."""
    past = shop.ask(ada, "GET", f"/orders/{id}/history").body

    told = [(one["operation"], one["actor_id"], one["to_state"]) for one in past]
    assert told == [
        ("create", "ada", "draft"),
        ("update", "clerk", None),
        ("update", "ada", "placed"),
        ("update", None, "paid"),
        ("update", "clerk", "shipped"),
        ("update", "ada", None),
        ("update", "ada", None),
    ]
    made, added, *_, shipped, _, noted = (one["changes"] for one in past)
    assert made["shipping_address"] == {"from": None, "to": "***"}
    assert [path.rpartition(".")[2] for path in added if path.startswith("lines.")]
    assert added["total.amount"]["to"] == "13.8000"
    assert shipped["tracking_code"] == {"from": None, "to": "T-1"}
    assert noted == {"note": {"from": "/api/v1", "to": "/api/v2"}}
    older = shop.ask(ada, "GET", f"/orders/{id}/history", api="/api/v1").body
    assert len(older) == len(past)
    assert all("tracking_code" not in one["changes"] for one in older)
    assert shop.ask(ada, "GET", f"/orders/{id}").body["updated_by"] == "ada"


@pytest.mark.criterion("R15.1", "R15.2", "R16.4", "R21.2", "R59.1", "R59.2")
def test_an_order_from_signing_in_to_shipping(shop: Shop) -> None:
    ada, bob = shop.token("ada", "customer"), shop.token("bob", "customer")
    clerk = shop.token("clerk", "staff")

    # Ada signs in and says who she is; nobody else can be her.
    customer = shop.ask(
        ada,
        "POST",
        "/customers",
        {"email": "ada@example.com", "name": "Ada", "shipping_address": ADDRESS},
    )
    assert customer.status == 201, customer.body
    assert shop.ask("", "GET", "/customers").status == 401
    assert shop.ask(bob, "GET", f"/customers/{customer.body['id']}").status == 404
    assert shop.ask(bob, "GET", "/customers").body["items"] == []

    # The catalogue is the staff's to write and everybody's to read.
    product = {
        "sku": "TEA-1",
        "name": "Tea",
        "price": {"amount": "6.90", "currency": "EUR"},
        "categories": [],
    }
    assert shop.ask(ada, "POST", "/products", product).status == 403
    assert shop.ask(clerk, "POST", "/products", product).status == 201
    assert shop.ask("", "GET", "/products/TEA-1").status == 200
    published = shop.ask(clerk, "POST", "/products/TEA-1/publish")
    assert (published.status, published.body["status"]) == (200, "active")

    # Ada orders; an order without lines is not placed, and not by Bob.
    mine = {"customer_id": customer.body["id"], "shipping_address": ADDRESS}
    order = shop.ask(ada, "POST", "/orders", mine)
    assert order.status == 201, order.body
    assert shop.ask(bob, "POST", "/orders", mine).status == 403
    place = f"/orders/{order.body['id']}"
    empty = shop.ask(ada, "POST", f"{place}/place")
    assert (empty.status, empty.body["code"]) == (422, "empty_order")
    assert shop.ask(bob, "POST", f"{place}/place").status == 404
    line = {"product_id": "TEA-1", "quantity": 2}
    assert shop.ask(ada, "POST", f"{place}/add-line", line).status == 403
    added = shop.ask(clerk, "POST", f"{place}/add-line", line)
    assert (added.status, len(added.body["lines"])) == (200, 1), added.body
    placed = shop.ask(ada, "POST", f"{place}/place")
    assert (placed.status, placed.body["status"]) == (200, "placed"), placed.body

    # It is shipped when it is paid for, and not before.
    parcel = {"carrier": "Post", "tracking_code": "T-1"}
    early = shop.ask(clerk, "POST", f"{place}/ship", parcel)
    assert (early.status, early.body["code"]) == (409, "invalid_state")
    assert shop.ask(ada, "POST", f"{place}/ship", parcel).status == 403
    shop.script("-c", PAID, order.body["id"])
    shipped = shop.ask(clerk, "POST", f"{place}/ship", parcel)
    assert (shipped.status, shipped.body["status"]) == (200, "shipped"), shipped.body
    assert_only_v2_tracks(shop, ada, clerk, order.body["id"])
    assert_past(shop, ada, order.body["id"])
    assert customer.body["created_by"] == "ada"
    assert "ada@example.com" not in shop.script("-c", LOGGED)

    # Each has told what happened in its own transaction; it was delivered, and points were given.
    deadline = time.monotonic() + WAIT_S
    events = shop.events()
    while time.monotonic() < deadline and not all(delivered for _, delivered in events):
        time.sleep(0.2)
        events = shop.events()
    assert [event["type"].rpartition(".")[2] for event, _ in events] == [
        "ProductPublished",
        "OrderPlaced",
        "OrderPaid",
        "OrderShipped",
    ]
    assert all(delivered for _, delivered in events)
    known = shop.ask(ada, "GET", f"/customers/{customer.body['id']}").body
    assert known["loyalty_points"] == 14


def test_customers_who_left_a_year_ago_are_forgotten(shop: Shop) -> None:
    """Those with orders stay, because orders refer to them."""
    ada, dora = shop.token("ada", "customer"), shop.token("dora", "customer")
    for token, name in ((ada, "ada"), (dora, "dora")):
        person = {"email": f"{name}@example.com", "name": name, "shipping_address": ADDRESS}
        assert shop.ask(token, "POST", "/customers", person).status in (201, 409)
    mine = shop.ask(ada, "GET", "/customers").body["items"][0]["id"]
    ordered = {"customer_id": mine, "shipping_address": ADDRESS}
    assert shop.ask(ada, "POST", "/orders", ordered).status == 201
    shop.script("-c", LONG_AGO)

    purge = ("-m", "scripts.cli.commands", "db", "purge")
    counted = shop.script(*purge, "--dry-run")
    removed = shop.script(*purge)
    again = shop.script(*purge)

    kept = "1 kept: other rows refer to them"
    assert counted.splitlines()[-1] == f"customer: 1 would be removed, {kept}"
    assert removed.splitlines()[-1] == f"customer: 1 removed, {kept}"
    assert again.splitlines()[-1] == f"customer: 0 removed, {kept}"
    assert "example.com" not in shop.script("-c", LOGGED)
    assert "purge" in shop.script("-c", LOGGED)


@pytest.mark.criterion("R15.1")
def test_what_is_not_a_token_is_refused(shop: Shop) -> None:
    for token in ("x", "a.b.c", shop.token("eve")[:-4] + "AAAA"):
        refused = shop.ask(token, "GET", "/products")

        assert refused.status == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.criterion("R15.3", "R12.3")
def test_phones_are_stored_nowhere_in_the_clear(shop: Shop) -> None:
    people = {}
    for number, name in enumerate(("flo", "gus")):
        token, phone = shop.token(name, "customer"), f"+4915112345{number}00"
        person = {"email": f"{name}@example.com", "name": name, "phone": phone}
        made = shop.ask(token, "POST", "/customers", person)
        assert (made.status, made.body["phone"]) == (201, phone), made.body
        people[name] = (token, made.body["id"], phone)
    token, id_, phone = people["flo"]
    path = f"/customers/{id_}"

    # Neither in the row, nor in the answer that is kept, in the log of changes or in events.
    stored = shop.script("-c", EVERYTHING)
    assert "flo@example.com" in stored
    assert "idempotency_keys" in stored
    assert "15112345" not in stored
    assert shop.ask(token, "GET", path).body["phone"] == phone
    (listed,) = shop.ask(token, "GET", "/customers").body["items"]
    assert listed["phone"] == phone
    changed = shop.ask(token, "PATCH", path, {"phone": "+12025550123"})
    assert changed.body["phone"] == "+12025550123"
    assert "2025550123" not in shop.script("-c", EVERYTHING)

    # A new key takes over; what it has no part in is as it was.
    rotate = ("-m", "scripts.cli.commands", "db", "rotate-keys")
    assert shop.script(*rotate, "--dry-run").splitlines()[-1].endswith("2 values, 0 to renew")
    before = shop.script("-c", EVERYTHING)
    assert shop.script(*rotate).splitlines()[-1].endswith("2 values, 0 renewed")
    assert shop.script("-c", EVERYTHING) == before

    # What somebody has moved from one row to another is no answer, and says nothing.
    shop.script("-c", EXCHANGED, people["gus"][1], id_)
    answer = shop.ask(token, "GET", path)
    assert (answer.status, answer.body["code"]) == (500, "internal_error")
    assert answer.body["detail"] == "Something went wrong on our side. Tell us the request id."
    log = shop.log("encryption_failed")
    (line,) = [one for one in log.splitlines() if "encryption_failed" in one]
    assert "customers.phone" in line
    assert "does not decrypt" in line
    assert id_ in line
    assert "15112345" not in log
