# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can go wrong on the command line of shop.

CommandError
├── UsageError          the caller's mistake, exit code 2
├── MissingToolError    something is not installed, exit code 1
└── OperationFailedError  the work was tried and failed, exit code 1
"""

from collections.abc import Iterator
from contextlib import contextmanager


class CommandError(Exception):
    """Ends a command with a message and an exit code."""

    exit_code = 1


class UsageError(CommandError):
    """An argument is not what the command takes."""

    exit_code = 2


class MissingToolError(CommandError):
    """A program or package that the command needs is not installed."""


class OperationFailedError(CommandError):
    """The work was tried and failed."""


@contextmanager
def reported(*expected: type[Exception]) -> Iterator[None]:
    """Turn exceptions that are expected into one line for the caller."""
    try:
        yield
    except expected as error:
        raise OperationFailedError(str(error).partition("\n[SQL")[0]) from error
