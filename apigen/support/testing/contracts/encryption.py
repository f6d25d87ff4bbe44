"""Encryption at rest: nothing in the clear, nothing moved, nothing lost by a new key."""

from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.orm import DeclarativeBase

from ...core.errors import EncryptionError
from ...core.json import Json
from ...infrastructure.encrypted_columns import Ciphertext, keys_of, use_keys
from ...infrastructure.engine import reading
from ...infrastructure.key_rotation import rotate_keys
from ..cases import AnyCase
from ..rows import Rows

_TOLD = 4
"""Shorter texts may stand in a ciphertext by chance."""


class EncryptionContract:
    """What the tables of an aggregate with encrypted fields hold."""

    case: ClassVar[AnyCase]
    row_types: ClassVar[tuple[type[DeclarativeBase], ...]]
    """Of the aggregate and of what it owns, those with encrypted fields."""

    @property
    def columns(self) -> list[sa.Column[Any]]:
        """The columns with ciphertexts."""
        return [
            column
            for row_type in self.row_types
            for column in sa.inspect(row_type).columns
            if isinstance(column.type, Ciphertext)
        ]

    async def test_nothing_is_stored_in_the_clear(self, engine: AsyncEngine, rows: Rows) -> None:
        """No ciphertext has a text of the row in it, and no two are the same."""
        shown = [await rows.stored(self.case, n) for n in range(len(self.case.samples))]
        texts = [text.encode() for row in shown for text in _texts(row)]

        for column in self.columns:
            found = await self._raw(engine, column)

            assert len(set(found)) == len(found), column
            assert not [text for text in texts if any(text in one for one in found)], column

    async def test_what_is_moved_is_refused(self, engine: AsyncEngine, rows: Rows) -> None:
        """A ciphertext of another row does not decrypt, and the error names neither value."""
        for n in range(len(self.case.samples)):
            await rows.stored(self.case, n)
        for column in self.columns:
            found = await self._raw(engine, column)
            if len(found) < 2:
                continue
            raw = sa.type_coerce(column, sa.LargeBinary())
            async with engine.begin() as connection:
                values = {column: sa.type_coerce(sa.literal(found[0]), sa.LargeBinary())}
                await connection.execute(
                    sa.update(column.table).where(raw == found[1]).values(values)
                )

            with pytest.raises(EncryptionError, match="does not decrypt"):
                await rows.all(self.case)
            return

    async def test_a_new_key_loses_nothing(self, engine: AsyncEngine, rows: Rows) -> None:
        """Old values are read before they are encrypted again, and after."""
        for n in range(len(self.case.samples)):
            await rows.stored(self.case, n)
        before, ring = await rows.all(self.case), keys_of(engine.dialect)
        metadata = self.row_types[0].metadata

        use_keys(engine, ring.rotated("next", bytes(range(32))))
        try:
            assert await rows.all(self.case) == before
            done = [one async for one in rotate_keys(engine, metadata, batch=1)]
            again = [one async for one in rotate_keys(engine, metadata, dry_run=True)]
            after = await rows.all(self.case)
        finally:
            use_keys(engine, ring)

        assert all(one.renewed == one.stale == one.rows for one in done)
        assert not any(one.stale for one in again)
        assert after == before

    async def _raw(self, engine: AsyncEngine, column: sa.Column[Any]) -> list[bytes]:
        raw = sa.type_coerce(column, sa.LargeBinary())
        async with reading(engine) as connection:
            found = await connection.scalars(sa.select(raw).where(column.is_not(None)))
            return [bytes(one) for one in found]


def _texts(value: Json) -> list[str]:
    match value:
        case str():
            return [value] if len(value) >= _TOLD else []
        case list():
            return [text for item in value for text in _texts(item)]
        case dict():
            return [text for item in value.values() for text in _texts(item)]
        case _:
            return []
