"""`apigen why` on a project of the real templates."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from apigen.cli.app import app

SPEC = """apigen: 1
app: shop
entities:
  Product:
    fields:
      title: str(1..200)
      stage: enum(draft|open) = draft
  ProductLine:
    fields:
      note: text?
"""
AGGREGATES = "src/shop/domain/shop/aggregates.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that no test changes."""
    folder = tmp_path_factory.mktemp("why")
    (folder / "shop.yaml").write_text(SPEC)
    done = CliRunner().invoke(
        app, ["init", "shop", "--spec", str(folder / "shop.yaml"), "--dir", str(folder / "shop")]
    )
    assert done.exit_code == 0, done.output
    return folder / "shop"


@pytest.fixture
def own(made: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(made, tmp_path / "shop"))


def _why(project: Path, place: str, *options: str) -> Result:
    return CliRunner().invoke(app, ["why", place, "--dir", str(project), *options])


def _told(project: Path, place: str) -> dict[str, object]:
    done = _why(project, place, "--format", "json")
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def _line(project: Path, path: str, start: str) -> int:
    lines = (project / path).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip().startswith(start))


def _qnames(told: dict[str, object]) -> list[str]:
    elements = told["elements"]
    assert isinstance(elements, list)
    return [element["qname"] for element in elements]


def test_a_line_of_a_field_is_of_the_field_with_its_place_in_the_spec(made: Path) -> None:
    line = _line(made, AGGREGATES, "title: str")
    place = f"apigen.yaml:{_line(made, 'apigen.yaml', 'title:')}"

    done = _why(made, f"{AGGREGATES}:{line}")

    assert done.stdout.splitlines() == [
        f"{AGGREGATES}:{line}: title: str",
        "  file       merged: yours to edit, a run merges",
        "  line       generated",
        "  template   templates/context/domain/aggregates.py.j2",
        "  symbol     Product",
        f"  spec       shop.Product.title  field, {place}",
    ]


def test_the_longest_name_says_which_entity_a_line_is_of(made: Path) -> None:
    product = _line(made, AGGREGATES, "class Product(")
    line = _line(made, AGGREGATES, "class ProductLine(")

    assert _qnames(_told(made, f"{AGGREGATES}:{product}")) == ["shop.Product"]
    assert _qnames(_told(made, f"{AGGREGATES}:{line}")) == ["shop.ProductLine"]


def test_names_made_of_an_entitys_name_are_its(made: Path) -> None:
    path = "src/shop/application/shop/dtos.py"
    line = _line(made, path, "class ProductCreate(")

    told = _told(made, f"{path}:{line}")

    assert (told["symbol"], _qnames(told)) == ("ProductCreate", ["shop.Product"])


def test_a_line_that_names_nothing_is_of_all_elements_of_its_file(made: Path) -> None:
    line = _line(made, AGGREGATES, "from dataclasses")

    assert _qnames(_told(made, f"{AGGREGATES}:{line}")) == ["shop.Product", "shop.ProductLine"]


def test_a_line_of_the_owner_is_told_from_a_changed_and_a_generated_one(own: Path) -> None:
    text = (own / AGGREGATES).read_text().replace("    title: str\n", "    title: str  # mine\n")
    (own / AGGREGATES).write_text(f"{text}\n\ndef quite_my_own() -> int:\n    return 42\n")

    def whose(start: str) -> object:
        return _told(own, f"{AGGREGATES}:{_line(own, AGGREGATES, start)}")["whose"]

    assert whose("def quite_my_own") == "yours"
    assert whose("title: str") == "both"
    assert whose("class Product(") == "generated"


def test_a_file_that_apigen_never_made_is_the_owners(own: Path) -> None:
    (own / "src/shop/own.py").write_text("x = 1\n")

    done = _why(own, "src/shop/own.py:1")

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "src/shop/own.py:1: x = 1",
        "  file       yours: apigen did not write it",
    ]


def test_vendored_code_is_of_the_support_package(made: Path) -> None:
    told = _told(made, "src/shop/support/domain/entity.py:1")

    assert told["class"] == "vendored"
    assert told["template"] == "apigen/support/domain/entity.py"
    assert told["whose"] == "generated"


def test_an_edited_vendored_file_is_not_told_to_be_generated(own: Path) -> None:
    place = own / "src/shop/support/domain/entity.py"
    place.write_text(f"{place.read_text()}x = 1\n")

    assert _told(own, "src/shop/support/domain/entity.py:1")["whose"] == "unknown"


@pytest.mark.parametrize(
    ("path", "template", "file_class"),
    [
        ("pyproject.toml", "templates/project/pyproject.toml.j2", "merged"),
        ("Makefile", "templates/project/Makefile.j2", "merged"),
        ("README.md", "templates/project/README.md.j2", "seed"),
    ],
)
def test_files_of_every_project_have_a_template_too(
    made: Path, path: str, template: str, file_class: str
) -> None:
    told = _told(made, path)

    assert (told["template"], told["class"], told["line"]) == (template, file_class, 0)


def test_a_record_of_apigen_is_called_one(made: Path) -> None:
    assert "a record of apigen's own" in _why(made, ".apigen/manifest.json:1").stdout


def test_every_file_of_a_project_has_a_template_or_a_source(made: Path) -> None:
    manifest = (made / ".apigen/manifest.json").read_text()
    paths = re.findall(r'"path": "([^"]+)"', manifest)
    wanted = [path for path in paths if "/support/" not in path][::9]

    assert wanted
    for path in wanted:
        assert _told(made, path)["template"], path


@pytest.mark.parametrize("place", ["src/shop/nothing.py:1", f"{AGGREGATES}:100000", "../x.py:1"])
def test_a_place_that_is_not_there_is_wrong_usage(made: Path, place: str) -> None:
    done = _why(made, place)

    assert done.exit_code == 2
    assert done.stdout == ""


def test_with_a_wrong_spec_the_file_and_its_class_are_still_told(own: Path) -> None:
    spec = own / "apigen.yaml"
    spec.write_text(spec.read_text().replace("str(", "strng("))

    done = _why(own, f"{AGGREGATES}:1")

    assert done.exit_code == 0
    assert "merged: yours to edit" in done.stdout
    assert "apigen validate" in done.stderr


BEHAVIOUR = """apigen: 1
app: shop
entities:
  Order:
    fields: { number: str, total: int = 0 }
    lifecycle: { states: [draft, placed] }
    commands:
      place: { moves: draft -> placed, set: { total: total + 1 }, emits: OrderPlaced }
    events: { OrderPlaced: [number] }
    queries: { large: { where: total > 9 } }
"""


@pytest.fixture(scope="module")
def behaving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that does something."""
    folder = tmp_path_factory.mktemp("why")
    (folder / "shop.yaml").write_text(BEHAVIOUR)
    done = CliRunner().invoke(
        app, ["init", "shop", "--spec", str(folder / "shop.yaml"), "--dir", str(folder / "shop")]
    )
    assert done.exit_code == 0, done.output
    return folder / "shop"


@pytest.mark.parametrize(
    ("path", "start", "expected"),
    [
        (AGGREGATES, "def place(", "shop.Order.place"),
        (AGGREGATES, "self.total += 1", "shop.Order.place"),
        ("src/shop/domain/shop/events.py", "class OrderPlaced", "shop.Order.OrderPlaced"),
        ("src/shop/application/shop/commands.py", "class PlaceOrder", "shop.Order.place"),
        ("src/shop/application/shop/queries.py", "class LargeOrders", "shop.Order.large"),
    ],
)
def test_a_line_of_a_command_an_event_or_a_query_is_of_it(
    behaving: Path, path: str, start: str, expected: str
) -> None:
    told = _told(behaving, f"{path}:{_line(behaving, path, start)}")

    assert expected in _qnames(told)
