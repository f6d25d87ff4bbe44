"""Whether a function that is left to be written by hand is written."""

import inspect
from collections.abc import Callable

UNWRITTEN = "raise NotImplementedError("
"""What stands in a function that nobody has written yet."""


def assert_written(function: Callable[..., object]) -> None:
    """Fail while the function is the stub that it was made as.

    Looks at the source: what a function of this project does when it is called with made-up
    arguments says nothing.
    """
    assert UNWRITTEN not in inspect.getsource(function), (
        f"{function.__module__}.{function.__name__} is not written yet"
    )
