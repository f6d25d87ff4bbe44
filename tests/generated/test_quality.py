"""Every project is clean the moment it is made: lint, format, types, layers, documents, tables."""

import json
import os
import subprocess
import sys
import uuid
import zlib
from pathlib import Path

import openapi_spec_validator
import pytest
from sqlalchemy.engine import make_url

from tests import postgresql
from tests.generated.projects import BIN, ROOT, SPECS, Projects, assert_clean, run

# A process starts slowly, so a project's questions to the tools of one kind are one test.
every_project = pytest.mark.parametrize("name", sorted(SPECS))
WITH_API = sorted(set(SPECS) - {"headless"})
BANDIT = ("-q", "-c", "pyproject.toml")
OWN_TESTS = ("todo", "shop", "permissions", "letters", "everything", "graph", "texts")
"""Specs whose own tests run every time; between them they have every construct."""


@every_project
@pytest.mark.criterion("R103.1")
def test_it_lints_and_is_formatted(name: str, projects: Projects) -> None:
    project = projects.of(name)

    assert_clean(run(BIN / "ruff", "check", "--no-cache", ".", cwd=project))
    assert_clean(run(BIN / "ruff", "format", "--no-cache", "--check", ".", cwd=project))


@every_project
@pytest.mark.slow
@pytest.mark.criterion("R103.2")
def test_its_types_are_right(name: str, projects: Projects) -> None:
    project = projects.of(name)

    # Files of two projects may have one path, size and second: mypy would mistake them.
    second = 1_000_000_000 + zlib.crc32(name.encode()) % 500_000_000
    for file in project.rglob("*.py"):
        os.utime(file, (second, second))
    assert_clean(run(BIN / "mypy", "--strict", "--cache-dir", projects.mypy_cache, cwd=project))


@every_project
@pytest.mark.criterion("R19.1")
def test_its_layers_depend_inwards(name: str, projects: Projects) -> None:
    assert_clean(run(BIN / "lint-imports", "--no-cache", cwd=projects.of(name)))


@every_project
@pytest.mark.criterion("R103.4")
def test_no_security_finding(name: str, projects: Projects) -> None:
    """In its own code: what is vendored is the same in all."""
    project = projects.of(name)
    folders = [folder for folder in ("src", "scripts") if (project / folder).exists()]
    (vendored,) = (place.relative_to(project) for place in project.glob("src/*/support"))

    assert_clean(run(BIN / "bandit", *BANDIT, "-r", *folders, "--exclude", vendored, cwd=project))


@pytest.mark.criterion("R103.4")
def test_no_security_finding_in_what_is_vendored(projects: Projects) -> None:
    support = ROOT / "apigen" / "support"

    command = (BIN / "bandit", *BANDIT, "-r", support, "--exclude", support / "testing")
    assert_clean(run(*command, cwd=projects.of("everything")))


@pytest.mark.parametrize("name", WITH_API)
@pytest.mark.criterion("R38.1", "R104.1")
def test_it_documents_itself_in_openapi_3_1(name: str, projects: Projects) -> None:
    project = projects.of(name)
    package = package_of(project)
    script = (
        f"import sys, json; from {package}.main import create_app\n"
        "json.dump(create_app().openapi(), sys.stdout)"
    )

    done = run(
        sys.executable, "-W", "error", "-c", script, cwd=project, **stored_in("sqlite:///x.db")
    )

    assert_clean(done)
    document = json.loads(done.stdout)
    openapi_spec_validator.validate(document)
    operations = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    assert document["openapi"].startswith("3.1.")
    assert len(set(operations)) == len(operations) > 0


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.parametrize("name", OWN_TESTS)
@pytest.mark.criterion("R103.3")
def test_its_own_tests_pass(name: str, projects: Projects) -> None:
    """On SQLite, and on PostgreSQL too when TEST_DATABASE_URL names a server, as in `.ci/run`."""
    assert_clean(own_tests(projects.of(name)))


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.postgresql
def test_the_own_tests_of_chinook_pass(projects: Projects) -> None:
    assert_clean(own_tests(projects.of("chinook")))


@every_project
@pytest.mark.slow
@pytest.mark.criterion("R68.1", "R68.2")
def test_its_migration_goes_up_down_and_up(name: str, projects: Projects, tmp_path: Path) -> None:
    project = projects.of(name)

    migrate_back_and_forth(project, f"sqlite+aiosqlite:///{tmp_path}/db.sqlite")


@every_project
@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="needs TEST_DATABASE_URL")
async def test_its_migration_goes_up_down_and_up_on_postgresql(
    name: str, projects: Projects
) -> None:
    server = make_url(os.environ["TEST_DATABASE_URL"])
    database = f"generated_{name}_{uuid.uuid4().hex[:8]}"
    url = server.set(database=database).render_as_string(hide_password=False)
    await postgresql.ensure(url)
    try:
        migrate_back_and_forth(projects.of(name), url)
    finally:
        await postgresql.drop(url)


def stored_in(url: str) -> dict[str, str]:
    """Return the settings that a project can not do without: its database and its issuer.

    The spec `operations` has its own name for the database.
    """
    issuer = {"JWT_ISSUER": "http://localhost:8000", "JWT_JWKS_URL": "file:.dev/jwks.json"}
    return {"DATABASE_URL": url, "MAIN_DATABASE": url, **issuer}


def package_of(project: Path) -> str:
    """Return the name of the project's import package."""
    (package,) = (place.parent.name for place in project.glob("src/*/main.py"))
    return package


def own_tests(project: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests that the project came with."""
    settings = {key: value for key, value in os.environ.items() if key == "TEST_DATABASE_URL"}
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    return run(*command, cwd=project, **settings)


def migrate_back_and_forth(project: Path, url: str) -> None:
    """Go up, down to nothing, up again, and find the models equal to the tables."""
    script = (
        "import sys, alembic.config\n"
        "for step in ('upgrade head', 'downgrade base', 'upgrade head', 'check'):\n"
        "    alembic.config.main(argv=step.split())"
    )
    assert_clean(run(sys.executable, "-c", script, cwd=project, **stored_in(url)))
