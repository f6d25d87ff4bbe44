"""The names that a module uses and binds, as far as imports are concerned."""

import ast
import re
from collections.abc import Iterator

_IMPORT_LINE = re.compile(r"^\s*(?:from\s+\S+\s+import\b|import\b).*$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d]\w*")


def _in_text(value: str) -> Iterator[str]:
    try:
        tree = ast.parse(value, mode="eval")
    except (SyntaxError, ValueError):
        return
    yield from used(tree)


def _texts(node: ast.AST | None) -> Iterator[str]:
    """Names in the strings of an annotation."""
    if node is None:
        return
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield from _in_text(each.value)


def used(tree: ast.AST) -> frozenset[str]:
    """Give every name that is read, in annotations that are texts and in `__all__` too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name):
                found.add(name)
            case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation):
                found.update(_texts(annotation))
            case ast.FunctionDef(returns=returns) | ast.AsyncFunctionDef(returns=returns):
                found.update(_texts(returns))
            case ast.Call(func=ast.Name(id="cast"), args=[first, *_]):
                found.update(_texts(first))
            case ast.Subscript(slice=ast.Constant(value=str(text))) if text[:1].isupper():
                # A class named before it is defined, as in `Mapped["Order"]`.
                found.update(_in_text(text))
            case _:
                pass
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
                found.update(
                    each.value
                    for each in ast.walk(node.value)
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )
    return frozenset(found)


def used_in_lines(text: str) -> frozenset[str]:
    """Give every word of a text with conflicts in it, import lines aside."""
    return frozenset(_WORD.findall(_IMPORT_LINE.sub("", text)))


def bound(tree: ast.Module) -> frozenset[str]:
    """Give the names that imports anywhere and definitions of the module bind."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            found.add(bound_name(node.name, node.asname))
    for node in tree.body:
        match node:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                found.add(name)
            case ast.Assign(targets=targets):
                found.update(each.id for each in targets if isinstance(each, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.TypeAlias(name=ast.Name(id=name)):
                found.add(name)
            case _:
                pass
    return frozenset(found)


def bound_name(name: str, alias: str | None) -> str:
    """Give the name that an import binds."""
    return alias or name.partition(".")[0]
