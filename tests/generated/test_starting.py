"""A project boots from its own `.env.example`, migrates, serves, and ends when it is told to."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.generated.projects import Projects, assert_clean, run
from tests.generated.servers import Server, served

pytestmark = pytest.mark.slow


def commands(project: Path, *arguments: str) -> None:
    """Run the project's own command line."""
    assert_clean(run(sys.executable, "-m", "scripts.cli.commands", *arguments, cwd=project))


@pytest.fixture(scope="module")
def project(projects: Projects, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project on an empty database, configured by nothing but its own `.env.example`."""
    copy = projects.copy("todo", tmp_path_factory.mktemp("started"))
    shutil.copy(copy / ".env.example", copy / ".env")
    commands(copy, "db", "upgrade")
    return copy


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[Server]:
    """The project, migrated and served."""
    with served(project, "todo") as running:
        yield running


@pytest.mark.criterion("R29.1", "R29.2", "R29.3", "R29.4", "R105.3")
@pytest.mark.parametrize("path", ["/live", "/ready", "/startup", "/health"])
def test_health_is_answered_with_components(server: Server, path: str) -> None:
    answer = server.call("GET", path)

    assert answer.status == 200
    assert answer.body["status"] == "up"


@pytest.mark.criterion("R29.2", "R29.4")
def test_readiness_names_what_it_has_checked(server: Server) -> None:
    components = server.call("GET", "/ready").body["components"]

    assert {"database", "migrations"} <= set(components)


@pytest.mark.criterion("R38.1", "R38.3", "R104.1")
def test_documents_are_served_by_the_project_itself(server: Server) -> None:
    document = server.call("GET", "/openapi.json")
    pages = {path: server.call("GET", path) for path in ("/docs", "/redoc")}

    assert document.status == 200
    assert document.body["openapi"].startswith("3.1.")
    assert "/api/v1/tasks" in document.body["paths"]
    for page in pages.values():
        assert page.status == 200
        assert "https://cdn" not in page.body


def test_a_task_lives_and_dies_over_http(server: Server) -> None:
    made = server.call("POST", "/api/v1/tasks", {"title": "Milk"})
    place = made.headers["location"].removeprefix(server.base)
    read = server.call("GET", place)
    changed = server.call(
        "PATCH", place, {"done": True}, headers={"If-Match": read.headers["etag"]}
    )
    listed = server.call("GET", "/api/v1/tasks?done=true")
    removed = server.call("DELETE", place)

    assert (made.status, read.status, changed.status) == (201, 200, 200)
    assert read.body == made.body
    assert changed.body["done"] is True
    assert [item["id"] for item in listed.body["items"]] == [made.body["id"]]
    assert removed.status == 204
    assert server.call("GET", place).status == 404


@pytest.mark.criterion("R3.4")
def test_a_page_says_how_much_there_is(server: Server) -> None:
    for number in range(3):
        server.call("POST", "/api/v1/tasks", {"title": f"Page {number}"})

    only = server.call("GET", "/api/v1/tasks?title=Page%200&size=1").body
    first = server.call("GET", "/api/v1/tasks?title[startswith]=Page&size=2").body
    last = server.call("GET", "/api/v1/tasks?title[startswith]=Page&size=2&page=2").body

    assert (only["total"], only["has_next"], only["has_previous"]) == (1, False, False)
    assert (first["total"], first["has_next"], first["has_previous"]) == (3, True, False)
    assert (last["total"], last["has_next"], last["has_previous"]) == (3, False, True)
    assert (len(first["items"]), len(last["items"])) == (2, 1)


@pytest.mark.criterion("R105.4")
def test_two_servers_share_what_is_stored(server: Server, project: Path) -> None:
    """No server keeps anything: what one was told, the other knows, errors of a race included."""
    made = server.call("POST", "/api/v1/tasks", {"title": "Shared"})
    place = made.headers["location"].removeprefix(server.base)
    tag = {"If-Match": made.headers["etag"]}

    with served(project, "todo") as other:
        read = other.call("GET", place)
        changed = other.call("PATCH", place, {"title": "Changed"}, headers=tag)
        late = server.call("PATCH", place, {"title": "Too late"}, headers=tag)

        assert read.body == made.body
        assert changed.status == 200
        assert late.status == 412
        assert server.call("GET", place).body == changed.body


@pytest.mark.criterion("R29.2")
def test_an_empty_database_is_not_ready(projects: Projects, tmp_path: Path) -> None:
    empty = projects.copy("todo", tmp_path)

    with served(empty, "todo") as server:
        before = server.call("GET", "/ready")
        alive = server.call("GET", "/live")
        commands(empty, "db", "upgrade")
        after = server.call("GET", "/ready")

    assert (before.status, alive.status, after.status) == (503, 200, 200)
    assert before.body["components"]["migrations"]["status"] == "down"


@pytest.mark.criterion("R105.2", "R77.1", "R130.3")
def test_the_environment_configures_it(projects: Projects, tmp_path: Path) -> None:
    """Variables win over `.env`, so that one image runs anywhere."""
    project = projects.copy("todo", tmp_path)
    (project / ".env").write_text("DATABASE_URL=sqlite:///./wrong.db\nMAX_BODY_BYTES=20\n")
    url = f"sqlite:///{tmp_path}/right.db"

    with served(project, "todo", DATABASE_URL=url) as server:
        refused = server.call("POST", "/api/v1/tasks", {"title": "x" * 40})
        ready = server.call("GET", "/ready")

    assert refused.status == 413
    assert ready.status == 503
    assert (tmp_path / "right.db").exists()
    assert not (project / "wrong.db").exists()


@pytest.mark.criterion("R77.3", "R130.4")
def test_wrong_settings_stop_it_with_a_report(projects: Projects, tmp_path: Path) -> None:
    project = projects.copy("todo", tmp_path)

    done = run(
        sys.executable,
        *("-m", "uvicorn", "--factory", "todo.main:create_app", "--port", "1"),
        cwd=project,
        DATABASE__POOL_SIZE="many",
        LOG__LEVEL="LOUD",
    )

    assert done.returncode != 0
    assert "DATABASE__POOL_SIZE" in done.stderr
    assert "LOG__LEVEL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.criterion("R77.3", "R130.4")
def test_wrong_settings_stop_several_workers_too(projects: Projects) -> None:
    """A worker that can not start is not made again and again."""
    done = run(
        sys.executable,
        *("-m", "uvicorn", "--factory", "todo.main:create_app", "--port", "0", "--workers", "2"),
        cwd=projects.of("todo"),
        LOG__LEVEL="LOUD",
    )

    assert "LOG__LEVEL" in done.stderr
    assert "stopping the parent process" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.criterion("R77.3", "R130.4")
def test_settings_that_are_not_enough_stop_it_with_a_report(projects: Projects) -> None:
    done = run(
        sys.executable,
        *("-m", "uvicorn", "--factory", "shop.main:create_app", "--port", "1"),
        cwd=projects.of("shop"),
        DATABASE_URL="sqlite:///nowhere.db",
        JWT_ISSUER="http://localhost:8000",
        JWT_JWKS_URL="file:.dev/jwks.json",
        FILES__STORAGE="s3",
    )

    assert done.returncode != 0
    assert "FILES__BUCKET is needed when FILES__STORAGE is s3." in done.stderr
    assert "Traceback" not in done.stderr


def test_it_ends_when_it_is_told_to(project: Path) -> None:
    with served(project, "todo") as server:
        server.call("GET", "/api/v1/tasks")

        assert server.stop() in (0, -15)
        assert "Traceback" not in server.log.read_text()


def test_every_request_is_in_the_log_when_it_ends(project: Path) -> None:
    with served(project, "todo", LOG__FORMAT="json") as server:
        for _ in range(50):
            server.call("GET", "/live")
        server.stop()

        lines = [json.loads(line) for line in server.log.read_text().splitlines()]

    assert sum(line["event"] == "request" for line in lines[:-1]) >= 50
    assert lines[-1]["event"].startswith("Finished server process")


@pytest.mark.parametrize("is_read", [True, False])
def test_it_answers_and_ends_though_nobody_takes_its_log(project: Path, is_read: bool) -> None:
    """A pipe to `head` is closed, one to a program that hangs is full after 64 kB."""
    reader, writer = os.pipe()
    with (
        open(reader, "rb") as source,  # noqa: PTH123 - a descriptor
        open(writer, "wb") as sink,  # noqa: PTH123
        served(project, "todo", sink.fileno()) as server,
    ):
        if is_read:
            source.readline()
            source.close()
        answers = {server.call("GET", f"/live?{number}").status for number in range(500)}

        assert answers == {200}
        assert server.stop() in (0, -15)
        told = server.log.read_text()

    assert "Traceback" not in told
    assert told.count("The log can not be written") == is_read


@pytest.mark.criterion("R20.1", "R20.2", "R20.3", "R20.4", "R66.1", "R66.2", "R66.3", "R66.4")
def test_its_command_line_has_groups_and_answers_for_mistakes(todo: Path) -> None:
    cli = todo / "scripts/cli"
    helped = run(sys.executable, "-m", "scripts.cli.commands", "--help", cwd=todo)
    wrong = run(sys.executable, "-m", "scripts.cli.commands", "db", "upgrade", "-x!", cwd=todo)

    assert_clean(helped)
    assert all(group in helped.stdout for group in ("db", "generate", "test"))
    assert {place.stem for place in (cli / "commands").glob("[a-z]*.py")} == {
        "db",
        "generate",
        "test",
    }
    assert all((cli / name).is_file() for name in ("__init__.py", "exceptions.py", "validators.py"))
    assert wrong.returncode != 0
    assert "Traceback" not in wrong.stderr
    assert "python -m scripts.cli.commands" in (todo / "scripts/README.md").read_text()
