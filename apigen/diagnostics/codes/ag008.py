"""AG008: a tag, or an alias without an anchor."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG008",
    title="a tag, or an alias without an anchor",
    why=(
        "`!x` and `*x` at the start of a value mean something to YAML, and tags can make a "
        "reader run code, so apigen reads none."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: !text str(1..80)
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
