"""AG301: a key that cannot identify a row."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG301",
    title="a key that cannot identify a row",
    why=(
        "A key is in every URL and foreign key, so its fields are required, never change, and "
        "are known."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      sku: str(3..40)
      name: str(1..80)
    id: natural(sku)
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      sku: str(3..40) immutable
      name: str(1..80)
    id: natural(sku)
""",
)
