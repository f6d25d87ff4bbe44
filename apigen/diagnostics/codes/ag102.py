"""AG102: a name that something else needs."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG102",
    title="a name that something else needs",
    why=(
        "Fields that apigen adds (`id`, `created_at`, `updated_at`, `version`, …), names that "
        "Python keeps private, and package names of libraries cannot be given twice. Keywords "
        "such as `class` are fine as fields."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..80)
      created_at: datetime
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
