"""AG808: another kind of key."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG808",
    title="another kind of key",
    why="""\
Rows of other tables, links and clients hold the old keys; which new key belongs to which row is
nothing a generator can know. Write that revision by hand, and tell apigen with
`--accept-data-loss Order` that it is done: the next revision builds on it.""",
    wrong="""\
# file: before.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
# file: apigen.yaml
apigen: 1
app: shop
entities:
  Order:
    id: int
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
# file: apigen.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
""",
)
