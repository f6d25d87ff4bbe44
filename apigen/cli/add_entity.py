"""`apigen add-entity`: an entity more, in the spec and in everything made from it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.amending import amend, beside, is_right, say_refused, texts_of
from apigen.cli.exits import Exit
from apigen.cli.project_option import ProjectDir, project_at
from apigen.cli.regenerate import (
    AcceptDataLoss,
    AcceptRemoval,
    AllowDirty,
    DryRun,
    Resolution,
    Types,
    options_of,
)
from apigen.report import SPEC, OnConflict

NAME = "add-entity"


def command(
    name: Annotated[str, typer.Argument(help="In PascalCase: OrderNote.", metavar="NAME")],
    *,
    context: Annotated[
        str | None,
        typer.Option("--context", help="Where it belongs, when there are several.", metavar="C"),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field", help="As in the spec: 'name: type …'; repeatable.", metavar="FIELD"
        ),
    ] = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", help="Ask for fields one by one.")
    ] = False,
    folder: ProjectDir = Path(),
    dry_run: DryRun = False,
    on_conflict: Resolution = OnConflict.MARK,
    accept_removal: AcceptRemoval = None,
    accept_data_loss: AcceptDataLoss = None,
    allow_dirty: AllowDirty = False,
    types: Types = True,
) -> None:
    """Add an entity to the spec, then regenerate

    Example: apigen add-entity Note --field 'text: str(1..500)' --field 'pinned: bool = false'
    """
    from apigen.amend.addition import add_entity

    project = project_at(folder)
    fields = list(field or ())
    if interactive:
        if not console.is_interactive():
            console.error("--interactive needs a terminal: give fields with --field")
            raise typer.Exit(Exit.USAGE)
        fields = asked(project, name, context, fields, _line)
    amend(
        project,
        lambda texts, _: add_entity(texts, name, context, fields),
        options_of(
            on_conflict, accept_removal, accept_data_loss, allow_dirty=allow_dirty, types=types
        ),
        dry_run=dry_run,
    )


def asked(
    project: Path,
    name: str,
    context: str | None,
    given: list[str],
    line: Callable[[str], str],
) -> list[str]:
    """Return `given` with the fields a person gives, each known to be right.

    A line that is wrong is explained and asked again; an empty one ends.

    Args:
        project: The project. Nothing is asked when its spec has errors: `amend` tells them.
        name: Of the new entity.
        context: Where it belongs.
        given: Fields given already.
        line: Asks and returns an answer.
    """
    from apigen import driver
    from apigen.amend.addition import add_entity
    from apigen.amend.amendment import RefusedError

    judgement = driver.judge(project / SPEC)
    if judgement.system is None:
        return given
    texts = texts_of(project, judgement)
    fields = list(given)
    try:
        add_entity(texts, name, context, fields or ["title: str"])
    except RefusedError as problem:
        say_refused(problem)
        raise typer.Exit(Exit.USAGE) from None
    console.note(f"Fields of {name}, one a line as in the spec: `title: str(1..80)`. Empty: done.")
    while True:
        answer = line("field")
        if not answer.strip():
            if fields:
                return fields
            console.note("An entity needs a field.")
            continue
        try:
            amendment = add_entity(texts, name, context, [*fields, answer])
        except RefusedError as problem:
            say_refused(problem)
            continue
        with beside(project, texts, amendment.texts) as spec:
            if is_right(spec, amendment):
                fields.append(answer)


def _line(question: str) -> str:
    sys.stderr.write(f"{question}: ")
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        # The end of the input stops asking for good.
        console.note("Stopped; the spec is as it was.")
        raise typer.Exit(Exit.USAGE)
    return answer.rstrip("\n")
