"""Which support modules and distributions generated code needs."""

from pathlib import Path

import pytest

from apigen.diagnostics.internal_error import InternalError
from apigen.plan import vendor
from apigen.plan.dependencies import dependencies
from apigen.plan.imports import Import, external_imports
from apigen.plan.vendor import closure

SUPPORT = {
    "__init__.py": '"""Support."""\n',
    "core/__init__.py": "",
    "core/result.py": "import json\n",
    "core/errors.py": "from .result import Ok\nimport orjson\n",
    "domain/__init__.py": "",
    "domain/entity.py": "from ..core import errors\n",
    "domain/unused.py": "import numpy\n",
}


@pytest.fixture
def support(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small support package in place of the real one."""
    for path, text in SUPPORT.items():
        place = tmp_path / path
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
    monkeypatch.setattr(vendor, "support_root", lambda: tmp_path)
    vendor._needs.cache_clear()


@pytest.mark.usefixtures("support")
def test_the_closure_follows_relative_imports_and_takes_packages_along() -> None:
    found = closure({"src/shop/a.py": "from shop.support.domain.entity import X\n"}, package="shop")

    assert found.modules == (
        "__init__.py",
        "core/__init__.py",
        "core/errors.py",
        "core/result.py",
        "domain/__init__.py",
        "domain/entity.py",
    )
    assert found.third_party == ("orjson",)
    assert [copy.path for copy in found.copies("shop")][-1] == "src/shop/support/domain/entity.py"


@pytest.mark.usefixtures("support")
@pytest.mark.parametrize(
    "statement",
    [
        "from shop.support.core import result",
        "import shop.support.core.result",
        "from shop.support.core import (\n    result,\n)",
        "def f():\n    from shop.support.core import result",
    ],
)
def test_every_form_of_import_is_seen(statement: str) -> None:
    found = closure({"src/shop/a.py": f"{statement}\n"}, package="shop")

    assert found.modules == ("__init__.py", "core/__init__.py", "core/result.py")


@pytest.mark.usefixtures("support")
def test_a_module_that_does_not_exist_is_our_mistake() -> None:
    with pytest.raises(InternalError, match=r"support\.core\.missing"):
        closure({"src/shop/a.py": "from shop.support.core.missing import X\n"}, package="shop")


def test_text_that_looks_like_an_import_is_none() -> None:
    """A docstring comes from the spec: it must not add a dependency."""
    texts = {
        "src/shop/a.py": '"""Doc.\n\nimport numpy\nfrom evil import x\n"""\n\nimport orjson\n',
        "src/shop/b.py": '"""import numpy"""\n\nimport orjson\n',
    }

    assert external_imports(texts, package="shop") == {Import(module="orjson")}


def test_the_project_itself_and_the_standard_library_are_not_external() -> None:
    text = "import json\nfrom shop.domain.a import B\nfrom tests.x import y\nfrom .c import d\n"

    assert external_imports({"src/shop/a.py": text}, package="shop") == frozenset()


def test_what_only_tests_import_is_a_development_dependency() -> None:
    found = dependencies(runtime=["orjson"], development=["orjson", "hypothesis"])

    assert found.runtime == ("orjson>=3.11,<4",)
    assert any(line.startswith("hypothesis") for line in found.development)
    assert not any(line.startswith("orjson") for line in found.development)


def test_an_unknown_distribution_is_our_mistake() -> None:
    with pytest.raises(InternalError, match="numpy"):
        dependencies(runtime=["numpy"], development=[])


@pytest.mark.parametrize(
    "statement",
    [
        "from orjson import (\n    dumps,  # see (1)\n    loads,\n)",
        "from orjson import \\\n    dumps, loads",
        "try:\n    pass\nexcept ValueError:\n    from orjson import dumps, loads",
        "match 1:\n    case _:\n        from orjson import dumps, loads",
    ],
)
def test_imports_that_are_hard_to_read_are_seen(statement: str) -> None:
    texts = {"src/shop/a.py": "import orjson\n", "src/shop/b.py": f"{statement}\n"}

    assert Import(module="orjson", name="dumps") in external_imports(texts, package="shop")
