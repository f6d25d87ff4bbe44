"""A served shop that is killed while orders are paid loses no event and gives no points twice.

`APIGEN_KILLS=200` kills it so often; on SQLite, and on PostgreSQL when TEST_DATABASE_URL names a
server.
"""

import json
import os
import random
import shutil
import sys
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.generated.projects import SPECS, assert_clean, generate, run
from tests.generated.servers import Server, served

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("APIGEN_KILLS", "3"))
ORDERS = 3
"""How many are being paid when the shop is killed."""
LONGEST_LIFE_S = 0.1
"""Between the first request to pay and the kill: by then all are paid for and most delivered."""
POINTS = 14
"""For an order of two at 6.90."""
WAIT_S = 60.0
API = "/api/v2"
ADDRESS = {"line1": "Long Street 1", "city": "Ghent", "postcode": "9000", "country": "BE"}
PRODUCT = {
    "sku": "TEA-1",
    "name": "Tea",
    "price": {"amount": "6.90", "currency": "EUR"},
    "categories": [],
}
BOOKS = """\
import asyncio, json, sys
import sqlalchemy as sa
from shop.bootstrap import bootstrap
from shop.core.settings import Settings

ASKED = {
    "paid": "SELECT count(*) FROM orders WHERE status = 'paid'",
    "told": "SELECT count(DISTINCT event_id) FROM outbox_events WHERE event_type LIKE '%OrderPaid'",
    "events": "SELECT count(*) FROM outbox_events",
    "waiting": "SELECT count(*) FROM outbox_events WHERE published_at IS NULL",
    "repeated": "SELECT count(*) FROM outbox_events WHERE attempts > 1",
    "dead": "SELECT count(*) FROM outbox_events WHERE dead_at IS NOT NULL",
    "points": "SELECT sum(loyalty_points) FROM customers",
}

async def main() -> None:
    wiring = bootstrap(Settings())
    async with wiring.engine.begin() as connection:
        if "--due" in sys.argv:
            await connection.execute(
                sa.text("UPDATE outbox_events SET due_at = created_at WHERE published_at IS NULL")
            )
        found = {name: await connection.scalar(sa.text(asked)) for name, asked in ASKED.items()}
    print(json.dumps(found))
    await wiring.engine.dispose()

asyncio.run(main())
"""


class Shop:
    """A project, and the settings it is served with."""

    def __init__(self, project: Path, settings: dict[str, str]) -> None:
        """Serve `project` with `settings`, as often as somebody asks for it."""
        self.project = project
        self.settings = settings
        token = ("-m", "scripts.cli.commands", "token", "--sub", "ada")
        made = self.script(*token, "--role", "customer", "--role", "staff")
        self._token = made.split()[-1]

    def script(self, *arguments: str) -> str:
        """Run something in the project, and return what it prints."""
        done = run(sys.executable, *arguments, cwd=self.project, **self.settings)
        assert_clean(done)
        return done.stdout

    def books(self, *options: str) -> dict[str, int]:
        """Return what is in the database; with `--due`, end the leases of dead processes."""
        found = json.loads(self.script("-c", BOOKS, *options))
        assert isinstance(found, dict)
        return found

    def post(self, server: Server, path: str, body: object = None) -> Any:  # JSON of any shape
        """Ask for something that has to be granted."""
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        answer = server.call("POST", API + path, body, headers)
        assert answer.status in (200, 201), answer.body
        return answer.body


@pytest.fixture(scope="module")
def payable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose orders are paid for over HTTP."""
    folder = tmp_path_factory.mktemp("payable")
    spec = SPECS["shop"].read_text()
    inside = "emits: OrderPaid\n        api: false"
    assert inside in spec
    (folder / "shop.yaml").write_text(
        spec.replace(inside, "emits: OrderPaid\n        access: staff")
    )
    shutil.copytree(SPECS["shop"].parent / "owned", folder / "owned")
    generate(folder / "shop.yaml", folder / "project")
    return folder / "project"


@pytest.fixture(scope="module")
def shop(payable: Path, url: str, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop on an empty, migrated database."""
    project = shutil.copytree(payable, tmp_path_factory.mktemp("killed") / "shop")
    settings = {
        "DATABASE_URL": url,
        "JWT_ISSUER": "http://localhost:8000",
        "JWT_JWKS_URL": "file:.dev/jwks.json",
    }
    shop = Shop(project, settings)
    shop.script("-m", "scripts.cli.commands", "db", "upgrade")
    return shop


def placed(shop: Shop, server: Server, customer: str) -> str:
    """Place an order; returns its id."""
    asked = {"customer_id": customer, "shipping_address": ADDRESS}
    order = str(shop.post(server, "/orders", asked)["id"])
    shop.post(server, f"/orders/{order}/add-line", {"product_id": "TEA-1", "quantity": 2})
    shop.post(server, f"/orders/{order}/place")
    return order


def was_told(payment: Future[Any]) -> bool:
    """Tell whether a client has learned that its order is paid for."""
    try:
        payment.result()
    except (OSError, HTTPException):
        return False
    return True


@pytest.mark.criterion("R16.4", "R59.1", "R59.2")
def test_a_shop_that_is_killed_loses_nothing(shop: Shop) -> None:
    chance = random.Random(16)
    told = 0

    with served(shop.project, "shop", **shop.settings) as server:
        asked = {"email": "ada@example.com", "name": "Ada", "shipping_address": ADDRESS}
        customer = str(shop.post(server, "/customers", asked)["id"])
        shop.post(server, "/products", PRODUCT)
        shop.post(server, "/products/TEA-1/publish")
    for _ in range(KILLS):
        with (
            ThreadPoolExecutor(ORDERS) as clients,
            served(shop.project, "shop", **shop.settings) as server,
        ):
            orders = [placed(shop, server, customer) for _ in range(ORDERS)]
            payments = [
                clients.submit(shop.post, server, f"/orders/{order}/pay") for order in orders
            ]
            time.sleep(chance.uniform(0, LONGEST_LIFE_S))
            server.process.kill()
            told += sum(was_told(payment) for payment in payments)

    unfinished = shop.books("--due")
    with served(shop.project, "shop", **shop.settings):
        deadline = time.monotonic() + WAIT_S
        while (books := shop.books())["waiting"] and time.monotonic() < deadline:
            time.sleep(0.2)

    print(f"{KILLS} kills, {told} told, {unfinished} then {books}")
    assert (books["waiting"], books["dead"]) == (0, 0)
    assert books["told"] == books["paid"] >= told
    assert books["points"] == books["paid"] * POINTS
