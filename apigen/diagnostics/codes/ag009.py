"""AG009: a comma split a field in two."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG009",
    title="a comma split a field in two",
    why=(
        "In `{a: decimal(12, 2)}` YAML sees the keys `a` and `2)`. Field strings have no "
        "commas, so that block and flow style mean the same."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields: { price: decimal(12, 2) }
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields: { price: decimal precision=12 scale=2 }
""",
)
