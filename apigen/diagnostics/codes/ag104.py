"""AG104: two names that become one."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG104",
    title="two names that become one",
    why=(
        "Classes, tables, columns, JSON names and paths are derived from names; two of one "
        "kind in one place would overwrite each other."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Person:
    fields:
      name: str(1..80)
  People:
    table: people
    fields:
      name: str(1..80)
""",
    right="""\
apigen: 1
app: shop
entities:
  Person:
    fields:
      name: str(1..80)
  People:
    table: groups
    plural: PeopleGroups
    fields:
      name: str(1..80)
""",
)
