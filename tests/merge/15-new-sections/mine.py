"""Numbers."""

import math

from todo.own import mine


def half(value: float) -> float:
    """Give half."""
    return mine(value / 2)
