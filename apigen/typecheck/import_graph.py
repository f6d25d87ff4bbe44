"""Who imports whom in a project, read as far as somebody asks.

Only files below `src/`, `tests/` and `scripts/` count; `src/` is where the project's own package
is looked for, the others are packages of the project's folder.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDERS = ("src", "tests", "scripts")
_SKIPPED = frozenset({"__pycache__", "node_modules", ".venv"})


def python_files(project: Path) -> tuple[str, ...]:
    """Return every Python file that can import another, posix paths, sorted."""
    found: list[str] = []
    for folder in FOLDERS:
        for place, folders, names in (project / folder).walk():
            folders[:] = [
                name for name in folders if name not in _SKIPPED and not name.startswith(".")
            ]
            inside = place.relative_to(project).as_posix()
            found.extend(f"{inside}/{name}" for name in names if name.endswith(".py"))
    return tuple(sorted(found))


class ImportGraph:
    """Files of a project and what they import; every file is parsed at most once."""

    def __init__(self, project: Path, files: Iterable[str], *, gone: Iterable[str] = ()) -> None:
        """Know the files by module name.

        Args:
            project: The project's folder.
            files: Files that are there.
            gone: Files that were there: importing one still leads to it.
        """
        self._project = project
        self._by_module = {module_name(path): path for path in (*gone, *files)}
        self._known: dict[str, tuple[str, ...]] = {}

    def imports(self, path: str) -> tuple[str, ...]:
        """Return the files of the project that `path` imports; none when it does not parse."""
        if path not in self._known:
            self._known[path] = tuple(dict.fromkeys(self._imports(path)))
        return self._known[path]

    def reached(self, path: str) -> tuple[str, ...]:
        """Return `path` and every file it imports, directly or not, the nearest first."""
        seen = {path: None}
        waiting = [path]
        for current in waiting:
            for other in self.imports(current):
                if other not in seen:
                    seen[other] = None
                    waiting.append(other)
        return tuple(seen)

    def _imports(self, path: str) -> Iterator[str]:
        try:
            tree = ast.parse((self._project / path).read_bytes())
        except (OSError, SyntaxError, ValueError):
            return
        module = module_name(path)
        package = module if path.endswith("/__init__.py") else module.rpartition(".")[0]
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield from self._found(alias.name)
            elif isinstance(node, ast.ImportFrom):
                origin = _absolute(node, package)
                yield from self._found(origin)
                for alias in node.names:
                    yield from self._found(f"{origin}.{alias.name}")

    def _found(self, module: str) -> Iterator[str]:
        if module in self._by_module:
            yield self._by_module[module]


def module_name(path: str) -> str:
    """Return `shop.domain.rules` for `src/shop/domain/rules.py`."""
    stem = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return stem.replace("/", ".")


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """Return the absolute name of the module that names are imported from."""
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    origin = ".".join(parts[: len(parts) - node.level + 1])
    return f"{origin}.{node.module}" if node.module else origin
