"""AG804: data would be lost."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG804",
    title="data would be lost",
    why="""\
A field or an entity that goes takes a column or a table along, and a narrower type cuts values.
Nothing brings them back, so it has to be said: `apigen regenerate --accept-data-loss Order.note`
writes it as a revision of its own, after everything that is safe. A new name is not a loss:
say `renamed_from`.""",
    wrong="""\
# file: before.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      note: text?
# file: apigen.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
""",
    right="""\
# file: before.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      note: text?
# file: apigen.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      remark: { type: text?, renamed_from: note }
""",
)
