# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Make tokens to try shop with, where no server issues them."""

from pathlib import Path
from typing import Annotated

import typer

from scripts.cli import validators
from scripts.cli.exceptions import reported
from shop.core.settings import Settings
from shop.infrastructure.tokens import READ_ACTOR, trusted_issuers
from shop.support.core.errors import ConfigurationError
from shop.support.core.settings import load_settings
from shop.support.infrastructure.development_tokens import DIRECTORY, development_token

_ROOT = Path(__file__).parents[3]


def token(
    sub: Annotated[str, typer.Option(help="Who asks.")] = "developer",
    role: Annotated[list[str] | None, typer.Option(help="A role; can be given again.")] = None,
    scope: Annotated[list[str] | None, typer.Option(help="A scope; can be given again.")] = None,
    claim: Annotated[
        list[str] | None, typer.Option(help="Another claim, name=value; can be given again.")
    ] = None,
    minutes: Annotated[float, typer.Option(min=0, help="How long it is valid.")] = 60,
) -> None:
    """Print a token for development; refused where the settings trust other keys."""
    claims = {
        **dict(validators.claim(one) for one in claim or ()),
        "sub": sub,
        "roles": [validators.role(one, READ_ACTOR.inherits) for one in role or ()],
        "scope": " ".join(scope or ()),
    }
    with reported(ConfigurationError, OSError):
        issuers = trusted_issuers(load_settings(Settings))
        typer.echo(development_token(issuers, claims, directory=_ROOT / DIRECTORY, minutes=minutes))
