"""AG405: a required value that nothing fills."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG405",
    title="a required value that nothing fills",
    why=(
        "No client may send the field and it has no default, so every create would fail. What an"
        " event tells, what a factory makes and what a reaction runs need a source likewise."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      stock: int readonly
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      stock: int readonly = 0
""",
)
