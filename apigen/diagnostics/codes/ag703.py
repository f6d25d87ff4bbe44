"""AG703: a secret in the spec."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG703",
    title="a secret in the spec",
    why=(
        "Specs are committed, reviewed and sent around. A setting that may hold a password "
        "names an environment variable."
    ),
    wrong="""\
apigen: 1
app: shop
database: { url: postgresql://app:hunter2@db/shop }
entities:
  Product:
    fields:
      name: str(1..80)
""",
    right="""\
apigen: 1
app: shop
database: { url: env:SHOP_DATABASE_URL }
entities:
  Product:
    fields:
      name: str(1..80)
""",
)
