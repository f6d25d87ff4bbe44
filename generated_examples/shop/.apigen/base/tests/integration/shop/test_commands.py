# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The commands of shop, through the bus."""

from shop.application.shop.commands import (
    AddOrderLine,
    CancelOrder,
    CapturePayment,
    DeclinePayment,
    DeliverOrder,
    PayOrder,
    PlaceOrder,
    PublishProduct,
    RefundOrder,
    ReleaseProduct,
    RemoveOrderLine,
    ReserveProduct,
    RestockProduct,
    RetireProduct,
    ShipOrder,
)
from shop.support.testing.cases import Ref, Sample
from shop.support.testing.command_cases import CommandCase, Guarded, Recorded
from shop.support.testing.contracts.commands import AggregateCommandContract
from tests.cases import shop

PRODUCT_ROW: dict[str, Sample] = {
    "sku": "TEA-GREEN-250",
    "name": "Name 1",
    "description": "Description 1",
    "price": {"amount": "10.0001", "currency": "USD"},
    "stock": 0,
    "reserved": 0,
    "status": "draft",
    "image": None,
    "categories": [Ref("shop.Category"), Ref("shop.Category", 1)],
}

ORDER_ROW: dict[str, Sample] = {
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
}

PAYMENT_ROW: dict[str, Sample] = {
    "order_id": Ref("shop.Order"),
    "amount": {"amount": "10.0001", "currency": "USD"},
    "provider": "invoice",
    "provider_ref": None,
    "status": "requested",
}


class TestPublishProduct(AggregateCommandContract):
    """`publish` of Product."""

    case = CommandCase(
        command=PublishProduct,
        entity=shop.PRODUCT,
        row=PRODUCT_ROW,
        changed={"status": "active"},
        events=(
            Recorded(
                type="shop.Product.ProductPublished",
                fields=("sku", "price"),
                payload={"sku": "TEA-GREEN-250", "price": {"amount": "10.0001", "currency": "USD"}},
            ),
        ),
        guards=(Guarded(code="no_price", row={"price": {"amount": "0", "currency": "USD"}}),),
    )


class TestRetireProduct(AggregateCommandContract):
    """`retire` of Product."""

    case = CommandCase(
        command=RetireProduct,
        entity=shop.PRODUCT,
        row=PRODUCT_ROW,
        changed={"status": "retired"},
    )


class TestRestockProduct(AggregateCommandContract):
    """`restock` of Product."""

    case = CommandCase(
        command=RestockProduct,
        entity=shop.PRODUCT,
        row=PRODUCT_ROW,
        input={"quantity": 1235},
        changed={"stock": 1235},
    )


class TestReserveProduct(AggregateCommandContract):
    """`reserve` of Product."""

    case = CommandCase(
        command=ReserveProduct,
        entity=shop.PRODUCT,
        row=PRODUCT_ROW | {"stock": 1234},
        input={"quantity": 1, "order_id": "ord_01HZ0000000000000000000001"},
        changed={"reserved": 1},
        events=(
            Recorded(
                type="shop.Product.StockReserved",
                fields=("quantity", "order_id"),
                payload={"quantity": 1, "order_id": "ord_01HZ0000000000000000000001"},
            ),
        ),
        guards=(Guarded(code="out_of_stock", row={"stock": 0}, input={"quantity": 1235}),),
        edges=(Guarded(code="out_of_stock", input={"quantity": 1234}),),
        once=True,
    )


class TestReleaseProduct(AggregateCommandContract):
    """`release` of Product."""

    case = CommandCase(
        command=ReleaseProduct,
        entity=shop.PRODUCT,
        row=PRODUCT_ROW,
        input={"quantity": 1235, "order_id": "ord_01HZ0000000000000000000001"},
        changed={"reserved": 0},
        events=(
            Recorded(
                type="shop.Product.StockReleased",
                fields=("quantity", "order_id"),
                payload={"quantity": 1235, "order_id": "ord_01HZ0000000000000000000001"},
            ),
        ),
    )


class TestAddOrderLine(AggregateCommandContract):
    """`add_line` of Order."""

    case = CommandCase(
        command=AddOrderLine,
        entity=shop.ORDER,
        row=ORDER_ROW,
        input={"product_id": Ref("shop.Product"), "quantity": 2},
        sizes={"lines": 1},
        guards=(
            Guarded(
                code="order_not_open",
                row={
                    "status": "placed",
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
            ),
        ),
    )


class TestRemoveOrderLine(AggregateCommandContract):
    """`remove_line` of Order."""

    case = CommandCase(
        command=RemoveOrderLine,
        entity=shop.ORDER,
        row=ORDER_ROW
        | {
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
        input={"line_id": "01HZ0000000000000000000001"},
        sizes={"lines": 1},
        guards=(Guarded(code="order_not_open", row={"status": "placed"}),),
    )


class TestPlaceOrder(AggregateCommandContract):
    """`place` of Order."""

    case = CommandCase(
        command=PlaceOrder,
        entity=shop.ORDER,
        row=ORDER_ROW
        | {
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
        changed={"status": "placed"},
        events=(
            Recorded(
                type="shop.Order.OrderPlaced",
                fields=("customer_id", "total", "placed_at"),
                payload={
                    "customer_id": Ref("shop.Customer"),
                    "total": {"amount": "53.0005", "currency": "USD"},
                },
            ),
        ),
        guards=(
            Guarded(code="empty_order", row={"lines": []}),
            Guarded(code="no_address", row={"shipping_address": None}),
        ),
        state="status",
        illegal=("placed", "paid", "shipped", "delivered", "cancelled", "refunded"),
        history="orders_history",
    )


class TestPayOrder(AggregateCommandContract):
    """`pay` of Order."""

    case = CommandCase(
        command=PayOrder,
        entity=shop.ORDER,
        row=ORDER_ROW | {"status": "placed"},
        changed={"status": "paid"},
        events=(
            Recorded(
                type="shop.Order.OrderPaid",
                fields=("customer_id", "total"),
                payload={
                    "customer_id": Ref("shop.Customer"),
                    "total": {"amount": "0", "currency": "EUR"},
                },
            ),
        ),
        state="status",
        illegal=("draft", "paid", "shipped", "delivered", "cancelled", "refunded"),
        history="orders_history",
    )


class TestShipOrder(AggregateCommandContract):
    """`ship` of Order."""

    case = CommandCase(
        command=ShipOrder,
        entity=shop.ORDER,
        row=ORDER_ROW
        | {
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
        input={"carrier": "Carrier 1", "tracking_code": "Tracking code 1"},
        changed={"carrier": "Carrier 1", "tracking_code": "Tracking code 1", "status": "shipped"},
        events=(
            Recorded(
                type="shop.Order.OrderShipped",
                fields=("customer_id", "carrier", "tracking_code"),
                payload={
                    "customer_id": Ref("shop.Customer"),
                    "carrier": "Carrier 1",
                    "tracking_code": "Tracking code 1",
                },
            ),
        ),
        state="status",
        illegal=("draft", "placed", "shipped", "delivered", "cancelled", "refunded"),
        history="orders_history",
    )


class TestDeliverOrder(AggregateCommandContract):
    """`deliver` of Order."""

    case = CommandCase(
        command=DeliverOrder,
        entity=shop.ORDER,
        row=ORDER_ROW | {"status": "shipped"},
        changed={"status": "delivered"},
        state="status",
        illegal=("draft", "placed", "paid", "delivered", "cancelled", "refunded"),
        history="orders_history",
    )


class TestCancelOrder(AggregateCommandContract):
    """`cancel` of Order."""

    case = CommandCase(
        command=CancelOrder,
        entity=shop.ORDER,
        row=ORDER_ROW,
        input={"reason": "Reason 1"},
        changed={"status": "cancelled"},
        events=(
            Recorded(
                type="shop.Order.OrderCancelled", fields=("reason",), payload={"reason": "Reason 1"}
            ),
        ),
        state="status",
        illegal=("paid", "shipped", "delivered", "cancelled", "refunded"),
        history="orders_history",
    )


class TestRefundOrder(AggregateCommandContract):
    """`refund` of Order."""

    case = CommandCase(
        command=RefundOrder,
        entity=shop.ORDER,
        row=ORDER_ROW | {"status": "paid"},
        changed={"status": "refunded"},
        events=(
            Recorded(
                type="shop.Order.OrderRefunded",
                fields=("customer_id", "total"),
                payload={
                    "customer_id": Ref("shop.Customer"),
                    "total": {"amount": "0", "currency": "EUR"},
                },
            ),
        ),
        state="status",
        illegal=("draft", "placed", "shipped", "delivered", "cancelled", "refunded"),
        history="orders_history",
    )


class TestCapturePayment(AggregateCommandContract):
    """`capture` of Payment."""

    case = CommandCase(
        command=CapturePayment,
        entity=shop.PAYMENT,
        row=PAYMENT_ROW,
        input={"provider_ref": "Provider ref 1"},
        changed={"provider_ref": "Provider ref 1", "status": "captured"},
        events=(
            Recorded(
                type="shop.Payment.PaymentCaptured",
                fields=("order_id", "amount"),
                payload={
                    "order_id": Ref("shop.Order"),
                    "amount": {"amount": "10.0001", "currency": "USD"},
                },
            ),
        ),
        state="status",
        illegal=("captured", "declined", "refunded"),
    )


class TestDeclinePayment(AggregateCommandContract):
    """`decline` of Payment."""

    case = CommandCase(
        command=DeclinePayment,
        entity=shop.PAYMENT,
        row=PAYMENT_ROW,
        input={"reason": "Reason 1"},
        changed={"status": "declined"},
        events=(
            Recorded(
                type="shop.Payment.PaymentDeclined",
                fields=("order_id", "reason"),
                payload={"order_id": Ref("shop.Order"), "reason": "Reason 1"},
            ),
        ),
        state="status",
        illegal=("captured", "declined", "refunded"),
    )
