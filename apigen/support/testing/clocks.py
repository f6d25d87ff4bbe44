"""A clock for tests: it stands still, and goes where a test wants it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime


class SetClock:
    """A `Clock` that shows the time it was set to."""

    def __init__(self, moment: datetime) -> None:
        """Stand at `moment`, which is aware."""
        self._moment = moment

    def __call__(self) -> datetime:
        """Return the time it was set to."""
        return self._moment

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Show another time inside of the block."""
        before, self._moment = self._moment, moment
        try:
            yield
        finally:
            self._moment = before
