"""The life of the music store with its 15,607 rows: 30 changes of its spec, 30 edits of code."""

import re
from pathlib import Path

import pytest

from tests.generated.projects import Projects, assert_clean
from tests.life.project import LivingProject

CATALOG = "src/chinook/domain/catalog/aggregates.py"
SALES = "src/chinook/domain/sales/aggregates.py"
ROUTES = "src/chinook/interface/api/v1"


@pytest.fixture
def project(projects: Projects, tmp_path: Path) -> LivingProject:
    """The music store, migrated, with all of its rows."""
    made = LivingProject(projects.copy("chinook", tmp_path), database=tmp_path / "store.db")
    made.migrate()
    assert_clean(made.project("-m", "scripts.cli.commands", "db", "seed", "chinook"))
    return made


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.criterion("R68.1", "R68.2")
def test_thirty_changes_and_thirty_edits_lose_nothing(
    project: LivingProject, projects: Projects
) -> None:
    assert _total(project) == 15_607
    facts = _facts(project, style="genres", mixtape="playlists", amount="quantity", firm="company")

    _aggregates(project)
    _names(project)
    _values(project)
    _constraints(project)
    _surfaces(project)
    _goodbyes(project)

    project.is_settled()
    assert _total(project) == 15_607
    assert (
        _facts(project, style="styles", mixtape="mixtapes", amount="amount", firm="firm") == facts
    )
    project.is_clean()
    project.has_right_types(projects.mypy_cache)
    project.passes_its_tests()


def _total(project: LivingProject) -> int:
    """Return how many rows all tables hold, those of Alembic and of its history left out."""
    names = [
        name
        for (name,) in project.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name not in {"alembic_version", "migration_history"} and not name.startswith("sqlite_")
    ]
    return int(sum(project.rows(f'SELECT count(*) FROM "{name}"')[0][0] for name in names))


def _facts(
    project: LivingProject, *, style: str, mixtape: str, amount: str, firm: str
) -> list[object]:
    """Return what no change of this life may alter."""
    return [
        project.rows(question)
        for question in (
            "SELECT sum(length(name)) FROM artists",
            "SELECT sum(length(title)), sum(artist_id) FROM albums",
            "SELECT sum(length(name)), sum(milliseconds), sum(bytes), sum(unit_price) FROM tracks",
            f"SELECT sum(id), sum(length(name)) FROM {style}",
            f"SELECT sum(length(name)) FROM {mixtape}",
            f"SELECT sum(length({firm})), count(support_rep_id) FROM customers",
            "SELECT sum(length(address_city)), sum(length(address_country)) FROM customers",
            f"SELECT sum(unit_price * {amount}) FROM invoice_lines",
            "SELECT min(invoice_date), max(invoice_date), count(customer_id) FROM invoices",
            "SELECT first_name, last_name, reports_to_id FROM employees ORDER BY id",
        )
    ]


def _aggregates(project: LivingProject) -> None:
    """A method of its owner's in every aggregate, while fields come."""
    for path, name in (
        (CATALOG, "Artist"),
        (CATALOG, "Genre"),
        (CATALOG, "MediaType"),
        (CATALOG, "Album"),
        (CATALOG, "Playlist"),
        (SALES, "Employee"),
        (SALES, "Customer"),
    ):  # edits 1 to 7
        text = (project.root / path).read_text()
        start = text.index(f"class {name}(")
        place = text.index("    def check_invariants", start)
        method = (
            f"    def mine_of_{name.lower()}(self) -> str:\n"
            f'        """Return what only {name} says."""\n'
            f'        return "{name}"\n'
            "\n"
        )
        (project.root / path).write_text(text[:place] + method + text[place:])
        project.remember(method.splitlines())
    project.apigen("add-field", "catalog.Track", "explicit: bool = false")  # spec 1
    project.edit(  # edit 8
        CATALOG,
        "        return self.milliseconds // 1000\n",
        "        # mine: whole seconds\n        return self.milliseconds // 1000\n",
    )
    project.apigen("add-field", "sales.Employee", "level: int(1..9)?")  # spec 2
    project.write(  # edit 9
        "src/chinook/application/sales/letters.py",
        '"""What is written to customers."""\n'
        "\n"
        "from chinook.domain.sales.aggregates import Customer\n"
        "\n"
        "\n"
        "def salutation(customer: Customer) -> str:\n"
        '    """Return how a letter begins."""\n'
        '    return f"Dear {customer.first_name} of {customer.company or customer.address.city}"\n',
    )
    project.apigen(  # spec 3
        "add-entity",
        "Review",
        *("--context", "catalog", "--field", "track: ref(Track)", "--field", "stars: int(1..5)"),
    )
    project.migrate()
    assert project.rows("SELECT DISTINCT explicit FROM tracks") == [(0,)]


def _names(project: LivingProject) -> None:
    """Fields, entities, a value object's field and a child's field get other names."""
    project.apigen("rename-field", "sales.Customer", "company", "firm")  # spec 4
    project.renamed({"customer.company": "customer.firm"})
    project.edit(  # edit 10
        f"{ROUTES}/genres.py",
        "router = ResourceRouter(",
        "# mine: genres\nrouter = ResourceRouter(",
    )
    project.apigen("rename-entity", "catalog.Genre", "Style")  # spec 5
    project.forget("class Genre")
    project.edit(  # edit 11
        f"{ROUTES}/playlists.py",
        "router = ResourceRouter(",
        "# mine: lists\nrouter = ResourceRouter(",
    )
    project.apigen("rename-entity", "catalog.Playlist", "Mixtape")  # spec 6
    project.edit(  # edit 12
        SALES,
        "        return sum((line.unit_price",
        "        # mine: before taxes\n        return sum((line.unit_price",
    )
    project.apigen("rename-field", "sales.InvoiceLine", "quantity", "amount")  # spec 7
    project.apigen("rename-field", "Address", "state", "region")  # spec 8
    project.apigen("add-field", "Address", "zone: str(1..10)?")  # spec 9
    project.migrate()
    assert project.rows("SELECT count(DISTINCT address_region) FROM customers") == [(25,)]
    project.is_settled()


def _values(project: LivingProject) -> None:
    """Enums, defaults and what is required."""
    project.spec("\nmixins:\n", "  Medium: { enum: [disc, file] }\n\nmixins:\n")  # spec 10
    project.apigen("add-field", "catalog.MediaType", "medium: shared.Medium = file")  # spec 11
    project.edit(  # edit 13
        f"{ROUTES}/media_types.py",
        "router = ResourceRouter(",
        "# mine: media\nrouter = ResourceRouter(",
    )
    project.replace("apigen.yaml", "medium: shared.Medium = file", "medium: shared.Medium = stream")
    project.spec("enum: [disc, file]", "enum: { disc: {}, stream: { renamed_from: file } }")  # 12
    project.spec("{ disc: {}, stream", "{ disc: {}, tape: {}, stream")  # spec 13
    project.spec("level: int(1..9)?", "level: { type: int(1..9), backfill: 1 }")  # spec 14
    project.edit("pyproject.toml", '    "orjson>', '    "rich>=13",\n    "orjson>')  # edit 14
    project.edit(  # edit 15
        "Makefile", "format: setup", "mine: setup ## say hello\n\t@echo hello\n\nformat: setup"
    )
    project.spec("bytes: { type: int?, min: 1,", "bytes: { type: bigint?, min: 1,")  # spec 15
    project.migrate()
    # What is stored stays as it is; only its name for people and programs is another.
    assert project.rows("SELECT DISTINCT medium FROM media_types") == [("file",)]
    assert project.rows("SELECT DISTINCT level FROM employees") == [(1,)]
    project.is_settled()


def _constraints(project: LivingProject) -> None:
    """Bounds, indexes, uniqueness, references, invariants."""
    project.spec("name: str(1..120) unique search", "name: str(1..150) unique search")  # spec 16
    for resource in ("albums", "artists", "customers", "employees", "invoices"):  # edits 16 to 20
        project.edit(
            f"{ROUTES}/{resource}.py",
            "router = ResourceRouter(",
            f"# mine: {resource}\nrouter = ResourceRouter(",
        )
    project.spec(  # spec 17
        "by_artist_and_title: [artist_id, title]",
        "by_artist_and_title: [artist_id, title]\n          by_title: [title]",
    )
    project.spec(  # spec 18
        "support_rep: ref(Employee)? inverse=customers on_delete=set_null",
        "support_rep: ref(Employee)? inverse=customers on_delete=restrict",
    )
    project.spec(  # spec 19
        "      Track:\n        doc: One recording, the thing that is sold.\n",
        "      Track:\n        doc: One recording, the thing that is sold.\n"
        "        invariants: { not_free: unit_price >= 0 }\n",
    )
    project.spec("{ not_free: unit_price >= 0 }", "{ not_free: unit_price >= 0.01 }")  # spec 20
    project.edit(  # edit 21
        "src/chinook/core/errors.py",
        '    code = "chinook_error"\n',
        '    code = "chinook_error"\n\n\nclass SoldOutError(ChinookError):\n    """Mine."""\n',
    )
    project.migrate()
    project.is_settled()


def _surfaces(project: LivingProject) -> None:
    """Resources, children, soft deletion."""
    project.spec("      Album:\n", "      Album:\n        soft_delete: true\n")  # spec 21
    project.apigen("add-field", "sales.InvoiceLine", "gift: bool = false")  # spec 22
    project.spec("style: offset, size: 20,", "style: offset, size: 25,")  # spec 23
    project.spec("doc: Who buys, who helps them", "doc: Who buys, who helps")  # spec 24
    project.spec('version: "1.0.0"', 'version: "1.1.0"')  # spec 25
    project.edit(  # edit 22
        "src/chinook/core/settings.py",
        "    max_body_bytes: int",
        "    greeting: str = 'hello'\n    max_body_bytes: int",
    )
    project.edit(".gitignore", "dist/\n", "dist/\n*.mine\n")  # edit 23
    project.edit("README.md", "# Chinook music store\n", "# The famous music store\n")  # edit 24
    project.edit(  # edit 25
        "compose.yaml", "      retries: 30\n", "      retries: 30\n      start_period: 7s\n"
    )
    project.write(  # edit 26
        "tests/unit/sales/test_letters.py",
        '"""Letters."""\n'
        "\n"
        "from chinook.application.sales.letters import salutation\n"
        "from tests.cases import sales\n"
        "\n"
        "\n"
        "def test_letters_are_a_module() -> None:\n"
        "    assert callable(salutation)\n"
        "    assert sales.CUSTOMER\n",
    )
    project.migrate()
    project.is_settled()


def _goodbyes(project: LivingProject) -> None:
    """Fields and an entity leave, and take nothing else along."""
    project.edit(  # edit 27
        "src/chinook/application/sales/mappers.py",
        "CUSTOMER_READ = ",
        "# mine: as clients see it\nCUSTOMER_READ = ",
    )
    said = project.apigen("remove-field", "sales.Customer", "fax", ends=1)
    assert "chinook/customers.json" in said  # the rows to load still have it
    for name in ("customers", "employees"):
        rows = project.root / "chinook" / f"{name}.json"
        rows.write_text(re.sub(r'"fax": (null|"[^"]*"), ', "", rows.read_text("utf-8")), "utf-8")
    project.apigen(  # spec 26
        "remove-field", "sales.Customer", "fax", "--accept-data-loss", "sales.Customer.fax"
    )
    project.edit(  # edit 28
        "src/chinook/bootstrap.py",
        "    return wire(settings)\n",
        "    # mine: nothing to replace\n    return wire(settings)\n",
    )
    project.apigen(  # spec 27
        "remove-field", "sales.Employee", "fax", "--accept-data-loss", "sales.Employee.fax"
    )
    project.apigen(  # spec 28
        "remove-entity", "catalog.Review", "--accept-data-loss", "catalog.Review"
    )
    project.edit(  # edit 29
        f"{ROUTES}/tracks.py",
        "router = ResourceRouter(",
        "# mine: tracks\nrouter = ResourceRouter(",
    )
    project.spec("          by_title: [title]\n", "")  # spec 29
    project.edit(  # edit 30
        "src/chinook/application/sales/letters.py",
        '    return f"Dear',
        '    # mine: politely\n    return f"Dear',
    )
    project.spec("{ not_free: unit_price >= 0.01 }", "{ not_free: unit_price >= 0 }")  # spec 30
    project.migrate()
