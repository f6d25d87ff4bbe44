"""AG502: a reaction that runs a command that is not there."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG502",
    title="a reaction that runs a command that is not there",
    why=(
        "`run` names a command: one of an entity as `Entity.command`, one of the context by its"
        " own name."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    commands: { place: { emits: OrderPlaced } }
    events: { OrderPlaced: [number] }
commands:
  send_receipt: { handler: custom, api: false }
reactions:
  receipt: { event: OrderPlaced, run: send_recipe }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    commands: { place: { emits: OrderPlaced } }
    events: { OrderPlaced: [number] }
commands:
  send_receipt: { handler: custom, api: false }
reactions:
  receipt: { event: OrderPlaced, run: send_receipt }
""",
)
