"""The files at a project's root and its scripts: there, complete, and clean by their own tools."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.generated.projects import BIN, Projects, assert_clean, run


@pytest.fixture(scope="module")
def chinook(projects: Projects) -> Path:
    """The project of the larger example, to be read only."""
    return projects.of("chinook")


@pytest.mark.criterion("R20.2", "R20.3", "R20.4", "R66.1", "R66.2", "R66.4")
def test_scripts_are_packages_with_a_module_a_command(chinook: Path) -> None:
    scripts = chinook / "scripts"

    assert (scripts / "README.md").is_file()
    assert all((scripts / path / "__init__.py").is_file() for path in ("", "cli", "cli/commands"))
    assert {"exceptions.py", "validators.py"} <= {path.name for path in (scripts / "cli").iterdir()}
    commands = {path.stem for path in (scripts / "cli/commands").glob("[a-z]*.py")}
    assert {"db", "generate", "test"} <= commands


@pytest.mark.criterion("R20.1", "R66.3")
def test_the_command_line_migrates_and_refuses_in_one_line(chinook: Path, tmp_path: Path) -> None:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(
            *(sys.executable, "-m", "scripts.cli.commands"),
            *arguments,
            cwd=chinook,
            DATABASE_URL=f"sqlite+aiosqlite:///{tmp_path}/app.db",
        )

    assert_clean(command("db", "upgrade"))
    assert_clean(command("db", "check"))
    assert "0 to go" in command("db", "current").stdout
    assert "1 to go" in (command("db", "downgrade", "base"), command("db", "current"))[1].stdout
    wrong = command("db", "upgrade", "no revision")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("error: ")
    assert "Traceback" not in wrong.stderr
    for group in ("generate", "test"):
        assert_clean(command(group, "--help"))


@pytest.mark.criterion("R24.1", "R24.2")
def test_every_context_has_the_six_modules(chinook: Path) -> None:
    wanted = {"aggregates", "entities", "events", "repositories", "services", "value_objects"}
    for context in (path for path in (chinook / "src/chinook/domain").iterdir() if path.is_dir()):
        if not context.name.startswith("_"):
            assert {path.stem for path in context.glob("*.py")} == wanted | {"__init__"}


@pytest.mark.criterion("R26.1", "R26.2", "R26.3", "R26.4")
def test_every_folder_of_modules_is_a_package(chinook: Path) -> None:
    for module in (chinook / "src").rglob("*.py"):
        assert (module.parent / "__init__.py").is_file(), module


@pytest.mark.criterion("R101.1", "R103.1", "R103.2", "R103.3", "R103.4")
def test_the_stack_is_declared(chinook: Path) -> None:
    project = tomllib.loads((chinook / "pyproject.toml").read_text())
    runtime = " ".join(project["project"]["dependencies"])
    development = " ".join(project["dependency-groups"]["dev"])

    for name in ("fastapi", "pydantic", "sqlalchemy[asyncio]", "alembic", "asyncpg"):
        assert name in runtime
    for name in ("ruff", "mypy", "pytest", "pytest-asyncio", "hypothesis", "bandit"):
        assert name in development
        assert f"{name}>" not in runtime
    assert project["tool"]["mypy"]["strict"] is True


@pytest.mark.criterion("R105.1")
def test_the_image_is_built_in_stages_and_runs_as_nobody(chinook: Path) -> None:
    dockerfile = (chinook / "Dockerfile").read_text()

    assert_clean(run(BIN / "hadolint", "Dockerfile", cwd=chinook))
    assert dockerfile.count("\nFROM ") == 2
    assert "USER 10001" in dockerfile
    assert "/live" in dockerfile.partition("HEALTHCHECK")[2]


@pytest.mark.criterion("R105.2", "R105.4")
def test_compose_configures_by_environment_only(chinook: Path) -> None:
    services = yaml.safe_load((chinook / "compose.yaml").read_text())["services"]

    assert services["app"]["environment"]["DATABASE_URL"].startswith("postgresql+asyncpg://${")
    assert services["app"]["read_only"] is True
    assert services["app"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert "${POSTGRES_PASSWORD:-" in services["db"]["environment"]["POSTGRES_PASSWORD"]


def test_a_container_has_the_time_that_its_requests_have_to_end(chinook: Path) -> None:
    """Without it Docker kills after 10 s."""
    services = yaml.safe_load((chinook / "compose.yaml").read_text())["services"]
    command = (chinook / "Dockerfile").read_text().rpartition("CMD ")[2]
    limit = json.loads(command)[-2:]

    assert limit == ["--timeout-graceful-shutdown", "20"]
    assert services["app"]["stop_grace_period"] == "60s"


def test_the_workflow_runs_apigen_check(chinook: Path) -> None:
    workflow = yaml.safe_load((chinook / ".github/workflows/check.yml").read_text())

    steps = workflow["jobs"]["check"]["steps"]
    assert any("apigen check" in step.get("run", "") for step in steps)
    assert workflow["permissions"] == {"contents": "read"}
