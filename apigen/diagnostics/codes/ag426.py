"""AG426: a rule that leaves its aggregate."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG426",
    title="a rule that leaves its aggregate",
    why="""\
An invariant holds whenever its aggregate is saved. Another aggregate can change without it, so what
depends on two of them belongs to a command or a process.""",
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      status: enum(draft|paid)
      stock: int
      due_on: date?
      price: decimal
      customer: ref(Customer)
      name: str
    invariants:
      named: customer.name != 'x'
  Customer:
    fields: { name: str }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      status: enum(draft|paid)
      stock: int
      due_on: date?
      price: decimal
      customer: ref(Customer)
      name: str
    invariants:
      has_customer: customer_id is not None
  Customer:
    fields: { name: str }
""",
)
