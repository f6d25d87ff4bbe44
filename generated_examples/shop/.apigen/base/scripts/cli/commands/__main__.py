# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The entry point of the command line of shop."""

import sys

import typer

from scripts.cli.commands import db, files, generate, keys, purge, seed, task, test, token, worker
from scripts.cli.exceptions import CommandError

app = typer.Typer(
    help="Develop and operate shop",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db.app.command()(purge.purge)
db.app.command()(seed.seed)
db.app.command("new-key")(keys.make_key)
db.app.command("rotate-keys")(keys.rotate)
app.add_typer(db.app, name="db")
app.add_typer(files.app, name="files")
app.add_typer(generate.app, name="generate")
app.add_typer(task.app, name="task")
app.add_typer(test.app, name="test")
app.command()(token.token)
app.command()(worker.worker)


def main() -> None:
    """Run the command that the arguments name; a mistake of the caller is one line."""
    try:
        app()
    except CommandError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
