"""Strangers' requests: schemathesis with all checks finds no 5xx and nothing undocumented.

A bounded number; `SCHEMATHESIS_EXAMPLES=100` asks for more, and for every part of every schema.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.generated.projects import BIN, Projects, assert_clean, run
from tests.generated.servers import served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.skipif(find_spec("schemathesis") is None, reason="needs schemathesis"),
]

EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "10")
PHASES = "examples,coverage,fuzzing" if "SCHEMATHESIS_EXAMPLES" in os.environ else "fuzzing"
CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
TOKENS = {"JWT_ISSUER": "http://localhost:8000", "JWT_JWKS_URL": "file:.dev/jwks.json"}


CALLERS = [
    ("todo", None),
    ("chinook", None),
    ("shop", None),
    ("shop", "customer"),
    ("shop", "admin"),
]
"""Projects, and the role of who calls them; None: nobody in particular."""
COVERED = [("todo", None, "/api/v1/"), ("shop", "admin", "/api/v2/")]
"""Of which every part of every schema is asked for, and below which path."""


@pytest.mark.parametrize(("name", "role"), CALLERS)
def test_no_request_is_answered_otherwise_than_documented(
    name: str, role: str | None, projects: Projects, tmp_path: Path
) -> None:
    asked = ("--phases", PHASES, "--max-examples", EXAMPLES)

    assert_clean(answers(name, role, projects.copy(name, tmp_path), *asked))


@pytest.mark.parametrize(("name", "role", "below"), COVERED)
def test_every_part_of_a_schema_is_answered_as_documented(
    name: str, role: str | None, below: str, projects: Projects, tmp_path: Path
) -> None:
    asked = ("--phases", "coverage", "--include-path-regex", f"^{below}")

    assert_clean(answers(name, role, projects.copy(name, tmp_path), *asked))


def answers(
    name: str, role: str | None, project: Path, *asked: str
) -> subprocess.CompletedProcess[str]:
    """Serve a project and let schemathesis ask it, with the token of a role."""
    folder = project.parent
    settings = {"DATABASE_URL": f"sqlite+aiosqlite:///{folder}/{name}.db"}
    headers: list[str] = []
    if name == "shop":
        settings |= TOKENS
    if role is not None:
        command = ("-m", "scripts.cli.commands", "token", "--sub", "ada", "--role", role)
        made = run(sys.executable, *command, cwd=project, **settings)
        assert_clean(made)
        headers = ["--header", f"Authorization: Bearer {made.stdout.split()[-1]}"]
    assert_clean(
        run(sys.executable, "-m", "scripts.cli.commands", "db", "upgrade", cwd=project, **settings)
    )
    with served(project, name, **settings) as server:
        # Made once; schemathesis does not wait that long for it.
        server.call("GET", "/openapi.json")
        return run(
            BIN / "schemathesis",
            "--config-file",
            CONFIGURATION,
            "run",
            f"{server.base}/openapi.json",
            *("--checks", "all", *asked, "--seed", "1", "--no-color"),
            *headers,
            cwd=folder,
        )
