"""The same spec makes the same bytes, wherever and whenever, and whatever its files are called."""

import shutil
from pathlib import Path

import pytest

from tests.generated.projects import CORPUS, Projects, generate

MACHINES = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Chatham", "LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8"},
    {
        "PYTHONHASHSEED": "987654",
        "TZ": "America/St_Johns",
        "LC_ALL": "tr_TR.UTF-8",
        "COLUMNS": "20",
    },
)


def contents(project: Path) -> dict[str, bytes]:
    """Return every file of a project but what is of one machine, and the copies of its spec."""
    return {
        path: place.read_bytes()
        for place in project.rglob("*")
        if place.is_file()
        and not (path := place.relative_to(project).as_posix()).startswith(".apigen/cache/")
        and path not in (".apigen/lock", ".apigen/undo", "apigen.yaml")
        and not path.startswith(("realms/", ".apigen/spec/"))
    }


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine["TZ"])
def test_no_machine_shows_in_the_bytes(
    projects: Projects, tmp_path: Path, machine: dict[str, str]
) -> None:
    other = tmp_path / "far" / "away"
    other.mkdir(parents=True)

    generate(CORPUS / "realms.yaml", other / "project", **machine)

    assert contents(other / "project") == contents(projects.of("realms"))


def test_the_order_of_includes_does_not_show(projects: Projects, tmp_path: Path) -> None:
    """A list of files is the same as a pattern for them, in whichever order."""
    shutil.copytree(CORPUS / "realms", tmp_path / "realms")
    listed = sorted(
        (f"realms/{place.name}" for place in (CORPUS / "realms").iterdir()), reverse=True
    )
    spec = (CORPUS / "realms.yaml").read_text()
    pattern = "include: [realms/*.yaml]"
    assert pattern in spec
    (tmp_path / "realms.yaml").write_text(spec.replace(pattern, f"include: {listed}"))

    generate(tmp_path / "realms.yaml", tmp_path / "project")

    assert contents(tmp_path / "project") == contents(projects.of("realms"))
