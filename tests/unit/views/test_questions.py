"""Questions with a name: their messages, their routes, and which rows they mean."""

from pathlib import Path

import pytest

from apigen import driver
from apigen.ir.system import System
from apigen.python.imports import ImportSet
from apigen.views.interface import resources_of
from apigen.views.questions import query_messages, questions_module
from apigen.views.read_entities import with_projections
from apigen.views.resource_routes import resource_module
from apigen.views.routes import route_tags

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


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    spec: Path = tmp_path_factory.mktemp("spec") / "apigen.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    judgement = driver.judge(spec)
    assert judgement.system is not None, judgement.diagnostics
    return judgement.system


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

    rated, first, anything = (found.route for found in resource_module(system, one).questions)

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


def test_a_route_adds_its_tags_to_those_of_the_router() -> None:
    assert route_tags(("Orders", "it's")) == ("tags=['Orders', \"it's\"]",)
    assert route_tags(()) == ()
