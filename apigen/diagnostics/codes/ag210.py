"""AG210: a computed field with a setting of a stored one."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG210",
    title="a computed field with a setting of a stored one",
    why=(
        "A computed value is worked out on reading, so it has no default, no uniqueness and "
        "no index."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      stock: int
      reserved: int
      available: { type: int, computed: stock - reserved, unique: true }
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      stock: int
      reserved: int
      available: int := stock - reserved
""",
)
