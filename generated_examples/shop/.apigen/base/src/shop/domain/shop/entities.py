# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The entities inside the aggregates of shop.

They are reached, checked and stored through their root only.
"""

from dataclasses import dataclass, field

from shop.domain.shop.value_objects import Money, OrderLineId, ProductId
from shop.support.core.identifiers import new_ulid
from shop.support.domain.constraints import check_computed, check_integer
from shop.support.domain.entity import ChildEntity


@dataclass(kw_only=True, eq=False)
class OrderLine(ChildEntity[OrderLineId]):
    """An order line."""

    id: OrderLineId = field(default_factory=lambda: OrderLineId(new_ulid()))
    product_id: ProductId
    quantity: int
    unit_price: Money

    @property
    def amount(self) -> Money:
        """Amount, worked out."""
        return self.unit_price * self.quantity

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_integer("quantity", self.quantity, minimum=1, maximum=999)
        check_computed("amount", lambda: self.amount)
