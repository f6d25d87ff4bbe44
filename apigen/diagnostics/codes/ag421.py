"""AG421: a construct that rules do not have."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG421",
    title="a construct that rules do not have",
    why="""\
A rule becomes Python and SQL, so it may only hold what both can say: no method calls, subscripts,
lambdas or powers, and only the functions of the language.""",
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
      named: name.lower() != 'x'
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
      named: lower(name) != 'x'
  Customer:
    fields: { name: str }
""",
)
