"""AG803: a change that breaks clients of the API, while the spec promises that none does."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG803",
    title="a change breaks clients of the API",
    why="""\
`api.compat: strict` promises clients that what works today works tomorrow. A field that is gone, a
field that must be sent, a narrower type or another path break that. A new version of the API
(`api.versions`) or a higher major version of the app says so to everybody;
`--accept-removal` agrees to one change. `compat: warn`, the default, lists what breaks.""",
    wrong="""\
# file: before.yaml
apigen: 1
app: shop
api: { compat: strict }
entities:
  Order:
    fields:
      number: str(1..20)
# file: apigen.yaml
apigen: 1
app: shop
api: { compat: strict }
entities:
  Order:
    fields:
      number: str(1..20)
      total: decimal
""",
    right="""\
# file: before.yaml
apigen: 1
app: shop
api: { compat: strict }
entities:
  Order:
    fields:
      number: str(1..20)
# file: apigen.yaml
apigen: 1
app: shop
api: { compat: strict }
entities:
  Order:
    fields:
      number: str(1..20)
      total: decimal?
""",
)
