"""`apigen explain`: the long text of a diagnostic."""

from textwrap import indent
from typing import Annotated

import typer

from apigen.cli import console
from apigen.cli.exits import Exit

NAME = "explain"


def command(
    code: Annotated[str, typer.Argument(help="The code of a diagnostic, such as AG201.")],
) -> None:
    """Explain a diagnostic

    Why it matters, a spec that earns it, the same spec put right.

    Example: apigen explain AG201
    """
    from apigen.diagnostics.registry import codes, explain

    found = explain(code)
    if found is None:
        console.error(f"there is no diagnostic {code}; there are: {', '.join(codes())}")
        raise typer.Exit(Exit.USAGE)
    console.result(
        f"{found.code}: {found.title}\n\n{found.why}\n\n"
        f"Wrong:\n{indent(found.wrong.rstrip(), '    ')}\n\n"
        f"Right:\n{indent(found.right.rstrip(), '    ')}"
    )
