"""AG903: an `ignore` comment that silences nothing."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG903",
    title="an `ignore` comment that silences nothing",
    why=(
        "It would silence the next warning of its kind on this line, which nobody has judged yet."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80) # apigen: ignore[AG215] cents do not matter
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      price: float # apigen: ignore[AG215] cents do not matter
""",
)
