# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What shop does about events: each is answered by a command, after the transaction of the event."""

from shop.application.shop.commands import AwardPoints
from shop.domain.shop.events import OrderPaidEvent
from shop.support.application.buses import CommandBus
from shop.support.application.commands import Delivery
from shop.support.application.event_bus import EventBus
from shop.support.application.reactions import Reaction
from shop.support.core.retry import RetryPolicy
from shop.support.domain.rules import round_half_up


def _points_on_payment(event: OrderPaidEvent, delivery: Delivery | None) -> AwardPoints:
    """`OrderPaid` makes `award_points` follow."""
    return AwardPoints(
        customer_id=event.payload.customer_id,
        points=int(round_half_up(event.payload.total.amount, 0)),
        delivery=delivery,
    )


def subscribe_shop_reactions(events: EventBus, commands: CommandBus) -> None:
    """Let the commands of shop follow from events."""
    events.subscribe(
        OrderPaidEvent,
        Reaction("shop.points_on_payment", commands, _points_on_payment, inbox=True),
        name="shop.points_on_payment",
        retry=RetryPolicy(),
    )
