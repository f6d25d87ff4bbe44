"""AG004: one key twice in one mapping."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG004",
    title="one key twice in one mapping",
    why="YAML would keep one of the two and drop the other without a word.",
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      name: str(1..40)
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
""",
)
