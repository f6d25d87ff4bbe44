"""Numbers."""

import math
from decimal import Decimal

import sqlalchemy as sa

from todo.core.settings import Settings


def half(value: float) -> float:
    """Give half."""
    return value / 2


def third(value: Decimal, settings: Settings) -> sa.Row:
    """Give a third."""
    return math.floor(value / 3)
