"""AG208: a value that is none of its type."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG208",
    title="a value that is none of its type",
    why=(
        "Defaults and seed rows are checked like input: what is written here would be refused "
        "from a client."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      stock: int(0..) = -1
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      stock: int(0..) = 0
""",
)
