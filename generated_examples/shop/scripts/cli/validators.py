# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Checks of command line arguments of shop; each returns the value or raises."""

import json
import re
from collections.abc import Collection

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


def seed_set(value: str, known: Collection[str]) -> str:
    """Return the name of a seed set when it is one of `known`."""
    if value not in known:
        raise UsageError(f"no seed set {value!r}; there are: {', '.join(known)}")
    return value


def queue(value: str, known: Collection[str]) -> str:
    """Return the name of a queue when it is one of `known`."""
    if value not in known:
        raise UsageError(f"no queue {value!r}; there are: {', '.join(known)}")
    return value


def task(value: str, known: Collection[str]) -> str:
    """Return the name of a task when it is one of `known`; its context may be left out."""
    found = [name for name in known if value in {name, name.partition(".")[2]}]
    if len(found) != 1:
        raise UsageError(f"no task {value!r}; there are: {', '.join(known)}")
    return found[0]


def role(value: str, known: Collection[str]) -> str:
    """Return a role when it is one of `known`."""
    if value not in known:
        raise UsageError(f"no role {value!r}; there are: {', '.join(known)}")
    return value


def claim(value: str) -> tuple[str, object]:
    """Return name and value of a claim written `name=value`; JSON is read, all else is text."""
    name, separator, written = value.partition("=")
    if not name or not separator:
        raise UsageError(f"{value!r} is not a claim: write name=value")
    try:
        return name, json.loads(written)
    except ValueError:
        return name, written
