"""AG212: an enumeration whose members are not a set of names."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG212",
    title="an enumeration whose members are not a set of names",
    why=(
        "Members are separated by bars and are different from each other, also when letter "
        "case is ignored: they become constants of one class."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      size: enum(small|small|large)
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      size: enum(small|medium|large)
""",
)
