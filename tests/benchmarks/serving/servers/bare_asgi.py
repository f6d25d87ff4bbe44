"""(f) No framework: one ASGI function, msgspec for input, the bare driver. The floor."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import msgspec
from starlette.types import Receive, Scope, Send

from tests.benchmarks.serving.servers.conditions import etag, expected_version
from tests.benchmarks.serving.servers.raw import (
    SORTABLE,
    Products,
    Stale,
    Taken,
    connect,
    encode,
)

type Headers = list[tuple[bytes, bytes]]
type Reply = tuple[int, Any, Headers]
"""Status, what becomes JSON, more headers."""

store = connect()
products = Products(store)

_PRODUCTS = "/api/v1/products"
_PRICE = re.compile(r"\d{1,10}(\.\d{1,2})?")


class ProductCreate(msgspec.Struct):
    """What makes a new product."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    price: Annotated[str, msgspec.Meta(pattern=f"^{_PRICE.pattern}$")]
    description: str
    stock: Annotated[int, msgspec.Meta(ge=0)]
    active: bool


class ProductUpdate(msgspec.Struct):
    """What changes: the fields that are sent."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | msgspec.UnsetType = (
        msgspec.UNSET
    )
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | msgspec.UnsetType = (
        msgspec.UNSET
    )
    price: Annotated[str, msgspec.Meta(pattern=f"^{_PRICE.pattern}$")] | msgspec.UnsetType = (
        msgspec.UNSET
    )
    description: str | msgspec.UnsetType = msgspec.UNSET
    stock: Annotated[int, msgspec.Meta(ge=0)] | msgspec.UnsetType = msgspec.UNSET
    active: bool | msgspec.UnsetType = msgspec.UNSET


_one = msgspec.json.Decoder(ProductCreate)
_many = msgspec.json.Decoder(list[ProductCreate])
_changes = msgspec.json.Decoder(ProductUpdate)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, or follow the server's start and end."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    try:
        status, content, headers = await _answer(scope, receive)
    except (ValueError, KeyError):
        status, content, headers = _problem(422, "that is not understood")
    except Taken:
        status, content, headers = _problem(409, "the sku is taken")
    except Stale:
        status, content, headers = _problem(412, "somebody else has changed it")
    body = encode(content)
    length = (b"content-length", str(len(body)).encode())
    start = [(b"content-type", b"application/json"), length, *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def _answer(scope: Scope, receive: Receive) -> Reply:
    match scope["method"], scope["path"].removeprefix("/api/v1/").split("/"):
        case "GET", ["products"]:
            return await _list(dict(parse_qsl(scope["query_string"].decode())))
        case "GET", ["product-feeds"]:
            return await _feed(dict(parse_qsl(scope["query_string"].decode())))
        case "GET", ["products", id]:
            return _found(await products.one(UUID(id)))
        case "POST", ["products"]:
            sent = _one.decode(await _body(receive))
            (made,) = await products.create([_plain(sent)])
            location = f"{_PRODUCTS}/{made['id']}".encode()
            return 201, made, [_tag(1), (b"location", location)]
        case "POST", ["products", "bulk"]:
            items = _many.decode(await _body(receive))
            return _envelope(await products.create([_plain(item) for item in items]))
        case "PATCH", ["products", id]:
            changes = _plain(_changes.decode(await _body(receive)))
            header = dict(scope["headers"]).get(b"if-match")
            expected = expected_version(None if header is None else header.decode("latin-1"))
            return _found(await products.change(UUID(id), changes, expected))
        case _:
            return _problem(404, "there is nothing here")


async def _list(asked: dict[str, str]) -> Reply:
    page, size = int(asked.get("page", "1")), int(asked.get("size", "20"))
    active = asked.get("active")
    least = asked.get("stock[gte]")
    sort = asked.get("sort")
    if page < 1 or not 1 <= size <= 100:
        raise ValueError(asked)
    if sort is not None and sort.removeprefix("-") not in SORTABLE:
        raise ValueError(sort)
    found = await products.page(
        page,
        size,
        None if active is None else {"true": True, "false": False}[active],
        None if least is None else int(least),
        sort,
    )
    return 200, found, []


async def _feed(asked: dict[str, str]) -> Reply:
    size = int(asked.get("size", "20"))
    if not 1 <= size <= 100:
        raise ValueError(size)
    cursor = asked.get("cursor")
    return 200, await products.after(None if cursor is None else UUID(cursor), size), []


def _found(product: dict[str, Any] | None) -> Reply:
    if product is None:
        return _problem(404, "there is no such product")
    return 200, product, [_tag(product["version"])]


def _envelope(made: list[dict[str, Any]]) -> Reply:
    envelope = {
        "message": f"{len(made)} processed",
        "status_code": 201,
        "timestamp": datetime.now(UTC),
        "request_id": uuid4().hex,
        "data": made,
    }
    return 201, envelope, []


def _problem(status: int, detail: str) -> Reply:
    return status, {"detail": detail}, []


def _tag(version: int) -> tuple[bytes, bytes]:
    return b"etag", etag(version).encode()


# A field of any type is what a struct has, hence Any.
def _plain(sent: msgspec.Struct) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: value
        for name, value in msgspec.structs.asdict(sent).items()
        if value is not msgspec.UNSET
    }
    if "price" in values:
        values["price"] = Decimal(values["price"])
    return values


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    await store.open()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await store.close()
    await send({"type": "lifespan.shutdown.complete"})
