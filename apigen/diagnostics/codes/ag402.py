"""AG402: a state that nothing enters, or that nothing leaves."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG402",
    title="a state that nothing enters, or that nothing leaves",
    why=(
        "A state that no command moves to is never seen. One that no command leaves, and that"
        " is not said to be final, is where entities are stuck."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    lifecycle: { states: [draft, placed, archived], final: [archived] }
    commands:
      place: { moves: draft -> placed }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    lifecycle: { states: [draft, placed, archived], final: [archived] }
    commands:
      place: { moves: draft -> placed }
      archive: { moves: placed -> archived }
""",
)
