"""AG420: a rule that cannot be read."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG420",
    title="a rule that cannot be read",
    why="""\
Rules are expressions of Python: `and`, `or`, `not`, `==`, `None`. Operators of other languages are
not guessed at, because a rule that means something else than it says is worse than none.""",
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
      has_stock: stock > 0 && price > 0
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
      has_stock: stock > 0 and price > 0
  Customer:
    fields: { name: str }
""",
)
