"""AG303: two refs with one inverse."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG303",
    title="two refs with one inverse",
    why="The inverse is a name on the target; one name can lead back over one ref only.",
    wrong="""\
apigen: 1
app: shop
entities:
  Customer:
    fields:
      name: str(1..80)
  Order:
    fields:
      buyer: ref(Customer) inverse=orders
      payer: ref(Customer) inverse=orders
""",
    right="""\
apigen: 1
app: shop
entities:
  Customer:
    fields:
      name: str(1..80)
  Order:
    fields:
      buyer: ref(Customer) inverse=orders
      payer: ref(Customer) inverse=paid_orders
""",
)
