"""Who imports whom, as far as it is asked."""

from pathlib import Path

from apigen.typecheck.import_graph import ImportGraph, module_name, python_files


def _project(root: Path, **files: str) -> Path:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return root


def test_modules_of_the_package_are_named_without_src() -> None:
    assert module_name("src/shop/domain/rules.py") == "shop.domain.rules"
    assert module_name("src/shop/domain/__init__.py") == "shop.domain"
    assert module_name("tests/unit/test_a.py") == "tests.unit.test_a"


def test_only_code_that_can_import_is_listed(tmp_path: Path) -> None:
    _project(
        tmp_path,
        **{
            "src/shop/a.py": "",
            "src/shop/__pycache__/a.py": "",
            "src/.hidden/b.py": "",
            "tests/test_a.py": "",
            "migrations/env.py": "",
            "src/shop/a.txt": "",
        },
    )

    assert python_files(tmp_path) == ("src/shop/a.py", "tests/test_a.py")


def test_imports_are_followed_absolute_relative_and_inside_functions(tmp_path: Path) -> None:
    files = {
        "src/shop/__init__.py": "",
        "src/shop/a.py": "from . import b\nfrom .deep.c import x\n",
        "src/shop/b.py": "def f() -> None:\n    import shop.d\n",
        "src/shop/deep/__init__.py": "",
        "src/shop/deep/c.py": "from ..e import y\nimport os\n",
        "src/shop/d.py": "",
        "src/shop/e.py": "",
        "src/shop/alone.py": "",
    }
    graph = ImportGraph(_project(tmp_path, **files), files)

    assert graph.imports("src/shop/a.py") == (
        "src/shop/__init__.py",
        "src/shop/b.py",
        "src/shop/deep/c.py",
    )
    assert graph.reached("src/shop/a.py") == (
        "src/shop/a.py",
        "src/shop/__init__.py",
        "src/shop/b.py",
        "src/shop/deep/c.py",
        "src/shop/d.py",
        "src/shop/e.py",
    )


def test_a_deleted_module_is_still_reached(tmp_path: Path) -> None:
    files = {"src/shop/a.py": "from shop.gone import Task\n"}
    graph = ImportGraph(_project(tmp_path, **files), files, gone=["src/shop/gone.py"])

    assert graph.reached("src/shop/a.py") == ("src/shop/a.py", "src/shop/gone.py")


def test_a_file_that_does_not_parse_imports_nothing(tmp_path: Path) -> None:
    files = {"src/shop/a.py": "from shop import (\n", "src/shop/__init__.py": ""}

    assert ImportGraph(_project(tmp_path, **files), files).imports("src/shop/a.py") == ()
