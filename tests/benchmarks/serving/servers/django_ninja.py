"""(d) Django Ninja on Django's ORM: asynchronous views, psycopg with a pool, orjson to render."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import django
import orjson
from django.conf import settings

from tests.benchmarks.serving.processes import DATABASE_VARIABLE
from tests.benchmarks.serving.servers.conditions import etag, expected_version
from tests.benchmarks.serving.servers.identifiers import uuid7


def _database() -> dict[str, Any]:
    url = urlsplit(os.environ[DATABASE_VARIABLE])
    if url.scheme == "sqlite":
        options = {
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA synchronous=NORMAL",
        }
        name = url.path.removeprefix("/")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.removeprefix("/"),
        "USER": url.username or "",
        "PASSWORD": url.password or "",
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "OPTIONS": {"pool": {"min_size": 10, "max_size": 10, "timeout": 30}},
    }


settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": _database()},
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY=uuid4().hex,
    USE_TZ=True,
)
django.setup()

# Django is asked for nothing before it is set up.
from django.core.asgi import get_asgi_application  # noqa: E402
from django.db import IntegrityError, models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import Field, Header, NinjaAPI, Query, Schema  # noqa: E402
from ninja.errors import HttpError  # noqa: E402
from ninja.renderers import BaseRenderer  # noqa: E402


class Product(models.Model):
    """A row of the table products."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    sku = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    description = models.TextField()
    stock = models.IntegerField()
    active = models.BooleanField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        """Where it is."""

        app_label = "serving"
        db_table = "products"
        managed = False


type Sku = Annotated[str, Field(min_length=1, max_length=40)]
type Name = Annotated[str, Field(min_length=1, max_length=200)]
type Price = Annotated[Decimal, Field(max_digits=12, decimal_places=2)]
type Stock = Annotated[int, Field(ge=0)]


class ProductCreate(Schema):
    """What makes a new product."""

    sku: Sku
    name: Name
    price: Price
    description: str
    stock: Stock
    active: bool


class ProductUpdate(Schema):
    """What changes: the fields that are sent, none of which may be null."""

    sku: Sku = ""
    name: Name = ""
    price: Price = Decimal()
    description: str = ""
    stock: Stock = 0
    active: bool = False


class ProductRead(Schema):
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


class Page(Schema):
    """A numbered page of a list."""

    items: list[ProductRead]
    total: int
    page: int
    size: int
    pages: int
    has_next: bool
    has_previous: bool


class CursorPage(Schema):
    """A part of a list, and where the next one begins."""

    items: list[ProductRead]
    next_cursor: str | None
    has_next: bool


class Envelope(Schema):
    """What a bulk operation answers."""

    message: str
    status_code: int
    timestamp: datetime
    request_id: str
    data: list[ProductRead]


class Orjson(BaseRenderer):
    """JSON by orjson, as Ninja's documentation has it: its own renderer drops microseconds."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Encode."""
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


api = NinjaAPI(renderer=Orjson(), docs_url=None, openapi_url=None)


@api.get("/products", response=Page)
async def list_products(
    request: HttpRequest,
    page: Annotated[int, Query(ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
    active: bool | None = None,
    min_stock: Annotated[int | None, Query(alias="stock[gte]")] = None,
    sort: str | None = None,
) -> dict[str, object]:
    """Read one page, and count."""
    found = Product.objects.all()
    if active is not None:
        found = found.filter(active=active)
    if min_stock is not None:
        found = found.filter(stock__gte=min_stock)
    if sort is None:
        found = found.order_by("id")
    else:
        found = found.order_by(sort, "-id" if sort[0] == "-" else "id")
    total = await found.acount()
    begin = (page - 1) * size
    pages = -(-total // size)
    return {
        "items": [row async for row in found[begin : begin + size]],
        "total": total,
        "page": page,
        "size": size,
        "pages": pages,
        "has_next": page < pages,
        "has_previous": page > 1,
    }


@api.get("/product-feeds", response=CursorPage)
async def feed(
    request: HttpRequest,
    cursor: UUID | None = None,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, object]:
    """Read the products after a cursor, which is the last id seen."""
    found = Product.objects.order_by("id")
    if cursor is not None:
        found = found.filter(id__gt=cursor)
    # One more tells whether there is a next page.
    rows = [row async for row in found[: size + 1]]
    has_next = len(rows) > size
    return {
        "items": rows[:size],
        "next_cursor": str(rows[size - 1].id) if has_next else None,
        "has_next": has_next,
    }


@api.get("/products/{uuid:product_id}", response=ProductRead)
async def get_product(request: HttpRequest, response: HttpResponse, product_id: UUID) -> Product:
    """Read one product."""
    row = await _stored(product_id)
    response["ETag"] = etag(row.version)
    return row


@api.post("/products", response={201: ProductRead})
async def create_product(
    request: HttpRequest, response: HttpResponse, data: ProductCreate
) -> tuple[int, Product]:
    """Create one product."""
    now = datetime.now(UTC)
    try:
        row = await Product.objects.acreate(**data.dict(), created_at=now, updated_at=now)
    except IntegrityError:
        raise HttpError(409, "the sku is taken") from None
    response["ETag"] = etag(row.version)
    response["Location"] = f"/api/v1/products/{row.id}"
    return 201, row


@api.post("/products/bulk", response={201: Envelope})
async def create_products(
    request: HttpRequest, data: list[ProductCreate]
) -> tuple[int, dict[str, object]]:
    """Create several products, all or none: `bulk_create` is a transaction of its own."""
    now = datetime.now(UTC)
    try:
        rows: Sequence[Product] = await Product.objects.abulk_create(
            [Product(**item.dict(), created_at=now, updated_at=now) for item in data]
        )
    except IntegrityError:
        raise HttpError(409, "the sku is taken") from None
    return 201, {
        "message": f"{len(rows)} processed",
        "status_code": 201,
        "timestamp": now,
        "request_id": uuid4().hex,
        "data": rows,
    }


@api.patch("/products/{uuid:product_id}", response=ProductRead)
async def update_product(
    request: HttpRequest,
    response: HttpResponse,
    product_id: UUID,
    data: ProductUpdate,
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
) -> Product:
    """Change what is sent, if the version is the one expected."""
    row = await _stored(product_id)
    expected = expected_version(if_match)
    if expected is not None and row.version != expected:
        raise HttpError(412, "somebody else has changed it")
    stored = row.version
    own = {"updated_at": datetime.now(UTC), "version": stored + 1}
    changes = {**data.dict(exclude_unset=True), **own}
    try:
        changed = await Product.objects.filter(id=row.id, version=stored).aupdate(**changes)
    except IntegrityError:
        raise HttpError(409, "the sku is taken") from None
    if not changed:
        raise HttpError(412, "somebody else has changed it")
    for name, value in changes.items():
        setattr(row, name, value)
    response["ETag"] = etag(row.version)
    return row


async def _stored(id: UUID) -> Product:
    try:
        row: Product = await Product.objects.aget(id=id)
    except Product.DoesNotExist:
        raise HttpError(404, "there is no such product") from None
    return row


urlpatterns = [path("api/v1/", api.urls)]
app = get_asgi_application()
