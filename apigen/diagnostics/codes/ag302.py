"""AG302: a foreign key into the inside of another aggregate."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG302",
    title="a foreign key into the inside of another aggregate",
    why=(
        "Aggregates refer to roots of their own context only; what is owned changes, and "
        "disappears, with its owner. An `id` holds the key without a foreign key."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    children:
      lines:
        fields:
          quantity: int(1..)
  Return:
    fields:
      line: ref(OrderLine)
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    children:
      lines:
        fields:
          quantity: int(1..)
  Return:
    fields:
      line: id(OrderLine)
""",
)
