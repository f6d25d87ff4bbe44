"""AG409: a command that does nothing."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG409",
    title="a command that does nothing",
    why=(
        "A command changes its entity, moves it, emits an event, or is written by hand. One"
        " without any of these would answer 200 and have done nothing."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    commands:
      check: { when: number != '' }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      number: str(1..20)
    commands:
      check: { when: number != '', handler: custom }
""",
)
