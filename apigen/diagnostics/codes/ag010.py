"""AG010: a file that is not there, or includes itself."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG010",
    title="a file that is not there, or includes itself",
    why=(
        "Every file of a spec stands beside or below its root, so that the folder can be "
        "moved, reviewed and trusted as a whole."
    ),
    wrong="""\
apigen: 1
app: shop
include: parts/*.yaml
entities:
  Product:
    fields:
      name: str(1..80)
""",
    right="""\
apigen: 1
app: shop
include: parts/*.yaml
# file: parts/products.yaml
apigen: 1
entities:
  Product:
    fields:
      name: str(1..80)
""",
)
