"""Messages that were taken notice of, so that one that comes twice has one effect.

Source: requirement 59; spec-language.md, section 2 (`inbox`).
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from ..core.clock import Clock, utc_now
from .column_types import UtcDateTime


def inbox_table(metadata: sa.MetaData) -> sa.Table:
    """Return the table `processed_messages`, added to `metadata`."""
    table = sa.Table(
        "processed_messages",
        metadata,
        sa.Column("consumer", sa.String(200), nullable=False),
        sa.Column("message_key", sa.String(200), nullable=False),
        sa.Column("processed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("consumer", "message_key", name="pk_processed_messages"),
    )
    sa.Index("ix_processed_messages_processed_at", table.c.processed_at)
    return table


class Inbox:
    """Notes messages in the transaction of their effect."""

    def __init__(self, table: sa.Table, *, clock: Clock = utc_now) -> None:
        """Note them in `table`, which `inbox_table` has made."""
        self._table = table
        self._clock = clock

    async def once(self, session: AsyncSession, consumer: str, key: str) -> bool:
        """Tell whether the message is here for the first time, and note it.

        Waits for another transaction that has noted the same and is not over yet.
        """
        dialect = session.get_bind().dialect.name
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        noted = (
            insert(self._table)
            .values(consumer=consumer, message_key=key, processed_at=self._clock())
            .on_conflict_do_nothing()
            .returning(self._table.c.consumer)
        )
        return (await session.execute(noted)).first() is not None

    async def forget(self, session: AsyncSession, *, before: datetime) -> None:
        """Delete what was noted before that time: it will not come again."""
        await session.execute(sa.delete(self._table).where(self._table.c.processed_at < before))
