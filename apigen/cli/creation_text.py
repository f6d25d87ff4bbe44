"""Put a new project into words: how much, what is where, and what each spec element became."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from apigen.cli.change_text import counted
from apigen.driver import SPEC
from apigen.ir.system import System
from apigen.merge.changes import Change, Create
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile

_OPEN = 3
"""Folders are opened so many levels deep when they hold several folders of code."""
_MOST_ELEMENTS = 40


def creation_report(project: Path, system: System, changes: Sequence[Change]) -> str:
    """Return what `init` says when it is done."""
    files = [change.file for change in changes if isinstance(change, Create)]
    own = [file for file in files if file.file_class is not FileClass.VENDORED]
    entities = len(system.entities)
    summary = (
        f"Created {counted(len(files), 'file')} from {counted(entities, 'entity')} "
        f"({_lines(own):,} lines of your own, {_lines(files) - _lines(own):,} vendored)."
    )
    lines = [
        summary,
        "",
        f"{project}/",
        *tree([SPEC, *(file.path for file in files)]),
        "",
        "From your spec:",
        *_per_element(system, own),
        "",
        f"Next: cd {project} && make setup dev",
    ]
    return "\n".join(lines)


def tree(paths: Sequence[str], *, prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the lines of a tree of files; deep folders are counted rather than opened."""
    folders = Counter(path.partition("/")[0] for path in paths if "/" in path)
    names = sorted(folders) + sorted(path for path in paths if "/" not in path)
    for index, name in enumerate(names):
        last = index == len(names) - 1
        branch, indent = ("└── ", "    ") if last else ("├── ", "│   ")
        if name not in folders:
            yield f"{prefix}{branch}{name}"
            continue
        inner = [path.partition("/")[2] for path in paths if path.startswith(f"{name}/")]
        if depth < _OPEN and _is_opened(inner):
            yield f"{prefix}{branch}{name}/"
            yield from tree(inner, prefix=prefix + indent, depth=depth + 1)
        else:
            yield f"{prefix}{branch}{name}/  {counted(len(inner), 'file')}"


def _is_opened(inner: Sequence[str]) -> bool:
    """Whether a folder's inside tells something: it leads to one folder, or to the layers."""
    folders = {path.partition("/")[0] for path in inner if "/" in path}
    files = [path for path in inner if "/" not in path]
    return (len(folders) == 1 and not files) or "main.py" in files


def _per_element(system: System, files: Sequence[RenderedFile]) -> Iterator[str]:
    made: dict[str, list[str]] = {}
    for file in files:
        for element in file.elements:
            made.setdefault(element, []).append(file.path)
    package = f"src/{system.app.package}/"
    shown = [entity.qname for context in system.contexts for entity in context.entities]
    width = max((len(qname) for qname in shown[:_MOST_ELEMENTS]), default=0)
    for qname in shown[:_MOST_ELEMENTS]:
        places = made.get(qname, [])
        areas = dict.fromkeys(path.removeprefix(package).partition("/")[0] for path in places)
        yield f"  {qname:{width}}  {counted(len(places), 'file'):>8} in {', '.join(areas)}"
    if len(shown) > _MOST_ELEMENTS:
        yield f"  and {len(shown) - _MOST_ELEMENTS} more entities"
    others = [
        *(element.qname for context in system.contexts for element in context.types),
        *system.children,
    ]
    if others:
        total = sum(len(made.get(qname, ())) for qname in others)
        yield f"  {len(others)} value types and children, named by {counted(total, 'file')}"


def _lines(files: Sequence[RenderedFile]) -> int:
    return sum(file.content.count(b"\n") for file in files)
