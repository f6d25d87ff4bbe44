"""AG206: a modifier that is unknown, repeated or without its value."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG206",
    title="a modifier that is unknown, repeated or without its value",
    why=(
        "Modifiers are the keys of a field. There are no blanks around their `=`, because ` = "
        "` starts the default."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80) uniq
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80) unique
""",
)
