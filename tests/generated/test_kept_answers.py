"""Kept answers of questions, in a served project: whatever changes a row makes them stale."""

import sys
from collections.abc import Iterator

import pytest

from tests.generated.projects import assert_clean, generate, run
from tests.generated.servers import Server, served

pytestmark = pytest.mark.slow

SPEC = """\
apigen: 1
app: desk
entities:
  Person: { fields: { name: str(1..80) } }
  Note:
    fields: { title: str(1..80), author: ref(Person), is_done: bool readonly = false }
    commands: { finish: { set: { is_done: "True" } } }
    queries: { open: { where: "not is_done", returns: list, cache: 1h } }
    api: { operations: [list, get, create, update, delete, bulk_delete] }
projections:
  Line:
    of: Note
    fields: { id: id(Note), author_name: "str := author.name" }
    queries: { authors: { returns: list, cache: 1h } }
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a project whose answers are kept for an hour."""
    folder = tmp_path_factory.mktemp("kept")
    spec, project = folder / "desk.yaml", folder / "project"
    spec.write_text(SPEC, encoding="utf-8")
    generate(spec, project)
    assert_clean(run(sys.executable, "-m", "scripts.cli.commands", "db", "upgrade", cwd=project))
    with served(project, "desk") as running:
        yield running


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
