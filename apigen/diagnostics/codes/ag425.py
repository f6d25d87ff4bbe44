"""AG425: a value that may be null."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG425",
    title="a value that may be null",
    why="""\
Python stops at an order or a sum with `None`, SQL answers null and lets the row through. A test for
null first makes both mean the same. Quotients are null where their divisor is zero.""",
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
      due_late: due_on > '2026-01-01'
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
      due_late: due_on is None or due_on > '2026-01-01'
  Customer:
    fields: { name: str }
""",
)
