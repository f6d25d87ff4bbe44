"""`apigen graph`: draw the entities and the layers of a project."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.cli.findings import print_findings
from apigen.cli.project_option import ProjectDir

NAME = "graph"


class Notation(StrEnum):
    """How a diagram is written."""

    MERMAID = "mermaid"
    SVG = "svg"


class Picture(StrEnum):
    """What is drawn."""

    ENTITIES = "entities"
    LAYERS = "layers"


_ENDINGS = {Notation.MERMAID: "mmd", Notation.SVG: "svg"}


def command(
    *,
    folder: ProjectDir = Path(),
    notation: Annotated[Notation, typer.Option("--format", help="Notation.")] = Notation.MERMAID,
    picture: Annotated[
        Picture, typer.Option("--diagram", help="What to print, without --out.")
    ] = Picture.ENTITIES,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write both diagrams into this folder.", metavar="DIR"),
    ] = None,
) -> None:
    """Draw the entities and the layers of a project

    Example: apigen graph --format svg --out docs
    """
    from apigen.driver import SPEC, judge

    spec = folder / SPEC
    if not spec.is_file():
        console.error(f"there is no {SPEC} in {folder}")
        raise typer.Exit(Exit.USAGE)
    judgement = judge(spec)
    if judgement.system is None:
        print_findings(judgement, notation="full", stream=sys.stderr)
        raise typer.Exit(Exit.ERRORS)
    from apigen.graph.diagrams import entity_mermaid, entity_svg, layer_mermaid, layer_svg

    draw = {
        (Picture.ENTITIES, Notation.MERMAID): entity_mermaid,
        (Picture.ENTITIES, Notation.SVG): entity_svg,
        (Picture.LAYERS, Notation.MERMAID): layer_mermaid,
        (Picture.LAYERS, Notation.SVG): layer_svg,
    }
    if out is None:
        console.result(draw[picture, notation](judgement.system))
        return
    out.mkdir(parents=True, exist_ok=True)
    places = [out / f"{each}.{_ENDINGS[notation]}" for each in Picture]
    for each, place in zip(Picture, places, strict=True):
        place.write_text(draw[each, notation](judgement.system), encoding="utf-8")
    console.note(f"Wrote {' and '.join(str(place) for place in places)}.")
