"""A word in the place of a key is a route of its own wherever no key could be that word."""

from collections.abc import AsyncIterator
from typing import Annotated

import httpx2
import pytest
import pytest_asyncio
from fastapi import Path

from apigen.support.application.fields import Text
from apigen.support.interface.problems import problems
from apigen.support.interface.routing import ResourceRouter
from tests.support.interface.notes import Shelf, note_app

Number = Annotated[int, Path(ge=1)]
Sku = Annotated[str, Path(max_length=5)]
Code = Annotated[str, Text(maximum=7, pattern="cus_[0-9]{3}")]

numbered = ResourceRouter(prefix="/parcels", tags=["Parcels"])
named = ResourceRouter(prefix="/products", tags=["Products"])
coded = ResourceRouter(prefix="/customers", tags=["Customers"])
inner = ResourceRouter(prefix="/products/{sku}/parts", tags=["Parts"])


@numbered.get("/count", operation_id="count_parcels")
async def count_parcels() -> int:
    """Count them."""
    return 1


@numbered.get("/{number}", operation_id="get_parcel", responses=problems(422))
async def get_parcel(number: Number) -> int:
    """Read one."""
    return number


@numbered.delete("/{number}", operation_id="delete_parcel", responses=problems(422))
async def delete_parcel(number: Number) -> int:
    """Delete one."""
    return number


@named.get("/count", operation_id="count_products")
async def count_products() -> int:
    """Count them."""
    return 1


@named.post("/bulk-delete", operation_id="delete_products")
async def delete_products() -> int:
    """Delete several."""
    return 1


@named.delete("/{sku}", operation_id="delete_product", responses=problems(422))
async def delete_product(sku: Sku) -> str:
    """Delete one."""
    return sku


@coded.get("/export", operation_id="export_customers")
async def export_customers() -> int:
    """Export them."""
    return 1


@coded.patch("/{code}", operation_id="change_customer", responses=problems(422))
async def change_customer(code: Code) -> str:
    """Change one."""
    return code


@inner.post("/bulk", operation_id="create_parts")
async def create_parts(sku: Sku) -> str:
    """Create several."""
    return sku


@inner.delete("/{number}", operation_id="delete_part", responses=problems(422))
async def delete_part(sku: Sku, number: Number) -> int:
    """Delete one."""
    return number


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    """Ask an application with these routes."""
    app = note_app(Shelf(), routers=(numbered, named, coded, inner))
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://test/api/v1"
    ) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/parcels/count", 200),
        ("DELETE", "/parcels/7", 200),
        ("DELETE", "/parcels/0", 422),
        ("DELETE", "/parcels/bulk", 422),
        ("GET", "/products/count", 200),
        # A key that may be this word is that of a product.
        ("DELETE", "/products/count", 200),
        ("POST", "/products/A/parts/bulk", 200),
        ("DELETE", "/products/bulk/parts/1", 200),
    ],
)
async def test_a_path_has_one_meaning(
    http: httpx2.AsyncClient, method: str, path: str, status: int
) -> None:
    assert (await http.request(method, path)).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/parcels/count", "GET"),
        ("OPTIONS", "/parcels/count", "GET"),
        ("OPTIONS", "/parcels/7", "DELETE, GET"),
        ("DELETE", "/products/bulk-delete", "POST"),
        ("OPTIONS", "/products/count", "DELETE, GET"),
        ("DELETE", "/customers/export", "GET"),
        ("PATCH", "/customers/export", "GET"),
        ("GET", "/customers/cus_123", "PATCH"),
        ("DELETE", "/products/A/parts/bulk", "POST"),
    ],
)
async def test_a_word_that_is_no_key_has_methods_of_its_own(
    http: httpx2.AsyncClient, method: str, path: str, allowed: str
) -> None:
    response = await http.request(method, path)

    assert response.status_code == 405
    assert response.headers["allow"] == allowed
    assert response.json()["code"] == "method_not_allowed"
