"""Routes keep apart whatever a spec calls its entities and fields, and hold its texts as data."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from apigen.ir.element import Deprecation
from apigen.ir.system import System
from apigen.plan import composition, interface
from apigen.render.renderer import render
from apigen.views.versions.deprecations import deprecation_text
from tests.unit.views.specs import judged

HARD = """
apigen: 1
app: { name: hard, title: TITLE, doc: TEXT, license: TEXT, contact: { name: TEXT } }
api: { cors: { origins: ["https://a.example"] } }
entities:
  Request:
    doc: TEXT
    id: str
    fields: { title: str(1..20) }
    api:
      operations: [list, get, create, update, replace, delete, bulk_create, bulk_update,
                   bulk_delete, count, export]
      tags: [TEXT]
  Response: { fields: { request: ref(Request), n: int }, api: { nested_under: request } }
  Depends: { fields: { self: str(1..20), data: str(1..10), request: str(..10) } }
  Router: { id: natural(request), fields: { request: str(1..20) immutable, n: int } }
  Handlers:
    id: natural(handlers)
    fields: { handlers: int immutable, n: int }
    soft_delete: { restore: true }
  Parameter: { id: natural(data), fields: { data: str(1..9) normalize=lower immutable, n: int } }
  Count: { id: ulid, fields: { count: int } }
  Bulk: { id: bigint, fields: { bulk: int } }
  Api: { id: natural(self), fields: { self: date immutable, n: int }, versioned: false }
  Pair:
    id: composite(a|b|kind)
    fields:
      a: ref(Request) immutable
      b: ref(Bulk) immutable
      kind: { type: enum(x|y), immutable: true }
      n: int
  Path: { fields: { owner: ref(Router), n: int }, api: { nested_under: owner } }
"""
VERSIONING = "src/hard/interface/api/versioning.py"
HARMLESS = {"TITLE": "Harmless", "TEXT": "A harmless text"}
HOSTILE = {
    "TITLE": r'"x\"\"\"); import os; os.system(\"true\") #{{ 7 * 7 }}{% raw %}"',
    "TEXT": r'"\"\"\"\\\n\")\n__import__(\"os\").abort()\n# \u2028 {x} \\N{BULLET}\""',
}


def system_of(tmp_path: Path, text: str, texts: Mapping[str, str] = HARMLESS) -> System:
    for word, replacement in texts.items():
        text = text.replace(word, replacement)
    return judged(tmp_path, text)


def files_of(system: System, tmp_path: Path) -> dict[str, str]:
    planned = [
        *interface.files(system),
        *(file for one in system.contexts for file in interface.context_files(system, one)),
        *composition.files(system),
    ]
    rendering = render(planned, package=system.app.package, spec_folder=tmp_path)
    return {file.path: file.text for file in rendering.files}


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("hard")
    return files_of(system_of(folder, HARD), folder)


def routes_module(files: Mapping[str, str], name: str) -> ast.Module:
    return ast.parse(files[f"src/hard/interface/api/v1/{name}.py"])


def defined_names(module: ast.Module) -> list[str]:
    names: list[str] = []
    for node in module.body:
        match node:
            case ast.ImportFrom():
                names += (alias.asname or alias.name for alias in node.names)
            case ast.AsyncFunctionDef():
                names.append(node.name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                names.append(name)
            case _:
                pass
    return names


def test_no_name_of_a_module_hides_another(hard: dict[str, str]) -> None:
    for path, text in hard.items():
        if path.endswith(".py"):
            names = defined_names(ast.parse(text))
            assert len(names) == len(set(names)), path


def test_no_parameter_of_a_route_hides_another_or_a_name_it_needs(hard: dict[str, str]) -> None:
    for path, text in hard.items():
        for node in ast.walk(ast.parse(text) if "/v1/" in path else ast.Module([], [])):
            if isinstance(node, ast.AsyncFunctionDef):
                parameters = [argument.arg for argument in node.args.args]
                assert len(parameters) == len(set(parameters)), (path, node.name)
                assert {"request", "handlers"} <= set(parameters)
                assert not {"replies", "router", "expected"} & set(parameters)


def test_path_parameters_are_those_of_the_function(hard: dict[str, str]) -> None:
    """FastAPI takes a parameter that is not in the path for one of the query."""
    for path, text in hard.items():
        if "/v1/" not in path:
            continue
        module = ast.parse(text)
        prefix = next(
            (
                keyword.value.value
                for node in ast.walk(module)
                if isinstance(node, ast.Call)
                for keyword in node.keywords
                if keyword.arg == "prefix" and isinstance(keyword.value, ast.Constant)
            ),
            "",
        )
        assert isinstance(prefix, str)
        for node in ast.walk(module):
            if isinstance(node, ast.AsyncFunctionDef):
                [decorator] = node.decorator_list
                assert isinstance(decorator, ast.Call)
                [below] = decorator.args
                assert isinstance(below, ast.Constant)
                assert isinstance(below.value, str)
                in_path = {
                    part[1:-1] for part in f"{prefix}{below.value}".split("/") if "{" in part
                }
                given = {argument.arg for argument in node.args.args}
                assert given - {"request", "data", "handlers"} == in_path, (path, node.name)


def test_static_paths_are_tried_before_keys(hard: dict[str, str]) -> None:
    paths = [
        node.decorator_list[0].args[0].value
        for node in routes_module(hard, "requests").body
        if isinstance(node, ast.AsyncFunctionDef)
        and isinstance(node.decorator_list[0], ast.Call)
        and isinstance(node.decorator_list[0].args[0], ast.Constant)
    ]

    first_key = paths.index("/{request_id}")
    assert {"/bulk", "/bulk-delete", "/count", "/export"} <= set(paths[:first_key])
    assert all(str(path).startswith("/{request_id}") for path in paths[first_key:])


@pytest.mark.criterion("R21.1")
@pytest.mark.criterion("R21.2")
@pytest.mark.criterion("R21.3")
def test_a_version_has_a_folder_with_a_router_for_each_resource(hard: dict[str, str]) -> None:
    folders = {path.split("/")[-2] for path in hard if "/interface/api/v" in path}
    modules = {
        path.split("/")[-1].removesuffix(".py")
        for path in hard
        if "/v1/" in path and not path.endswith("__init__.py")
    }

    # versioning.py and dependencies.py stand beside the only version there is.
    assert {folder for folder in folders if folder.startswith("v")} == {"v1"}
    assert len(modules) == HARD.count("fields:")
    for module in modules:
        assert f"import router as {module}_router" in hard[VERSIONING]


@pytest.mark.criterion("R19.5")
def test_routes_only_orchestrate_the_application(hard: dict[str, str]) -> None:
    """They import DTOs, queries and mappers, but nothing that stores or decides."""
    allowed = ("application", "interface", "support.application", "support.interface")
    for path, text in hard.items():
        # What stands before the routes is told settings.
        if "/interface/" not in path or path.endswith(("/compression.py", "/cross_origins.py")):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("hard."):
                layer = str(node.module).removeprefix("hard.")
                values = layer.startswith("domain.") and layer.endswith(".value_objects")
                assert values or layer.startswith(allowed), (path, layer)


def test_deeper_routers_are_tried_first(hard: dict[str, str]) -> None:
    versioning = hard[VERSIONING]
    routers = versioning[versioning.index("V1_ROUTERS = (") :]

    assert routers.index("responses_router") < routers.index("requests_router")
    assert routers.index("paths_router") < routers.index("bulks_router")


@pytest.mark.criterion("R3.1")
def test_only_the_operations_of_the_spec_have_routes(hard: dict[str, str]) -> None:
    names = defined_names(routes_module(hard, "counts"))

    assert [name for name in names if name.endswith(("_count", "_counts"))] == [
        "list_counts",
        "create_count",
        "get_count",
        "update_count",
        "delete_count",
    ]


def test_keys_that_are_text_are_checked_before_they_are_created(hard: dict[str, str]) -> None:
    requests = hard["src/hard/interface/api/v1/requests.py"]

    assert 'require_usable("id", data.id, ("bulk", "bulk-delete", "count", "export"))' in (
        " ".join(requests.split()).replace("( ", "(").replace(", )", ")")
    )
    assert "require_usable" not in hard["src/hard/interface/api/v1/counts.py"]


def test_nested_resources_stay_under_their_parent(hard: dict[str, str]) -> None:
    responses = hard["src/hard/interface/api/v1/responses.py"]

    assert 'prefix="/requests/{request_id}/responses"' in responses
    assert 'require_same("request_id", data.request_id, request_id)' in responses
    assert responses.count('scope={"request_id": request_id}') == 4


def test_without_a_version_there_are_no_tags(hard: dict[str, str]) -> None:
    apis = hard["src/hard/interface/api/v1/apis.py"]

    assert "has_etag=False" in apis
    assert "expected" not in apis
    assert "IF_MATCH" not in apis


def test_a_composite_key_is_made_of_its_segments(hard: dict[str, str]) -> None:
    pairs = hard["src/hard/interface/api/v1/pairs.py"]

    assert '"/{a_id}/{b_id}/{kind}"' in pairs
    assert "PairId(a_id, b_id, kind)" in pairs


def shape(text: str) -> str:
    """Return the syntax tree without the values of its texts and without positions."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str()):
                node.value = ""
            case _:
                pass
    return ast.dump(tree)


def test_texts_of_a_spec_are_only_data(tmp_path: Path) -> None:
    harmless = files_of(system_of(tmp_path, HARD), tmp_path)
    hostile = files_of(system_of(tmp_path, HARD, HOSTILE), tmp_path)

    assert harmless.keys() == hostile.keys()
    for path, text in harmless.items():
        if path.endswith(".py"):
            assert shape(text) == shape(hostile[path]), path
        else:
            assert text == hostile[path], path


TWO = """
apigen: 1
app: two
contexts:
  sales: { entities: { Order: { fields: { n: int } } } }
  repair:
    entities: { Order: { table: repairs, fields: { n: int }, api: { path: /repair-orders } } }
"""


def test_twins_of_two_contexts_are_kept_apart(tmp_path: Path) -> None:
    files = files_of(system_of(tmp_path, TWO), tmp_path)

    sales = files["src/two/interface/api/v1/sales_orders.py"]
    repair = files["src/two/interface/api/v1/repair_orders.py"]
    assert 'operation_id="create_order_of_sales"' in sales
    assert 'operation_id="create_order_of_repair"' in repair
    assert 'prefix="/repair-orders"' in repair


PREFIXED = """
apigen: 1
app: two
entities:
  Order: { id: ulid prefix=ord, fields: { n: int } }
  Bill: { id: uuid7 prefix=bil, fields: { n: int } }
"""


@pytest.mark.parametrize(
    ("module", "known", "unknown"),
    [
        ("orders", "ord_01HZ0000000000000000000001", "bil_01HZ0000000000000000000001"),
        ("bills", "bil_01900000-0000-7000-8000-000000000001", "export"),
    ],
)
def test_a_key_with_a_prefix_has_its_form_in_paths(
    module: str, known: str, unknown: str, tmp_path: Path
) -> None:
    files = files_of(system_of(tmp_path, PREFIXED), tmp_path)

    routes = files[f"src/two/interface/api/v1/{module}.py"]
    pattern = re.search(r'IdParameter = Annotated\[\s*\w+, Text\(.*?pattern="(.*?)"\)', routes)
    assert pattern is not None
    assert re.fullmatch(pattern[1], known)
    assert not re.fullmatch(pattern[1], unknown)


SERVER = """
apigen: 1
app: shop
database:
  dialect: postgresql
  url: env:SHOP_DB
  pool: { size: 3, timeout: 5s }
  isolation: repeatable_read
api: { prefix: /, docs_ui: false, cors: { origins: env:SHOP_ORIGINS, max_age: 1m } }
entities: { Item: { fields: { n: int } } }
"""


@pytest.mark.criterion("R105.2")
def test_settings_have_the_defaults_of_the_spec(tmp_path: Path) -> None:
    files = files_of(system_of(tmp_path, SERVER), tmp_path)

    settings = files["src/shop/core/settings.py"]
    assert 'database_url: DatabaseUrl = Field(validation_alias="SHOP_DB")' in settings
    assert "pool_size=3" in settings
    assert "pool_timeout_s=5.0" in settings
    assert "isolation_level='REPEATABLE READ'" in settings.replace('"', "'")
    assert 'validation_alias="SHOP_ORIGINS"' in settings
    assert "max_age_s=60" in settings
    example = files[".env.example"]
    assert "\nSHOP_DB=postgresql://" in example
    assert "# DATABASE__POOL_SIZE=3\n" in example
    assert 'prefix="/v1"' in files["src/shop/interface/api/versioning.py"]
    assert "readers=()," in files["src/shop/main.py"]


@pytest.mark.criterion("R21.3")
def test_without_resources_there_is_no_version(tmp_path: Path) -> None:
    text = "apigen: 1\napp: x\nentities: { Item: { fields: { n: int }, api: false } }\n"

    files = files_of(system_of(tmp_path, text), tmp_path)

    assert [path for path in files if "/interface/" in path] == ["src/x/interface/__init__.py"]
    assert "include_versions" not in files["src/x/main.py"]
    assert "_handlers" not in files["src/x/main.py"]


@pytest.mark.criterion("R2.1")
def test_without_resources_the_services_are_wired_for_the_projects_own_code(
    tmp_path: Path,
) -> None:
    text = "apigen: 1\napp: x\nentities: { Item: { fields: { n: int }, api: false } }\n"

    wiring = files_of(system_of(tmp_path, text), tmp_path)["src/x/wiring.py"]

    assert "x_handlers=x_handlers(" in wiring
    assert "unit_of_work=lambda: SqlXUnitOfWork(engine)" in wiring
    assert "readers" not in wiring.partition("class Wiring")[2]


def test_what_is_nested_is_looked_for_under_its_parent_with_one_question(tmp_path: Path) -> None:
    system = system_of(
        tmp_path,
        """
apigen: 1
app: nested
defaults: { naming: { wire: camel } }
entities:
  Home: { fields: { name: str(1..9) } }
  Room:
    fields: { own_home: ref(Home), n: int }
    soft_delete: { restore: true }
    api:
      nested_under: own_home
      operations: [get, update, delete, restore, bulk_update, bulk_delete]
""",
    )

    routes = files_of(system, tmp_path)["src/nested/interface/api/v1/rooms.py"]

    asked = [
        ast.unparse(call)
        for call in ast.walk(ast.parse(routes))
        if isinstance(call, ast.Await) and "replies.require" in ast.unparse(call)
    ]
    question = (
        "await replies.require(handlers.room_reader, {}, scope={{'ownHomeId': own_home_id}}{})"
    )
    assert sorted(asked) == sorted(
        (
            question.format("[item.id for item in data]", ""),
            question.format("data.ids", ""),
            question.format("[room_id]", ""),
            question.format("[room_id]", ""),
            question.format("[room_id]", ", include_deleted=True"),
        )
    )


def test_headers_are_declared_where_they_are_sent(hard: dict[str, str]) -> None:
    tagged = hard["src/hard/interface/api/v1/requests.py"]
    untagged = hard["src/hard/interface/api/v1/apis.py"]

    assert 'answered(201, "Location", "ETag") | problems(' in tagged
    assert 'answered(200, "ETag") | answered(304, "ETag") | problems(' in tagged
    assert 'answered(201, "Location") | problems(' in untagged
    assert "ETag" not in untagged


DEPRECATED = """
apigen: 1
app: { name: hard }
api: { versions: { v1: { deprecated: { since: 2026-01-31 }, successor: v2 }, v2: } }
entities:
  Note:
    deprecated: { since: 2026-02-28, sunset: 2030-06-30 }
    fields: { title: str(1..80) }
"""


@pytest.mark.criterion("R72.1", "R72.4")
def test_since_when_something_is_deprecated_is_told(tmp_path: Path) -> None:
    made = files_of(system_of(tmp_path, DEPRECATED), tmp_path)

    assert "deprecated_since=date(2026, 1, 31)" in made[VERSIONING]
    routes = made["src/hard/interface/api/v2/notes.py"]
    assert "@deprecated(since=date(2026, 2, 28), sunset=date(2030, 6, 30))" in routes


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (Deprecation(), ""),
        (Deprecation(reason="Use text."), "Use text."),
        (
            Deprecation(reason="Old.", since="2026-03-31", sunset="2027-06-30"),
            "Old. Deprecated since 2026-03-31. Gone from 2027-06-30 on.",
        ),
    ],
)
def test_a_deprecated_field_is_described_as_such(said: Deprecation, text: str) -> None:
    assert deprecation_text(said) == text


VERSIONS = """
apigen: 1
app: { name: hard }
api: { versions: { v1: { sunset: 2030-06-30, successor: v2 }, v2: , v3: } }
entities:
  Note: { fields: { title: str(1..80) } }
  Legacy: { until: v2, fields: { title: str(1..80) } }
  Recent: { since: v3, fields: { title: str(1..80) } }
"""


@pytest.mark.criterion("R21.1", "R21.2")
def test_each_version_has_a_folder_with_a_router_for_each_resource_it_serves(
    tmp_path: Path,
) -> None:
    made = files_of(system_of(tmp_path, VERSIONS), tmp_path)

    root = "src/hard/interface/api/"
    modules = {
        path.removeprefix(root).removesuffix(".py")
        for path in made
        if path.startswith(f"{root}v") and "/v" in path and "__init__" not in path
    } - {"versioning"}
    assert modules == {"v1/notes", "v1/legacies", "v2/notes", "v3/notes", "v3/recents"}
    served = {
        name: made[VERSIONING].partition(f"{name}_ROUTERS = (")[2].partition(")")[0].split()
        for name in ("V1", "V2", "V3")
    }
    assert served == {
        "V1": ["legacies_router_v1,", "notes_router_v1,"],
        "V2": ["notes_router_v2,"],
        "V3": ["notes_router,", "recents_router,"],
    }


@pytest.mark.criterion("R21.2")
def test_an_older_version_has_the_routes_of_the_newest_until_its_owner_says_otherwise(
    tmp_path: Path,
) -> None:
    made = files_of(system_of(tmp_path, VERSIONS), tmp_path)

    older = made["src/hard/interface/api/v1/notes.py"]
    assert "from hard.interface.api.v3.notes import router\n" in older
    assert "router = ResourceRouter(" in made["src/hard/interface/api/v3/notes.py"]
    assert "router = ResourceRouter(" in made["src/hard/interface/api/v1/legacies.py"]
    assert "from hard.interface.api.v2.notes import router as notes_router_v2" in made[VERSIONING]
