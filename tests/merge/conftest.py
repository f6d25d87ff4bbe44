"""Projects made by the real pipeline, once a session; every test gets a copy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from apigen import driver

TODO = """apigen: 1
app: todo
entities:
  Task:
    fields:
      title: str(1..200)
      done: bool = false
"""


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that no test may change."""
    folder = tmp_path_factory.mktemp("pristine")
    spec = folder / "todo.yaml"
    spec.write_text(TODO)
    report = driver.initialise(folder / "todo", spec)
    assert report.written
    return folder / "todo"


@pytest.fixture
def project(pristine: Path, tmp_path: Path) -> Path:
    """A project of one entity, right after `apigen init`."""
    return Path(shutil.copytree(pristine, tmp_path / "todo"))


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a text in a file, which must be there."""

    def replace(place: Path, old: str, new: str) -> None:
        text = place.read_text()
        assert old in text, f"{old!r} is not in {place}"
        place.write_text(text.replace(old, new, 1))

    return replace
