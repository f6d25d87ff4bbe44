"""AG507: personal data in a public event."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG507",
    title="personal data in a public event",
    why=(
        "Who receives a public event keeps it. Personal data that was published can not be"
        " taken back, and `erases` does not reach it."
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
