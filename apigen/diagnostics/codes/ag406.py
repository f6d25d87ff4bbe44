"""AG406: something set that can not be."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG406",
    title="something set that can not be",
    why=(
        "A command sets fields of its own entity that have a value of their own: not computed"
        " ones, not what apigen keeps, not what is `immutable`."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      total: decimal
    commands:
      change: { input: { amount: decimal }, set: { totl: input.amount } }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      total: decimal
    commands:
      change: { input: { amount: decimal }, set: { total: input.amount } }
""",
)
