"""Filling, copying and formatting."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from apigen.diagnostics.internal_error import InternalError
from apigen.plan.file import CopiedFile, FileClass, PlannedFile
from apigen.render import renderer, templates
from apigen.render.renderer import Rendering, render


@dataclass(frozen=True)
class Page:
    """A view."""

    name: str


Page.__module__ = "apigen.views.pages"


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one template, `page.py.j2`, to be written by the test."""
    monkeypatch.setattr(templates, "template_root", lambda: tmp_path)
    monkeypatch.setitem(sys.modules, "apigen.views.pages", ModuleType("apigen.views.pages"))
    templates.environment.cache_clear()
    templates.view_of.cache_clear()
    return tmp_path / "page.py.j2"


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    """Let no environment of one test be seen by another, in this module or after it."""
    templates.environment.cache_clear()
    templates.view_of.cache_clear()
    yield
    templates.environment.cache_clear()
    templates.view_of.cache_clear()


def page(path: str = "src/shop/page.py", view: object = None) -> PlannedFile:
    return PlannedFile(path=path, template="page.py.j2", view=view or Page(name="x"))


def rendered(*files: PlannedFile | CopiedFile, folder: Path = Path()) -> Rendering:
    return render(files, package="shop", spec_folder=folder)


def test_python_is_sorted_and_formatted(template: Path) -> None:
    template.write_text(
        "{# view: pages.Page #}\n"
        "import shop.b\nimport zlib\nimport orjson\n{{ view.name }} = ( 1 )\n"
    )

    (file,) = rendered(page()).files

    assert file.text == "import zlib\n\nimport orjson\n\nimport shop.b\n\nx = 1\n"


def test_other_files_end_with_one_line_end(template: Path) -> None:
    template.write_text("{# view: pages.Page #}\n{{ view.name }}\n\n\n")

    (file,) = rendered(page("a.txt")).files

    assert file.content == b"x\n"


def test_files_come_sorted_with_their_facts(template: Path) -> None:
    template.write_text("{# view: pages.Page #}\n{{ view.name }} = 1\n")
    files = [
        PlannedFile(
            path=path,
            template="page.py.j2",
            view=Page(name="x"),
            file_class=FileClass.SEED,
            elements=("shop.Order",),
            executable=True,
        )
        for path in ("b.py", "a.py")
    ]

    found = rendered(*files).files

    assert [file.path for file in found] == ["a.py", "b.py"]
    assert found[0].file_class is FileClass.SEED
    assert found[0].elements == ("shop.Order",)
    assert found[0].executable


def test_copies_are_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.py").write_bytes(b"x = ( 1 )\r\n")
    (tmp_path / "rows.json").write_bytes(b"[]")
    monkeypatch.setattr(renderer, "support_root", lambda: tmp_path)

    found = rendered(
        CopiedFile(path="a.py", source="x.py"),
        CopiedFile(path="seeds/rows.json", source=Path("rows.json")),
        folder=tmp_path,
    ).files

    assert [file.content for file in found] == [b"x = ( 1 )\r\n", b"[]"]


def test_a_view_of_another_class_is_refused(template: Path) -> None:
    template.write_text("{# view: pages.Other #}\n{{ view.name }}\n")

    with pytest.raises(InternalError, match=r"is for apigen\.views\.pages\.Other, but was given"):
        rendered(page())


def test_an_undefined_name_is_refused(template: Path) -> None:
    template.write_text("{# view: pages.Page #}\n{{ view.nam }}\n")

    with pytest.raises(InternalError, match=r"page\.py\.j2.*nam"):
        rendered(page())


def test_python_that_does_not_parse_names_template_and_line(template: Path) -> None:
    template.write_text("{# view: pages.Page #}\n{{ view.name }} = 1\ny = (\n")

    with pytest.raises(
        InternalError, match=r"page\.py\.j2 made Python.*src/shop/page\.py:\d+: invalid-syntax: .+"
    ):
        rendered(page())


def test_jinja_globals_and_filters_are_gone(template: Path) -> None:
    template.write_text("{# view: pages.Page #}\n{{ range(3) }}\n")

    with pytest.raises(InternalError, match="range"):
        rendered(page())


def test_a_folder_that_ruff_would_skip_is_formatted(template: Path) -> None:
    template.write_text("{# view: pages.Page #}\n{{ view.name }} = ( 1 )\n")

    (file,) = rendered(page("src/build/dist/page.py")).files

    assert file.text == "x = 1\n"
