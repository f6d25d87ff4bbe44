"""AG211: two flags that contradict each other."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG211",
    title="two flags that contradict each other",
    why=(
        "Each says who may see or send the value; together they leave nobody, or say it twice "
        "differently."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      note: str(200)? readonly writeonly
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      note: str(200)? readonly
""",
)
