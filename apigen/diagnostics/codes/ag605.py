"""AG605: unknown or reversed versions."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG605",
    title="unknown or reversed versions",
    why=(
        "`since` and `until` name versions of `api.versions`, which are written oldest "
        "first. An element that begins after it ends would be in none of them."
    ),
    wrong="""\
apigen: 1
app: shop
api: { versions: { v1: , v2: } }
entities:
  Product:
    since: v3
    fields:
      name: str(1..80)
""",
    right="""\
apigen: 1
app: shop
api: { versions: { v1: , v2: } }
entities:
  Product:
    since: v2
    fields:
      name: str(1..80)
""",
)
