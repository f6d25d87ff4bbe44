"""Tell what generated Python imports from outside the project's own generated code.

Reads texts only. Whole files are parsed just when they seem to import something not met before:
parsing every file would cost more than rendering it.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from apigen.values import dataclass

_CANDIDATE = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<source>[\w.]+)[ \t]+import[ \t]+(?:\([^)]*\)|[^\n(]+)"
    r"|import[ \t]+(?P<modules>[^\n]+))",
    re.MULTILINE,
)
_DEFINITION = re.compile(r"^(?:@|class |def |async def )", re.MULTILINE)
_BLOCKS = ("finalbody", "orelse", "handlers", "cases", "body")
"""Attributes of statements that hold statements, or what holds some in turn."""
PROJECT_PACKAGES = ("tests", "scripts", "migrations")
"""Top-level packages of a generated project beside its own."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Import:
    """`from module import name`, or `import module` with an empty name; always absolute."""

    module: str
    name: str = ""


def external_imports(texts: Mapping[str, str], *, package: str) -> frozenset[Import]:
    """Collect what Python files import from support and from third parties.

    Args:
        texts: Path in the project to Python source.
        package: The project's import package; `<package>.support` counts as outside.
    """
    found: set[Import] = set()
    for path in sorted(texts):
        text = texts[path]
        seeming = {
            each
            for match in _CANDIDATE.finditer(text)
            if _may_matter(match, package)
            for each in _seeming_imports(match.group().strip(), path.rpartition("/")[0])
            if each is None or is_external(each, package)
        }
        if seeming <= found:
            continue
        # A line inside a string can look like an import: only the syntax tree knows.
        found.update(
            each
            for each in exact_imports(text, path, lambda match: _may_matter(match, package))
            if is_external(each, package)
        )
    return frozenset(found)


def exact_imports(
    text: str, path: str, matters: Callable[[re.Match[str]], bool] = lambda match: True
) -> Iterator[Import]:
    """Yield the imports of a Python file, in any scope, those that matter for certain.

    Most files import at their top only. The part before the first class, function or decorator is
    then parsed alone: as it is a whole number of statements, it means what it means in the file.

    Args:
        text: Python source.
        path: Resolves relative imports.
        matters: Tells of what looks like an import whether it must not be missed.
    """
    end = _DEFINITION.search(text)
    if end is not None and not any(
        matters(match) for match in _CANDIDATE.finditer(text, end.start())
    ):
        try:
            top = ast.parse(text[: end.start()], filename=path)
        except SyntaxError:
            # The definition that was found is a line of a string.
            pass
        else:
            yield from imports_of(top, path)
            return
    yield from imports_of(ast.parse(text, filename=path), path)


@cache
def _seeming_imports(statement: str, folder: str) -> tuple[Import | None, ...]:
    """Return what a statement imports; None when its text alone does not tell."""
    try:
        return tuple(imports_of(ast.parse(statement), f"{folder}/module.py"))
    except SyntaxError:
        return (None,)


def imports_of(tree: ast.Module, path: str) -> Iterator[Import]:
    """Yield every import of a module, in any scope; `path` resolves relative ones."""
    here = tuple(path.removeprefix("src/").removesuffix(".py").split("/"))[:-1]
    for node in _statements(tree):
        match node:
            case ast.Import():
                for alias in node.names:
                    yield Import(module=alias.name)
            case ast.ImportFrom(level=0):
                for alias in node.names:
                    yield Import(module=node.module or "", name=alias.name)
            case ast.ImportFrom():
                base = here[: len(here) - node.level + 1]
                module = ".".join((*base, *([node.module] if node.module else [])))
                for alias in node.names:
                    yield Import(module=module, name=alias.name)


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield all statements at any depth; expressions are left alone, for they import nothing."""
    pending: list[ast.AST] = list(reversed(tree.body))
    while pending:
        node = pending.pop()
        yield node
        for block in _BLOCKS:
            pending.extend(reversed(getattr(node, block, ())))


def is_external(found: Import, package: str) -> bool:
    """Whether an import leaves the generated code: for support, or for a third party."""
    top, _, rest = found.module.partition(".")
    if top == package:
        return (
            rest == "support"
            or rest.startswith("support.")
            or (not rest and found.name == "support")
        )
    return top not in PROJECT_PACKAGES and top not in sys.stdlib_module_names


def _may_matter(match: re.Match[str], package: str) -> bool:
    source = match["source"]
    if source is None:
        return True
    if source.startswith("."):
        return "support" in match.group()
    top, _, rest = source.partition(".")
    if top == package:
        return not rest or rest.startswith("support")
    return top not in PROJECT_PACKAGES and top not in sys.stdlib_module_names
