"""Questions with a name whose answers show localized texts.

Source: requirement 99.1.
"""

from ..core.languages import language_tag
from .commands import Query


class InLanguage[ResultT](Query[ResultT]):
    """A question that is answered in several languages: an answer is kept for each."""

    @property
    def cache_key(self) -> str:
        """The same for queries with the same answer, in the same language."""
        return f"{super().cache_key}:{language_tag()}"
