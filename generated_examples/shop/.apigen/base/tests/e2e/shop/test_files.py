# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Files of shop, over HTTP."""

from shop.domain.shop.aggregates import Product
from shop.support.domain.localized import DEFAULT_LOCALE
from shop.support.testing.cases import Ref
from shop.support.testing.contracts.files import FilesContract
from shop.support.testing.file_cases import FileCase
from shop.support.testing.plain_aggregates import aggregate_from_json
from tests.cases import shop


class TestProductImage(FilesContract):
    """The image of products."""

    case = FileCase(
        path="/api/v2/products",
        entity=shop.PRODUCT,
        make=lambda data: aggregate_from_json(Product, data, {}, context={DEFAULT_LOCALE: "en"}),
        row={
            "sku": "TEA-GREEN-250",
            "name": "Name 1",
            "description": "Description 1",
            "price": {"amount": "10.0001", "currency": "USD"},
            "stock": 0,
            "reserved": 0,
            "status": "draft",
            "image": None,
            "categories": [Ref("shop.Category"), Ref("shop.Category", 1)],
        },
        segment="image",
        field="image",
        max_bytes=5242880,
        types=("image/png", "image/webp"),
        is_idempotent=True,
        is_gone=True,
    )
