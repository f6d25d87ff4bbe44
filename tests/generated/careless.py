"""The tracks of Chinook as a careless program would serve them: every value is pasted into SQL.

Answers the very requests that the attacks of `test_sqlmap.py` begin with, so that an attack which
finds nothing in a generated project has been seen to find something here.
"""

import base64
import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

NAMES = ("rock", "rock", "rock", "roll", "rock and roll", "waltz") * 4


def statement(target: str) -> str:
    """Return the statement for a request to `…/tracks` or to one track."""
    parts = urlsplit(target)
    if not parts.path.endswith("/tracks"):
        return f"SELECT id, name FROM tracks WHERE id = {unquote(parts.path.rpartition('/')[2])}"
    sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
    contained = [sent.get("q", ""), sent.get("name[contains]", "")]
    if "filter" in sent:
        contained.append(json.loads(sent["filter"])["name"]["contains"])
    conditions = [f"name LIKE '%{text}%'" for text in contained]
    if "cursor" in sent:
        _, last, _ = json.loads(base64.urlsafe_b64decode(sent["cursor"] + "=="))
        conditions.append(f"name > '{last}'")
    return (
        f"SELECT id, name FROM tracks WHERE {' AND '.join(conditions)}"
        f" ORDER BY {sent.get('sort', 'id')} LIMIT {sent.get('size', 20)}"
    )


def answer(target: str) -> tuple[int, bytes]:
    """Return status and body; what the database refuses is a bare 500."""
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE tracks (id INTEGER PRIMARY KEY, name TEXT)")
        database.executemany("INSERT INTO tracks (name) VALUES (?)", ((name,) for name in NAMES))
        try:
            rows = database.execute(statement(target)).fetchall()
        except (sqlite3.Error, ValueError):
            return 500, b"{}"
    items = [{"id": id, "name": name} for id, name in rows]
    return 200, json.dumps({"items": items}).encode()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = answer(self.path)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def careless_server() -> Iterator[str]:
    """Serve until the block ends; yields the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
