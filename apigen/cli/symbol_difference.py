"""Which symbols of a text are not what another text has: names for a report, nothing to act on."""

import ast
import difflib
from collections.abc import Iterator, Sequence


def different_symbols(text: str, other: str) -> tuple[str, ...] | None:
    """Return the dotted names in `text` that `other` has not, or has otherwise.

    Layout and comments count for nothing. A class is named only for its head; its members are
    named for themselves.

    Returns:
        Names in the order of `text`; None when one of the two is not Python.
    """
    try:
        here, there = dict(_symbols(text)), dict(_symbols(other))
    except (SyntaxError, ValueError):
        return None
    return tuple(name for name, meaning in here.items() if there.get(name) != meaning)


def different_lines(text: str, other: str) -> int:
    """Return how many lines of `text` are not in `other`."""
    matcher = difflib.SequenceMatcher(None, text.splitlines(), other.splitlines(), autojunk=False)
    return len(text.splitlines()) - sum(block.size for block in matcher.get_matching_blocks())


def _symbols(text: str) -> Iterator[tuple[str, str]]:
    yield from _of_body(ast.parse(text).body, prefix="")


def _of_body(body: Sequence[ast.stmt], *, prefix: str) -> Iterator[tuple[str, str]]:
    loose: list[str] = []
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield prefix + name, ast.dump(statement)
            case ast.ClassDef(name=name):
                head = (*statement.bases, *statement.keywords, *statement.decorator_list)
                yield prefix + name, "\n".join(ast.dump(part) for part in head)
                yield from _of_body(statement.body, prefix=f"{prefix}{name}.")
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                yield prefix + name, ast.dump(statement)
            case ast.Import(names=names):
                for alias in names:
                    yield f"{prefix}import {alias.asname or alias.name}", ast.dump(alias)
            case ast.ImportFrom(module=module, level=level, names=names):
                for alias in names:
                    origin = f"{level} {module} {ast.dump(alias)}"
                    yield f"{prefix}import {alias.asname or alias.name}", origin
            case _:
                loose.append(ast.dump(statement))
    if loose:
        yield f"{prefix}statements", "\n".join(loose)
