"""New identifiers, all of them sortable by the time they were made.

Source: RFC 9562 (UUID version 7); requirement 6.4.
"""

import os
import threading
import time
from uuid import UUID

from ulid import ULID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """Return a UUID version 7; within one process each is greater than the one before.

    The 12 bits after the milliseconds hold the fraction of the millisecond, so that order holds
    beyond the millisecond (RFC 9562, section 6.2, method 3).
    """
    # uuid.uuid7 exists from Python 3.14 on; older versions are supported here.
    global _last
    milliseconds, fraction = divmod(time.time_ns(), 1_000_000)
    stamp = milliseconds << 12 | fraction * 4096 // 1_000_000
    with _lock:
        stamp = _last = max(stamp, _last + 1)
    random = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=(stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | random)


def new_ulid() -> ULID:
    """Return a new ULID."""
    return ULID()


def prefixed(prefix: str, identifier: UUID | ULID) -> str:
    """Return `ord_0192…`: an identifier that tells what it identifies."""
    return f"{prefix}_{identifier}"
