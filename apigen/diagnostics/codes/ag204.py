"""AG204: a list in the notation of another language."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG204",
    title="a list in the notation of another language",
    why=(
        "Square and angle brackets mean something to YAML or to nobody; `list(str)` is safe "
        "in both styles."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      tags: list<str>
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      tags: list(str)
""",
)
