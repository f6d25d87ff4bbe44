"""AG216: a pattern that can take endless time."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG216",
    title="a pattern that can take endless time",
    why=(
        "When a repetition repeats nothing but another repetition, there are more ways to split a "
        "text than there are atoms, and Python tries them all before it says no: a client can "
        "stop the service with one value of thirty letters."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      code: { type: str(1..40), pattern: "([a-z]+)+" }
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      code: { type: str(1..40), pattern: "[a-z]+" }
""",
)
