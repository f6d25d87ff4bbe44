# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Checks of command line arguments of todo; each returns the value or raises."""

import re

from scripts.cli.exceptions import UsageError

_REVISION = re.compile(r"(head|base|[+-][0-9]+|[0-9a-zA-Z_]+([+-][0-9]+)?)")


def revision(value: str) -> str:
    """Return `value` when Alembic can read it as a revision: `head`, `base`, `-1`, an id."""
    if not _REVISION.fullmatch(value):
        raise UsageError(f"{value!r} is not a revision: write head, base, -1 or a revision id")
    return value


def message(value: str) -> str:
    """Return the message of a new revision, which becomes part of its file name."""
    if not value.strip() or not value.isprintable():
        raise UsageError("say in a few words what the revision does")
    return value.strip()
