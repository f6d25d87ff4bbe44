"""What goes in and out as JSON, as pydantic models: for the servers that stand on FastAPI."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

type Sku = Annotated[str, Field(min_length=1, max_length=40)]
type Name = Annotated[str, Field(min_length=1, max_length=200)]
type Price = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]
type Stock = Annotated[int, Field(ge=0)]


class ProductCreate(BaseModel):
    """What makes a new product."""

    sku: Sku
    name: Name
    price: Price
    description: str
    stock: Stock
    active: bool


class ProductUpdate(BaseModel):
    """What changes: the fields that are sent, none of which may be null."""

    sku: Sku = ""
    name: Name = ""
    price: Price = Decimal()
    description: str = ""
    stock: Stock = 0
    active: bool = False


class ProductRead(BaseModel):
    """A product."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    sku: str
    name: str
    price: Decimal
    description: str
    stock: int
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int


class Page(BaseModel):
    """A numbered page of a list."""

    items: Sequence[ProductRead]
    total: int
    page: int
    size: int
    pages: int
    has_next: bool
    has_previous: bool


class CursorPage(BaseModel):
    """A part of a list, and where the next one begins."""

    items: Sequence[ProductRead]
    next_cursor: str | None
    has_next: bool


class Envelope(BaseModel):
    """What a bulk operation answers."""

    message: str
    status_code: int
    timestamp: datetime
    request_id: str | None
    data: Sequence[ProductRead]
