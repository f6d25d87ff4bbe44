"""AG215: money as floating point."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG215",
    title="money as floating point",
    why="`0.1 + 0.2` is not `0.3` in binary floating point; sums of prices drift by cents.",
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      price: float
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      price: decimal
""",
)
