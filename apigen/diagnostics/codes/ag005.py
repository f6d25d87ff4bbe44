"""AG005: a key that the language does not have."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG005",
    title="a key that the language does not have",
    why=("A misspelt key would be a wish that nobody hears. Settings of your own start with `x-`."),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: { type: str, uniqe: true }
""",
    right="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: { type: str, unique: true }
""",
)
