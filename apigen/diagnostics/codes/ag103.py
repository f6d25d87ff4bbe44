"""AG103: a reference to nothing."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG103",
    title="a reference to nothing",
    why="A name that is not declared cannot be linked, stored or checked.",
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      category: ref(Categroy)
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      category: ref(Category)
  Category:
    fields:
      name: str(1..80)
""",
)
