"""Claims to requests and their answers, in the database of their effects.

A claim is a row of its own transaction, so that others see it at once. The transaction with the
effect notes it in the same row: effect and note are committed together or not at all. A claim
whose process has died is over after a while, its lease; a transaction that notes its effect on a
claim that another has taken over by then fails.

Source: requirement 30.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Protocol
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine

from ..application.idempotency import KeptAnswer, Refusal
from ..core.clock import Clock, utc_now
from ..core.errors import ConflictError
from ..core.identifiers import uuid7
from ..core.json import dumps
from .column_types import UtcDateTime
from .database_errors import translated
from .engine import changed_alone, querying
from .row_source import Change, RowNote
from .unit_of_work import SqlUnitOfWork, noting_commit

_CLEAN_UP_EVERY = timedelta(minutes=1)
_CLEAN_UP_AT_MOST = 5000
_MOMENTS = ("now", "its_moment", "its_end")
_FIRST_LOOK_S = 0.02
_LAST_LOOK_S = 0.5
"""How long is waited between two looks at a claim of somebody else; doubled each time."""


def idempotency_table(metadata: sa.MetaData) -> sa.Table:
    """Return the table `idempotency_keys`, added to `metadata`."""
    table = sa.Table(
        "idempotency_keys",
        metadata,
        sa.Column("scope", sa.String(64), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_until", UtcDateTime(), nullable=False),
        sa.Column("committed_at", UtcDateTime(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name="pk_idempotency_keys"),
    )
    sa.Index("ix_idempotency_keys_expires_at", table.c.expires_at)
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyPolicy:
    """How long answers and claims are kept."""

    ttl: timedelta = timedelta(hours=24)
    """Of an answer; the same key can be carried out again afterwards."""
    lease: timedelta = timedelta(seconds=60)
    """Of a claim: longer than any request takes."""
    wait_s: float = 2.0
    """How long a duplicate waits for the answer of the first."""


class AnswerProtection(Protocol):
    """What keeps answers from whoever reads the table: `SealedAnswers`."""

    def sealed(self, body: str, scope: str, key: str) -> str:
        """Return what is kept of an answer."""
        ...

    def opened(self, kept: str, scope: str, key: str) -> str:
        """Return the answer."""
        ...

    def marks(self, fingerprint: str) -> tuple[str, ...]:
        """Return what a fingerprint may be kept as; as the first it is kept now."""
        ...


class _Unprotected:
    """Keeps everything as it is."""

    def sealed(self, body: str, scope: str, key: str) -> str:
        return body

    def opened(self, kept: str, scope: str, key: str) -> str:
        return kept

    def marks(self, fingerprint: str) -> tuple[str, ...]:
        return (fingerprint,)


class _Statements:
    """The statements about one row, for one database; whose row is `its_scope` and `its_key`."""

    def __init__(self, table: sa.Table, dialect: Dialect) -> None:
        c = table.c
        row = sa.and_(c.scope == sa.bindparam("its_scope"), c.key == sa.bindparam("its_key"))
        own = sa.and_(row, c.claim_id == sa.bindparam("its_claim"))
        has_no_effect = c.committed_at.is_(None)
        now, moment, end = (sa.bindparam(name, type_=UtcDateTime()) for name in _MOMENTS)
        insert = (postgresql if dialect.name == "postgresql" else sqlite).insert(table)
        self.look = sa.select(table).where(row)
        self.claim = insert.on_conflict_do_update(
            index_elements=[c.scope, c.key],
            set_={column.name: column for column in insert.excluded if not column.primary_key},
            # Waits for who is about to note an effect in the row, and sees it then.
            where=sa.and_(c.claimed_until <= now, sa.or_(has_no_effect, c.expires_at <= now)),
        )
        """Makes the row, or takes over one whose claim is over."""
        self.note = sa.update(table).where(own, has_no_effect).values(committed_at=moment)
        """Notes the effect, once."""
        self.keep = (
            sa.update(table)
            .where(own)
            .values(
                status=sa.bindparam("its_status"),
                headers=sa.bindparam("its_headers"),
                body=sa.bindparam("its_body"),
                claimed_until=moment,
                expires_at=end,
            )
        )
        self.end = sa.update(table).where(own).values(claimed_until=moment)
        # Noted all the same when the answer to the commit was lost on the way.
        self.drop = sa.delete(table).where(own, has_no_effect)


class SqlIdempotencyStore:
    """Keeps claims and answers in the table `idempotency_keys`."""

    def __init__(
        self,
        engine: AsyncEngine,
        table: sa.Table,
        policy: IdempotencyPolicy | None = None,
        *,
        protection: AnswerProtection | None = None,
        clock: Clock = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Keep them in `table`, which `idempotency_table` has made.

        Args:
            engine: The database of the effects: a note elsewhere would not be part of their
                transaction.
            table: Where.
            policy: How long.
            protection: Encrypts what is kept; None where answers are no secret.
            clock: Tells what is over.
            sleep: Waits so many seconds.
        """
        self.engine = engine
        self.table = table
        self.policy = policy or IdempotencyPolicy()
        self.clock = clock
        self.protection: AnswerProtection = protection or _Unprotected()
        self.statements = _Statements(table, engine.dialect)
        self._sleep = sleep
        self._cleaned_at: datetime | None = None

    async def claim(
        self, scope: str, key: str, fingerprint: str
    ) -> "SqlClaim | KeptAnswer | Refusal":
        """Ask for the claim to a request; waits a moment while somebody else has it."""
        await self._clean_up()
        outcome = await self._claim(scope, key, fingerprint)
        waited_s, pause_s = 0.0, _FIRST_LOOK_S
        while outcome is Refusal.IN_PROGRESS and waited_s < self.policy.wait_s:
            await self._sleep(pause_s)
            waited_s, pause_s = waited_s + pause_s, min(pause_s * 2, _LAST_LOOK_S)
            looked = await self._look(scope, key, fingerprint)
            outcome = looked or await self._claim(scope, key, fingerprint)
        return outcome

    async def _claim(
        self, scope: str, key: str, fingerprint: str
    ) -> "SqlClaim | KeptAnswer | Refusal":
        now = self.clock()
        claim = SqlClaim(self, scope, key, uuid7())
        values = {
            "scope": scope,
            "key": key,
            "fingerprint": self.protection.marks(fingerprint)[0],
            "claim_id": claim.id,
            "claimed_until": now + self.policy.lease,
            "committed_at": None,
            "status": None,
            "headers": None,
            "body": None,
            "expires_at": now + self.policy.ttl,
        }
        if await self.change(self.statements.claim, {**values, "now": now}):
            return claim
        # Whoever had it may have given it up since.
        return await self._look(scope, key, fingerprint) or Refusal.IN_PROGRESS

    async def _look(self, scope: str, key: str, fingerprint: str) -> KeptAnswer | Refusal | None:
        async with querying(self.engine) as source:
            found = await source.rows(self.statements.look, {"its_scope": scope, "its_key": key})
        if not found:
            return None
        row = SimpleNamespace(**dict(zip(self.table.columns.keys(), found[0], strict=True)))
        return self._outcome(row, fingerprint, self.clock())

    async def change(self, statement: Change, values: Mapping[str, object]) -> bool:
        """Carry out one of the statements, alone; tell whether there was a row for it."""
        with translated("request"):
            return await changed_alone(self.engine, statement, values)

    def _outcome(
        self, row: SimpleNamespace, fingerprint: str, now: datetime
    ) -> KeptAnswer | Refusal | None:
        """Return what a row means for a request that comes now; None when it may be claimed."""
        is_held = row.claimed_until > now
        has_effect = row.committed_at is not None
        if not is_held and (not has_effect or row.expires_at <= now):
            return None
        if row.fingerprint not in (*self.protection.marks(fingerprint), fingerprint):
            return Refusal.KEY_REUSED
        if row.status is not None:
            headers: dict[str, str] = orjson.loads(row.headers)
            body = self.protection.opened(row.body, row.scope, row.key)
            return KeptAnswer(status=row.status, headers=headers, body=body.encode())
        return Refusal.IN_PROGRESS if is_held else Refusal.OUTCOME_UNKNOWN

    async def _clean_up(self) -> None:
        """Delete what is over, now and then and not too much at once."""
        now, table = self.clock(), self.table
        if self._cleaned_at is not None and now - self._cleaned_at < _CLEAN_UP_EVERY:
            return
        self._cleaned_at = now
        old = (
            sa.select(table.c.scope, table.c.key)
            .where(table.c.expires_at <= now, table.c.claimed_until <= now)
            .limit(_CLEAN_UP_AT_MOST)
            .with_for_update(skip_locked=True)
        )
        async with SqlUnitOfWork(self.engine, isolation="READ COMMITTED") as work:
            await work.session.execute(
                sa.delete(table).where(sa.tuple_(table.c.scope, table.c.key).in_(old))
            )
            await work.commit()


class SqlClaim:
    """A row that names its owner."""

    def __init__(self, store: SqlIdempotencyStore, scope: str, key: str, id: UUID) -> None:
        """Stand for the claim of this id."""
        self.id = id
        self._store = store
        self._key = (scope, key)
        self._own = {"its_scope": scope, "its_key": key, "its_claim": id}
        self._is_committed = False

    @property
    def is_committed(self) -> bool:
        """Whether the request has had its effect."""
        return self._is_committed

    @contextmanager
    def bound(self) -> Iterator[None]:
        """Run a block whose first commit notes that the effect is there."""
        with noting_commit(self):
            yield

    @property
    def change(self) -> RowNote | None:
        """What notes the effect; None when it is noted."""
        if self._is_committed:
            return None
        values = {**self._own, "its_moment": self._store.clock()}
        return RowNote(self._store.statements.note, values)

    def missed(self) -> ConflictError:
        """Return what is raised when another has taken the claim over."""
        message = "The same request is being carried out by somebody else."
        return ConflictError("request", constraint="idempotency", message=message)

    def committed(self) -> None:
        """Take notice that the effect is there."""
        self._is_committed = True

    async def keep(self, answer: KeptAnswer) -> None:
        """Keep the answer for those that come later."""
        now = self._store.clock()
        kept = {
            "its_status": answer.status,
            "its_headers": dumps(dict(answer.headers)).decode(),
            "its_body": self._store.protection.sealed(answer.body.decode(), *self._key),
            "its_moment": now,
            "its_end": now + self._store.policy.ttl,
        }
        await self._store.change(self._store.statements.keep, {**self._own, **kept})

    async def give_up(self) -> None:
        """End without an answer; a request without an effect may be carried out again."""
        if self._is_committed:
            ended = {"its_moment": self._store.clock()}
            await self._store.change(self._store.statements.end, {**self._own, **ended})
        else:
            await self._store.change(self._store.statements.drop, self._own)
