"""AG805: rows that are there have no value for a required field."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG805",
    title="rows that are there have no value for a required field",
    why="""\
A migration runs over tables with rows in them. A new required field, or one that may not be empty
any more, needs a value for each: `backfill` says it (a value, or a rule of the same row), a default
serves as well. A new required field of a value object that is stored in columns needs one in the
rows that have the value object; rows without it stay without it.""",
    wrong="""\
# file: before.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
# file: apigen.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      total: int
""",
    right="""\
# file: before.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
# file: apigen.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      total: { type: int, backfill: 0 }
""",
)
