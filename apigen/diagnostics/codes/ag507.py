"""AG507: personal data in a public event, or an encrypted field in any."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG507",
    title="personal data in a public event",
    why=(
        "Who receives a public event keeps it. Personal data that was published can not be"
        " taken back, and `erases` does not reach it. What is encrypted in its table is in the"
        " clear in every event that carries it, public or not: events are stored too."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Customer:
    fields:
      email: email pii=contact
    commands: { join: { emits: CustomerJoined } }
    events: { CustomerJoined: { pick: [email], public: true } }
""",
    right="""\
apigen: 1
app: shop
entities:
  Customer:
    fields:
      email: email pii=contact
    commands: { join: { emits: CustomerJoined } }
    events: { CustomerJoined: { pick: [id], public: true } }
""",
)
