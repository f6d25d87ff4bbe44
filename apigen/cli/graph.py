"""`apigen graph`: draw the entities, their lifecycles and the layers of a project."""

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
    STATES = "states"


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
        typer.Option("--out", help="Write all diagrams into this folder.", metavar="DIR"),
    ] = None,
) -> None:
    """Draw the entities, their lifecycles and the layers of a project

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
    from apigen.graph import diagrams

    draw = {
        (Picture.ENTITIES, Notation.MERMAID): diagrams.entity_mermaid,
        (Picture.ENTITIES, Notation.SVG): diagrams.entity_svg,
        (Picture.LAYERS, Notation.MERMAID): diagrams.layer_mermaid,
        (Picture.LAYERS, Notation.SVG): diagrams.layer_svg,
        (Picture.STATES, Notation.MERMAID): diagrams.state_mermaid,
        (Picture.STATES, Notation.SVG): diagrams.state_svg,
    }
    if out is None:
        console.result(draw[picture, notation](judgement.system))
        return
    out.mkdir(parents=True, exist_ok=True)
    has_states = any(entity.lifecycle for entity in judgement.system.entities.values())
    pictures = [each for each in Picture if each is not Picture.STATES or has_states]
    places = [out / f"{each}.{_ENDINGS[notation]}" for each in pictures]
    for each, place in zip(pictures, places, strict=True):
        place.write_text(draw[each, notation](judgement.system), encoding="utf-8")
    *others, last = (str(place) for place in places)
    console.note(f"Wrote {', '.join(others)} and {last}.")
