"""AG214: an entity in the place of a value."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG214",
    title="an entity in the place of a value",
    why=(
        "An entity has an identity and a life of its own, so a field can refer to it but not "
        "hold it."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      category: Category
  Category:
    fields:
      name: str(1..80)
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
