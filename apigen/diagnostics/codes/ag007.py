"""AG007: YAML reads a text as something else."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG007",
    title="YAML reads a text as something else",
    why=(
        "`1.10` is the number 1.1 and `007` is 7 to YAML: the text that was meant would be "
        "gone. Quotes keep it."
    ),
    wrong="""\
apigen: 1
app: { name: shop, version: 1.10 }
entities:
  Product:
    fields:
      name: str(1..80)
""",
    right="""\
apigen: 1
app: { name: shop, version: "1.10" }
entities:
  Product:
    fields:
      name: str(1..80)
""",
)
