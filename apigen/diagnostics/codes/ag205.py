"""AG205: `!` after a type."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG205",
    title="`!` after a type",
    why="Fields are required by default, so there is nothing to mark; `?` makes one optional.",
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)!
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
