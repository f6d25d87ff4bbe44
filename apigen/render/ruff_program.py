"""The formatter's program: where it is, and how to tell one release from another."""

from functools import cache
from pathlib import Path


@cache
def ruff_path() -> str:
    """Return the program that belongs to the installed ruff."""
    from ruff import find_ruff_bin

    return str(find_ruff_bin())


def ruff_identity() -> int:
    """Return a number that differs between releases, without starting the program."""
    return Path(ruff_path()).stat().st_size
