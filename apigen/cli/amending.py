"""What the commands that edit the spec share: edit, judge the edited text, regenerate with it.

Nothing is written before the edited spec is known to be right; the spec and what follows from it
are then written in one transaction.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from apigen.cli import console
from apigen.cli.exits import Exit
from apigen.report import SPEC, RunOptions

if TYPE_CHECKING:
    from apigen.amend.amendment import Amendment, RefusedError
    from apigen.driver import Judgement

type Texts = Mapping[str, str]
type Make = Callable[[Texts, Texts | None], "Amendment"]
"""From the spec's texts, and those of the last run, to the amended ones."""

_MARK = b"\xef\xbb\xbf"
_SHOWN = 5
"""So many places of one file are listed; a file of seed rows has one in every row."""


def amend(project: Path, make: Make, options: RunOptions, *, dry_run: bool) -> None:
    """Edit the spec of a project and bring the project to it, or tell what that would do.

    Raises:
        Exit: the command ends with another code than 0.
    """
    from apigen import driver
    from apigen.amend.amendment import RefusedError
    from apigen.cli import regenerate
    from apigen.cli.findings import print_findings

    judgement = driver.judge(project / SPEC)
    if judgement.system is None:
        print_findings(judgement, notation="full", stream=sys.stderr)
        raise typer.Exit(Exit.ERRORS)
    texts = texts_of(project, judgement)
    try:
        amendment = make(texts, _past(project))
    except RefusedError as problem:
        say_refused(problem)
        raise typer.Exit(Exit.ERRORS if problem.places else Exit.USAGE) from None
    with beside(project, texts, amendment.texts) as spec:
        if not is_right(spec, amendment):
            console.note("Nothing was written.")
            raise typer.Exit(Exit.ERRORS)
        for note in amendment.notes:
            console.note(note)
        if dry_run:
            for line in _difference(texts, amendment.texts, judgement.sources):
                console.result(line)
        options = replace(options, spec=spec)
        gone, stopped = amendment.removal, None
        if gone is not None:
            from apigen.cli.removing import tell_owners_lines, tell_plan

            tell_owners_lines(project, gone)
            stopped = partial(tell_plan, project, options, gone.symbols)
        try:
            regenerate.run(
                project,
                options,
                dry_run=dry_run,
                pointed=lambda found: _pointed(found, amendment),
                stopped=stopped,
            )
        finally:
            if not dry_run and not _is_written(project, amendment.texts):
                console.note("The spec is as it was.")


def is_right(spec: Path, amendment: "Amendment") -> bool:
    """Tell whether an amended spec has no errors; print them when it has."""
    from apigen import driver
    from apigen.cli.findings import print_findings

    amended = driver.judge(spec)
    if amended.system is not None:
        return True
    print_findings(_pointed(amended, amendment), notation="full", stream=sys.stderr)
    return False


def _pointed(judgement: "Judgement", amendment: "Amendment") -> "Judgement":
    """Return the judgement of an amended spec, pointing into what was typed."""
    typed = {one.name: one.text for one in amendment.typed}
    return replace(
        judgement,
        diagnostics=amendment.pointed(judgement.diagnostics),
        sources={**judgement.sources, **typed},
    )


def texts_of(project: Path, judgement: "Judgement") -> dict[str, str]:
    """Return the text of every file of a spec, seed files too, the root first."""
    texts = dict(judgement.sources)
    for seed in judgement.system.seeds if judgement.system is not None else ():
        if seed.file is not None and seed.file not in texts:
            content = (project / seed.file).read_bytes().removeprefix(_MARK)
            texts[seed.file] = content.decode()
    return texts


def _past(project: Path) -> Texts | None:
    """Return the spec as of the last run, None when that is not known."""
    from apigen.disk.last_run import read_last_run

    return read_last_run(project).spec or None


@contextmanager
def beside(project: Path, before: Texts, after: Texts) -> Iterator[Path]:
    """Write a spec into a folder of its own; what did not change is copied."""
    with tempfile.TemporaryDirectory(prefix="apigen-") as folder:
        for name, text in after.items():
            place = Path(folder) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if text == before[name]:
                shutil.copyfile(project / name, place)
            else:
                has_mark = (project / name).read_bytes().startswith(_MARK)
                place.write_bytes((_MARK if has_mark else b"") + text.encode())
        yield Path(folder) / SPEC


def _is_written(project: Path, texts: Texts) -> bool:
    return all(
        (project / name).read_bytes().removeprefix(_MARK) == text.encode()
        for name, text in texts.items()
    )


def _difference(before: Texts, after: Texts, sources: Texts) -> Iterator[str]:
    """Yield the diff of the spec; of files of rows, which may be long, how many lines change."""
    import difflib

    from apigen.cli.change_text import counted

    for name, text in after.items():
        old, new = before[name].splitlines(), text.splitlines()
        if name in sources:
            yield from difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="")
            continue
        changed = sum(one != other for one, other in zip(old, new, strict=True))
        if changed:
            yield f"{name}: names change in {counted(changed, 'line')}"


def say_refused(problem: "RefusedError") -> None:
    """Print why an edit makes no sense, the places in its way, and the way out."""
    console.error(str(problem))
    for file, found in groupby(problem.places, key=lambda place: place.span.file):
        places = list(found)
        for place in places[:_SHOWN]:
            console.note(f"  {file}:{place.span.line}:{place.span.column}: {place.text}")
        if len(places) > _SHOWN:
            console.note(f"  {file}: and {len(places) - _SHOWN:,} more")
    if problem.help:
        console.note(f"  = help: {problem.help}")
