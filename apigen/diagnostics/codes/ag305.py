"""AG305: a circle of required refs."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG305",
    title="a circle of required refs",
    why=(
        "Each row would have to exist before the other, so there can never be a first one. A "
        "required ref to the own entity is the shortest such circle."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Department:
    fields:
      name: str(1..80)
      head: ref(Employee)
  Employee:
    fields:
      name: str(1..80)
      department: ref(Department)
""",
    right="""\
apigen: 1
app: shop
entities:
  Department:
    fields:
      name: str(1..80)
      head: ref(Employee)?
  Employee:
    fields:
      name: str(1..80)
      department: ref(Department)
""",
)
