"""(e) FastAPI for routes and checked input, the bare driver, orjson: no ORM, no response model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import FastAPI, Header, Query, Request, Response

from tests.benchmarks.serving.servers.conditions import etag, expected_version
from tests.benchmarks.serving.servers.raw import (
    SORTABLE,
    Products,
    Stale,
    Taken,
    connect,
    encode,
)
from tests.benchmarks.serving.servers.shapes import ProductCreate, ProductUpdate

store = connect()
products = Products(store)
Size = Annotated[int, Query(ge=1, le=100)]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the store."""
    await store.open()
    yield
    await store.close()


app = FastAPI(lifespan=lifespan)


@app.exception_handler(Taken)
async def taken(request: Request, error: Exception) -> Response:
    """Answer for a sku that is there."""
    return _problem(409, "the sku is taken")


@app.exception_handler(Stale)
async def stale(request: Request, error: Exception) -> Response:
    """Answer for a version that is over."""
    return _problem(412, "somebody else has changed it")


@app.get("/api/v1/products")
async def list_products(
    page: Annotated[int, Query(ge=1)] = 1,
    size: Size = 20,
    active: bool | None = None,
    min_stock: Annotated[int | None, Query(alias="stock[gte]")] = None,
    sort: str | None = None,
) -> Response:
    """Read one page, and count."""
    if sort is not None and sort.removeprefix("-") not in SORTABLE:
        return _problem(422, "there is no such order")
    return _json(await products.page(page, size, active, min_stock, sort))


@app.get("/api/v1/product-feeds")
async def feed(cursor: UUID | None = None, size: Size = 20) -> Response:
    """Read the products after a cursor."""
    return _json(await products.after(cursor, size))


@app.get("/api/v1/products/{product_id}")
async def get_product(product_id: UUID) -> Response:
    """Read one product."""
    found = await products.one(product_id)
    if found is None:
        return _problem(404, "there is no such product")
    return _json(found, headers={"ETag": etag(found["version"])})


@app.post("/api/v1/products")
async def create_product(data: ProductCreate) -> Response:
    """Create one product."""
    (made,) = await products.create([data.model_dump()])
    headers = {"ETag": etag(1), "Location": f"/api/v1/products/{made['id']}"}
    return _json(made, status=201, headers=headers)


@app.post("/api/v1/products/bulk")
async def create_products(data: list[ProductCreate]) -> Response:
    """Create several products, all or none."""
    made = await products.create([item.model_dump() for item in data])
    envelope = {
        "message": f"{len(made)} processed",
        "status_code": 201,
        "timestamp": datetime.now(UTC),
        "request_id": uuid4().hex,
        "data": made,
    }
    return _json(envelope, status=201)


@app.patch("/api/v1/products/{product_id}")
async def update_product(
    product_id: UUID, data: ProductUpdate, if_match: Annotated[str | None, Header()] = None
) -> Response:
    """Change what is sent, if the version is the one expected."""
    changes = data.model_dump(exclude_unset=True)
    found = await products.change(product_id, changes, expected_version(if_match))
    if found is None:
        return _problem(404, "there is no such product")
    return _json(found, headers={"ETag": etag(found["version"])})


def _json(content: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        encode(content), status_code=status, headers=headers, media_type="application/json"
    )


def _problem(status: int, detail: str) -> Response:
    return _json({"detail": detail}, status=status)
