"""AG012: a section in a place where it has no meaning."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG012",
    title="a section in a place where it has no meaning",
    why=(
        "Platform settings hold for the whole project, so the root file has them; with "
        "`contexts`, every entity belongs to one of them."
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
entities:
  Order:
    fields:
      number: str(1..20)
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
    entities:
      Order:
        fields:
          number: str(1..20)
""",
)
