"""The commands, put together.

Every command imports what it needs when it runs: `apigen --help` must not pay for a compiler.
"""

from typing import Annotated

import typer

import apigen
from apigen.cli import check, console, diff, explain, graph, init, regenerate, schema, validate

app = typer.Typer(
    help="Turn a domain description into a typed, layered, tested FastAPI service.",
    epilog="Start with: apigen init shop",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (init, validate, regenerate, check, diff, graph, explain, schema):
    app.command(module.NAME)(module.command)


def _version(wanted: bool) -> None:
    if wanted:
        console.result(f"apigen {apigen.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """Turn a domain description into a typed, layered, tested FastAPI service."""
