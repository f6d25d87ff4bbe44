"""AG403: the state set like any other field."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG403",
    title="the state set like any other field",
    why=(
        "The state changes by `moves` alone: only a move says which states it may start from,"
        " answers 409 otherwise and is kept in the history."
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
      place: { moves: draft -> placed }
      reopen: { set: { status: draft } }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    lifecycle: { states: [draft, placed] }
    commands:
      place: { moves: draft -> placed }
      reopen: { moves: placed -> draft }
""",
)
