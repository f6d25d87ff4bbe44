"""(c) Litestar with advanced-alchemy's plugin and service, msgspec in and out."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from advanced_alchemy.exceptions import IntegrityError, NotFoundError
from advanced_alchemy.extensions.litestar import (
    AsyncSessionConfig,
    SQLAlchemyAsyncConfig,
    SQLAlchemyPlugin,
    filters,
    providers,
    repository,
    service,
)
from litestar import Litestar, Request, Response, get, patch, post
from litestar.exceptions import HTTPException, ValidationException
from litestar.params import Parameter
from sqlalchemy.orm.exc import StaleDataError

from tests.benchmarks.serving.servers.conditions import etag, expected_version
from tests.benchmarks.serving.servers.orm import ProductRow, make_engine

type Sku = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
type Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
type Stock = Annotated[int, msgspec.Meta(ge=0)]


class ProductCreate(msgspec.Struct):
    """What makes a new product."""

    sku: Sku
    name: Name
    price: Decimal
    description: str
    stock: Stock
    active: bool

    def __post_init__(self) -> None:
        """Check what msgspec has no words for."""
        _check_price(self.price)


class ProductUpdate(msgspec.Struct):
    """What changes: the fields that are sent."""

    sku: Sku | msgspec.UnsetType = msgspec.UNSET
    name: Name | msgspec.UnsetType = msgspec.UNSET
    price: Decimal | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    stock: Stock | msgspec.UnsetType = msgspec.UNSET
    active: bool | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        """Check what msgspec has no words for."""
        if isinstance(self.price, Decimal):
            _check_price(self.price)


class ProductRead(msgspec.Struct):
    """A product."""

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


class Page(msgspec.Struct):
    """A numbered page of a list."""

    items: Sequence[ProductRead]
    total: int
    page: int
    size: int
    pages: int
    has_next: bool
    has_previous: bool


class CursorPage(msgspec.Struct):
    """A part of a list, and where the next one begins."""

    items: Sequence[ProductRead]
    next_cursor: str | None
    has_next: bool


class Envelope(msgspec.Struct):
    """What a bulk operation answers."""

    message: str
    status_code: int
    timestamp: datetime
    request_id: str
    data: Sequence[ProductRead]


class ProductService(service.SQLAlchemyAsyncRepositoryService[ProductRow]):
    """What can be done with products."""

    class Repository(repository.SQLAlchemyAsyncRepository[ProductRow]):
        """Where they are."""

        model_type = ProductRow

    repository_type = Repository


type Size = Annotated[int, Parameter(ge=1, le=100)]


@get("/api/v1/products")
async def list_products(
    products: ProductService,
    page: Annotated[int, Parameter(ge=1)] = 1,
    size: Size = 20,
    active: bool | None = None,
    min_stock: Annotated[int | None, Parameter(query="stock[gte]")] = None,
    sort: str | None = None,
) -> Page:
    """Read one page, and count."""
    chosen: list[Any] = [filters.LimitOffset(size, (page - 1) * size)]
    if active is not None:
        chosen.append(ProductRow.active == active)
    if min_stock is not None:
        chosen.append(ProductRow.stock >= min_stock)
    if sort is not None:
        direction = "desc" if sort[0] == "-" else "asc"
        chosen.append(filters.OrderBy(sort.removeprefix("-"), direction))
        chosen.append(filters.OrderBy("id", direction))
    else:
        chosen.append(filters.OrderBy("id", "asc"))
    rows, total = await products.list_and_count(*chosen)
    pages = -(-total // size)
    return Page(
        items=[_read(row) for row in rows],
        total=total,
        page=page,
        size=size,
        pages=pages,
        has_next=page < pages,
        has_previous=page > 1,
    )


@get("/api/v1/product-feeds")
async def feed(products: ProductService, cursor: UUID | None = None, size: Size = 20) -> CursorPage:
    """Read the products after a cursor, which is the last id seen."""
    after = [] if cursor is None else [ProductRow.id > cursor]
    # One more tells whether there is a next page.
    chosen = [filters.LimitOffset(size + 1, 0), filters.OrderBy("id", "asc")]
    rows = await products.list(*after, *chosen)
    has_next = len(rows) > size
    return CursorPage(
        items=[_read(row) for row in rows[:size]],
        next_cursor=str(rows[size - 1].id) if has_next else None,
        has_next=has_next,
    )


@get("/api/v1/products/{product_id:uuid}")
async def get_product(products: ProductService, product_id: UUID) -> Response[ProductRead]:
    """Read one product."""
    row = await products.get(product_id)
    return Response(_read(row), headers={"ETag": etag(row.version)})


@post("/api/v1/products")
async def create_product(products: ProductService, data: ProductCreate) -> Response[ProductRead]:
    """Create one product."""
    row = await products.create(_values(data, datetime.now(UTC)))
    location = f"/api/v1/products/{row.id}"
    return Response(_read(row), headers={"ETag": etag(row.version), "Location": location})


@post("/api/v1/products/bulk")
async def create_products(products: ProductService, data: list[ProductCreate]) -> Envelope:
    """Create several products, all or none."""
    now = datetime.now(UTC)
    rows = await products.create_many([_values(item, now) for item in data])
    return Envelope(
        message=f"{len(rows)} processed",
        status_code=201,
        timestamp=now,
        request_id=uuid4().hex,
        data=[_read(row) for row in rows],
    )


@patch("/api/v1/products/{product_id:uuid}")
async def update_product(
    products: ProductService,
    product_id: UUID,
    data: ProductUpdate,
    if_match: Annotated[str | None, Parameter(header="If-Match")] = None,
) -> Response[ProductRead]:
    """Change what is sent, if the version is the one expected."""
    row = await products.get(product_id)
    expected = expected_version(if_match)
    if expected is not None and row.version != expected:
        raise HTTPException(status_code=412, detail="somebody else has changed it")
    for name, value in msgspec.structs.asdict(data).items():
        if value is not msgspec.UNSET:
            setattr(row, name, value)
    row.updated_at = datetime.now(UTC)
    changed = await products.update(row)
    return Response(_read(changed), headers={"ETag": etag(changed.version)})


def _missing(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    return Response({"detail": "there is no such product"}, status_code=404)


def _taken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    return Response({"detail": "the sku is taken"}, status_code=409)


def _stale(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    return Response({"detail": "somebody else has changed it"}, status_code=412)


def _invalid(request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    return Response({"detail": error.detail, "extra": error.extra}, status_code=422)


def _check_price(price: Decimal) -> None:
    exponent = price.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -2 or abs(price) >= 10**10:
        raise ValueError("price has at most ten digits, and two after the point")


def _values(data: ProductCreate, now: datetime) -> dict[str, object]:
    return {**msgspec.structs.asdict(data), "created_at": now, "updated_at": now}


def _read(row: ProductRow) -> ProductRead:
    return ProductRead(
        id=row.id,
        sku=row.sku,
        name=row.name,
        price=row.price,
        description=row.description,
        stock=row.stock,
        active=row.active,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


app = Litestar(
    route_handlers=[
        list_products,
        feed,
        get_product,
        create_product,
        create_products,
        update_product,
    ],
    dependencies=providers.create_service_dependencies(ProductService, "products"),
    plugins=[
        SQLAlchemyPlugin(
            SQLAlchemyAsyncConfig(
                engine_instance=make_engine(),
                session_config=AsyncSessionConfig(expire_on_commit=False),
                before_send_handler="autocommit",
            )
        )
    ],
    exception_handlers={
        NotFoundError: _missing,
        IntegrityError: _taken,
        StaleDataError: _stale,
        ValidationException: _invalid,
    },
    openapi_config=None,
)
