"""AG601: an operation that cannot work here."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG601",
    title="an operation that cannot work here",
    why=(
        "Each operation needs something of its entity: `restore` needs rows that are only "
        "marked as deleted, changes need a field that may change."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
    api: { operations: [list, get, restore] }
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
    soft_delete: true
    api: { operations: [list, get, restore] }
""",
)
