"""AG202: a field string that cannot be read."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG202",
    title="a field string that cannot be read",
    why=(
        "A field is its type, then modifiers, then ` = default` or ` := expression`: "
        '`str(1..80)? unique search = "x"`.'
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80
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
