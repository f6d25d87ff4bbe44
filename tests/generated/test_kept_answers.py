"""Kept answers of questions, in a served project: whatever changes a row makes them stale."""

import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.generated.projects import assert_clean, generate, run
from tests.generated.servers import Answer, Server, served

pytestmark = pytest.mark.slow

SPEC = """\
apigen: 1
app: desk
features: { cache: { backend: redis, ttl: 1h } }
entities:
  Person: { fields: { name: str(1..80) }, cache: true }
  Note:
    fields:
      title: str(1..80)
      author: ref(Person) on_delete=cascade
      is_done: bool readonly = false
    commands: { finish: { set: { is_done: "True" } } }
    queries: { open: { where: "not is_done", returns: list, cache: 1h } }
    api:
      operations: [list, get, create, update, delete, bulk_delete]
      expand: [author]
      cache: { tags: [desk], coalesce: true }
projections:
  Line:
    of: Note
    cache: true
    fields: { id: id(Note), author_name: "str := author.name" }
    queries: { authors: { returns: list, cache: 1h } }
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose answers are kept for an hour, on an empty database."""
    folder = tmp_path_factory.mktemp("kept")
    spec, made = folder / "desk.yaml", folder / "project"
    spec.write_text(SPEC, encoding="utf-8")
    generate(spec, made)
    assert_clean(run(sys.executable, "-m", "scripts.cli.commands", "db", "upgrade", cwd=made))
    return made


@pytest.fixture
def server(project: Path) -> Iterator[Server]:
    """Serve it by one process, which keeps answers in its memory."""
    with served(project, "desk") as running:
        yield running


@pytest.fixture
def servers(project: Path, redis_url: str) -> Iterator[tuple[Server, Server]]:
    """Serve it by two processes, which keep answers on a server."""
    shared = {"REDIS_URL": redis_url, "CACHE__PREFIX": f"test-{uuid4().hex}"}
    with served(project, "desk", **shared) as one, served(project, "desk", **shared) as other:
        yield one, other


@pytest.mark.criterion("R44.3", "R109.4")
def test_answers_follow_every_change(server: Server) -> None:
    """Plain operations and commands, and changes of what an answer shows beside its own rows."""

    def asked(path: str, key: str) -> list[str]:
        answer = server.call("GET", f"/api/v1/{path}")
        assert answer.status == 200, answer
        return sorted(item[key] for item in answer.body)

    def made(path: str, body: object) -> str:
        answer = server.call("POST", f"/api/v1/{path}", body)
        assert answer.status == 201, answer
        return str(answer.body["id"])

    def changed(method: str, path: str, body: object = None) -> None:
        answer = server.call(method, f"/api/v1/{path}", body)
        assert answer.status < 300, answer

    seen = [(asked("notes/open", "title"), asked("lines/authors", "author_name"))]

    def look() -> None:
        seen.append((asked("notes/open", "title"), asked("lines/authors", "author_name")))

    person = made("people", {"name": "Ada"})
    first = made("notes", {"title": "a", "author_id": person})
    second = made("notes", {"title": "b", "author_id": person})
    look()
    changed("PATCH", f"notes/{first}", {"title": "c"})
    look()
    changed("PATCH", f"people/{person}", {"name": "Bea"})
    look()
    changed("POST", f"notes/{first}/finish")
    look()
    changed("DELETE", f"notes/{second}")
    look()

    assert seen == [
        ([], []),
        (["a", "b"], ["Ada", "Ada"]),
        (["b", "c"], ["Ada", "Ada"]),
        (["b", "c"], ["Bea", "Bea"]),
        (["b"], ["Bea", "Bea"]),
        ([], ["Bea"]),
    ]


@pytest.mark.criterion("R13.1", "R44.3", "R11.2")
def test_processes_share_what_is_kept_and_see_each_others_changes(
    servers: tuple[Server, Server],
) -> None:
    """Of rows, of what is shown beside them, and of what the database takes along."""
    one, other = servers

    def get(server: Server, path: str) -> Answer:
        answer = server.call("GET", f"/api/v1/{path}")
        assert answer.status in (200, 404), answer
        return answer

    def change(server: Server, method: str, path: str, body: object = None) -> Answer:
        answer = server.call(method, f"/api/v1/{path}", body)
        assert answer.status < 300, answer
        return answer

    person = change(one, "POST", "people", {"name": "Ada"}).body["id"]
    note = change(other, "POST", "notes", {"title": "a", "author_id": person}).body["id"]
    paths = [f"notes/{note}", f"notes/{note}?expand=author", "notes?sort=-title", f"lines/{note}"]
    fresh = [get(one, path) for path in paths]
    kept = [get(other, path) for path in paths]

    assert [answer.body for answer in kept] == [answer.body for answer in fresh]
    assert all("age" in answer.headers for answer in kept)
    assert not any("age" in answer.headers for answer in fresh)
    known = one.call(
        "GET", f"/api/v1/notes/{note}", headers={"if-none-match": fresh[0].headers["etag"]}
    )
    assert known.status == 304

    change(other, "PATCH", f"people/{person}", {"name": "Bea"})
    assert get(one, paths[1]).body["expanded"]["author"]["name"] == "Bea"
    assert get(one, paths[3]).body["author_name"] == "Bea"
    change(one, "POST", f"notes/{note}/finish")
    assert get(other, paths[0]).body["is_done"] is True
    assert get(other, paths[2]).body["items"][0]["is_done"] is True

    # The note goes with its author; no note is stored or removed by anybody.
    change(other, "DELETE", f"people/{person}")
    assert [get(one, path).status for path in paths] == [404, 404, 200, 404]
    assert note not in [item["id"] for item in get(one, paths[2]).body["items"]]


def test_reads_and_writes_go_on_without_the_server(project: Path) -> None:
    with served(project, "desk", REDIS_URL="redis://127.0.0.1:1") as running:
        made = running.call("POST", "/api/v1/people", {"name": "Eve"})
        path = f"/api/v1/people/{made.body['id']}"
        seen = [running.call("GET", path) for _ in range(3)]
        changed = running.call("PATCH", path, {"name": "Zoe"})
        after = running.call("GET", path)
        said = running.said("cache_away")

    assert made.status == 201
    assert [answer.status for answer in seen] == [200] * 3
    assert (changed.status, after.body["name"]) == (200, "Zoe")
    assert "age" not in after.headers
    assert said.count("cache_away") == 1
