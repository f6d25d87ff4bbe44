"""What the last run left: its lock, and its spec as it was."""

from pathlib import Path

import pytest

from apigen.disk.last_run import read_last_run, read_spec, spec_records, stale_spec_records
from apigen.disk.paths import ProjectError


def written(project: Path, records: dict[str, bytes]) -> None:
    """Put records on the disk."""
    for path, content in records.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(content)


def test_a_new_project_remembers_nothing(tmp_path: Path) -> None:
    last = read_last_run(tmp_path)

    assert (last.lock, dict(last.spec), last.system) == (None, {}, None)


def test_the_spec_is_read_as_it_was_written_the_root_first(tmp_path: Path) -> None:
    written(tmp_path, spec_records("shop.yaml", {"shop.yaml": "a: 1\r\n", "a/b.yaml": "é"}))

    assert list(read_spec(tmp_path).items()) == [("apigen.yaml", "a: 1\r\n"), ("a/b.yaml", "é")]


def test_files_that_are_no_part_of_the_spec_any_more_are_named(tmp_path: Path) -> None:
    written(tmp_path, spec_records("shop.yaml", {"shop.yaml": "", "old.yaml": ""}))

    today = spec_records("shop.yaml", {"shop.yaml": "", "new.yaml": ""})

    assert stale_spec_records(tmp_path, today) == (".apigen/spec/old.yaml",)


def test_a_spec_without_its_root_is_as_good_as_none(tmp_path: Path) -> None:
    written(tmp_path, {".apigen/spec/other.yaml": b""})

    assert read_spec(tmp_path) == {}


def test_a_damaged_lock_names_the_file(tmp_path: Path) -> None:
    written(tmp_path, {".apigen/lock.json": b"<<<<<<< yours"})

    with pytest.raises(ProjectError, match=r"lock\.json can not be read .* version control"):
        read_last_run(tmp_path)
