"""AG404: an event that is not declared."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG404",
    title="an event that is not declared",
    why=(
        "What an event tells is written once, under `events:`. A command of an entity emits"
        " events of that entity or of its context."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    commands:
      place: { emits: OrderPayed }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    commands:
      place: { emits: OrderPlaced }
    events:
      OrderPlaced: [number]
""",
)
