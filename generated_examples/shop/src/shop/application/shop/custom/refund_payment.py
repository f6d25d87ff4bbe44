"""How `RefundPayment` is carried out: written by hand."""

from shop.application.shop.commands import RefundPayment
from shop.domain.shop.aggregates import Payment
from shop.domain.shop.repositories import ShopUnitOfWork
from shop.support.application.command_handlers import CommandContext, required


async def handle(
    command: RefundPayment, work: ShopUnitOfWork, context: CommandContext
) -> Payment | None:
    """Give the money back, as far as the shop is concerned: the provider follows the event."""
    payment = await required(work.payments, command.id, "payment")
    payment.refund()
    payment.mark_updated(context.now)
    await work.payments.save(payment)
    return payment
