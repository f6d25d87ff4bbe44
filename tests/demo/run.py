"""Generate the Chinook music store, migrate, load its rows, serve it; with `--check`, judge it.

Uses only the command line of apigen and of the generated project, as a new user would, and calls
the served API over HTTP. The expected answers are worked out here from the seed files, not from
the database.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "specs" / "chinook"
START_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer: `body` is parsed JSON, or text when it is something else."""

    status: int
    headers: dict[str, str]
    body: Any  # JSON of any shape: this is the border where it is taken apart


class DemoFailure(Exception):
    """The demonstration did not go as a user would expect."""


def run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> None:
    """Run one command, shown as a user would type it, and stop when it fails."""
    shown = " ".join(Path(part).name if os.sep in part else part for part in command)
    print(f"$ {shown}", flush=True)
    done = subprocess.run(command, cwd=cwd, env=env, check=False)
    if done.returncode:
        raise DemoFailure(f"`{shown}` ended with exit code {done.returncode}")


def call(
    base: str,
    method: str,
    path: str,
    *,
    query: dict[str, str] | None = None,
    body: object = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Call the served API; an error status is an answer, not an exception."""
    url = base + path + ("?" + urllib.parse.urlencode(query) if query else "")
    data = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} | (headers or {})
    request = urllib.request.Request(url, data=data, method=method, headers=sent)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return _answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as problem:
        return _answer(problem.code, problem.headers, problem.read())


def _answer(status: int, headers: Any, raw: bytes) -> Answer:  # email.message.Message
    kind = headers.get("Content-Type", "")
    body = json.loads(raw) if raw and "json" in kind else raw.decode()
    return Answer(
        status=status, headers={key.lower(): value for key, value in headers.items()}, body=body
    )


class Judge:
    """Collects what was asked and what was wrong with the answers."""

    def __init__(self) -> None:
        """Start with nothing asked."""
        self.asked = 0
        self.wrong: list[str] = []

    def expect(self, what: str, got: object, wanted: object) -> None:
        """Note one question; a difference is a failure."""
        self.asked += 1
        if got != wanted:
            self.wrong.append(f"{what}: got {got!r}, wanted {wanted!r}")


def seed_rows(name: str) -> list[dict[str, Any]]:
    """Return the rows of one seed file."""
    rows: list[dict[str, Any]] = json.loads((SEEDS / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def check(base: str, judge: Judge) -> None:
    """Ask the served API what the seed files say, then write, and ask again."""
    _check_surroundings(base, judge)
    _check_rows(base, judge)
    _check_questions(base, judge)
    _check_writes(base, judge)


def _check_surroundings(base: str, judge: Judge) -> None:
    for path in ("/live", "/ready", "/startup", "/health", "/docs", "/redoc", "/openapi.json"):
        judge.expect(f"GET {path}", call(base, "GET", path).status, 200)
    document = call(base, "GET", "/openapi.json").body
    judge.expect("OpenAPI version", document["openapi"].rpartition(".")[0], "3.1")
    for page in ("/docs", "/redoc"):
        text = call(base, "GET", page).body
        judge.expect(f"{page} needs the internet", "https://cdn" in text, False)


def _check_rows(base: str, judge: Judge) -> None:
    counted = {
        "artists": "artists",
        "albums": "albums",
        "tracks": "tracks",
        "playlists": "playlists",
        "customers": "customers",
        "invoices": "invoices",
    }
    for path, file in counted.items():
        answer = call(base, "GET", f"/api/v1/{path}/count")
        judge.expect(f"count of {path}", answer.body, {"count": len(seed_rows(file))})
    for path in ("genres", "media-types", "employees"):
        answer = call(base, "GET", f"/api/v1/{path}", query={"size": "1"})
        rows = seed_rows(path.replace("-", "_"))
        judge.expect(f"total of {path}", answer.body["total"], len(rows))
    rows_seen = 0
    cursor: str | None = None
    seen: set[int] = set()
    while True:
        query = {"size": "200"} | ({"cursor": cursor} if cursor else {})
        page = call(base, "GET", "/api/v1/tracks", query=query).body
        rows_seen += len(page["items"])
        seen.update(item["id"] for item in page["items"])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    judge.expect("tracks met by walking all cursors", rows_seen, len(seed_rows("tracks")))
    judge.expect("distinct tracks met", len(seen), rows_seen)
    exported = call(base, "GET", "/api/v1/tracks/export", query={"format": "csv"}).body
    judge.expect("lines of the CSV export", exported.count("\n"), rows_seen + 1)


def _check_questions(base: str, judge: Judge) -> None:
    genres = {row["id"]: row["name"] for row in seed_rows("genres")}
    of_jazz = sum(genres[row["genre_id"]] == "Jazz" for row in seed_rows("tracks"))
    answer = call(base, "GET", "/api/v1/tracks/count", query={"genre.name": "Jazz"})
    judge.expect("tracks of jazz", answer.body, {"count": of_jazz})
    asked = json.dumps({"milliseconds": {"gte": 300_000, "lt": 310_000}})
    between = sum(300_000 <= row["milliseconds"] < 310_000 for row in seed_rows("tracks"))
    answer = call(base, "GET", "/api/v1/tracks/count", query={"filter": asked})
    judge.expect("tracks of five minutes", answer.body, {"count": between})
    dear = sum(Decimal(row["unit_price"]) > 1 for row in seed_rows("tracks"))
    answer = call(base, "GET", "/api/v1/tracks/count", query={"unit_price[gt]": "1"})
    judge.expect("tracks above one dollar", answer.body, {"count": dear})
    countries = Counter(row["address"]["country"] for row in seed_rows("customers"))
    query = {"address.country": "Brazil", "sort": "-last_name"}
    page = call(base, "GET", "/api/v1/customers", query=query).body
    judge.expect("customers in Brazil", page["total"], countries["Brazil"])
    names = [item["last_name"] for item in page["items"]]
    judge.expect("their order", names, sorted(names, reverse=True))
    for row in seed_rows("invoices")[:5]:
        total = sum(Decimal(line["unit_price"]) * line["quantity"] for line in row["lines"])
        answer = call(base, "GET", f"/api/v1/invoices/{row['id']}")
        judge.expect(f"total of invoice {row['id']}", Decimal(answer.body["total"]), total)
        sold = [line["track_id"] for line in answer.body["lines"]]
        judge.expect("its lines", sold, [line["track_id"] for line in row["lines"]])
    album = call(base, "GET", "/api/v1/albums/1", query={"expand": "artist"}).body
    judge.expect("artist of album 1", album["expanded"]["artist"]["name"], "AC/DC")
    found = call(base, "GET", "/api/v1/artists", query={"q": "black sab"}).body
    judge.expect("search", [item["name"] for item in found["items"]], ["Black Sabbath"])
    listed = call(base, "GET", "/api/v1/playlists/1").body
    wanted = next(row["tracks"] for row in seed_rows("playlists") if row["id"] == 1)
    judge.expect("tracks of playlist 1", listed["tracks"], wanted)


def _check_writes(base: str, judge: Judge) -> None:
    made = call(base, "POST", "/api/v1/artists", body={"name": "The Generators"})
    judge.expect("create", made.status, 201)
    location = urllib.parse.urlparse(made.headers["location"]).path
    read = call(base, "GET", location)
    judge.expect("what was made is what is read", read.body, made.body)
    tag = read.headers["etag"]
    judge.expect(
        "unchanged", call(base, "GET", location, headers={"If-None-Match": tag}).status, 304
    )
    change = {"name": "The Regenerators"}
    changed = call(base, "PATCH", location, body=change, headers={"If-Match": tag})
    judge.expect("update", (changed.status, changed.body["name"]), (200, change["name"]))
    stale = call(base, "PATCH", location, body=change, headers={"If-Match": tag})
    judge.expect("update of what has changed meanwhile", stale.status, 412)
    twice = call(base, "POST", "/api/v1/artists", body={"name": "AC/DC"})
    judge.expect("a second AC/DC", twice.status, 409)
    judge.expect("its kind", twice.headers["content-type"], "application/problem+json")
    empty = call(base, "POST", "/api/v1/artists", body={"name": ""})
    judge.expect("an empty name", empty.status, 422)
    judge.expect(
        "an unknown parameter", call(base, "GET", "/api/v1/artists", query={"x": "1"}).status, 422
    )
    judge.expect("delete", call(base, "DELETE", location).status, 204)
    judge.expect("what was deleted", call(base, "GET", location).status, 404)
    held = call(base, "DELETE", "/api/v1/artists/1")
    judge.expect("delete of an artist with albums", held.status, 409)
    judge.expect("soft delete", call(base, "DELETE", "/api/v1/customers/2").status, 204)
    judge.expect("the deleted customer", call(base, "GET", "/api/v1/customers/2").status, 404)
    judge.expect("restore", call(base, "POST", "/api/v1/customers/2/restore").status, 200)
    judge.expect("the customer is back", call(base, "GET", "/api/v1/customers/2").status, 200)
    boss = call(base, "PATCH", "/api/v1/employees/2", body={"reports_to_id": 2})
    judge.expect("one's own boss", boss.status, 422)


def free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def served(project: Path, port: int, env: dict[str, str]) -> Iterator[str]:
    """Serve the project until the block ends; yields the base address once it is ready."""
    command = [sys.executable, "-m", "uvicorn", "--factory", "chinook.main:create_app"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    with (project / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=project, env=env, stdout=log, stderr=log)
        base = f"http://127.0.0.1:{port}"
        try:
            _wait_until_ready(base, server)
            yield base
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=20)


def _wait_until_ready(base: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise DemoFailure("the server stopped at once: see server.log")
        with contextlib.suppress(OSError):
            if call(base, "GET", "/ready").status == 200:
                return
        time.sleep(0.1)
    raise DemoFailure(f"the server was not ready after {START_TIMEOUT_S:.0f} s")


def main() -> int:
    """Run the demonstration; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="call the API and stop")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    project = ROOT / ".demo" / "chinook"
    shutil.rmtree(project, ignore_errors=True)
    project.parent.mkdir(exist_ok=True)
    apigen = str(Path(sys.executable).parent / "apigen")
    env = os.environ | {"PYTHONPATH": str(project / "src")}
    env.pop("DATABASE_URL", None)
    commands = (sys.executable, "-m", "scripts.cli.commands")
    judge = Judge()
    try:
        spec = ("--spec", str(ROOT / "specs" / "chinook.yaml"), "--dir", str(project))
        run(apigen, "init", "chinook", *spec, "--yes", cwd=ROOT)
        shutil.copy(project / ".env.example", project / ".env")
        run(*commands, "db", "upgrade", cwd=project, env=env)
        run(*commands, "db", "seed", "chinook", cwd=project, env=env)
        port = free_port() if arguments.check else arguments.port
        with served(project, port, env) as base:
            if arguments.check:
                check(base, judge)
            else:
                _stay(base)
    except (DemoFailure, OSError) as failure:
        print(f"demo failed: {failure}", file=sys.stderr)
        return 1
    for wrong in judge.wrong:
        print(f"wrong: {wrong}", file=sys.stderr)
    if arguments.check:
        print(f"{judge.asked - len(judge.wrong)} passed, {len(judge.wrong)} failed")
    return 1 if judge.wrong else 0


def _stay(base: str) -> None:
    kind, artist = "content-type: application/json", '{"name": "You"}'
    query = "genre.name=Jazz&sort=-milliseconds&expand=album.artist&size=3"
    lines = (
        f"Chinook is served at {base} until you press Ctrl-C.",
        "",
        f"  Open   {base}/docs   or   {base}/redoc",
        f"  Try    curl -s '{base}/api/v1/artists?q=black'",
        f"         curl -s '{base}/api/v1/tracks?{query}'",
        f"         curl -si {base}/api/v1/artists -H '{kind}' -d '{artist}'",
    )
    print("\n".join(lines), flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


if __name__ == "__main__":
    sys.exit(main())
