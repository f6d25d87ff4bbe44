"""AG501: a reaction to what another context keeps to itself."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG501",
    title="a reaction to what another context keeps to itself",
    why=(
        "Events are private to their context unless they are `public: true`: then their fields"
        " are a promise, and changing them needs a version."
    ),
    wrong="""\
apigen: 1
app: shop
contexts:
  sales:
    entities:
      Order:
        fields: { number: str(1..20) }
        commands: { place: { emits: OrderPlaced } }
        events: { OrderPlaced: [number] }
  stock:
    uses: [sales]
    entities:
      Parcel: { fields: { number: str(1..20) } }
    commands:
      pack: { handler: custom, api: false }
    reactions:
      pack_orders: { event: sales.OrderPlaced, run: pack }
""",
    right="""\
apigen: 1
app: shop
contexts:
  sales:
    entities:
      Order:
        fields: { number: str(1..20) }
        commands: { place: { emits: OrderPlaced } }
        events: { OrderPlaced: { pick: [number], public: true } }
  stock:
    uses: [sales]
    entities:
      Parcel: { fields: { number: str(1..20) } }
    commands:
      pack: { handler: custom, api: false }
    reactions:
      pack_orders: { event: sales.OrderPlaced, run: pack }
""",
)
