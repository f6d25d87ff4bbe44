"""AG602: two resources at one path."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG602",
    title="two resources at one path",
    why="One of the two could never be reached.",
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
  Offer:
    fields:
      name: str(1..80)
    api: { path: /products }
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
  Offer:
    fields:
      name: str(1..80)
    api: { path: /offers }
""",
)
