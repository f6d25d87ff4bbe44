"""Reading imports without parsing whole files finds what parsing finds."""

import ast

import pytest

from apigen.plan.imports import exact_imports, imports_of
from apigen.plan.vendor import support_root

MODULES = tuple(sorted(support_root().rglob("*.py")))


def test_every_support_module_imports_what_its_tree_says() -> None:
    assert len(MODULES) > 50
    for place in MODULES:
        text = place.read_text(encoding="utf-8")

        assert list(exact_imports(text, "support/x/y.py")) == list(
            imports_of(ast.parse(text), "support/x/y.py")
        ), place


@pytest.mark.parametrize(
    "text",
    [
        '"""Doc.\n\ndef f():\n"""\n\nimport orjson\n\n\ndef f(): ...\n',
        "import orjson\n\n\ndef f():\n    import numpy\n",
        "import orjson\n\n\n@decorated\nclass A: ...\n\n\nimport numpy\n",
        "x = '''\nclass A\n'''\nimport orjson\n",
        "if True:\n    import orjson\nelse:\n    import numpy\n\n\nasync def f(): ...\n",
    ],
)
def test_texts_that_mislead_are_parsed_whole(text: str) -> None:
    assert list(exact_imports(text, "a.py")) == list(imports_of(ast.parse(text), "a.py"))


def test_an_import_in_a_docstring_of_a_function_is_none() -> None:
    text = 'import orjson\n\n\ndef f():\n    """\n    import numpy\n    """\n'

    assert [found.module for found in exact_imports(text, "a.py")] == ["orjson"]
