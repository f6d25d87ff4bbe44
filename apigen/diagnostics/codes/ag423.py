"""AG423: a name that means nothing in a rule."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG423",
    title="a name that means nothing in a rule",
    why="""\
A name is a variable of a comprehension, a field of the owner, one of its collections, `now` or
`today`. A bare word is an enum member only beside an enum; text needs quotes of its own.""",
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
      in_stock: stok > 0
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
      in_stock: stock > 0
  Customer:
    fields: { name: str }
""",
)
