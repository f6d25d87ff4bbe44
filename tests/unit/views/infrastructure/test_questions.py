"""Questions with a name: their messages, their routes, and which rows they mean."""

from pathlib import Path

import pytest

from apigen.ir.system import System
from apigen.python.imports import ImportSet
from apigen.views.application.query_messages import query_messages
from apigen.views.infrastructure.kept_answers import answers_are_made_of
from apigen.views.infrastructure.persistence import has_readers
from apigen.views.infrastructure.questions import questions_module
from apigen.views.infrastructure.read_models import read_models_module
from apigen.views.interface.resource_routes import resource_module
from apigen.views.interface.resources import resources_of
from apigen.views.interface.routes import route_tags
from apigen.views.read_entities import queries_of, with_projections
from tests.unit.views.specs import judged

SPEC = """
apigen: 1
app: { name: shop }
entities:
  Order:
    fields: { title: str(1..80), stars: int = 0 }
    api: { pagination: offset, page_size: { size: 5, max_size: 50 } }
    queries:
      rated: { input: { least: int(1..5) }, where: stars >= input.least, cache: 2m }
      first_rated: { where: stars > 0, returns: one }
      any_rated: { where: stars > 0, returns: exists, deprecated: { sunset: 2030-01-01 } }
"""

LOOKED_UP = """
apigen: 1
app: { name: shop }
entities:
  Customer: { fields: { name: str(80) } }
  Order:
    fields: { customer: ref(Customer), total: int }
    queries:
      of_staff: { where: "customer.name == 'staff'", cache: 1m }
  Payment: { fields: { order: ref(Order) } }
projections:
  Line:
    of: Order
    fields: { id: id(Order), who: "str := customer.name" }
    queries: { shown: { cache: 1m } }
queries:
  paid: { of: Order, where: exists(p for p in Payment if p.order_id == id), cache: 1m }
"""

QUIET = """
apigen: 1
app: { name: shop }
entities:
  Note:
    api: false
    fields: { done: bool = false }
    queries: { undone: { where: not done, returns: list } }
"""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    return judged(tmp_path_factory.mktemp("spec"), SPEC)


def test_a_message_tells_its_answer_and_how_long_it_is_kept(system: System) -> None:
    imports = ImportSet("shop.application.shop.queries")

    made = query_messages(with_projections(system), system.contexts[0], imports)

    assert [(one.name, one.base, one.cache_ttl) for one in made] == [
        ("RatedOrders", "PageQuery", "timedelta(seconds=120)"),
        ("FirstRatedOrders", "Query[bytes | None]", ""),
        ("AnyRatedOrders", "Query[bool]", ""),
    ]
    assert made[0].attributes == ("least: int",)


def test_routes_take_what_is_asked_and_cut_pages_as_the_resource_does(system: System) -> None:
    (one,) = resources_of(system, system.contexts[0])

    rated, first, anything = (
        found.route for found in resource_module(system, one, ("v1",)).questions
    )

    assert rated.path == "'/rated'"
    assert "least: Annotated[int, Query(ge=1, le=5)]" in rated.parameters
    assert "size: Annotated[int, Query(ge=1, le=50)] = 5" in rated.parameters
    assert "responses=problems(404, 422)" in first.settings
    assert anything.decorators == ("deprecated(sunset=date(2030, 1, 1))",)


def test_each_question_with_a_condition_has_a_function(system: System) -> None:
    module = questions_module(system.contexts[0], system)

    assert [one.message for one in module.functions] == [
        "RatedOrders",
        "FirstRatedOrders",
        "AnyRatedOrders",
    ]
    assert not any(one.needs_actor for one in module.functions)


def test_a_kept_answer_says_whose_change_makes_it_stale(system: System) -> None:
    module = questions_module(system.contexts[0], system)

    assert [one.arguments[1:] for one in module.lines] == [("reads=(Order,)",), (), ()]


def test_answers_are_made_of_what_rules_look_up_too(tmp_path: Path) -> None:
    system = with_projections(judged(tmp_path, LOOKED_UP))

    made = {
        query.name.text: answers_are_made_of(system, query)
        for query in queries_of(system.contexts[0])
    }

    assert made == {
        "of_staff": ("shop.Order", "shop.Customer"),
        "paid": ("shop.Order", "shop.Payment"),
        "shown": ("shop.Order", "shop.Customer"),
    }


def test_a_route_adds_its_tags_to_those_of_the_router() -> None:
    assert route_tags(("Orders", "it's")) == ("tags=['Orders', \"it's\"]",)
    assert route_tags(()) == ()


def test_questions_of_a_context_that_serves_nothing_have_read_models_and_no_readers(
    tmp_path: Path,
) -> None:
    system = judged(tmp_path, QUIET)
    context = system.contexts[0]

    module = read_models_module(context, system)

    assert not has_readers(context)
    assert [one.name for one in module.models] == ["NOTE_READ_MODEL"]
    assert (module.readers, module.readers_class) == ((), "")
    assert [one.message for one in questions_module(context, system).lines] == ["UndoneNotes"]
