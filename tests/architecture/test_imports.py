"""Folders import what architecture.md allows, support stands alone, start-up stays cheap."""

import ast
import os
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUPPORT = ROOT / "apigen/support"
MODULES = sorted(path.relative_to(SUPPORT).as_posix() for path in SUPPORT.rglob("*.py"))


def test_every_folder_imports_only_what_it_may() -> None:
    """The contracts are in pyproject.toml."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_every_folder_has_a_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    judged = {module for one in contracts for module in one.get("source_modules", ())}
    folders = {f"apigen.{path.parent.name}" for path in (ROOT / "apigen").glob("*/__init__.py")}

    assert folders <= judged


@pytest.mark.parametrize("module", MODULES)
def test_support_imports_itself_relatively_and_nothing_of_apigen(module: str) -> None:
    """So that a copy in another package works, byte for byte."""
    tree = ast.parse((SUPPORT / module).read_text(encoding="utf-8"))
    depth = module.count("/") + 1
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not [alias for alias in node.names if alias.name.startswith("apigen")]
        if isinstance(node, ast.ImportFrom):
            assert not (node.module or "").startswith("apigen") or node.level
            assert node.level <= depth, f"line {node.lineno} climbs out of support"


def test_a_class_name_is_defined_once_in_support() -> None:
    """One concept, one name, one home."""
    homes: dict[str, list[str]] = defaultdict(list)
    for module in MODULES:
        for node in ast.parse((SUPPORT / module).read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(module)

    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_support_packages_import_nothing() -> None:
    """Otherwise vendoring one module would vendor its whole package."""
    for module in MODULES:
        if module.endswith("__init__.py"):
            body = ast.parse((SUPPORT / module).read_text(encoding="utf-8"))
            assert not [n for n in ast.walk(body) if isinstance(n, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize("library", ["jinja2", "yaml", "rich", "sqlalchemy", "pydantic", "ruff"])
def test_help_does_not_load(library: str) -> None:
    script = (
        "import sys, apigen.cli.app as cli\n"
        "try:\n    cli.app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"sys.exit({library!r} in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()


def test_generic_frozen_dataclasses_have_no_slots() -> None:
    """Python 3.12 can not make `X[int]()` of one.

    Typing sets an attribute on the instance, and the frozen `__setattr__` of a class that was
    remade with slots raises TypeError where AttributeError is expected.
    """
    broken = [
        f"{path.name}: {node.name}"
        for path in sorted(SUPPORT.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.type_params
        for decorator in node.decorator_list
        if "frozen=True" in (text := ast.unparse(decorator)) and "slots=True" in text
    ]

    assert broken == []
