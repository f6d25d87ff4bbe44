"""AG802: a rename from something that is not there, or that something else was renamed from."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG802",
    title="the source of a rename is unknown or ambiguous",
    why="""\
`renamed_from` moves the data of one thing to another. The source must be what the last run called
it, must be gone from today's spec, and can be the source of one thing only. Once a run has made
the rename, `renamed_from` may stay or be deleted: it says nothing new.""",
    wrong="""\
# file: before.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      remark: str(1..200)?
# file: apigen.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      remark: str(1..200)?
      note: str(1..200)? renamed_from=remark
""",
    right="""\
# file: before.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      remark: str(1..200)?
# file: apigen.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      note: str(1..200)? renamed_from=remark
""",
)
