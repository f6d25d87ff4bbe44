"""How `RequestPayment` is carried out: written by hand."""

from shop.application.shop.commands import RequestPayment
from shop.domain.shop.aggregates import Payment
from shop.domain.shop.repositories import ShopUnitOfWork
from shop.support.application.command_handlers import CommandContext, required


async def handle(command: RequestPayment, work: ShopUnitOfWork, context: CommandContext) -> Payment:
    """Ask for money for an order that exists; the provider follows the event."""
    await required(work.orders, command.order_id, "order")
    payment = Payment.request(order_id=command.order_id, amount=command.amount)
    payment.created_at = payment.updated_at = context.now
    await work.payments.add(payment)
    return payment
