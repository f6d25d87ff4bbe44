# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Who carries out the commands of shop, and how."""

from shop.application.shop.access import ShopAccess
from shop.application.shop.commands import (
    AddOrderLine,
    AwardPoints,
    CancelOrder,
    CapturePayment,
    DeclinePayment,
    DeliverOrder,
    PayOrder,
    PlaceOrder,
    PublishProduct,
    RefundOrder,
    RefundPayment,
    ReleaseProduct,
    RemoveOrderLine,
    RequestPayment,
    ReserveProduct,
    RestockProduct,
    RetireProduct,
    ShipOrder,
)
from shop.application.shop.custom import award_points, refund_payment, request_payment
from shop.domain.shop.aggregates import Order, Payment, Product
from shop.domain.shop.repositories import ShopUnitOfWork
from shop.support.application.buses import CommandBus, Policy
from shop.support.application.command_handlers import (
    AggregateHandler,
    CommandContext,
    CommandTarget,
    WorkFactory,
    required,
)
from shop.support.application.custom_handlers import CustomAggregateHandler, CustomHandler
from shop.support.core.retry import RetryPolicy


async def _publish_product(
    product: Product, command: PublishProduct, work: ShopUnitOfWork, context: CommandContext
) -> None:
    product.publish()


async def _retire_product(
    product: Product, command: RetireProduct, work: ShopUnitOfWork, context: CommandContext
) -> None:
    product.retire()


async def _restock_product(
    product: Product, command: RestockProduct, work: ShopUnitOfWork, context: CommandContext
) -> None:
    product.restock(quantity=command.quantity)


async def _reserve_product(
    product: Product, command: ReserveProduct, work: ShopUnitOfWork, context: CommandContext
) -> None:
    product.reserve(quantity=command.quantity, order_id=command.order_id)


async def _release_product(
    product: Product, command: ReleaseProduct, work: ShopUnitOfWork, context: CommandContext
) -> None:
    product.release(quantity=command.quantity, order_id=command.order_id)


async def _add_order_line(
    order: Order, command: AddOrderLine, work: ShopUnitOfWork, context: CommandContext
) -> None:
    product = await required(work.products, command.product_id, "product")
    order.add_line(quantity=command.quantity, product=product)


async def _remove_order_line(
    order: Order, command: RemoveOrderLine, work: ShopUnitOfWork, context: CommandContext
) -> None:
    order.remove_line(line_id=command.line_id)


async def _place_order(
    order: Order, command: PlaceOrder, work: ShopUnitOfWork, context: CommandContext
) -> None:
    order.place(now=context.now)


async def _pay_order(
    order: Order, command: PayOrder, work: ShopUnitOfWork, context: CommandContext
) -> None:
    order.pay()


async def _ship_order(
    order: Order, command: ShipOrder, work: ShopUnitOfWork, context: CommandContext
) -> None:
    order.ship(carrier=command.carrier, tracking_code=command.tracking_code)


async def _deliver_order(
    order: Order, command: DeliverOrder, work: ShopUnitOfWork, context: CommandContext
) -> None:
    order.deliver()


async def _cancel_order(
    order: Order, command: CancelOrder, work: ShopUnitOfWork, context: CommandContext
) -> None:
    order.cancel(reason=command.reason)


async def _refund_order(
    order: Order, command: RefundOrder, work: ShopUnitOfWork, context: CommandContext
) -> None:
    order.refund()


async def _capture_payment(
    payment: Payment, command: CapturePayment, work: ShopUnitOfWork, context: CommandContext
) -> None:
    payment.capture(provider_ref=command.provider_ref)


async def _decline_payment(
    payment: Payment, command: DeclinePayment, work: ShopUnitOfWork, context: CommandContext
) -> None:
    payment.decline(reason=command.reason)


def register_shop_commands(
    bus: CommandBus, *, unit_of_work: WorkFactory[ShopUnitOfWork], access: ShopAccess
) -> None:
    """Let the bus take every command of shop to its handler."""
    products = CommandTarget(
        resource="product",
        unit_of_work=unit_of_work,
        repository=lambda work: work.products,
        access=access.products,
    )
    orders = CommandTarget(
        resource="order",
        unit_of_work=unit_of_work,
        repository=lambda work: work.orders,
        access=access.orders,
    )
    payments = CommandTarget(
        resource="payment",
        unit_of_work=unit_of_work,
        repository=lambda work: work.payments,
        access=access.payments,
    )
    bus.register(
        PublishProduct,
        AggregateHandler(
            products, operation="publish", id=lambda command: command.id, act=_publish_product
        ),
    )
    bus.register(
        RetireProduct,
        AggregateHandler(
            products, operation="retire", id=lambda command: command.id, act=_retire_product
        ),
    )
    bus.register(
        RestockProduct,
        AggregateHandler(
            products, operation="restock", id=lambda command: command.id, act=_restock_product
        ),
    )
    bus.register(
        ReserveProduct,
        AggregateHandler(
            products,
            operation="reserve",
            id=lambda command: command.id,
            act=_reserve_product,
            once=lambda command: command.order_id,
        ),
    )
    bus.register(
        ReleaseProduct,
        AggregateHandler(
            products, operation="release", id=lambda command: command.id, act=_release_product
        ),
    )
    bus.register(
        AddOrderLine,
        AggregateHandler(
            orders, operation="add_line", id=lambda command: command.id, act=_add_order_line
        ),
    )
    bus.register(
        RemoveOrderLine,
        AggregateHandler(
            orders, operation="remove_line", id=lambda command: command.id, act=_remove_order_line
        ),
    )
    bus.register(
        PlaceOrder,
        AggregateHandler(
            orders, operation="place", id=lambda command: command.id, act=_place_order
        ),
    )
    bus.register(
        PayOrder,
        AggregateHandler(orders, operation="pay", id=lambda command: command.id, act=_pay_order),
    )
    bus.register(
        ShipOrder,
        AggregateHandler(orders, operation="ship", id=lambda command: command.id, act=_ship_order),
    )
    bus.register(
        DeliverOrder,
        AggregateHandler(
            orders, operation="deliver", id=lambda command: command.id, act=_deliver_order
        ),
    )
    bus.register(
        CancelOrder,
        AggregateHandler(
            orders, operation="cancel", id=lambda command: command.id, act=_cancel_order
        ),
    )
    bus.register(
        RefundOrder,
        AggregateHandler(
            orders, operation="refund", id=lambda command: command.id, act=_refund_order
        ),
    )
    bus.register(
        RequestPayment,
        CustomHandler(
            resource="payment",
            operation="request",
            unit_of_work=unit_of_work,
            handle=request_payment.handle,
            access=access.payments,
        ),
        Policy(timeout_s=5, retry=RetryPolicy()),
    )
    bus.register(
        CapturePayment,
        AggregateHandler(
            payments, operation="capture", id=lambda command: command.id, act=_capture_payment
        ),
    )
    bus.register(
        DeclinePayment,
        AggregateHandler(
            payments, operation="decline", id=lambda command: command.id, act=_decline_payment
        ),
    )
    bus.register(
        RefundPayment,
        CustomAggregateHandler(
            payments,
            operation="refund",
            id=lambda command: command.id,
            handle=refund_payment.handle,
        ),
    )
    bus.register(
        AwardPoints,
        CustomHandler(
            resource="award points",
            operation="award_points",
            unit_of_work=unit_of_work,
            handle=award_points.handle,
            access=access.commands,
        ),
    )
