"""Turn a plan into bytes: fill templates, copy what is copied, format Python once.

Refuses a view of another class than the template names, an undefined name, and Python that does
not parse: each is a mistake of ours and says which template it is in. Touches no project.
"""

from collections.abc import Sequence
from pathlib import Path

from apigen.diagnostics.internal_error import InternalError
from apigen.plan.file import CopiedFile, FileClass, PlannedFile, ProjectFile
from apigen.plan.vendor import support_root
from apigen.render.formatting import (
    FormattedBefore,
    UnreadablePython,
    format_python,
    format_remembering,
)
from apigen.render.templates import environment, view_of
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedFile:
    """A file as it will stand in the project."""

    path: str
    content: bytes
    file_class: FileClass
    elements: tuple[str, ...]
    executable: bool

    @property
    def text(self) -> str:
        """The content as text; only meaningful for files that are UTF-8."""
        return self.content.decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """All files of a project, sorted by path."""

    files: tuple[RenderedFile, ...]


def render(
    files: Sequence[ProjectFile],
    *,
    package: str,
    spec_folder: Path,
    before: FormattedBefore | None = None,
    absent: bytes | None = None,
) -> Rendering:
    """Fill, copy and format `files`.

    Args:
        files: The plan, in any order.
        package: The project's import package.
        spec_folder: Where the data stands that is copied from beside the spec.
        before: Remembers what was formatted; None: everything is formatted.
        absent: Content of data that is no longer beside the spec; None: all of it is there.

    Raises:
        InternalError: a template and its view do not fit, or the result is not Python.
    """
    templates = {file.path: file.template for file in files if isinstance(file, PlannedFile)}
    texts = {file.path: _fill(file) for file in files if isinstance(file, PlannedFile)}
    python = {path: text for path, text in texts.items() if path.endswith(".py")}
    try:
        if before is None:
            formatted = format_python(python, package=package)
        else:
            formatted = format_remembering(python, before, package=package)
    except UnreadablePython as problem:
        raise InternalError(_unreadable(problem, templates, texts)) from problem
    rendered = [
        RenderedFile(
            path=file.path,
            content=_content(file, texts, formatted, spec_folder, absent),
            file_class=file.file_class,
            elements=file.elements,
            executable=file.executable,
        )
        for file in files
    ]
    return Rendering(files=tuple(sorted(rendered, key=lambda file: file.path)))


def united(*renderings: Rendering) -> Rendering:
    """Return one rendering of several with disjoint paths."""
    files = [file for rendering in renderings for file in rendering.files]
    return Rendering(files=tuple(sorted(files, key=lambda file: file.path)))


def _content(
    file: ProjectFile,
    texts: dict[str, str],
    formatted: dict[str, bytes],
    spec_folder: Path,
    absent: bytes | None,
) -> bytes:
    if isinstance(file, CopiedFile):
        is_data = isinstance(file.source, Path)
        place = (spec_folder if is_data else support_root()) / file.source
        if is_data and absent is not None and not place.is_file():
            return absent
        return place.read_bytes()
    if file.path in formatted:
        return formatted[file.path]
    return (texts[file.path].rstrip("\n") + "\n").encode()


def _fill(file: PlannedFile) -> str:
    from jinja2 import TemplateError

    expected = view_of(file.template)
    given = f"{type(file.view).__module__}.{type(file.view).__qualname__}"
    if given != expected:
        raise InternalError(f"template {file.template} is for {expected}, but was given {given}")
    try:
        return environment().get_template(file.template).render(view=file.view)
    except TemplateError as problem:
        line = getattr(problem, "lineno", None)
        place = f"{file.template}:{line}" if line else file.template
        raise InternalError(f"template {place} for {file.path}: {problem}") from problem


def _unreadable(problem: UnreadablePython, templates: dict[str, str], texts: dict[str, str]) -> str:
    template = templates.get(problem.path, "?")
    lines = texts.get(problem.path, "").splitlines()
    shown = lines[problem.line - 1].strip() if 0 < problem.line <= len(lines) else ""
    return (
        f"template {template} made Python that does not parse: "
        f"{problem.path}:{problem.line}: {problem.problem}: {shown}"
    )
