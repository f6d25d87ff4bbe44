"""What is asked of every server: the operations, and a check that the answers are right.

A check compares with the rows of `domain`, not with another server, and raises `WrongAnswer`.
It runs before anything is measured.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from tests.benchmarks.serving.checks import WrongAnswer, equal, fields, moment, status
from tests.benchmarks.serving.client import Call, Client
from tests.benchmarks.serving.domain import Product, payload
from tests.benchmarks.serving.load import SERIAL, VERSION

PRODUCTS = "/api/v1/products"
FEED = "/api/v1/product-feeds"
SIZE = 50
BULK = 100
_PAGES = 20
"""Pages that load asks for: further on, what is measured is how PostgreSQL skips rows."""

type Rows = Sequence[Product]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One line of the table."""

    name: str
    title: str
    calls: Callable[[Client, Rows], list[Call]]
    """What load sends, in turn; may ask the server first."""
    check: Callable[[Client, Rows], None]
    """Raises `WrongAnswer` unless the server does it right."""
    writes: bool = False


def get_calls(client: Client, rows: Rows) -> list[Call]:
    """Ask for every product once, in no order."""
    return [Call(path=f"{PRODUCTS}/{row.id}") for row in _shuffled(rows)]


def check_get(client: Client, rows: Rows) -> None:
    """Read the first product, the last and one between; one that is not there is 404."""
    for row in (rows[0], rows[len(rows) // 3], rows[-1]):
        answer = client.get(f"{PRODUCTS}/{row.id}")
        status(answer, 200)
        equal("product", answer.json(), row.as_json())
        equal("ETag", answer.headers.get("etag"), f'"{row.version}"')
    status(client.get(f"{PRODUCTS}/{UUID(int=7 << 76 | 1 << 63)}"), 404)


def page_calls(client: Client, rows: Rows) -> list[Call]:
    """Ask for the first pages."""
    return [Call(path=f"{PRODUCTS}?page={page}&size={SIZE}") for page in range(1, _PAGES + 1)]


def check_page(client: Client, rows: Rows) -> None:
    """Read the first page, one between and the last."""
    last = -(-len(rows) // SIZE)
    for page in (1, min(7, last), last):
        answer = client.get(f"{PRODUCTS}?page={page}&size={SIZE}")
        status(answer, 200)
        equal(f"page {page}", answer.json(), _page(rows, page))


def cursor_calls(client: Client, rows: Rows) -> list[Call]:
    """Follow the feed to its end; load asks for the same parts in no order."""
    parts = [_part(None)]
    while (cursor := _read_part(client, parts[-1])["next_cursor"]) is not None:
        parts.append(_part(cursor))
    return _shuffled(parts)


def check_cursor(client: Client, rows: Rows) -> None:
    """Follow the feed to its end: every product once, in the order of the ids."""
    call = _part(None)
    for begin in range(0, len(rows), SIZE):
        part = _read_part(client, call)
        has_next = begin + SIZE < len(rows)
        equal("names", sorted(part), ["has_next", "items", "next_cursor"])
        equal("items", part["items"], [row.as_json() for row in rows[begin : begin + SIZE]])
        equal("has_next", part["has_next"], has_next)
        equal("whether a cursor follows", part["next_cursor"] is not None, has_next)
        if has_next:
            call = _part(part["next_cursor"])


def filter_calls(client: Client, rows: Rows) -> list[Call]:
    """Ask for active products with much in stock, dearest first; twenty thresholds."""
    least = len(rows) * 8 // 10
    step = max(1, len(rows) // 100)
    return [Call(path=_filter_path(least + step * number)) for number in range(18)]


def check_filter(client: Client, rows: Rows) -> None:
    """Read the first page of two thresholds; equal prices are in descending order of ids."""
    for least in (len(rows) * 8 // 10, len(rows) * 95 // 100):
        chosen = [row for row in rows if row.active and row.stock >= least]
        chosen.sort(key=lambda row: (row.price, row.id), reverse=True)
        answer = client.get(_filter_path(least))
        status(answer, 200)
        equal(f"stock of {least}", answer.json(), _page(chosen, 1))


def create_calls(client: Client, rows: Rows) -> list[Call]:
    """Create products of a thousand shapes, each under a number of its own."""
    return [_post(PRODUCTS, payload(number, sku=SERIAL)) for number in range(1000)]


def check_create(client: Client, rows: Rows) -> None:
    """Create one, read it; a second of that sku is 409, a wrong price and stock are 422."""
    sent = payload(1, sku="NEW-1")
    answer = client.send(_post(PRODUCTS, sent))
    status(answer, 201)
    made = answer.json()
    _check_made(made, sent)
    equal("ETag", answer.headers.get("etag"), '"1"')
    equal("Location", answer.headers.get("location"), f"{PRODUCTS}/{made['id']}")
    equal("what is stored", client.get(f"{PRODUCTS}/{made['id']}").json(), made)
    status(client.send(_post(PRODUCTS, sent)), 409)
    for wrong in ({"price": "1.234"}, {"stock": -1}, {"name": ""}, {"sku": None}):
        status(client.send(_post(PRODUCTS, {**sent, "sku": "NEW-2", **wrong})), 422)


def update_calls(client: Client, rows: Rows) -> list[Call]:
    """Change every product once, then once more, if its version is still the one expected."""
    tag = (("If-Match", f'"{VERSION}"'),)
    return [
        _patch(row, {"name": f"renamed {SERIAL}", "stock": row.stock + 1}, tag)
        for row in _shuffled(rows)
    ]


def check_update(client: Client, rows: Rows) -> None:
    """Change one; the same version a second time is 412 and changes nothing."""
    row = rows[len(rows) // 2]
    changes = {"name": "renamed", "stock": 77}
    tag = (("If-Match", '"1"'),)
    answer = client.send(_patch(row, changes, tag))
    status(answer, 200)
    changed = answer.json()
    expected = {**row.as_json(), **changes, "version": 2, "updated_at": changed["updated_at"]}
    equal("product", changed, expected)
    moment("updated_at", changed["updated_at"])
    if changed["updated_at"] == row.as_json()["updated_at"]:
        raise WrongAnswer("updated_at stays as it was")
    equal("ETag", answer.headers.get("etag"), '"2"')
    status(client.send(_patch(row, {"stock": 78}, tag)), 412)
    equal("what is stored", client.get(f"{PRODUCTS}/{row.id}").json(), changed)


def bulk_calls(client: Client, rows: Rows) -> list[Call]:
    """Create a hundred at once."""
    return [_post(f"{PRODUCTS}/bulk", _many(start, f"{SERIAL}-")) for start in range(0, 2000, BULK)]


def check_bulk(client: Client, rows: Rows) -> None:
    """Create a hundred; a hundred of which one is known already are 409 and none is stored."""
    sent = _many(0, "BULK-")
    answer = client.send(_post(f"{PRODUCTS}/bulk", sent))
    status(answer, 201)
    envelope = answer.json()
    fields(envelope, "message", "status_code", "timestamp", "request_id", "data")
    equal("message", envelope["message"], f"{BULK} processed")
    equal("status_code", envelope["status_code"], 201)
    equal("how many", len(envelope["data"]), BULK)
    for made, asked in zip(envelope["data"], sent, strict=True):
        _check_made(made, asked)
    total = _total(client)
    again = [*_many(0, "MORE-")[:-1], sent[0]]
    status(client.send(_post(f"{PRODUCTS}/bulk", again)), 409)
    equal("how many are stored", _total(client), total)


OPERATIONS = (
    Operation(name="get", title="one by id", calls=get_calls, check=check_get),
    Operation(name="page", title="page of 50 with total", calls=page_calls, check=check_page),
    Operation(name="cursor", title="page of 50 by cursor", calls=cursor_calls, check=check_cursor),
    Operation(name="filter", title="filter and sort", calls=filter_calls, check=check_filter),
    Operation(name="create", title="create", calls=create_calls, check=check_create, writes=True),
    Operation(
        name="update",
        title="update with If-Match",
        calls=update_calls,
        check=check_update,
        writes=True,
    ),
    Operation(
        name="bulk", title="create 100 at once", calls=bulk_calls, check=check_bulk, writes=True
    ),
)


def _page(rows: Rows, page: int) -> dict[str, object]:
    pages = -(-len(rows) // SIZE)
    return {
        "items": [row.as_json() for row in rows[(page - 1) * SIZE : page * SIZE]],
        "total": len(rows),
        "page": page,
        "size": SIZE,
        "pages": pages,
        "has_next": page < pages,
        "has_previous": page > 1,
    }


def _part(cursor: str | None) -> Call:
    after = "" if cursor is None else f"&cursor={quote(cursor, safe='')}"
    return Call(path=f"{FEED}?size={SIZE}{after}")


# A part of the feed as the server has it, hence Any.
def _read_part(client: Client, call: Call) -> dict[str, Any]:
    answer = client.send(call)
    status(answer, 200)
    part: dict[str, Any] = answer.json()
    return part


def _filter_path(least: int) -> str:
    return f"{PRODUCTS}?active=true&stock[gte]={least}&sort=-price&size={SIZE}"


def _many(start: int, prefix: str) -> list[dict[str, object]]:
    return [payload(start + number, sku=f"{prefix}{number:03d}") for number in range(BULK)]


def _post(path: str, body: object) -> Call:
    return Call(method="POST", path=path, body=_encoded(body))


def _patch(row: Product, body: object, headers: tuple[tuple[str, str], ...]) -> Call:
    path = f"{PRODUCTS}/{row.id}"
    return Call(method="PATCH", path=path, headers=headers, body=_encoded(body))


def _encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _check_made(made: dict[str, Any], sent: dict[str, object]) -> None:
    id, created = made.get("id"), made.get("created_at")
    moments = {"created_at": created, "updated_at": created}
    equal("product", made, {"id": id, **sent, **moments, "version": 1})
    try:
        equal("id", str(UUID(id)), id)
    except (TypeError, ValueError) as error:
        raise WrongAnswer(f"{id!r} is no UUID") from error
    moment("created_at", created)


def _total(client: Client) -> object:
    return client.get(f"{PRODUCTS}?page=1&size=1").json()["total"]


def _shuffled[T](items: Sequence[T]) -> list[T]:
    mixed = list(items)
    random.Random(7).shuffle(mixed)
    return mixed
