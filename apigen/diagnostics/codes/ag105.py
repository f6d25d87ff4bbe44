"""AG105: a context that is not visible from here."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG105",
    title="a context that is not visible from here",
    why=(
        "`uses` says which contexts depend on which; without it every part of a system comes "
        "to depend on every other."
    ),
    wrong="""\
apigen: 1
app: shop
contexts:
  catalog:
    entities:
      Product:
        fields:
          name: str(1..80)
  orders:
    entities:
      Order:
        fields:
          product_id: id(catalog.Product)
""",
    right="""\
apigen: 1
app: shop
contexts:
  catalog:
    entities:
      Product:
        fields:
          name: str(1..80)
  orders:
    uses: [catalog]
    entities:
      Order:
        fields:
          product_id: id(catalog.Product)
""",
)
