"""AG401: a state that the lifecycle does not have."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG401",
    title="a state that the lifecycle does not have",
    why=(
        "Commands move an entity between the states of its lifecycle. A state that is misspelt"
        " would never be reached."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    lifecycle: { states: [draft, placed], final: [placed] }
    commands:
      place: { moves: draft -> payed }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    lifecycle: { states: [draft, placed], final: [placed] }
    commands:
      place: { moves: draft -> placed }
""",
)
