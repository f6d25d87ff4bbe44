"""The newest migrations of a project, read from the text of all of them, apigen's and its owner's.

Nothing is imported or run. Files without a `revision` are no migrations.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from apigen.disk.paths import VERSIONS, ProjectError
from apigen.values import dataclass

_FUNCTION = re.compile(rb"^(?:async )?def ", re.MULTILINE)
_WHOLE = "*"
"""Stands for every column of a table."""
_OF_TABLE = frozenset({"create_table", "drop_table", "rename_table"})
_OF_COLUMN = frozenset({"add_column", "alter_column", "drop_column"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: Path
    revision: str
    down: tuple[str, ...]
    shown: str
    """The path below the project."""
    content: bytes


def read_heads(project: Path) -> tuple[str, ...]:
    """Return the revisions that no other stands on, sorted; several after two branches.

    Raises:
        ProjectError: a file can not be read, two have one id, or two branches change the same
            column, which nobody can join without looking.
    """
    files: dict[str, _File] = {}
    for path in sorted((project / VERSIONS).glob("*.py")):
        found = _read(path, project)
        if found is None:
            continue
        if found.revision in files:
            other = files[found.revision].path.name
            raise ProjectError(
                f"{VERSIONS}/{path.name} and {VERSIONS}/{other} are both revision {found.revision}"
            )
        files[found.revision] = found
    below = {one for found in files.values() for one in found.down}
    heads = sorted(set(files) - below)
    for one, other in combinations(heads, 2):
        _refuse_same_columns(one, other, files)
    return tuple(heads)


def _refuse_same_columns(one: str, other: str, files: Mapping[str, _File]) -> None:
    left, right = _below(one, files), _below(other, files)
    for mine in sorted(left - right):
        for theirs in sorted(right - left):
            clash = _clash(_touched(files[mine]), _touched(files[theirs]))
            if clash is not None:
                raise ProjectError(
                    f"{VERSIONS}/{files[mine].path.name} and {VERSIONS}/{files[theirs].path.name}"
                    f" stand side by side and both change {clash}: make one stand on the other"
                    " (its down_revision), or join them with `alembic merge heads`"
                )


def _clash(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> str | None:
    for table, column in sorted(one):
        for table_, column_ in sorted(other):
            if table == table_ and (column == column_ or _WHOLE in (column, column_)):
                name = column_ if column == _WHOLE else column
                return table if name == _WHOLE else f"{table}.{name}"
    return None


def _below(head: str, files: Mapping[str, _File]) -> set[str]:
    found: set[str] = set()
    waiting = [head]
    while waiting:
        one = waiting.pop()
        if one in files and one not in found:
            found.add(one)
            waiting += files[one].down
    return found


def _read(path: Path, project: Path) -> _File | None:
    shown = path.relative_to(project).as_posix()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProjectError(f"{shown} can not be read: {error.strerror}") from error
    values = _head_values(content)
    if "revision" not in values:
        values = dict(_assigned(_parsed(content, shown)))
    if "revision" not in values:
        return None
    revision = _texts(values["revision"])
    down = _texts(values["down_revision"]) if "down_revision" in values else ()
    if revision is None or len(revision) != 1 or down is None:
        raise ProjectError(f"{shown}: revision and down_revision have to be texts")
    return _File(path=path, shown=shown, revision=revision[0], down=down, content=content)


def _head_values(content: bytes) -> Mapping[str, ast.expr]:
    """Return what is assigned before the first function, nothing when that can not be told.

    The steps of a long migration are most of its text, and only two heads ask for them.
    """
    found = _FUNCTION.search(content)
    if found is None:
        return {}
    try:
        return dict(_assigned(ast.parse(content[: found.start()])))
    except (SyntaxError, ValueError):
        return {}


def _parsed(content: bytes, shown: str) -> ast.Module:
    try:
        return ast.parse(content, filename=shown)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise ProjectError(
            f"{shown} is not Python{f', see line {line}' if line else ''}"
        ) from error


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case _:
                pass


def _texts(node: ast.expr) -> tuple[str, ...] | None:
    """Return the texts of a literal; None when it is none."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    if value is None:
        return ()
    found = (value,) if isinstance(value, str) else value
    if isinstance(found, tuple | list | set) and all(isinstance(one, str) for one in found):
        return tuple(sorted(found))
    return None


def _touched(file: _File) -> frozenset[tuple[str, str]]:
    """Return the tables and columns that `upgrade` changes."""
    return frozenset(
        found
        for statement in _parsed(file.content, file.shown).body
        if isinstance(statement, ast.FunctionDef) and statement.name == "upgrade"
        for found in _within(statement, {})
    )


def _within(node: ast.AST, batches: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.With):
        batches = {**batches, **dict(_batches(node))}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        called, of = node.func.attr, node.func.value
        texts = [_name(argument) for argument in node.args]
        table = batches.get(of.id) if isinstance(of, ast.Name) else None
        if called in _OF_COLUMN:
            names = [table, *texts] if table is not None else texts
            if len(names) > 1 and names[0] is not None and names[1] is not None:
                yield names[0], names[1]
        elif called in _OF_TABLE:
            count = 2 if called == "rename_table" else 1
            yield from ((name, _WHOLE) for name in texts[:count] if name is not None)
    for child in ast.iter_child_nodes(node):
        yield from _within(child, batches)


def _batches(node: ast.With) -> Iterator[tuple[str, str]]:
    """Yield the names of batches and the tables they are of."""
    for item in node.items:
        match item:
            case ast.withitem(
                context_expr=ast.Call(
                    func=ast.Attribute(attr="batch_alter_table"),
                    args=[ast.Constant(value=str() as table), *_],
                ),
                optional_vars=ast.Name(id=name),
            ):
                yield name, table
            case _:
                pass


def _name(argument: ast.expr) -> str | None:
    """Return a text, or the name of a `Column(...)`."""
    match argument:
        case ast.Constant(value=str() as name):
            return name
        case ast.Call(args=[ast.Constant(value=str() as name), *_]):
            return name
        case _:
            return None
