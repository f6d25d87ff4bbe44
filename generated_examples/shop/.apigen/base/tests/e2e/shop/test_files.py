# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Files of shop, over HTTP."""

from shop.support.testing.access_cases import AccessRow, Caller
from shop.support.testing.cases import Ref
from shop.support.testing.contracts.file_access import SecuredFilesContract
from shop.support.testing.file_cases import FileCase
from tests.cases import shop

ANONYMOUS = Caller()
SOMEBODY_ELSE = Caller(subject="somebody-else")
CUSTOMER = Caller(subject="somebody-else", roles=("customer",))
STAFF = Caller(subject="somebody-else", roles=("staff",))
ADMIN = Caller(subject="somebody-else", roles=("admin",))


class TestProductImage(SecuredFilesContract):
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
        operations=(
            AccessRow(
                operation="upload_image",
                method="PUT",
                path="/{id}/image",
                body={},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="remove_image",
                method="DELETE",
                path="/{id}/image",
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="download_image",
                method="GET",
                path="/{id}/image",
                permitted=(ANONYMOUS, SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN),
            ),
            AccessRow(
                operation="link_image",
                method="GET",
                path="/{id}/image/link",
                permitted=(ANONYMOUS, SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN),
            ),
        ),
    )
