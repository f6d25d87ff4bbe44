"""Only what is different is formatted, and compiled templates are only kept beside templates."""

import sys
from pathlib import Path

import pytest

from apigen import render
from apigen.disk.formatted import FormattedBefore
from apigen.disk.paths import base_path
from apigen.render import formatting
from apigen.render.compiled import CompiledTemplates
from apigen.render.formatting import format_python, format_remembering
from apigen.render.templates import environment

FOLDER = "__pycache__"
TEXTS = {
    "src/shop/a.py": "from shop.b import y\nimport os\nx=  {'a':1}\n",
    "src/shop/b.py": "import sqlalchemy\nimport tests\ny=[os,1]\n",
}


def _known(project: Path) -> FormattedBefore:
    before = FormattedBefore(project)
    for path, content in format_remembering(TEXTS, before, package="shop").items():
        place = project / base_path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    before.save()
    return FormattedBefore(project)


def test_what_is_remembered_is_what_formatting_makes(tmp_path: Path) -> None:
    assert format_remembering(TEXTS, _known(tmp_path), package="shop") == format_python(
        TEXTS, package="shop"
    )


def test_without_a_change_no_program_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _known(tmp_path)

    def started(*_: object) -> None:
        raise AssertionError("ruff was started")

    monkeypatch.setattr(formatting, "_ruff", started)

    assert set(format_remembering(TEXTS, before, package="shop")) == set(TEXTS)


def test_one_changed_text_is_formatted_alone_as_among_all(tmp_path: Path) -> None:
    changed = {**TEXTS, "src/shop/b.py": "import tests\nimport shop.a\nimport os\ny=2\n"}

    assert format_remembering(changed, _known(tmp_path), package="shop") == format_python(
        changed, package="shop"
    )


def test_another_package_is_another_formatter(tmp_path: Path) -> None:
    before = _known(tmp_path)

    assert format_remembering(TEXTS, before, package="os") == format_python(TEXTS, package="os")


def test_a_template_that_changes_is_compiled_anew(tmp_path: Path) -> None:
    from jinja2 import Environment, FileSystemLoader

    def filled(text: str) -> str:
        (tmp_path / "a.j2").write_text(text)
        made = Environment(
            loader=FileSystemLoader(tmp_path),
            bytecode_cache=CompiledTemplates(tmp_path / FOLDER),
        )
        return made.get_template("a.j2").render()

    assert [filled("one"), filled("one"), filled("two")] == ["one", "one", "two"]


def test_a_damaged_file_of_compiled_code_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jinja2 import Environment, FileSystemLoader

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "a.j2").write_text("one")

    def filled() -> str:
        made = Environment(
            loader=FileSystemLoader(tmp_path),
            bytecode_cache=CompiledTemplates(tmp_path / FOLDER),
        )
        return made.get_template("a.j2").render()

    assert filled() == "one"
    (kept,) = (tmp_path / FOLDER).iterdir()
    kept.write_bytes(kept.read_bytes()[:40])

    assert filled() == "one"


@pytest.mark.parametrize("forbidden", [True, False])
def test_nothing_is_kept_where_it_must_or_can_not_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, forbidden: bool
) -> None:
    from jinja2 import Environment, FileSystemLoader

    monkeypatch.setattr(sys, "dont_write_bytecode", forbidden)
    (tmp_path / "a.j2").write_text("one")
    if not forbidden:
        (tmp_path / FOLDER).write_text("in the way")
    made = Environment(
        loader=FileSystemLoader(tmp_path),
        bytecode_cache=CompiledTemplates(tmp_path / FOLDER),
    )

    assert made.get_template("a.j2").render() == "one"
    assert not (tmp_path / FOLDER).is_dir()


def test_templates_are_kept_where_python_keeps_modules() -> None:
    cache = environment().bytecode_cache

    assert isinstance(cache, CompiledTemplates)
    assert cache.directory == str(Path(render.__file__).parent / "__pycache__")
