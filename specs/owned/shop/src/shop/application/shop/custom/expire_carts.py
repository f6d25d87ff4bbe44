"""How `ExpireCartsTask` is carried out: written by hand."""

from datetime import timedelta

from shop.application.shop.tasks import ExpireCartsTask
from shop.domain.shop.aggregates import Order
from shop.domain.shop.repositories import ShopUnitOfWork
from shop.domain.shop.value_objects import OrderStatus
from shop.support.application.command_handlers import WorkFactory
from shop.support.application.task_runner import TaskContext
from shop.support.core.protocols import QueryOptions
from shop.support.domain.specification import AttributeSpecification, Operator

KEPT = timedelta(days=30)
AT_ONCE = 100


async def handle(
    task: ExpireCartsTask, work: WorkFactory[ShopUnitOfWork], context: TaskContext
) -> None:
    """Cancel the orders that were left as drafts, some in a transaction."""
    drafts = AttributeSpecification[Order](("status",), Operator.EQ, OrderStatus.DRAFT)
    old = AttributeSpecification[Order](("updated_at",), Operator.LT, context.now - KEPT)
    while True:
        async with work() as transaction:
            carts = await transaction.orders.find(
                QueryOptions(where=drafts & old, order_by=("updated_at",), limit=AT_ONCE)
            )
            for order in carts:
                order.cancel(reason="The cart was left behind.")
                order.mark_updated(context.now)
            await transaction.orders.save_many(carts)
            await transaction.commit()
        if len(carts) < AT_ONCE:
            return
