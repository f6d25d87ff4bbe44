"""How the support package spells generics and contracts: PEP 695, protocols apart from ABCs."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import apigen

SUPPORT = Path(apigen.__file__).parent / "support"
MODULES = sorted(SUPPORT.rglob("*.py"))


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            yield path.relative_to(SUPPORT).as_posix(), node


def bases(node: ast.ClassDef) -> set[str]:
    names = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    return {ast.unparse(name) for name in names}


@pytest.mark.criterion("R27.1", "R27.2", "R27.3", "R39.1")
def test_generics_are_spelled_with_type_parameters() -> None:
    old = {"TypeVar", "Generic", "ParamSpec", "TypeAlias", "Optional", "Union", "List", "Dict"}

    found = [
        (module, alias.name)
        for module, node in nodes()
        if isinstance(node, ast.ImportFrom) and node.module in ("typing", "typing_extensions")
        for alias in node.names
        if alias.name in old
    ]

    assert found == []
    parameters = [node for _, node in nodes() if isinstance(node, ast.TypeVar)]
    assert len(parameters) > 30


@pytest.mark.criterion("R27.4")
def test_bounds_are_written_with_a_colon() -> None:
    bounded = [
        node for _, node in nodes() if isinstance(node, ast.TypeVar) and node.bound is not None
    ]

    assert {"UnitOfWork", "BaseModel"} <= {
        ast.unparse(node.bound) for node in bounded if node.bound is not None
    }


@pytest.mark.criterion("R28.1", "R28.2", "R28.4")
def test_no_class_is_a_protocol_and_an_abc() -> None:
    classes = [node for _, node in nodes() if isinstance(node, ast.ClassDef)]

    assert [node.name for node in classes if {"Protocol", "ABC"} <= bases(node)] == []
    assert any("Protocol" in bases(node) for node in classes)
    assert any("ABC" in bases(node) for node in classes)


@pytest.mark.criterion("R28.3", "R11.1", "R11.2", "R11.3")
def test_ports_can_be_checked_at_run_time() -> None:
    ports = {
        node.name: {ast.unparse(decorator) for decorator in node.decorator_list}
        for module, node in nodes()
        if module == "core/protocols.py"
        and isinstance(node, ast.ClassDef)
        and "Protocol" in bases(node)
    }

    assert set(ports) == {
        "AsyncRepository",
        "CacheProvider",
        "Criterion",
        "EventHandler",
        "Mapper",
        "PermittedRows",
        "UnitOfWork",
    }
    assert all("runtime_checkable" in decorators for decorators in ports.values())
