"""What a repository tells a log of changes. The log itself is `changes`, where there is one."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession


class ChangeNote(NamedTuple):
    """A change of one aggregate that is flushed."""

    id: UUID
    """Shared with the move of its lifecycle, when it was one."""
    # Rows are of the project's classes, hence Any.
    row: Any
    operation: str
    """`create`, `update`, `delete` or `restore`."""
    before: Mapping[str, object]
    """Values by path, as `ChangeBook.values` gives them; nothing before it was made."""
    after: Mapping[str, object]


class ChangeBook(Protocol):
    """Where changes are noted with their authors: a `ChangeLog`."""

    def sign(self, entities: Sequence[Any], *, is_new: bool) -> None:
        """Write the acting person into aggregates that are about to be stored."""
        ...

    def values(self, row: Any) -> Mapping[str, object]:
        """Return what a row and those below it hold now, by path."""
        ...

    async def note(self, session: AsyncSession, changes: Sequence[ChangeNote]) -> None:
        """Note changes in the running transaction."""
        ...

    async def settle(self, session: AsyncSession, entity: Any, row: Any) -> None:
        """Overwrite what the log has of an aggregate whose personal data was erased."""
        ...

    async def settle_removed(self, session: AsyncSession, keys: Sequence[tuple[Any, ...]]) -> None:
        """Note that rows are removed for good, and overwrite what is personal in their past."""
        ...
