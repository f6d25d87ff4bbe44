"""AG707: a row rule that is no filter."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG707",
    title="a row rule that is no filter",
    why=(
        "A condition of an access rule decides for each row, and the database decides "
        "for all rows of a list at once. So there must be rows, and the database must "
        "be able to work the condition out."
    ),
    wrong="""\
apigen: 1
app: shop
security: { auth: [jwt], roles: { staff: , customer: } }
entities:
  Order:
    fields:
      user_id: str(1..64)
      total: int
commands:
  close_day:
    handler: custom
    access: staff if total > 0
""",
    right="""\
apigen: 1
app: shop
security: { auth: [jwt], roles: { staff: , customer: } }
entities:
  Order:
    fields:
      user_id: str(1..64)
      total: int
commands:
  close_day:
    handler: custom
    access: staff
""",
)
