"""(a) The usual way by hand: FastAPI, a session a request, the ORM, a response model."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Response
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from tests.benchmarks.serving.servers.conditions import etag, expected_version
from tests.benchmarks.serving.servers.orm import ProductRow, make_engine
from tests.benchmarks.serving.servers.shapes import (
    CursorPage,
    Envelope,
    Page,
    ProductCreate,
    ProductRead,
    ProductUpdate,
)

app = FastAPI()
sessions = async_sessionmaker(make_engine(), expire_on_commit=False)


async def session() -> AsyncIterator[AsyncSession]:
    """Lend a session to one request."""
    async with sessions() as opened:
        yield opened


Session = Annotated[AsyncSession, Depends(session)]
Size = Annotated[int, Query(ge=1, le=100)]


@app.get("/api/v1/products", response_model=Page)
async def list_products(
    session: Session,
    page: Annotated[int, Query(ge=1)] = 1,
    size: Size = 20,
    active: bool | None = None,
    min_stock: Annotated[int | None, Query(alias="stock[gte]")] = None,
    sort: str | None = None,
) -> dict[str, object]:
    """Read one page, and count."""
    statement = select(ProductRow)
    if active is not None:
        statement = statement.where(ProductRow.active == active)
    if min_stock is not None:
        statement = statement.where(ProductRow.stock >= min_stock)
    total = await session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    if sort is None:
        statement = statement.order_by(ProductRow.id)
    else:
        name = sort.removeprefix("-")
        if name not in ("sku", "name", "price", "stock", "created_at", "updated_at"):
            raise HTTPException(422, f"there is no order by {name}")
        key = ProductRow.__table__.c[name]
        statement = statement.order_by(
            *((key.desc(), ProductRow.id.desc()) if sort[0] == "-" else (key, ProductRow.id))
        )
    rows = await session.scalars(statement.limit(size).offset((page - 1) * size))
    pages = -(-total // size)
    return {
        "items": rows.all(),
        "total": total,
        "page": page,
        "size": size,
        "pages": pages,
        "has_next": page < pages,
        "has_previous": page > 1,
    }


@app.get("/api/v1/product-feeds", response_model=CursorPage)
async def feed(session: Session, cursor: UUID | None = None, size: Size = 20) -> dict[str, object]:
    """Read the products after a cursor, which is the last id seen."""
    statement = select(ProductRow).order_by(ProductRow.id).limit(size + 1)
    if cursor is not None:
        statement = statement.where(ProductRow.id > cursor)
    rows: Sequence[ProductRow] = (await session.scalars(statement)).all()
    has_next = len(rows) > size
    return {
        "items": rows[:size],
        "next_cursor": str(rows[size - 1].id) if has_next else None,
        "has_next": has_next,
    }


@app.get("/api/v1/products/{product_id}", response_model=ProductRead)
async def get_product(product_id: UUID, session: Session, response: Response) -> ProductRow:
    """Read one product."""
    row = await session.get(ProductRow, product_id)
    if row is None:
        raise HTTPException(404, "there is no such product")
    response.headers["ETag"] = etag(row.version)
    return row


@app.post("/api/v1/products", response_model=ProductRead, status_code=201)
async def create_product(data: ProductCreate, session: Session, response: Response) -> ProductRow:
    """Create one product."""
    (row,) = await _store(session, [data])
    response.headers["ETag"] = etag(row.version)
    response.headers["Location"] = f"/api/v1/products/{row.id}"
    return row


@app.post("/api/v1/products/bulk", response_model=Envelope, status_code=201)
async def create_products(data: list[ProductCreate], session: Session) -> dict[str, object]:
    """Create several products, all or none."""
    rows = await _store(session, data)
    return {
        "message": f"{len(rows)} processed",
        "status_code": 201,
        "timestamp": datetime.now(UTC),
        "request_id": uuid4().hex,
        "data": rows,
    }


@app.patch("/api/v1/products/{product_id}", response_model=ProductRead)
async def update_product(
    product_id: UUID,
    data: ProductUpdate,
    session: Session,
    response: Response,
    if_match: Annotated[str | None, Header()] = None,
) -> ProductRow:
    """Change what is sent, if the version is the one expected."""
    row = await session.get(ProductRow, product_id)
    if row is None:
        raise HTTPException(404, "there is no such product")
    expected = expected_version(if_match)
    if expected is not None and row.version != expected:
        raise HTTPException(412, "somebody else has changed it")
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(row, name, value)
    row.updated_at = datetime.now(UTC)
    try:
        await session.commit()
    except StaleDataError:
        raise HTTPException(412, "somebody else has changed it") from None
    except IntegrityError:
        raise HTTPException(409, "the sku is taken") from None
    response.headers["ETag"] = etag(row.version)
    return row


async def _store(session: AsyncSession, items: Sequence[ProductCreate]) -> list[ProductRow]:
    now = datetime.now(UTC)
    rows = [ProductRow(**item.model_dump(), created_at=now, updated_at=now) for item in items]
    session.add_all(rows)
    try:
        await session.commit()
    except IntegrityError:
        raise HTTPException(409, "the sku is taken") from None
    return rows
