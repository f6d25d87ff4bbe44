"""AG603: a filter, sort or search that the value does not allow."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG603",
    title="a filter, sort or search that the value does not allow",
    why=(
        "A filter on a hidden value would tell it by trial; a value without an order cannot "
        "be sorted; and what the database cannot work out cannot be asked of it."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      secret_note: str(80)? hidden
    api: { filters: { secret_note: [eq] } }
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      secret_note: str(80)? hidden
    api: { filters: { name: [eq] } }
""",
)
