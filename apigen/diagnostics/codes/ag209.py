"""AG209: nothing after `=`."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG209",
    title="nothing after `=`",
    why=("`#` begins a comment in YAML, so a colour such as #fff is gone before apigen sees it."),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      colour: str(7) = #ffffff
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      colour: 'str(7) = "#ffffff"'
""",
)
