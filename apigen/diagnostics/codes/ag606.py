"""AG606: a date on which something ends."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG606",
    title="a date on which something ends",
    why=(
        "Clients plan by these dates. One that is no date, or that comes after what it "
        "belongs to has gone, tells them nothing."
    ),
    wrong="""\
apigen: 1
app: shop
api: { versions: { v1: { sunset: 30.06.2027 }, v2: } }
entities:
  Product:
    fields:
      name: str(1..80)
""",
    right="""\
apigen: 1
app: shop
api: { versions: { v1: { sunset: 2027-06-30 }, v2: } }
entities:
  Product:
    fields:
      name: str(1..80)
""",
)
