"""What formatting made of a text is known again, and never wrongly."""

import json
from pathlib import Path

from apigen.disk.formatted import FormattedBefore
from apigen.disk.paths import FORMATTED, base_path

PATH = "src/shop/a.py"


def _remembered(project: Path, *, base: bytes = b"x = 1\n") -> FormattedBefore:
    """Return the note of a project in which `x=1` became `x = 1`."""
    place = project / base_path(PATH)
    place.parent.mkdir(parents=True)
    place.write_bytes(base)
    first = FormattedBefore(project)
    first.keep(PATH, "x=1", b"x = 1\n", formatter="ruff 1")
    first.save()
    return FormattedBefore(project)


def test_what_a_text_became_is_known_in_the_next_run(tmp_path: Path) -> None:
    assert _remembered(tmp_path).formatted(PATH, "x=1", formatter="ruff 1") == b"x = 1\n"


def test_another_text_is_not_known(tmp_path: Path) -> None:
    assert _remembered(tmp_path).formatted(PATH, "x=2", formatter="ruff 1") is None


def test_another_formatter_knows_nothing(tmp_path: Path) -> None:
    assert _remembered(tmp_path).formatted(PATH, "x=1", formatter="ruff 2") is None


def test_a_base_that_is_another_text_is_not_taken(tmp_path: Path) -> None:
    before = _remembered(tmp_path, base=b"somebody = 'else'\n")

    assert before.formatted(PATH, "x=1", formatter="ruff 1") is None


def test_a_base_that_is_gone_is_not_taken(tmp_path: Path) -> None:
    before = _remembered(tmp_path)
    (tmp_path / base_path(PATH)).unlink()

    assert before.formatted(PATH, "x=1", formatter="ruff 1") is None


def test_what_was_asked_for_stays_in_the_note_and_what_was_not_leaves_it(tmp_path: Path) -> None:
    before = _remembered(tmp_path)
    before.formatted(PATH, "x=1", formatter="ruff 1")
    before.keep("src/shop/b.py", "y=1", b"y = 1\n", formatter="ruff 1")
    before.save()

    third = FormattedBefore(tmp_path)
    third.keep("src/shop/c.py", "z=1", b"z = 1\n", formatter="ruff 1")
    third.save()

    note = json.loads((tmp_path / FORMATTED).read_text())
    assert list(note["files"]) == ["src/shop/c.py"]


def test_a_damaged_note_knows_nothing(tmp_path: Path) -> None:
    _remembered(tmp_path)
    for text in ("", "{}", "[]", '{"formatter": "ruff 1", "files": {"a": 1}}'):
        (tmp_path / FORMATTED).write_text(text)

        assert FormattedBefore(tmp_path).formatted(PATH, "x=1", formatter="ruff 1") is None


def test_a_run_that_rendered_nothing_writes_nothing(tmp_path: Path) -> None:
    FormattedBefore(tmp_path).save()

    assert list(tmp_path.iterdir()) == []
