"""Where a line of a project comes from: the template, the spec elements, and whose it is.

Reads the project and plans it anew, but renders nothing: whose a line is, is told by what apigen
wrote last. Like the driver, it knows the steps and decides nothing of their business.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from apigen.diagnostics import Span
from apigen.disk.manifest import read_manifest
from apigen.disk.paths import STATE, base_path, target
from apigen.ir.names import stands_in, words
from apigen.merge.manifest import ManifestEntry
from apigen.message_origins import messages_named, messages_on
from apigen.plan.file import FileClass, PlannedFile, ProjectFile
from apigen.values import dataclass

if TYPE_CHECKING:
    from apigen.ir.system import Child, Entity, System

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_ALIKE = 0.5
"""A changed line is made of a generated one when so much of it is left."""


class Whose(StrEnum):
    """Who wrote a line, or a file."""

    GENERATED = "generated"
    YOURS = "yours"
    BOTH = "both"
    """Generated, and changed by its owner."""
    UNKNOWN = "unknown"
    """What apigen wrote last is not kept: a seed, or a record that is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecElement:
    """An element of the spec and where it stands."""

    kind: str
    """entity, child, field, type, member, command, event, query, reaction, projection, policy."""
    qname: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is known of a line, or of a file when no line was asked for."""

    path: str
    line: int
    """0: the file."""
    text: str
    """The line without its indentation."""
    file_class: FileClass | None
    """None: apigen did not write the file."""
    template: str
    """Below `templates/`, or the file of apigen that is copied; empty when not known."""
    symbol: str
    """Dotted name of the innermost class or function around the line; empty at the top."""
    elements: tuple[SpecElement, ...]
    """The nearest ones; empty when no single element is behind it."""
    whose: Whose
    is_record: bool = False
    """Whether it is a record of apigen's own, below `.apigen/`."""


def origin(project: Path, path: str, line: int, system: "System | None") -> Origin:
    """Tell where a line comes from.

    Args:
        project: Its folder.
        path: Of a file that is there, posix, below it.
        line: From 1, within the file; 0 for the file as a whole.
        system: Today's; None when the spec has errors: template and elements are then unknown.

    Raises:
        ProjectError: the manifest is damaged, or the path leads out of the project.
    """
    text = _text(target(project, path))
    entry = read_manifest(project).entries.get(path)
    shown = text.split("\n")[line - 1].strip() if line else ""
    symbol = _symbol(text, line) if path.endswith(".py") and line else ""
    planned = _planned(path, system) if system is not None and entry is not None else None
    names = planned.elements if planned is not None else entry.elements if entry is not None else ()
    return Origin(
        path=path,
        line=line,
        text=shown,
        file_class=_class(entry) if entry is not None else None,
        template=_template(planned),
        symbol=symbol,
        elements=_nearest(system, names, symbol, shown) if system is not None else (),
        whose=_whose(project, path, line, entry, text),
        is_record=path.startswith(f"{STATE}/"),
    )


def _class(entry: ManifestEntry) -> FileClass:
    return FileClass.MERGED if entry.ejected else entry.file_class


def _planned(path: str, system: "System") -> ProjectFile | None:
    from apigen.plan import project
    from apigen.plan.dependencies import dependencies
    from apigen.plan.file import CopiedFile
    from apigen.plan.plan import plan

    # What it depends on decides about the content, not about the template.
    late = project.dependent_files(system, dependencies=dependencies(runtime=(), development=()))
    for file in (*plan(system), *late):
        if file.path == path:
            return file
    support = f"src/{system.app.package}/support/"
    if path.startswith(support):
        return CopiedFile(path=path, source=path.removeprefix(support))
    return None


def _template(file: ProjectFile | None) -> str:
    match file:
        case None:
            return ""
        case PlannedFile(template=template):
            return f"templates/{template}"
        case _ if isinstance(file.source, Path):
            return file.source.as_posix()
        case _:
            return f"apigen/support/{file.source}"


def _whose(project: Path, path: str, line: int, entry: ManifestEntry | None, text: str) -> Whose:
    if entry is None:
        return Whose.GENERATED if path.startswith(f"{STATE}/") else Whose.YOURS
    base = target(project, base_path(path))
    if not base.is_file():
        from apigen.merge.worktree import digest

        same = digest(target(project, path).read_bytes()) in entry.hashes
        return Whose.GENERATED if same else Whose.UNKNOWN
    last = _text(base)
    if not line:
        return Whose.GENERATED if last == text else Whose.BOTH
    return _whose_line(last.split("\n"), text.split("\n"), line - 1)


def _whose_line(last: Sequence[str], lines: Sequence[str], index: int) -> Whose:
    matcher = SequenceMatcher(None, last, lines, autojunk=False)
    for tag, first, end, start, stop in matcher.get_opcodes():
        if not start <= index < stop:
            continue
        if tag == "equal":
            return Whose.GENERATED
        line = lines[index].strip()
        alike = (SequenceMatcher(None, old.strip(), line).ratio() for old in last[first:end])
        return Whose.BOTH if max(alike, default=0.0) >= _ALIKE else Whose.YOURS
    return Whose.YOURS


def _symbol(text: str, line: int) -> str:
    """Return the dotted name of what is around a line; a decorator belongs to what it is on."""
    try:
        body: Sequence[ast.stmt] = ast.parse(text).body
    except (SyntaxError, ValueError):
        return ""
    names: list[str] = []
    inner = True
    while inner:
        inner = False
        for node in body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            first = min((node.lineno, *(part.lineno for part in node.decorator_list)))
            if first <= line <= (node.end_lineno or node.lineno):
                names.append(node.name)
                body, inner = node.body, True
                break
    return ".".join(names)


def _nearest(
    system: "System", names: Sequence[str], symbol: str, text: str
) -> tuple[SpecElement, ...]:
    """Narrow the elements of a file to those that a line speaks of.

    The names around the line say which entity it is, those on the line which of its fields; what
    names none is about all of them.
    """
    owners = _owners(system, names)
    around = [words(name) for name in symbol.split(".") if name]
    on_line = [words(name) for name in _IDENTIFIER.findall(text)]
    chosen = _said(owners, around) or _said(owners, on_line)
    fields = [
        element
        for owner in chosen or owners
        for element in _parts(system, owner.qname)
        if any(words(name) in on_line for name in _spellings(system, element))
    ]
    known = tuple(name for owner in owners for name in (owner.qname, owner.qname.partition(".")[0]))
    spoken = messages_on(
        system, (*names, *known), symbol.split("."), _IDENTIFIER.findall(text)
    ) or (messages_named(system, names) if not owners else ())
    messages = [SpecElement(kind=one.kind, qname=one.qname, span=one.span) for one in spoken]
    if messages:
        # What a command changes is told before the command.
        return (*fields, *messages)
    return tuple(fields or chosen or owners)


def _said(owners: Sequence[SpecElement], said: Sequence[tuple[str, ...]]) -> list[SpecElement]:
    """Return the owners whose name is part of a name, the longest names only."""
    found: list[SpecElement] = []
    for name in said:
        fitting = [
            owner for owner in owners if stands_in(words(owner.qname.rpartition(".")[2]), name)
        ]
        longest = max((len(words(owner.qname.rpartition(".")[2])) for owner in fitting), default=0)
        found += [
            owner for owner in fitting if len(words(owner.qname.rpartition(".")[2])) == longest
        ]
    return list(dict.fromkeys(found))


def _owners(system: "System", names: Sequence[str]) -> list[SpecElement]:
    """Return the entities, children and types of `names`, children after their parents."""
    found: dict[str, SpecElement] = {}
    for name in names:
        if name in system.types:
            value_type = system.types[name]
            found[name] = SpecElement(kind="type", qname=name, span=value_type.span)
        elif name in system.entities:
            for kind, owner in _with_children(system.entities[name]):
                found[owner.qname] = SpecElement(kind=kind, qname=owner.qname, span=owner.span)
        elif name in system.children:
            found[name] = SpecElement(kind="child", qname=name, span=system.children[name].span)
    return list(found.values())


def _with_children(
    owner: "Entity | Child", kind: str = "entity"
) -> Iterator[tuple[str, "Entity | Child"]]:
    yield kind, owner
    for child in owner.children:
        yield from _with_children(child, "child")


def _parts(system: "System", qname: str) -> Iterator[SpecElement]:
    from apigen.ir.system import EnumType

    owner = system.entities.get(qname) or system.children.get(qname)
    if owner is not None:
        for field in owner.fields:
            yield SpecElement(kind="field", qname=field.qname, span=field.span)
        return
    value_type = system.types.get(qname)
    if isinstance(value_type, EnumType):
        for member in value_type.members:
            span = member.span or value_type.span
            yield SpecElement(kind="member", qname=f"{qname}.{member.name}", span=span)


def _spellings(system: "System", element: SpecElement) -> Iterator[str]:
    owner_name, _, name = element.qname.rpartition(".")
    yield name
    owner = system.entities.get(owner_name) or system.children.get(owner_name)
    for field in owner.fields if owner is not None else ():
        if field.qname == element.qname:
            yield field.attribute


def _text(place: Path) -> str:
    return place.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
