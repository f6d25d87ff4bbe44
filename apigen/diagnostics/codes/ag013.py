"""AG013: a spec without entities."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG013",
    title="a spec without entities",
    why="Without an entity there is nothing to store, to serve or to test.",
    wrong="""\
apigen: 1
app: shop
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
