"""Queries and projections: what they read, answer, and where they are asked."""

from collections.abc import Callable

from apigen.ir.behaviour import Route, Shape, SortBy
from apigen.ir.caching import CachePolicy
from apigen.ir.expr import SqlSupport
from apigen.ir.field import Surface
from apigen.ir.system import Entity, Operation
from tests.unit.lower.conftest import Codes, Lower

type One = Callable[[str], Entity]

_ORDER = """\
entities:
  Customer: { fields: { name: str(1..80) } }
  Order:
    id: ulid prefix=ord
    fields:
      customer: ref(Customer)
      total: int
      placed_at: datetime?
    children: { lines: { fields: { amount: int } } }
    lifecycle: { states: [draft, paid], final: paid }
    commands: { pay: { moves: draft -> paid } }
"""


def test_a_query_answers_pages_of_its_entity_at_its_own_name(entity: One) -> None:
    thing = entity("{ fields: { n: int }, queries: { very_big: { where: n > 5 } } }")

    (query,) = thing.queries
    assert (query.source, query.shape) == ("shop.Thing", Shape.PAGE)
    assert query.route == Route(method="GET", path="/very-big", status=200)
    assert query.where is not None
    assert query.where.sql is not SqlSupport.NONE


def test_a_query_has_inputs_an_order_a_limit_and_a_cache(entity: One) -> None:
    thing = entity(
        "{ fields: { n: int }, queries: { big: { input: { low: int = 3 }, where: n > input.low,"
        " sort: [-n, created_at], limit: 5, returns: list, cache: 30s,"
        ' api: { path: "/large", tags: Large } } } }'
    )

    (query,) = thing.queries
    assert [(field.attribute, field.id != "") for field in query.input] == [("low", True)]
    assert query.sort == (
        SortBy(attribute="n", descending=True),
        SortBy(attribute="created_at", descending=False),
    )
    assert (query.limit, query.shape, query.cache) == (5, Shape.LIST, CachePolicy(ttl_s=30.0))
    assert query.route == Route(method="GET", path="/large", status=200, tags=("Large",))
    assert query.where is not None
    assert query.where.inputs == {"low"}


def test_an_input_may_stand_in_the_path(entity: One) -> None:
    thing = entity(
        "{ fields: { n: int }, queries: { big: { input: { low: int }, where: n > input.low,"
        ' api: "GET /above/:low" } } }'
    )

    assert thing.queries[0].route == Route(method="GET", path="/above/{low}", status=200)


def test_what_is_not_served_has_no_route(lowered: Lower) -> None:
    text = """\
    queries:
      dear: { where: total > 5, api: false }
    api: false
queries: { cheap: { of: Order, where: total < 5, api: false } }
"""

    system = lowered(_ORDER + text)

    assert system.entities["shop.Order"].queries[0].route is None
    assert system.contexts[0].queries[0].route is None


def test_a_query_of_a_context_says_what_it_reads(lowered: Lower) -> None:
    text = """\
queries:
  dear: { of: Order, where: total > 5 }
  long_ones: { of: OrderList, where: line_count > 9 and customer_name != 'Eve' }
projections:
  OrderList:
    of: Order
    fields: { id: id(Order), customer_name: str := customer.name, line_count: int := len(lines) }
"""

    dear, long_ones = lowered(_ORDER + text).contexts[0].queries

    assert (dear.owner, dear.source, dear.source_is_projection) == (None, "shop.Order", False)
    assert (long_ones.source, long_ones.source_is_projection) == ("shop.OrderList", True)
    assert dear.route == Route(method="GET", path="/dear", status=200)


def test_a_projection_shows_fields_of_its_source_by_name_and_by_rule(lowered: Lower) -> None:
    text = """\
projections:
  OrderList:
    of: Order
    fields:
      id: id(Order)
      customer_id: id(Customer)
      customer_name: str := customer.name
      line_count: int := len(lines)
      status: OrderStatus
      placed_at: datetime?
    queries: { paid_ones: { where: status == paid, sort: customer_name } }
    api: { operations: [list, count, export] }
"""

    (one,) = lowered(_ORDER + text).contexts[0].projections

    projection = one.projection
    assert (projection.source, projection.key) == ("shop.Order", "id")
    assert [(f.field.attribute, f.value.source) for f in projection.fields] == [
        ("id", "id"),
        ("customer_id", "customer_id"),
        ("customer_name", "customer.name"),
        ("line_count", "len(lines)"),
        ("status", "status"),
        ("placed_at", "placed_at"),
    ]
    assert all(f.field.writes == frozenset() for f in projection.fields)
    assert all(f.field.reads == {Surface.RESPONSE} for f in projection.fields)
    assert one.resource is not None
    assert one.resource.path == "/order-lists"
    assert one.resource.operations == (Operation.LIST, Operation.COUNT, Operation.EXPORT)
    assert one.resource.export == ("csv", "json")
    assert ("customer_name",) in one.resource.sorts
    assert one.queries[0].route == Route(method="GET", path="/paid-ones", status=200)
    assert one.queries[0].source_is_projection


def test_the_key_of_a_projection_may_have_a_name_of_its_own(lowered: Lower) -> None:
    text = (
        "projections: { Sum: { of: Order, fields: { order_id: id(Order) := id, total: int } } }\n"
    )

    (one,) = lowered(_ORDER + text).contexts[0].projections

    assert one.projection.key == "order_id"


def test_uses_of_what_could_not_be_read_stay_silent(codes: Codes) -> None:
    text = """\
projections:
  OrderList:
    of: Order
    fields: { id: id(Order), totl: int }
    queries: { dear: { where: totl > 5, sort: totl } }
"""

    assert codes(_ORDER + text) == ["AG423"]
