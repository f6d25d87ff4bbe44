"""How `AwardPoints` is carried out: written by hand."""

from shop.application.shop.commands import AwardPoints
from shop.domain.shop.repositories import ShopUnitOfWork
from shop.support.application.command_handlers import CommandContext, required


async def handle(command: AwardPoints, work: ShopUnitOfWork, context: CommandContext) -> None:
    """Add points to what the customer has."""
    customer = await required(work.customers, command.customer_id, "customer")
    customer.loyalty_points += command.points
    customer.mark_updated(context.now)
    await work.customers.save(customer)
