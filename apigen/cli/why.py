"""`apigen why`: which template and which spec element is a line of, and who wrote it?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.cli.notation import Notation
from apigen.cli.project_option import ProjectDir, project_at

if TYPE_CHECKING:
    from apigen.origins import Origin

NAME = "why"
_MOST = 8
_CLASSES = {
    "merged": "merged: yours to edit, a run merges",
    "seed": "seed: written once, yours since",
    "vendored": "vendored: replaced as a whole, `apigen eject PATH` makes it yours",
}
_WHOSE = {
    "generated": "generated",
    "yours": "yours: apigen did not write it",
    "both": "both: generated, and changed by you",
    "unknown": "not known: what apigen wrote is not kept",
}


def command(
    place: Annotated[
        str, typer.Argument(metavar="FILE[:LINE]", help="A file of the project, and a line of it.")
    ],
    *,
    folder: ProjectDir = Path(),
    notation: Annotated[Notation, typer.Option("--format", help="Notation.")] = Notation.TEXT,
) -> None:
    """Tell which template and which spec element a line comes from

    Example: apigen why src/shop/domain/shop/aggregates.py:42
    """
    from apigen import driver
    from apigen.origins import origin

    project = project_at(folder)
    path, line = _place(project, place)
    with console.Activity() as activity:
        judgement = driver.judge(project / driver.SPEC, progress=activity)
        found = origin(project, path, line, judgement.system)
    if notation is Notation.JSON:
        console.result(_as_json(found))
        return
    console.result("\n".join(_lines(found)))
    if judgement.system is None:
        console.note("The spec has errors, so its elements are not known: `apigen validate`.")


def _place(project: Path, place: str) -> tuple[str, int]:
    """Return the path below the project and the line; end the command when there is none."""
    name, colon, number = place.rpartition(":")
    if not (colon and number.isdecimal()):
        name, number = place, "0"
    for file in (Path(name), project / name):
        if file.is_file() and file.resolve().is_relative_to(project.resolve()):
            path = file.resolve().relative_to(project.resolve()).as_posix()
            break
    else:
        console.error(f"there is no file {name} in {project}")
        raise typer.Exit(Exit.USAGE)
    lines = (project / path).read_bytes().count(b"\n") + 1
    if int(number) > lines:
        console.error(f"{path} has only {lines} lines")
        raise typer.Exit(Exit.USAGE)
    return path, int(number)


def _lines(found: "Origin") -> list[str]:
    head = f"{found.path}:{found.line}: {found.text}" if found.line else found.path
    if found.is_record:
        return [head, "  file       a record of apigen's own: nothing in it is to be edited"]
    if found.file_class is None:
        return [head, "  file       yours: apigen did not write it"]
    known = _CLASSES[found.file_class.value].replace("PATH", found.path)
    lines = [head, f"  file       {known}"]
    lines.append(f"  {'line' if found.line else 'content':10} {_WHOSE[found.whose.value]}")
    if found.template:
        lines.append(f"  template   {found.template}")
    if found.symbol:
        lines.append(f"  symbol     {found.symbol}")
    if found.elements:
        lines.extend(_elements(found))
    elif found.template.startswith("templates/"):
        lines.append("  spec       no single element: it is in every project, or of the whole spec")
    return lines


def _elements(found: "Origin") -> list[str]:
    shown = found.elements[:_MOST]
    width = max(len(element.qname) for element in shown)
    lines = [
        f"  {'spec' if number == 0 else '':10} {element.qname:{width}}  {element.kind}, "
        f"{element.span.file}:{element.span.line}"
        for number, element in enumerate(shown)
    ]
    if len(found.elements) > len(shown):
        lines.append(f"  {'':10} and {len(found.elements) - len(shown)} more")
    return lines


def _as_json(found: "Origin") -> str:
    """Return what is known; `elements` have kind, qname, file, line and column."""
    document = {
        "path": found.path,
        "line": found.line,
        "text": found.text,
        "class": found.file_class.value if found.file_class is not None else None,
        "whose": found.whose.value,
        "template": found.template,
        "symbol": found.symbol,
        "elements": [
            {
                "kind": element.kind,
                "qname": element.qname,
                "file": element.span.file,
                "line": element.span.line,
                "column": element.span.column,
            }
            for element in found.elements
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False)
