"""AG806: the payload of an event is another one, and its version is the same."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG806",
    title="an event changed and its version did not",
    why="""\
Events outlive the program that has written them: they wait in the outbox, and others have been
told of them. A payload with another field that must be there, without one that was, or with
another type can not be read as what it was. A higher `version` tells them apart, and `upcast`
says what older ones lack. With `api.compat: strict` it is an error, as is a public event that is
gone; `--accept-removal` agrees to one event.""",
    wrong="""\
# file: before.yaml
apigen: 1
app: shop
api: { compat: strict }
entities:
  Order:
    fields: { number: str(1..20), placed_at: datetime? }
    commands: { place: { set: { placed_at: now }, emits: OrderPlaced } }
    events:
      OrderPlaced: { pick: [number], public: true }
# file: apigen.yaml
apigen: 1
app: shop
api: { compat: strict }
entities:
  Order:
    fields: { number: str(1..20), placed_at: datetime? }
    commands: { place: { set: { placed_at: now }, emits: { OrderPlaced: { at: now } } } }
    events:
      OrderPlaced: { pick: [number], fields: { at: datetime }, public: true }
""",
    right="""\
# file: before.yaml
apigen: 1
app: shop
api: { compat: strict }
entities:
  Order:
    fields: { number: str(1..20), placed_at: datetime? }
    commands: { place: { set: { placed_at: now }, emits: OrderPlaced } }
    events:
      OrderPlaced: { pick: [number], public: true }
# file: apigen.yaml
apigen: 1
app: shop
api: { compat: strict }
entities:
  Order:
    fields: { number: str(1..20), placed_at: datetime? }
    commands: { place: { set: { placed_at: now }, emits: { OrderPlaced: { at: now } } } }
    events:
      OrderPlaced:
        pick: [number]
        fields: { at: datetime }
        version: 2
        upcast: { 1: { at: event.occurred_at } }
        public: true
""",
)
