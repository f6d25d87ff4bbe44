"""AG430: a rule that cannot be a CHECK."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG430",
    title="a rule that cannot be a CHECK",
    why="""\
`db: true` promises that the database itself refuses bad rows. A CHECK sees the columns of one row
and no clock, so other rules are checked by the program only.""",
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
      due_later: { rule: due_on is None or due_on > today, db: true }
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
      due_later: { rule: due_on is None or due_on > today }
  Customer:
    fields: { name: str }
""",
)
