"""AG801: something is gone, something like it is new, and nobody said whether it is a rename."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG801",
    title="something is gone and something like it is new",
    why="""\
A field that has another name is, without more, a field that is gone and one that is new. Its
column would be dropped with what is in it. apigen never guesses which it is: `renamed_from` keeps
the data, `apigen regenerate --accept-data-loss` drops it. A member of an enum is stored in rows as
well: one that goes while another comes is named too, and `--accept-removal` says that it is gone.
Its migration then stops, before it changes anything, while rows hold it. Today's spec is compared
with that of the last run.""",
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
      note: str(1..200)?
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
