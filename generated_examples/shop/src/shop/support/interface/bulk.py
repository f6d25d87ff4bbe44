"""Bodies of bulk operations."""

from typing import Annotated

from fastapi import Body
from pydantic import Field

from ..application.dtos import Dto

MAX_BULK = 1000
"""How many things one request may name."""

BULK = Body(min_length=1, max_length=MAX_BULK)
"""A body of several of a kind; never none: `Annotated[list[OrderCreate], BULK]`."""


class BulkChange[IdT, UpdateT](Dto):
    """What is to change of which resource."""

    id: IdT
    changes: UpdateT


class BulkIds[IdT](Dto):
    """Which resources are meant."""

    ids: Annotated[list[IdT], Field(min_length=1, max_length=MAX_BULK)]
