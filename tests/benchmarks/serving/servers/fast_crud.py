"""(b) FastCRUD's class of operations in FastAPI routes; what it has not is written by hand."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Header, HTTPException, Query, Response
from fastcrud import FastCRUD
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

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
products = FastCRUD(ProductRow)


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
    asked: dict[str, object] = {"active": active, "stock__gte": min_stock}
    columns, orders = ["id"], ["asc"]
    if sort is not None:
        columns = [sort.removeprefix("-"), "id"]
        orders = ["desc" if sort[0] == "-" else "asc"] * 2
    found = await products.get_multi(
        session,
        offset=(page - 1) * size,
        limit=size,
        sort_columns=columns,
        sort_orders=orders,
        **{name: value for name, value in asked.items() if value is not None},
    )
    total = found["total_count"]
    pages = -(-total // size)
    return {
        "items": found["data"],
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
    # One more tells whether there is a next page: the library's own cursor follows the last too.
    found = await products.get_multi_by_cursor(session, cursor=cursor, limit=size + 1)
    rows = found["data"]
    has_next = len(rows) > size
    return {
        "items": rows[:size],
        "next_cursor": str(rows[size - 1]["id"]) if has_next else None,
        "has_next": has_next,
    }


@app.get("/api/v1/products/{product_id}", response_model=ProductRead)
async def get_product(product_id: UUID, session: Session, response: Response) -> dict[str, Any]:
    """Read one product."""
    found = await _stored(session, product_id)
    response.headers["ETag"] = etag(found["version"])
    return found


@app.post("/api/v1/products", response_model=ProductRead, status_code=201)
async def create_product(
    data: ProductCreate, session: Session, response: Response
) -> dict[str, Any]:
    """Create one product."""
    now = datetime.now(UTC)
    try:
        made: dict[str, Any] = await products.create(
            session,
            data,
            schema_to_select=ProductRead,
            server_data={"created_at": now, "updated_at": now},
        )
    except IntegrityError:
        raise HTTPException(409, "the sku is taken") from None
    response.headers["ETag"] = etag(made["version"])
    response.headers["Location"] = f"/api/v1/products/{made['id']}"
    return made


@app.post("/api/v1/products/bulk", response_model=Envelope, status_code=201)
async def create_products(data: list[ProductCreate], session: Session) -> dict[str, object]:
    """Create several products, all or none: by hand, the library creates one at a time."""
    now = datetime.now(UTC)
    rows = [ProductRow(**item.model_dump(), created_at=now, updated_at=now) for item in data]
    session.add_all(rows)
    try:
        await session.commit()
    except IntegrityError:
        raise HTTPException(409, "the sku is taken") from None
    return {
        "message": f"{len(rows)} processed",
        "status_code": 201,
        "timestamp": now,
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
) -> dict[str, Any]:
    """Change what is sent, if the version is the one expected."""
    version = (await _stored(session, product_id))["version"]
    expected = expected_version(if_match)
    if expected is not None and version != expected:
        raise HTTPException(412, "somebody else has changed it")
    own = {"updated_at": datetime.now(UTC), "version": version + 1}
    try:
        await products.update(
            session,
            {**data.model_dump(exclude_unset=True), **own},
            id=product_id,
            version=version,
        )
    except NoResultFound:
        raise HTTPException(412, "somebody else has changed it") from None
    except IntegrityError:
        raise HTTPException(409, "the sku is taken") from None
    # Read again: the columns that the library can return from an update have no types on SQLite.
    changed = await _stored(session, product_id)
    response.headers["ETag"] = etag(changed["version"])
    return changed


async def _stored(session: AsyncSession, id: UUID) -> dict[str, Any]:
    found: dict[str, Any] | None = await products.get(session, id=id)
    if found is None:
        raise HTTPException(404, "there is no such product")
    return found
