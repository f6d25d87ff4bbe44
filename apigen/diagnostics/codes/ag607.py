"""AG607: a literal that cannot be read."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG607",
    title="a literal that cannot be read",
    why=(
        "Durations are `500ms 30s 5m 2h 7d`, sizes `10kb 5mb 1gb`, paths begin with `/` and "
        "have plain letters."
    ),
    wrong="""\
apigen: 1
app: shop
api: { body_limit: 5 megabytes }
entities:
  Product:
    fields:
      name: str(1..80)
""",
    right="""\
apigen: 1
app: shop
api: { body_limit: 5mb }
entities:
  Product:
    fields:
      name: str(1..80)
""",
)
