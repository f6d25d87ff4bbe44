"""AG001: the spec format is not named first."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG001",
    title="the spec format is not named first",
    why=(
        "A later apigen may read the language differently. The first key tells it which "
        "meaning the file was written for, and the root file names the app."
    ),
    wrong="""\
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
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
