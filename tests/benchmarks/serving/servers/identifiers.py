"""Identifiers that follow the time, as every server gives them to new rows."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """Return a UUID of version 7."""
    chance = int.from_bytes(os.urandom(10), "big")
    bits = time.time_ns() // 1_000_000 << 80 | 7 << 76 | (chance >> 68) << 64
    return UUID(int=bits | 0b10 << 62 | chance & (1 << 62) - 1)
