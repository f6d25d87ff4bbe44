"""AG207: a key that says nothing about this type."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG207",
    title="a key that says nothing about this type",
    why="A constraint that cannot hold would be a promise nobody keeps.",
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      active: { type: bool, max: 3 }
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      active: bool
""",
)
