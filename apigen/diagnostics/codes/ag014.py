"""AG014: a key of the language that this version does not implement."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG014",
    title="a key of the language that this version does not implement",
    why="It is refused rather than ignored, so that nobody relies on what is not there.",
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
    grpc: true
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
