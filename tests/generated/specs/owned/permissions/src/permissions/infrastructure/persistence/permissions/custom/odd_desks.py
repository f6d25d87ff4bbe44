"""How `OddDesks` is answered: written by hand.

This file was made once, and apigen never touches it again.
"""

import sqlalchemy as sa
from sqlalchemy import Subquery
from sqlalchemy.ext.asyncio import AsyncEngine

from permissions.application.permissions.queries import OddDesks
from permissions.support.application.results import ServiceResult
from permissions.support.core.json import dumps
from permissions.support.core.result import Ok


async def answer(engine: AsyncEngine, rows: Subquery, query: OddDesks) -> ServiceResult[bytes]:
    """Count the desks of odd height that whoever asks may see; one page, and nothing in it."""
    async with engine.connect() as connection:
        count = await connection.scalar(sa.select(sa.func.count()).where(rows.c.height % 2 == 1))
    return Ok(
        dumps(
            {
                "items": [],
                "total": count,
                "page": query.page,
                "size": query.size,
                "pages": 1,
                "has_next": False,
                "has_previous": False,
            }
        )
    )
