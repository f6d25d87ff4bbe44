# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The entities inside the aggregates of sales.

They are reached, checked and stored through their root only.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from chinook.domain.catalog.value_objects import TrackId
from chinook.domain.sales.value_objects import InvoiceLineId
from chinook.support.domain.constraints import check_digits, check_integer, check_number
from chinook.support.domain.entity import UNASSIGNED_ID, ChildEntity


@dataclass(kw_only=True, eq=False)
class InvoiceLine(ChildEntity[InvoiceLineId]):
    """One track on an invoice, at the price of that day."""

    id: InvoiceLineId = field(default=InvoiceLineId(UNASSIGNED_ID))
    track_id: TrackId
    unit_price: Decimal
    quantity: int = 1

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_digits("unit_price", self.unit_price, precision=10, scale=2)
        check_number("unit_price", self.unit_price, minimum=Decimal("0"))
        check_integer("quantity", self.quantity, minimum=1, maximum=999)
