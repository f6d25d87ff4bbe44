"""The committed examples equal fresh output, byte for byte."""

from pathlib import Path

import pytest

from tests.snapshots.regenerate import EXAMPLES, SPECS, make


def contents(project: Path) -> dict[str, bytes]:
    """Return what of a project is committed, caches of tools aside."""
    return {
        path: place.read_bytes()
        for place in project.rglob("*")
        if place.is_file() and not _is_local(path := place.relative_to(project).as_posix())
    }


def _is_local(path: str) -> bool:
    """Whether a file is of one machine: notes of the last run, caches, databases, environments."""
    parts = path.split("/")
    return (
        path in (".apigen/lock", ".apigen/undo", ".env")
        or path.startswith(".apigen/cache/")
        or path.endswith((".pyc", ".db", ".db-shm", ".db-wal"))
        or any(part.endswith("_cache") or part in (".venv", ".hypothesis") for part in parts)
    )


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_an_example_is_what_its_spec_makes_today(spec: Path, tmp_path: Path) -> None:
    """When it is not: `make regen`, and read the diff."""
    make(spec, tmp_path / spec.stem)

    fresh, committed = contents(tmp_path / spec.stem), contents(EXAMPLES / spec.stem)

    assert sorted(committed) == sorted(fresh)
    assert [path for path in sorted(fresh) if fresh[path] != committed[path]] == []


def test_every_example_has_its_spec() -> None:
    projects = sorted(place.name for place in EXAMPLES.iterdir() if place.is_dir())

    assert projects == [spec.stem for spec in SPECS]
