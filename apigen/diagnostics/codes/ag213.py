"""AG213: a type that is none or several things."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG213",
    title="a type that is none or several things",
    why=(
        "A declared type is one of four: a narrowed scalar (`type`), an enumeration (`enum`), "
        "a value object (`fields`) or a tagged union (`one_of`), and never contains itself."
    ),
    wrong="""\
apigen: 1
app: shop
types:
  Money:
    enum: [eur, usd]
    fields: { amount: decimal }
entities:
  Product:
    fields:
      name: str(1..80)
      price: Money
""",
    right="""\
apigen: 1
app: shop
types:
  Money:
    fields: { amount: decimal, currency: currency }
entities:
  Product:
    fields:
      name: str(1..80)
      price: Money
""",
)
