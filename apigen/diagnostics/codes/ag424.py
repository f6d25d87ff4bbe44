"""AG424: types that do not go together."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG424",
    title="types that do not go together",
    why="""\
Rules are typed before they run, so that a comparison that could never be true is found here and not
in production.""",
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
      priced: price > 'a lot'
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
      priced: price > 5
  Customer:
    fields: { name: str }
""",
)
