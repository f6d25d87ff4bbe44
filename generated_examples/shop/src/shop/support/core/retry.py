"""When to try again, and how long to wait before: arithmetic only, nothing waits here.

Source: requirement 59.2.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, assert_never

from .errors import ConflictError, DatabaseConnectionError, PoolTimeoutError, SharedModuleError

type Backoff = Literal["exponential", "linear", "fixed"]
"""How waits grow: doubled, by the first delay, not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often something is tried, and how far apart."""

    attempts: int = 3
    """Including the first."""
    backoff: Backoff = "exponential"
    delay_s: float = 0.1
    max_delay_s: float = 10.0
    jitter: bool = True
    """Waits are drawn between zero and the delay, so that many that fail together do not return
    together."""

    def wait_s(self, attempt: int, *, draw: Callable[[], float] = random.random) -> float:
        """Return the seconds to wait after the attempt of this number, the first being 1.

        Args:
            attempt: The attempt that has failed.
            draw: Returns a number from 0 up to 1.
        """
        match self.backoff:
            case "exponential":
                # A float has no power beyond this, and the result is cut anyway.
                delay = self.delay_s * 2.0 ** min(attempt - 1, 64)
            case "linear":
                delay = self.delay_s * attempt
            case "fixed":
                delay = self.delay_s
            case _:
                assert_never(self.backoff)
        delay = min(delay, self.max_delay_s)
        return delay * draw() if self.jitter else delay


def is_passing(error: SharedModuleError) -> bool:
    """Tell whether the same may succeed when it is tried again.

    That is so for a transaction that was in the way of another, and for a database that was busy
    or out of reach. A version that somebody else has raised stays raised.
    """
    match error:
        case ConflictError():
            return error.constraint in {"serialization", "concurrency"}
        case PoolTimeoutError() | DatabaseConnectionError():
            return True
        case _:
            return False
