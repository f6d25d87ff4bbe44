"""A served project sends what is large while it reads it."""

import sqlite3
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from tests.generated.projects import assert_clean, generate, run
from tests.generated.servers import Server, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="measures memory by /proc"),
]

SPEC = """\
apigen: 1
app: archive
entities:
  Page:
    timestamps: false
    fields: { title: str(60) sort, text: text }
    api: { operations: { export: [json, csv] } }
"""
PAGES = "/api/v1/pages"
FEW, MANY = 1_000, 40_000


def fill(file: Path, first: int, last: int) -> None:
    """Store pages of a kilobyte with these numbers."""
    rows = [(f"{number:032x}", f"Page {number}", "x" * 1_000, 1) for number in range(first, last)]
    with closing(sqlite3.connect(file)) as opened, opened as connection:
        connection.executemany(
            "INSERT INTO pages (id, title, text, version) VALUES (?, ?, ?, ?)", rows
        )


def export(server: Server, form: str) -> int:
    """Read an export as it comes and return how many bytes it has."""
    with urllib.request.urlopen(f"{server.base}{PAGES}/export?format={form}") as answer:
        assert answer.headers["transfer-encoding"] == "chunked"
        return sum(len(piece) for piece in iter(lambda: answer.read(65_536), b""))


def peak_bytes(server: Server) -> int:
    """Return the most memory that the server has had at once."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


@pytest.mark.criterion("R84.3")
def test_an_export_is_sent_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "archive.yaml").write_text(SPEC)
    generate(tmp_path / "archive.yaml", tmp_path / "project")
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path / 'archive.db'}"}
    upgrade = (sys.executable, "-m", "scripts.cli.commands", "db", "upgrade")
    assert_clean(run(*upgrade, cwd=tmp_path / "project", **settings))
    fill(tmp_path / "archive.db", 0, FEW)

    with served(tmp_path / "project", "archive", **settings) as server:
        sizes = [export(server, form) for form in ("json", "csv")]
        before = peak_bytes(server)
        fill(tmp_path / "archive.db", FEW, MANY)
        larger = [export(server, form) for form in ("json", "csv")]
        grown = peak_bytes(server) - before

    assert min(larger) > 39 * min(sizes) > 39_000_000
    # Eight of it are pages that SQLite keeps.
    assert grown < 16_000_000
