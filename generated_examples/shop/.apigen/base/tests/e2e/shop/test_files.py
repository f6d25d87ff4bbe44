# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Files of shop, over HTTP."""

from shop.support.testing.cases import Ref
from shop.support.testing.contracts.files import FilesContract
from shop.support.testing.file_cases import FileCase
from tests.cases import shop


class TestProductImage(FilesContract):
    """The image of products."""

    case = FileCase(
        path="/api/v2/products",
        entity=shop.PRODUCT,
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
