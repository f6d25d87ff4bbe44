"""The log of reads of one kind of aggregate: who was shown which rows.

It is written before the answer is given: what can not be logged is not shown.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from ..core.clock import Clock, utc_now
from ..core.identifiers import uuid7
from .column_types import Json
from .database_errors import translated
from .row_logs import log_table, owner_columns, signature
from .row_source import RowSource
from .unit_of_work import SqlUnitOfWork


def reads_table(owner: sa.Table) -> sa.Table:
    """Return the table `<owner>_reads`, added to the metadata of `owner`.

    It has a row for each row of the owner that somebody was shown, with `fields`: the names of
    those shown whose reads are audited.
    """
    return log_table(owner, "reads", sa.Column("fields", Json(nullable=False), nullable=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLog:
    """Where reads of one kind of aggregate are noted."""

    table: sa.Table
    """What `reads_table` has made."""
    every: bool = False
    """Whether reads are noted that show none of `fields`, too."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What documents call values whose reads are audited, to what the log calls them."""
    clock: Clock = utc_now

    async def note(
        self, source: RowSource, keys: Sequence[Sequence[object]], shown: Collection[str]
    ) -> None:
        """Note that whoever is asking is shown the rows with these keys.

        Args:
            source: Where the rows were read; the log is beside them.
            keys: Of the rows, each in the order of its columns.
            shown: Names in the documents.

        Raises:
            SharedModuleError: What `translated` raises: nothing may be shown then.
        """
        fields = list(dict.fromkeys(log for name, log in self.fields.items() if name in shown))
        if not keys or not (self.every or fields):
            return
        owner = [column.name for column in owner_columns(self.table)]
        signed = signature(self.clock())
        noted = [
            {"id": uuid7(), **dict(zip(owner, key, strict=True)), "fields": fields, **signed}
            for key in keys
        ]
        bind = source.bind
        engine = bind if isinstance(bind, AsyncEngine) else bind.engine
        async with SqlUnitOfWork(engine) as work:
            with translated("read"):
                await work.session.execute(sa.insert(self.table), noted)
            await work.commit()
