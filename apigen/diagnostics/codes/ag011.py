"""AG011: one symbol in two files."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG011",
    title="one symbol in two files",
    why="Files are united and never override each other, so that their order has no meaning.",
    wrong="""\
apigen: 1
app: shop
include: more.yaml
entities:
  Product:
    fields:
      name: str(1..80)
# file: more.yaml
apigen: 1
entities:
  Product:
    fields:
      sku: str(3..40)
""",
    right="""\
apigen: 1
app: shop
include: more.yaml
entities:
  Product:
    fields:
      name: str(1..80)
# file: more.yaml
apigen: 1
entities:
  Offer:
    fields:
      sku: str(3..40)
""",
)
