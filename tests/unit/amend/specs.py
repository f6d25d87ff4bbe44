"""Small specs as texts, and what amending one must keep."""

from collections.abc import Mapping
from dataclasses import dataclass

from apigen.amend.spec import Spec, read_spec

SHOP = """\
apigen: 1
app: shop
types:
  Status: { enum: [draft, paid] }
  Money:  # an amount
    fields: { amount: decimal(0..), currency: currency = EUR }
    measure: { value: amount, unit: currency }
entities:
  # who buys
  Customer:
    fields: { name: str(1..80) search, email: email unique }
    api: { expand: [orders] }

  Order:
    fields:
      customer: ref(Customer) inverse=orders
      status: Status = draft
      price: Money
      is_paid: bool := status == paid
    children:
      lines: { fields: { product: str(1..80), quantity: int(1..) = 1 } }
    indexes: [[customer_id, status]]
    invariants:
      few: sum(line.quantity for line in lines) < 100 and price.amount >= 0
    api: { filters: { customer.name: [eq], price.amount: [gte] }, sort: [status] }
seeds:
  dev:
    Customer: [{ name: Ada, email: ada@example.org }]
"""


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """A declared rename."""

    kind: str
    old: str
    new: str


def texts_of(text: str, **more: str) -> dict[str, str]:
    """Return the texts of a spec; `more` are included files without their `.yaml`."""
    return {"apigen.yaml": text, **{f"{name}.yaml": one for name, one in more.items()}}


def spec_of_texts(texts: Mapping[str, str]) -> Spec:
    """Return a spec that has to be right."""
    read = read_spec(texts)
    assert read.value is not None, read.diagnostics
    return read.value
