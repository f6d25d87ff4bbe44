"""AG605: unknown or reversed versions."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG605",
    title="unknown or reversed versions",
    why=(
        "`since` and `until` name versions of `api.versions`, which are written oldest "
        "first. An element that begins after it ends would be in none of them, and keys and what"
        " stands in paths are in every version."
    ),
    wrong="""\
apigen: 1
app: shop
api: { versions: { v1: , v2: } }
entities:
  Product:
    fields:
      name: str(1..80)
      stock: int? since=v3
""",
    right="""\
apigen: 1
app: shop
api: { versions: { v1: , v2: } }
entities:
  Product:
    fields:
      name: str(1..80)
      stock: int? since=v2
""",
)
