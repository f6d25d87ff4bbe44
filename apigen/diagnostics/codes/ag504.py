"""AG504: a read model without a key."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG504",
    title="a read model without a key",
    why=(
        "Every row of a projection is asked for by its key, `GET /order-lists/{id}`, "
        "and lists come in an order that the key makes total. So a projection shows the "
        "key of the entity it is made from."
    ),
    wrong="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      user_id: str(1..64)
      total: int
projections:
  OrderList:
    of: Order
    fields: { total: int }
""",
    right="""\
apigen: 1
app: shop
entities:
  Order:
    fields:
      user_id: str(1..64)
      total: int
projections:
  OrderList:
    of: Order
    fields: { id: id(Order), total: int }
""",
)
