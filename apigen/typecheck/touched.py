"""Which Python files a run writes, and which names in them have another meaning afterwards.

Worked out from the text before and after, so that a change of a template counts like one of the
spec. Bodies of functions are left out: callers do not see them.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence

from apigen.merge.changes import Change, Create, Delete, Merge, Move, Rewrite, Update
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One Python file that a run writes or deletes; None: it is not there."""

    path: str
    before: str | None
    after: str | None


def touched(changes: Iterable[Change], content: Callable[[str], bytes]) -> tuple[Touched, ...]:
    """Return the Python files that `changes` will write or delete.

    Args:
        changes: What a run is about to do.
        content: Reads a file of the project as it stands before the run.
    """
    found = [part for change in changes for part in _touched(change, content)]
    return tuple(part for part in found if part.path.endswith(".py") and part.before != part.after)


def changed_names(file: Touched) -> frozenset[str]:
    """Return the names (last part of a dotted one) that mean something else after the run.

    A file that does not parse has none: what it offers can not be told.
    """
    before, after = _definitions(file.before), _definitions(file.after)
    if before is None or after is None:
        return frozenset()
    different = {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }
    return frozenset(name.rpartition(".")[2] for name in different)


def _touched(change: Change, content: Callable[[str], bytes]) -> Iterator[Touched]:
    match change:
        case Create(path=path, file=file):
            yield Touched(path=path, before=None, after=_text(file.content))
        case Update(path=path, file=file):
            yield Touched(path=path, before=_text(content(path)), after=_text(file.content))
        case Merge(path=path, content=merged) | Rewrite(path=path, content=merged):
            yield Touched(path=path, before=_text(content(path)), after=_text(merged))
        case Delete(path=path):
            yield Touched(path=path, before=_text(content(path)), after=None)
        case Move(path=path, source=source, change=inner):
            text = inner.file.content if isinstance(inner, Update) else inner.content
            before = _text(content(source))
            yield Touched(path=source, before=before, after=None)
            # Not as a file that is new: what it offered at its old place is no news at this one.
            yield Touched(path=path, before=before, after=_text(text))
        case _:
            return


def _text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _definitions(text: str | None) -> dict[str, str] | None:
    """Return what each name of a module is for those who use it; None when it does not parse."""
    if text is None:
        return {}
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    return dict(_of_body(tree.body, prefix=""))


def _of_body(body: Sequence[ast.stmt], *, prefix: str) -> Iterator[tuple[str, str]]:
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield prefix + name, _signature(statement)
            case ast.ClassDef(name=name):
                yield prefix + name, _header(statement)
                yield from _of_body(statement.body, prefix=f"{prefix}{name}.")
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield prefix + name, ast.dump(statement)
            case ast.Assign(targets=targets):
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield prefix + target.id, ast.dump(statement.value)
            case ast.TypeAlias(name=ast.Name(id=name)):
                yield prefix + name, ast.dump(statement)
            case _:
                pass


def _signature(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    parts = [
        type(function).__name__,
        ast.dump(function.args),
        ast.dump(function.returns) if function.returns is not None else "",
        *(ast.dump(decorator) for decorator in function.decorator_list),
    ]
    return "\n".join(parts)


def _header(definition: ast.ClassDef) -> str:
    parts = (*definition.bases, *definition.keywords, *definition.decorator_list)
    return "\n".join(ast.dump(part) for part in parts)
