"""Numbers."""

import math


def half(value: float) -> float:
    """Give half."""
    return value / 2
