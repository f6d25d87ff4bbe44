"""AG201: an unknown type."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG201",
    title="an unknown type",
    why=(
        "Types never fall back to a default. Built-in types: str text int bigint float "
        "decimal bool date time datetime duration uuid ulid bytes json email url slug phone "
        "ip country currency locale timezone, and enum, list, set, map, ref, many and id. "
        "Your own live under `types:`."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: string(1..80)
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
""",
)
