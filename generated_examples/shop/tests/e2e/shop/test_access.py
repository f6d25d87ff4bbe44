# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Who may do what in shop, over HTTP."""

from shop.support.testing.access_cases import AccessCase, AccessRow, Caller
from shop.support.testing.cases import Ref
from shop.support.testing.contracts.access import AccessContract
from shop.support.testing.contracts.cached_access import CachedAccessContract
from tests.cases import shop

ANONYMOUS = Caller()
SOMEBODY_ELSE = Caller(subject="somebody-else")
CUSTOMER = Caller(subject="somebody-else", roles=("customer",))
STAFF = Caller(subject="somebody-else", roles=("staff",))
ADMIN = Caller(subject="somebody-else", roles=("admin",))
CUSTOMER_0 = Caller(subject="Customer-0")
CUSTOMER_0_CUSTOMER = Caller(subject="Customer-0", roles=("customer",))
CUSTOMER_0_STAFF = Caller(subject="Customer-0", roles=("staff",))
CUSTOMER_0_ADMIN = Caller(subject="Customer-0", roles=("admin",))


class TestCategoryAccess(AccessContract):
    """Who may do what with categories."""

    case = AccessCase(
        path="/api/v2/categories",
        entity=shop.CATEGORY,
        row={"name": "Name 1", "slug": "slug-0", "parent_id": None},
        operations=(
            AccessRow(
                operation="list",
                method="GET",
                shows=True,
                permitted=(ANONYMOUS, SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN),
            ),
            AccessRow(
                operation="get",
                method="GET",
                path="/{id}",
                shows=True,
                permitted=(ANONYMOUS, SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN),
            ),
            AccessRow(
                operation="create",
                method="POST",
                body=shop.CATEGORY.samples[1],
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="update",
                method="PATCH",
                path="/{id}",
                body={"name": "Name 2"},
                changed={"name": "Name 2"},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="delete",
                method="DELETE",
                path="/{id}",
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
        ),
    )


class TestCustomerAccess(AccessContract):
    """Who may do what with customers."""

    case = AccessCase(
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
        operations=(
            AccessRow(
                operation="list",
                method="GET",
                shows=True,
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
                unaware=(CUSTOMER,),
            ),
            AccessRow(
                operation="list",
                variant="search",
                method="GET",
                query={"q": "email0@example.com"},
                shows=True,
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
                unaware=(CUSTOMER,),
            ),
            AccessRow(
                operation="get",
                method="GET",
                path="/{id}",
                shows=True,
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0), 404: (CUSTOMER,)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="create",
                method="POST",
                body=shop.CUSTOMER.samples[1],
                refused={401: (ANONYMOUS,)},
                permitted=(
                    SOMEBODY_ELSE,
                    CUSTOMER,
                    STAFF,
                    ADMIN,
                    CUSTOMER_0,
                    CUSTOMER_0_CUSTOMER,
                    CUSTOMER_0_STAFF,
                    CUSTOMER_0_ADMIN,
                ),
            ),
            AccessRow(
                operation="update",
                method="PATCH",
                path="/{id}",
                body={"email": "email1@example.com"},
                changed={"email": "email1@example.com"},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0), 404: (CUSTOMER,)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="restore",
                method="POST",
                path="/{id}/restore",
                refused={
                    401: (ANONYMOUS,),
                    403: (
                        SOMEBODY_ELSE,
                        CUSTOMER,
                        STAFF,
                        CUSTOMER_0,
                        CUSTOMER_0_CUSTOMER,
                        CUSTOMER_0_STAFF,
                    ),
                },
                permitted=(ADMIN, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="bulk_create",
                method="POST",
                path="/bulk",
                body=shop.CUSTOMER.samples[1],
                refused={401: (ANONYMOUS,)},
                permitted=(
                    SOMEBODY_ELSE,
                    CUSTOMER,
                    STAFF,
                    ADMIN,
                    CUSTOMER_0,
                    CUSTOMER_0_CUSTOMER,
                    CUSTOMER_0_STAFF,
                    CUSTOMER_0_ADMIN,
                ),
            ),
            AccessRow(
                operation="export",
                method="GET",
                path="/export",
                shows=True,
                refused={
                    401: (ANONYMOUS,),
                    403: (
                        SOMEBODY_ELSE,
                        CUSTOMER,
                        STAFF,
                        CUSTOMER_0,
                        CUSTOMER_0_CUSTOMER,
                        CUSTOMER_0_STAFF,
                    ),
                },
                permitted=(ADMIN, CUSTOMER_0_ADMIN),
            ),
        ),
    )


class TestProductAccess(CachedAccessContract):
    """Who may do what with products."""

    case = AccessCase(
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
        operations=(
            AccessRow(
                operation="list",
                method="GET",
                shows=True,
                permitted=(ANONYMOUS, SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN),
            ),
            AccessRow(
                operation="list",
                variant="search",
                method="GET",
                query={"q": "Name 1"},
                shows=True,
                permitted=(ANONYMOUS, SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN),
            ),
            AccessRow(
                operation="get",
                method="GET",
                path="/{id}",
                shows=True,
                permitted=(ANONYMOUS, SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN),
            ),
            AccessRow(
                operation="create",
                method="POST",
                body=shop.PRODUCT.samples[1],
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="update",
                method="PATCH",
                path="/{id}",
                body={"name": "Name 2"},
                changed={"name": "Name 2"},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="delete",
                method="DELETE",
                path="/{id}",
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="publish",
                method="POST",
                path="/{id}/publish",
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="retire",
                method="POST",
                path="/{id}/retire",
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="restock",
                method="POST",
                path="/{id}/restock",
                body={"quantity": 1235},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
        ),
    )


class TestOrderAccess(AccessContract):
    """Who may do what with orders."""

    case = AccessCase(
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
        operations=(
            AccessRow(
                operation="list",
                method="GET",
                shows=True,
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
                unaware=(CUSTOMER,),
            ),
            AccessRow(
                operation="get",
                method="GET",
                path="/{id}",
                shows=True,
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0), 404: (CUSTOMER,)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="get",
                variant="with-customer",
                method="GET",
                path="/{id}",
                query={"expand": "customer"},
                shows=True,
                embedded="customer",
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0), 404: (CUSTOMER,)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="create",
                method="POST",
                body=shop.ORDER.samples[1],
                refused={
                    401: (ANONYMOUS,),
                    403: (SOMEBODY_ELSE, CUSTOMER, CUSTOMER_0, CUSTOMER_0_CUSTOMER),
                },
                permitted=(STAFF, ADMIN, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="create",
                variant="like-it",
                method="POST",
                body={
                    "customer_id": Ref("shop.Customer"),
                    "shipping_address": {
                        "line1": "Line1 2",
                        "line2": "Line2 2",
                        "city": "City 2",
                        "postcode": "Postcode 2",
                        "country": "FR",
                    },
                    "note": "Note 2",
                },
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER, CUSTOMER_0)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="update",
                method="PATCH",
                path="/{id}",
                body={"note": "Note 2"},
                changed={"note": "Note 2"},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0), 404: (CUSTOMER,)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="export",
                method="GET",
                path="/export",
                shows=True,
                refused={
                    401: (ANONYMOUS,),
                    403: (SOMEBODY_ELSE, CUSTOMER, CUSTOMER_0, CUSTOMER_0_CUSTOMER),
                },
                permitted=(STAFF, ADMIN, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="history",
                method="GET",
                path="/{id}/history",
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0), 404: (CUSTOMER,)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="add_line",
                method="POST",
                path="/{id}/add-line",
                body={"product_id": Ref("shop.Product"), "quantity": 2},
                refused={
                    401: (ANONYMOUS,),
                    403: (SOMEBODY_ELSE, CUSTOMER, CUSTOMER_0, CUSTOMER_0_CUSTOMER),
                },
                permitted=(STAFF, ADMIN, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
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
                refused={
                    401: (ANONYMOUS,),
                    403: (SOMEBODY_ELSE, CUSTOMER, CUSTOMER_0, CUSTOMER_0_CUSTOMER),
                },
                permitted=(STAFF, ADMIN, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
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
                refused={
                    401: (ANONYMOUS,),
                    403: (
                        SOMEBODY_ELSE,
                        STAFF,
                        ADMIN,
                        CUSTOMER_0,
                        CUSTOMER_0_STAFF,
                        CUSTOMER_0_ADMIN,
                    ),
                    404: (CUSTOMER,),
                },
                permitted=(CUSTOMER_0_CUSTOMER,),
            ),
            AccessRow(
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
                refused={
                    401: (ANONYMOUS,),
                    403: (SOMEBODY_ELSE, CUSTOMER, CUSTOMER_0, CUSTOMER_0_CUSTOMER),
                },
                permitted=(STAFF, ADMIN, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="deliver",
                method="POST",
                path="/{id}/deliver",
                row={"status": "shipped"},
                refused={
                    401: (ANONYMOUS,),
                    403: (SOMEBODY_ELSE, CUSTOMER, CUSTOMER_0, CUSTOMER_0_CUSTOMER),
                },
                permitted=(STAFF, ADMIN, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="cancel",
                method="POST",
                path="/{id}/cancel",
                body={"reason": "Reason 1"},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER_0), 404: (CUSTOMER,)},
                permitted=(STAFF, ADMIN, CUSTOMER_0_CUSTOMER, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="refund",
                method="POST",
                path="/{id}/refund",
                row={"status": "paid"},
                refused={
                    401: (ANONYMOUS,),
                    403: (SOMEBODY_ELSE, CUSTOMER, CUSTOMER_0, CUSTOMER_0_CUSTOMER),
                },
                permitted=(STAFF, ADMIN, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
            AccessRow(
                operation="waiting",
                method="GET",
                path="/waiting",
                query={"days": 3},
                refused={
                    401: (ANONYMOUS,),
                    403: (SOMEBODY_ELSE, CUSTOMER, CUSTOMER_0, CUSTOMER_0_CUSTOMER),
                },
                permitted=(STAFF, ADMIN, CUSTOMER_0_STAFF, CUSTOMER_0_ADMIN),
            ),
        ),
    )


class TestPaymentAccess(AccessContract):
    """Who may do what with payments."""

    case = AccessCase(
        path="/api/v2/payments",
        entity=shop.PAYMENT,
        row={
            "order_id": Ref("shop.Order"),
            "amount": {"amount": "10.0001", "currency": "USD"},
            "provider": "invoice",
            "provider_ref": None,
            "status": "requested",
        },
        operations=(
            AccessRow(
                operation="list",
                method="GET",
                shows=True,
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="get",
                method="GET",
                path="/{id}",
                shows=True,
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="request",
                method="POST",
                body={
                    "order_id": Ref("shop.Order"),
                    "amount": {"amount": "10.0001", "currency": "USD"},
                },
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN)},
            ),
            AccessRow(
                operation="capture",
                method="POST",
                path="/{id}/capture",
                body={"provider_ref": "Provider ref 1"},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN)},
            ),
            AccessRow(
                operation="decline",
                method="POST",
                path="/{id}/decline",
                body={"reason": "Reason 1"},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN)},
            ),
            AccessRow(
                operation="refund",
                method="POST",
                path="/{id}/refund",
                row={"status": "captured"},
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER, STAFF, ADMIN)},
            ),
        ),
    )


class TestOrderListAccess(AccessContract):
    """Who may do what with order lists."""

    case = AccessCase(
        path="/api/v2/order-lists",
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
        operations=(
            AccessRow(
                operation="list",
                method="GET",
                shows=True,
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
            AccessRow(
                operation="get",
                method="GET",
                path="/{id}",
                shows=True,
                refused={401: (ANONYMOUS,), 403: (SOMEBODY_ELSE, CUSTOMER)},
                permitted=(STAFF, ADMIN),
            ),
        ),
    )
