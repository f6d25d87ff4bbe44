"""AG106: a definition that nothing uses."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG106",
    title="a definition that nothing uses",
    why=(
        "It is read, checked and generated for nothing, and the next reader will look for its use."
    ),
    wrong="""\
apigen: 1
app: shop
types:
  Sku: str(3..40)
entities:
  Product:
    fields:
      name: str(1..80)
""",
    right="""\
apigen: 1
app: shop
types:
  Sku: str(3..40)
entities:
  Product:
    fields:
      name: str(1..80)
      sku: Sku
""",
)
