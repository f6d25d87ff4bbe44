"""AG006: a value of the wrong shape."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG006",
    title="a value of the wrong shape",
    why=(
        "Each key takes one shape, chosen by the key and never by trial, so that one mistake "
        "gives one message."
    ),
    wrong="""\
apigen: 1
app: shop
entities: [Product]
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
