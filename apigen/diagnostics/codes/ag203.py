"""AG203: a range that the type cannot have."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG203",
    title="a range that the type cannot have",
    why=(
        "One number alone is a maximum length, so it means nothing for a number; and a range "
        "needs its lower bound first."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      stock: int(5)
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      stock: int(0..5)
""",
)
