"""The answers that the application under test keeps, for tests that store rows past it."""

from ..core.protocols import CacheProvider


class KeptAnswers:
    """Those of the application that was made last."""

    cache: CacheProvider | None = None

    async def forget(self) -> None:
        """Have the application forget all its answers."""
        if self.cache is not None:
            await self.cache.clear()


KEPT = KeptAnswers()
"""One for all tests of a process: whatever stores rows has it forget."""
