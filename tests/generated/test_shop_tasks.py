"""Background tasks of a shop: asked for, done by the service or a worker, and told of over HTTP."""

import json
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.generated.projects import Projects, assert_clean, environment, run
from tests.generated.servers import served

pytestmark = pytest.mark.slow

COMMANDS = ("-m", "scripts.cli.commands")
WAIT_S = 60.0
AGE = """\
import asyncio, sys
import sqlalchemy as sa
from shop.bootstrap import bootstrap
from shop.core.settings import Settings
from shop.support.core.settings import load_settings

async def main() -> None:
    wiring = bootstrap(load_settings(Settings))
    async with wiring.engine.begin() as connection:
        await connection.execute(sa.text("UPDATE orders SET updated_at = '2020-01-01 00:00:00'"))
    await wiring.close()

asyncio.run(main())
"""
"""Makes all orders old."""


class Shop:
    """A migrated shop on SQLite."""

    def __init__(self, project: Path) -> None:
        """Take a copy of the project."""
        self.project = project
        self.settings = {
            "DATABASE_URL": f"sqlite:///{project / 'shop.db'}",
            "LOG__FORMAT": "json",
        }
        shutil.copy(project / ".env.example", project / ".env")
        self.script(*COMMANDS, "db", "upgrade")

    def script(self, *arguments: str) -> str:
        """Run something in the project, and return what it prints."""
        done = run(sys.executable, *arguments, cwd=self.project, **self.settings)
        assert_clean(done)
        return done.stdout.strip()

    def token(self, sub: str, *roles: str) -> dict[str, str]:
        """Return the header of somebody with these roles."""
        options = [part for role in roles for part in ("--role", role)]
        made = self.script(*COMMANDS, "token", "--sub", sub, *options)
        return {"Authorization": f"Bearer {made.split()[-1]}"}

    def ended(self, id: str) -> str:
        """Return the state of a task once it is over."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            line = next(
                one for one in self.script(*COMMANDS, "task", "list").splitlines() if id in one
            )
            state = line.split()[1]
            if state not in {"queued", "running"}:
                return state
            time.sleep(0.2)
        raise AssertionError("the task is not over")


@pytest.fixture(scope="module")
def shop(projects: Projects, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop of its own."""
    return Shop(projects.copy("shop", tmp_path_factory.mktemp("tasks")))


@pytest.mark.criterion("R67.3")
def test_the_service_does_tasks_and_tells_of_them(shop: Shop) -> None:
    staff, stranger = shop.token("bea", "staff"), shop.token("eve", "customer")
    with served(shop.project, "shop", **shop.settings) as server:

        def post(path: str, body: object) -> Any:  # JSON of any shape
            headers = {**staff, "Idempotency-Key": str(uuid.uuid4())}
            answer = server.call("POST", f"/api/v2{path}", body, headers)
            assert answer.status in (200, 201), answer.body
            return answer.body

        customer = post("/customers", {"email": "ada@example.com", "name": "Ada"})
        order = post("/orders", {"customer_id": customer["id"]})
        shop.script("-c", AGE)
        id = shop.script(*COMMANDS, "task", "run", "expire_carts")

        assert shop.ended(id) == "succeeded"
        seen = server.call("GET", f"/api/v2/tasks/{id}", headers=staff)
        listed = server.call("GET", "/api/v1/tasks?queue=low", headers=staff)
        hidden = server.call("GET", f"/api/v2/tasks/{id}", headers=stranger)
        expired = server.call("GET", f"/api/v2/orders/{order['id']}", headers=staff)
        server.stop()

    assert (seen.status, seen.body["state"], seen.body["attempts"]) == (200, "succeeded", 1)
    assert [one["id"] for one in listed.body["items"]] == [id]
    assert hidden.status == 404
    assert expired.body["status"] == "cancelled"
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line[:1] == "{"]
    done = [line for line in lines if line.get("task_id") == id]
    assert {"task_begun", "task_ended"} <= {line["event"] for line in done}


@pytest.mark.criterion("R67.4")
def test_a_worker_serves_its_queue_until_it_is_told_to_stop(shop: Shop) -> None:
    command = [sys.executable, *COMMANDS, "worker", "--queue", "low"]
    log = shop.project / "worker.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(
            command,
            cwd=shop.project,
            env=environment(**shop.settings),
            stdout=output,
            stderr=output,
        )
        try:
            id = shop.script(*COMMANDS, "task", "run", "shop.expire_carts")
            assert shop.ended(id) == "succeeded"
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=30) == 0, log.read_text()
        finally:
            worker.kill()
            worker.wait()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("worker", "--queue", "lwo"), "no queue 'lwo'; there are: low"),
        (("task", "run", "expire_cart"), "no task 'expire_cart'; there are: shop.expire_carts"),
        (("task", "run", "expire_carts", "--input", "{"), "not valid JSON"),
        (("task", "run", "expire_carts", "--input", '{"days": 3}'), "days: no input of shop."),
    ],
)
def test_what_is_asked_for_wrongly_is_told_in_a_line(
    shop: Shop, arguments: tuple[str, ...], message: str
) -> None:
    done = run(sys.executable, *COMMANDS, *arguments, cwd=shop.project, **shop.settings)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_task_that_waits_can_be_cancelled(shop: Shop) -> None:
    id = shop.script(*COMMANDS, "task", "run", "expire_carts")

    shop.script(*COMMANDS, "task", "cancel", id)

    assert shop.ended(id) == "cancelled"
