"""Nothing to do is proven, not assumed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apigen.disk import fingerprint
from apigen.disk.fingerprint import Inputs, is_up_to_date, remember
from apigen.disk.manifest import print_manifest, read_manifest
from apigen.merge.manifest import ManifestEntry
from apigen.merge.worktree import digest
from apigen.plan.file import FileClass

INPUTS = Inputs(files=("apigen.yaml",), patterns=((".", "parts/*.yaml"),))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one file, right after a run."""
    (tmp_path / ".apigen").mkdir()
    (tmp_path / "apigen.yaml").write_text("apigen: 1\n")
    (tmp_path / "a.py").write_text("a\n")
    entry = ManifestEntry(
        path="a.py", file_class=FileClass.MERGED, sha256=digest(b"a\n"), elements=()
    )
    (tmp_path / ".apigen/manifest.json").write_bytes(print_manifest([entry]))
    remember(tmp_path, INPUTS, read_manifest(tmp_path))
    return tmp_path


def test_nothing_changed(project: Path) -> None:
    assert is_up_to_date(project, read_manifest(project))


def grow(project: Path) -> None:
    (project / "parts").mkdir()
    (project / "parts/b.yaml").write_text("")


def write_revision(project: Path) -> None:
    (project / "migrations/versions").mkdir(parents=True)
    (project / "migrations/versions/mine.py").write_text('revision = "mine"\n')


CHANGES: dict[str, Callable[[Path], object]] = {
    "the spec changed": lambda project: (project / "apigen.yaml").write_text("apigen: 1 \n"),
    "the spec is gone": lambda project: (project / "apigen.yaml").unlink(),
    "a file begins to match": grow,
    "a file was edited": lambda project: (project / "a.py").write_text("mine\n"),
    "a file is gone": lambda project: (project / "a.py").unlink(),
    "the lock changed": lambda project: (project / ".apigen/lock.json").write_text("{}"),
    "a revision was written by hand": write_revision,
    "there is no note": lambda project: (project / ".apigen/cache/fingerprint.json").unlink(),
    "the note is damaged": lambda project: (project / ".apigen/cache/fingerprint.json").write_text(
        "{"
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_noticed(project: Path, what: str) -> None:
    CHANGES[what](project)

    assert not is_up_to_date(project, read_manifest(project))


def test_another_apigen_is_noticed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "tool_hash", lambda: "another")

    assert not is_up_to_date(project, read_manifest(project))


def test_the_tool_is_hashed_with_its_templates() -> None:
    names = {path.suffix for path in fingerprint._sources(Path(fingerprint.__file__).parents[1])}

    assert ".py" in names
    assert ".pyc" not in names
