"""AG101: a name in the wrong case or with odd letters."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG101",
    title="a name in the wrong case or with odd letters",
    why=(
        "Names become classes, tables, paths and JSON keys. One case a kind and plain ASCII "
        "letters keep all of these predictable, and keep look-alike letters from making two "
        "names of one."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  product:
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
