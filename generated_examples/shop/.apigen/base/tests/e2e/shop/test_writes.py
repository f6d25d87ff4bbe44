# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Writes of shop that meet another one, over HTTP."""

from shop.support.testing.cases import Ref
from shop.support.testing.contracts.writes import WritesContract
from shop.support.testing.write_cases import Write, WriteCase
from tests.cases import shop


class TestCategoryWrites(WritesContract):
    """Versions and keys of categories."""

    case = WriteCase(
        path="/api/v2/categories",
        entity=shop.CATEGORY,
        row={"name": "Name 1", "slug": "slug-0", "parent_id": None},
        writes=(
            Write(
                operation="create",
                method="POST",
                body=shop.CATEGORY.samples[1],
                other=shop.CATEGORY.samples[0],
                idempotent=True,
            ),
            Write(
                operation="update",
                method="PATCH",
                path="/{id}",
                body={"name": "Name 2"},
                other={},
                etag=True,
                idempotent=True,
            ),
            Write(operation="delete", method="DELETE", path="/{id}", etag=True, idempotent=True),
        ),
    )


class TestCustomerWrites(WritesContract):
    """Versions and keys of customers."""

    case = WriteCase(
        path="/api/v2/customers",
        entity=shop.CUSTOMER,
        row={
            "user_id": "Customer-0",
            "email": "email0@example.com",
            "name": "Name 1",
            "phone": "+49301000000",
            "shipping_address": {
                "line1": "Line1 1",
                "line2": "Line2 1",
                "city": "City 1",
                "postcode": "Postcode 1",
                "country": "DE",
            },
            "loyalty_points": 0,
        },
        writes=(
            Write(
                operation="create",
                method="POST",
                body=shop.CUSTOMER.samples[1],
                other=shop.CUSTOMER.samples[0],
                idempotent=True,
            ),
            Write(
                operation="update",
                method="PATCH",
                path="/{id}",
                body={"email": "email1@example.com"},
                other={},
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="restore", method="POST", path="/{id}/restore", etag=True, idempotent=True
            ),
            Write(
                operation="bulk_create",
                method="POST",
                path="/bulk",
                body=shop.CUSTOMER.samples[1],
                other=shop.CUSTOMER.samples[0],
                idempotent=True,
            ),
        ),
    )


class TestProductWrites(WritesContract):
    """Versions and keys of products."""

    case = WriteCase(
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
        writes=(
            Write(
                operation="create",
                method="POST",
                body=shop.PRODUCT.samples[1],
                other=shop.PRODUCT.samples[0],
                idempotent=True,
            ),
            Write(
                operation="update",
                method="PATCH",
                path="/{id}",
                body={"name": "Name 2"},
                other={},
                etag=True,
                idempotent=True,
            ),
            Write(operation="delete", method="DELETE", path="/{id}", etag=True, idempotent=True),
            Write(
                operation="publish", method="POST", path="/{id}/publish", etag=True, idempotent=True
            ),
            Write(
                operation="retire", method="POST", path="/{id}/retire", etag=True, idempotent=True
            ),
            Write(
                operation="restock",
                method="POST",
                path="/{id}/restock",
                body={"quantity": 1235},
                other={"quantity": 2469},
                etag=True,
                idempotent=True,
            ),
        ),
    )


class TestOrderWrites(WritesContract):
    """Versions and keys of orders."""

    case = WriteCase(
        path="/api/v2/orders",
        entity=shop.ORDER,
        row={
            "customer_id": Ref("shop.Customer"),
            "shipping_address": {
                "line1": "Line1 1",
                "line2": "Line2 1",
                "city": "City 1",
                "postcode": "Postcode 1",
                "country": "DE",
            },
            "placed_at": None,
            "carrier": None,
            "tracking_code": None,
            "note": "Note 1",
            "status": "draft",
            "lines": [],
        },
        writes=(
            Write(
                operation="create",
                method="POST",
                body=shop.ORDER.samples[1],
                other=shop.ORDER.samples[0],
                idempotent=True,
            ),
            Write(
                operation="update",
                method="PATCH",
                path="/{id}",
                body={"note": "Note 2"},
                other={},
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="add_line",
                method="POST",
                path="/{id}/add-line",
                body={"product_id": Ref("shop.Product"), "quantity": 2},
                other={"product_id": Ref("shop.Product"), "quantity": 3},
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="remove_line",
                method="POST",
                path="/{id}/remove-line",
                body={"line_id": "01HZ0000000000000000000001"},
                row={
                    "lines": [
                        {
                            "id": "01HZ0000000000000000000001",
                            "product_id": Ref("shop.Product"),
                            "quantity": 2,
                            "unit_price": {"amount": "10.0001", "currency": "USD"},
                        },
                        {
                            "id": "01HZ0000000000000000000002",
                            "product_id": Ref("shop.Product", 1),
                            "quantity": 3,
                            "unit_price": {"amount": "11.0001", "currency": "USD"},
                        },
                    ]
                },
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="place",
                method="POST",
                path="/{id}/place",
                row={
                    "lines": [
                        {
                            "id": "01HZ0000000000000000000001",
                            "product_id": Ref("shop.Product"),
                            "quantity": 2,
                            "unit_price": {"amount": "10.0001", "currency": "USD"},
                        },
                        {
                            "id": "01HZ0000000000000000000002",
                            "product_id": Ref("shop.Product", 1),
                            "quantity": 3,
                            "unit_price": {"amount": "11.0001", "currency": "USD"},
                        },
                    ]
                },
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="ship",
                method="POST",
                path="/{id}/ship",
                body={"carrier": "Carrier 1", "tracking_code": "Tracking code 1"},
                row={
                    "status": "paid",
                    "lines": [
                        {
                            "id": "01HZ0000000000000000000001",
                            "product_id": Ref("shop.Product"),
                            "quantity": 2,
                            "unit_price": {"amount": "10.0001", "currency": "USD"},
                        },
                        {
                            "id": "01HZ0000000000000000000002",
                            "product_id": Ref("shop.Product", 1),
                            "quantity": 3,
                            "unit_price": {"amount": "11.0001", "currency": "USD"},
                        },
                    ],
                },
                other={"carrier": "Carrier 2", "tracking_code": "Tracking code 1"},
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="deliver",
                method="POST",
                path="/{id}/deliver",
                row={"status": "shipped"},
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="cancel",
                method="POST",
                path="/{id}/cancel",
                body={"reason": "Reason 1"},
                other={"reason": "Reason 2"},
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="refund",
                method="POST",
                path="/{id}/refund",
                row={"status": "paid"},
                etag=True,
                idempotent=True,
            ),
        ),
    )


class TestPaymentWrites(WritesContract):
    """Versions and keys of payments."""

    case = WriteCase(
        path="/api/v2/payments",
        entity=shop.PAYMENT,
        row={
            "order_id": Ref("shop.Order"),
            "amount": {"amount": "10.0001", "currency": "USD"},
            "provider": "invoice",
            "provider_ref": None,
            "status": "requested",
        },
        writes=(
            Write(
                operation="capture",
                method="POST",
                path="/{id}/capture",
                body={"provider_ref": "Provider ref 1"},
                other={"provider_ref": "Provider ref 2"},
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="decline",
                method="POST",
                path="/{id}/decline",
                body={"reason": "Reason 1"},
                other={"reason": "Reason 2"},
                etag=True,
                idempotent=True,
            ),
            Write(
                operation="refund",
                method="POST",
                path="/{id}/refund",
                row={"status": "captured"},
                etag=True,
                idempotent=True,
                succeeds=False,
            ),
        ),
    )
