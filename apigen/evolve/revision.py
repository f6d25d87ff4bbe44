"""A migration as data: what it does, not how Alembic says it."""

from apigen.evolve.operation import Operation
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One file of `migrations/versions/`."""

    id: str
    """Twelve hex digits, a hash of the schemas before and after and of what it stands on: no
    clock, no counter."""
    down: tuple[str, ...]
    """The revisions it stands on: none of the first, two of one that joins branches."""
    slug: str
    """End of the file's name: `add_note_to_tasks`."""
    message: str
    """First line of its docstring."""
    operations: tuple[Operation, ...]
    undo: tuple[Operation, ...] = ()
    """What `downgrade` does."""
    notes: tuple[str, ...] = ()
    """Paragraphs of its docstring: when to apply it, what going back does not bring back."""
    is_destructive: bool = False
    autocommit: bool = False
    """Must not run in a transaction (CREATE INDEX CONCURRENTLY)."""
    waits_for_code: bool = False
    """Applied when no process of the version before it runs any more; a version that comes with it
    is ready to serve before."""
    zero_downtime: bool = False
    """Written for a database that is in use: it says why it does what a linter warns of."""
