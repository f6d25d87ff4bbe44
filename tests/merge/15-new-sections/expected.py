"""Numbers."""

import math
from decimal import Decimal

import sqlalchemy as sa

from todo.core.settings import Settings
from todo.own import mine


def half(value: float) -> float:
    """Give half."""
    return mine(value / 2)


def third(value: Decimal, settings: Settings) -> sa.Row:
    """Give a third."""
    return math.floor(value / 3)
