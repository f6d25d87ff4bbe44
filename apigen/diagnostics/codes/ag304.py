"""AG304: `set_null` on a ref that can never be null."""

from apigen.diagnostics.registry import Explanation

EXPLANATION = Explanation(
    code="AG304",
    title="`set_null` on a ref that can never be null",
    why="The database would refuse the delete that this setting is meant to allow.",
    wrong="""\
apigen: 1
app: shop
entities:
  Customer:
    fields:
      name: str(1..80)
  Order:
    fields:
      customer: ref(Customer) on_delete=set_null
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
      customer: ref(Customer)? on_delete=set_null
""",
)
