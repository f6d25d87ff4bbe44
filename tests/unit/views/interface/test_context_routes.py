"""Commands and queries that no entity owns are reached over HTTP in a module of their context."""

import ast
from pathlib import Path

import pytest

from apigen.ir.system import System
from apigen.plan import interface
from apigen.render.renderer import render
from apigen.views.interface.context_routes import OperationsModule, operations_module
from apigen.views.interface.resources import dependencies_module, versioning_module
from apigen.views.interface.routes import StatedRoute
from tests.unit.views.specs import judged

SPEC = """
apigen: 1
app: { name: shop }
security:
  auth: [jwt]
  jwt: { issuer: "https://id.example", audience: shop, jwks_url: "https://id.example/jwks" }
  roles: { staff: {} }
contexts:
  stock:
    entities:
      Note:
        fields: { title: str(1..80), stars: int = 0 }
        api: { operations: [list] }
        access: { all: public }
    commands:
      count_stars:
        input: { least: int }
        handler: custom
        returns: int
        access: public
        api: { path: "/stars/:least", tags: [Stars] }
      wipe: { handler: custom, access: [staff], errors: { too_late: { status: 409 } } }
      hidden: { handler: custom, api: false }
    queries:
      starred:
        of: Note
        input: { least: int = 1 }
        where: stars >= input.least
        access: public
      best: { of: Note, where: stars > 3, returns: count, access: [staff], deprecated: true }
  office:
    entities: { Desk: { fields: { title: str(1..80) }, api: false, access: { all: public } } }
    commands: { wipe: { handler: custom, access: [staff], api: { path: /wipe-desks } } }
"""
OPERATIONS = "src/shop/interface/api/v1/stock_operations.py"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> System:
    return judged(tmp_path_factory.mktemp("spec"), SPEC)


@pytest.fixture(scope="module")
def module(system: System) -> OperationsModule:
    return operations_module(system, system.contexts[0], ("v1",))


def route(module: OperationsModule, function: str) -> StatedRoute:
    return next(one for one in module.routes if one.route.function == function)


def test_literal_words_come_before_keys(module: OperationsModule) -> None:
    assert [one.route.function for one in module.routes] == [
        "starred",
        "best",
        "wipe",
        "count_stars",
    ]


def test_a_command_goes_to_the_bus_and_what_it_returns_is_answered(
    module: OperationsModule,
) -> None:
    counting = route(module, "count_stars")

    assert counting.verb == "post"
    assert counting.route.path == "'/stars/{least}'"
    assert counting.statements[0] == "command = count_stars_from_input(least=least)"
    assert counting.statements[1].startswith("return returned(")
    assert "tags=['Stars']" in counting.route.settings


def test_a_command_without_an_answer_is_done(module: OperationsModule) -> None:
    wiping = route(module, "wipe")

    assert "status_code=204" in wiping.route.settings
    assert wiping.statements[-1].startswith("return done(request, ")
    assert any("409: ('too_late',)" in one for one in wiping.route.settings)


def test_a_query_reads_any_source(module: OperationsModule) -> None:
    assert "response_model=PaginatedResponse[NoteRead]" in route(module, "starred").route.settings
    assert "response_model=Count" in route(module, "best").route.settings
    assert "deprecated()" in route(module, "best").route.decorators


def test_a_query_refuses_parameters_that_it_does_not_know(module: OperationsModule) -> None:
    assert route(module, "starred").route.checks == (
        "require_known(request, 'least', 'page', 'size', 'count')",
    )
    assert route(module, "best").route.checks == ("require_known(request)",)


def test_who_may_be_refused_is_told_by_the_access_of_the_operation_alone(
    module: OperationsModule,
) -> None:
    assert "responses=problems(401, 422)" in route(module, "starred").route.settings
    assert "responses=problems(401, 403, 422)" in route(module, "best").route.settings


def test_equal_operations_of_two_contexts_have_ids_of_their_own(
    system: System, module: OperationsModule
) -> None:
    other = operations_module(system, system.contexts[1], ("v1",))

    assert "operation_id='wipe_of_stock'" in route(module, "wipe").route.settings
    assert "operation_id='wipe_of_office'" in route(other, "wipe").route.settings


def test_the_routes_are_in_the_project_of_each_context_that_has_some(
    system: System, tmp_path: Path
) -> None:
    planned = [*interface.files(system), *interface.context_files(system, system.contexts[0])]

    rendering = render(planned, package="shop", spec_folder=tmp_path)

    texts = {file.path: file.text for file in rendering.files}
    functions = [
        one.name
        for one in ast.parse(texts[OPERATIONS]).body
        if isinstance(one, ast.AsyncFunctionDef)
    ]
    assert functions == ["starred", "best", "wipe", "count_stars"]
    assert versioning_module(system).versions[0].routers == (
        "stock_operations_router",
        "office_operations_router",
        "notes_router",
    )
    assert [one.context for one in dependencies_module(system).dependencies] == ["stock", "office"]
