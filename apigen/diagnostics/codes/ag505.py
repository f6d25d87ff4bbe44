"""AG505: an event of an older version that could not be read."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG505",
    title="an event of an older version that could not be read",
    why=(
        "Stored events outlive the code that wrote them. Every version that may still be stored"
        " needs an `upcast`: what it lacks, worked out from what it has."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    commands: { place: { emits: OrderPlaced } }
    events:
      OrderPlaced: { pick: [number], version: 2 }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    commands: { place: { emits: OrderPlaced } }
    events:
      OrderPlaced: { pick: [number], version: 2, upcast: { 1: { number: "'unknown'" } } }
""",
)
