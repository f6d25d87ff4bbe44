"""AG306: two parts of an entity with one name."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG306",
    title="two parts of an entity with one name",
    why=(
        "Mixins never override, so that what an entity has can be read off without knowing an "
        "order."
    ),
    wrong="""\
apigen: 1
app: shop
mixins:
  Coded:
    fields:
      code: str(2..20)
entities:
  Product:
    use: Coded
    fields:
      code: str(1..80)
""",
    right="""\
apigen: 1
app: shop
mixins:
  Coded:
    fields:
      code: str(2..20)
entities:
  Product:
    use: Coded
    fields:
      name: str(1..80)
""",
)
