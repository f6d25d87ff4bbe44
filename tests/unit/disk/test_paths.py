"""Nothing outside the project is touched."""

from pathlib import Path

import pytest

from apigen.disk.journal import commit
from apigen.disk.paths import ProjectError, target
from apigen.disk.steps import Write


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x", "a/../../x", "a//b", "", ".", "a/./b", "a\\b", "a\0b", ".git/hooks/x"],
)
def test_a_path_that_leaves_the_project_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ProjectError):
        target(tmp_path, path)


def test_a_parent_that_links_outside_is_refused(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / "src").symlink_to(outside)

    with pytest.raises(ProjectError, match="leads out"):
        commit(project, [Write(path="src/a.py", content=b"x", before=None)])

    assert list(outside.iterdir()) == []


def test_a_parent_that_links_inside_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "src").symlink_to(tmp_path / "real")

    commit(tmp_path, [Write(path="src/a.py", content=b"x", before=None)])

    assert (tmp_path / "real/a.py").read_bytes() == b"x"


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "src").write_text("")

    with pytest.raises(ProjectError, match="not a folder"):
        target(tmp_path, "src/a.py")
