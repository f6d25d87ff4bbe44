"""AG309: a name that is no field here."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG309",
    title="a name that is no field here",
    why=(
        "Uniqueness, indexes, orders and expansions name fields of their owner; a ref is "
        "named as written, or by its attribute (`customer_id`)."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
    unique: [[nam]]
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
    unique: [[name]]
""",
)
