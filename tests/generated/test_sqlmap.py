"""What can be asked of a list reaches no statement as text: sqlmap finds no injection.

Every attack is also run against `careless.py`, which pastes the same values into its statements:
there it has to find one. On SQLite, and on PostgreSQL when TEST_DATABASE_URL names a server.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.generated.careless import careless_server
from tests.generated.projects import BIN, Projects, assert_clean, run
from tests.generated.servers import Server, served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("sqlmap") is None, reason="needs sqlmap"),
]

TRACKS = "/api/v1/tracks"
IN_A_CURSOR = (
    "import base64, json; cursor = base64.urlsafe_b64encode("
    "json.dumps(['name', cursor, 122]).encode()).decode().rstrip('=')"
)
"""Puts what sqlmap has made of a plain text into a cursor, where it would reach the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One value of a request, for sqlmap to write statements into."""

    name: str
    target: str
    """Path and query; `*` marks the value when `options` do not name it."""
    options: tuple[str, ...] = ()
    accepted: int = 1
    """How many requests have to be answered with 200 for the attack to have met the database.

    Where any text is a value, nearly all are; elsewhere all but the first are refused.
    """


ATTACKS = (
    Attack(name="q", target=f"{TRACKS}?size=3&q=rock&sort=name", options=("-p", "q"), accepted=50),
    Attack(
        name="contains",
        target=f"{TRACKS}?size=3&name[contains]=rock&sort=name",
        options=("-p", "name[contains]"),
        accepted=50,
    ),
    Attack(
        name="filter",
        target=f'{TRACKS}?size=3&filter={{"name":{{"contains":"rock*"}}}}',
        accepted=50,
    ),
    Attack(
        name="cursor",
        target=f"{TRACKS}?size=3&sort=name&cursor=pop",
        options=("-p", "cursor", "--eval", IN_A_CURSOR),
        accepted=50,
    ),
    Attack(
        name="sort",
        target=f"{TRACKS}?size=3&sort=name",
        # What stands around an order has to be told: sqlmap looks for conditions only.
        options=(
            "-p",
            "sort",
            "--prefix",
            ",(CASE WHEN (1=1",
            "--suffix",
            ") THEN id ELSE -id END)",
        ),
    ),
    Attack(name="path", target=f"{TRACKS}/1*"),
)


def found(base: str, attack: Attack, folder: Path, *options: str) -> list[object]:
    """Attack what is served at `base`; returns the injections that sqlmap reports."""
    report = folder / "report.json"
    done = run(
        BIN / "sqlmap",
        *("--batch", "--disable-coloring", "--flush-session", "--output-dir", folder / "sqlmap"),
        # Level 1 does not try what stands inside LIKE '%…%'.
        *("--level", "2", "--risk", "1", "--ignore-code", "*", "--report-json", report),
        *("--url", base + attack.target, *attack.options, *options),
        cwd=folder,
        HOME=str(folder),
        XDG_DATA_HOME=str(folder),
        SQLMAP_UNSAFE_EVAL="1",
    )
    assert_clean(done)
    said = json.loads(report.read_text())
    injections = said["data"]
    assert isinstance(injections, list)
    assert said["error"] == []
    assert injections or "do not appear to be injectable" in done.stdout, done.stdout[-4000:]
    return injections


@pytest.fixture(scope="module")
def chinook(
    projects: Projects, url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Serve Chinook with its 3,503 tracks."""
    project = projects.copy("chinook", tmp_path_factory.mktemp("attacked"))
    for command in (("upgrade",), ("seed", "chinook")):
        commands = ("-m", "scripts.cli.commands", "db", *command)
        assert_clean(run(sys.executable, *commands, cwd=project, DATABASE_URL=url))
    with served(project, "chinook", DATABASE_URL=url) as server:
        yield server


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_nothing_is_injected(attack: Attack, chinook: Server, tmp_path: Path) -> None:
    before = chinook.log.stat().st_size

    assert found(chinook.base, attack, tmp_path) == []

    said = chinook.log.read_bytes()[before:]
    statuses = [int(status) for status in re.findall(rb'"status":(\d+)', said)]
    assert statuses.count(200) >= attack.accepted
    assert [status for status in statuses if status >= 500] == []


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_attack_would_find_a_careless_program(attack: Attack, tmp_path: Path) -> None:
    with careless_server() as base:
        # Without the statements that take long to answer: the others are enough.
        assert found(base, attack, tmp_path, "--technique", "BU")
