"""AG807: the lock does not fit: two branches wrote it, a person changed it, or it is too old."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG807",
    title="the lock is stale or was edited",
    why="""\
`.apigen/lock.json` knows which thing of the spec is which column of the database. Git unites the
locks of two branches line by line. Where both gave one thing another name, or another form in the
database, only you know which of them the database has: keep that line.""",
    wrong="""\
# file: before.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      remark: str(1..200)?
# file: other.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      comment: str(1..200)? renamed_from=remark
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
      remark: str(1..200)?
# file: other.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      comment: str(1..200)? renamed_from=remark
# file: apigen.yaml
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
      comment: str(1..200)? renamed_from=remark
""",
)
