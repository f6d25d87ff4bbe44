"""AG003: text that is not YAML, or more of it than is safe."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG003",
    title="text that is not YAML, or more of it than is safe",
    why=(
        "Nothing after the place can be trusted. The limits (5 MB a file, 64 levels, 500,000 "
        "values once aliases are followed) keep a hostile file from taking the machine down."
    ),
    wrong="""\
apigen: 1
app: shop
entities: [
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
