"""The real pipeline, from a spec to a project and back to nothing to do."""

from pathlib import Path

import pytest

from tests.cli.test_process import ROOT, apigen

TODO = ROOT / "specs/todo.yaml"


def contents(project: Path) -> dict[str, bytes]:
    """Return every file of a project but what is of one machine."""
    return {
        place.relative_to(project).as_posix(): place.read_bytes()
        for place in project.rglob("*")
        if place.is_file() and "cache" not in place.parts and place.name not in ("lock", "undo")
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project made from `specs/todo.yaml`."""
    folder = tmp_path_factory.mktemp("made")
    done = apigen("init", "todo", "--spec", str(TODO), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "todo"


def test_a_fresh_project_is_what_its_spec_says(made: Path) -> None:
    before = contents(made)

    for command in ("check", "diff", "regenerate"):
        done = apigen(command, "--dir", str(made), cwd=made.parent)

        assert done.returncode == 0, done.stdout + done.stderr
    assert contents(made) == before


def test_the_long_way_finds_nothing_to_do_either(made: Path) -> None:
    """Without the note of the last run everything is rendered again."""
    before = contents(made)
    (made / ".apigen/cache/fingerprint.json").unlink()

    done = apigen("regenerate", "--dir", str(made), cwd=made.parent)

    assert done.returncode == 0
    assert done.stderr == "Everything is up to date.\n"
    assert contents(made) == before


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Chatham", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
    ],
)
def test_the_bytes_are_the_same_anywhere(made: Path, tmp_path: Path, env: dict[str, str]) -> None:
    done = apigen("init", "todo", "--spec", str(TODO), cwd=tmp_path, **env)

    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "todo") == contents(made)


def test_every_file_but_the_records_is_in_the_manifest(made: Path) -> None:
    manifest = (made / ".apigen/manifest.json").read_text()

    for path in contents(made):
        if not path.startswith(".apigen/") and path != "apigen.yaml":
            assert f'"path": "{path}"' in manifest


def test_a_new_field_reaches_the_layers_and_going_back_restores_every_byte(
    made: Path, tmp_path: Path
) -> None:
    before = contents(made)
    spec = made / "apigen.yaml"
    text = spec.read_text()
    spec.write_text(text + "      priority: int(1..5) = 3\n")

    done = apigen("regenerate", "--dir", str(made), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    touched = [path for path, content in contents(made).items() if before.get(path) != content]
    spec.write_text(text)
    back = apigen("regenerate", "--dir", str(made), *AGREED, cwd=tmp_path)

    assert back.returncode == 0, back.stderr
    for layer in ("domain", "application", "infrastructure"):
        assert any(path.startswith(f"src/todo/{layer}/") for path in touched)
    after = contents(made)
    assert {path: content for path, content in after.items() if not history(path)} == {
        path: content for path, content in before.items() if not history(path)
    }


AGREED = ("--accept-removal", "Task.priority", "--accept-data-loss", "Task.priority")


def history(path: str) -> bool:
    """Whether a file tells what was: migrations, the list of them, ids that are not given again."""
    return path.startswith("migrations/versions/") or path in (
        ".apigen/manifest.json",
        ".apigen/lock.json",
    )
