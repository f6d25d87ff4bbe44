"""AG002: a spec format that this version does not know."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG002",
    title="a spec format that this version does not know",
    why="Keys of a format that is not known could be misread, so nothing is read at all.",
    wrong="""\
apigen: 9
app: shop
entities:
  Product:
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
""",
)
