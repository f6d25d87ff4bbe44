"""Whole projects: generated, filled with rows, specs edited, regenerated, migrated by Alembic."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from apigen.driver import RunOptions, initialise, regenerate
from apigen.support.testing.databases import postgresql_database
from tests.generated.projects import assert_clean, run
from tests.migrations.history import engine_of, on

SPEC = """\
apigen: 1
app: shop
entities:
  Customer:
    fields:
      name: str(1..80)
      email: email unique
  Order:
    fields:
      number: str(1..20) unique
      customer: ref(Customer)
      state: enum(open|paid) = open
      note: text?
    children:
      lines:
        fields:
          sku: str(1..20)
          quantity: int(1..)
"""


class Project:
    """A generated project with a database."""

    def __init__(self, folder: Path, url: str) -> None:
        """Generate it from `SPEC` and make its tables."""
        self.folder = folder
        self.url = url
        spec = folder.parent / "shop.yaml"
        spec.write_text(SPEC)
        report = initialise(folder, spec)
        assert report.written, report
        self.alembic("upgrade", "head")

    def alembic(self, *arguments: str) -> None:
        """Run Alembic as its owner does."""
        done = run(
            sys.executable, "-m", "alembic", *arguments, cwd=self.folder, DATABASE_URL=self.url
        )
        assert_clean(done)

    def edit(self, old: str, new: str, *, accept: str = "") -> tuple[str, ...]:
        """Edit the spec, regenerate, and return the revisions that are new."""
        path = self.folder / "apigen.yaml"
        before = path.read_text()
        assert old in before
        path.write_text(before.replace(old, new))
        there = self.revisions()
        lost = frozenset(accept.split())
        options = RunOptions(data_loss=lost, removal=lost, check_types=False)
        report = regenerate(self.folder, options)
        assert report.written, report
        return tuple(name for name in self.revisions() if name not in there)

    def revisions(self) -> list[str]:
        """Return the names of all revisions."""
        return sorted(one.name for one in (self.folder / "migrations/versions").glob("*.py"))

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement. `Any`: whatever the database holds."""

        def work(connection: Connection) -> list[tuple[Any, ...]]:
            done = connection.execute(text(statement))
            return [tuple(row) for row in done.fetchall()] if done.returns_rows else []

        return on(engine_of(self.url), work)

    def fill(self) -> None:
        """Put a customer with an order of two lines in."""
        ids = [f"00000000-0000-7000-8000-00000000000{n}" for n in range(4)]
        if self.url.startswith("sqlite"):
            ids = [one.replace("-", "") for one in ids]
        now = "2020-01-01 00:00:00.000000" + ("" if self.url.startswith("sqlite") else "+00")
        stamps = f"'{now}', '{now}', 1"
        columns = "created_at, updated_at, version"
        self.sql(
            f"INSERT INTO customers (id, name, email, {columns})"
            f" VALUES ('{ids[0]}', 'Ada', 'ada@example.org', {stamps})"
        )
        self.sql(
            f"INSERT INTO orders (id, number, customer_id, state, note, {columns})"
            f" VALUES ('{ids[1]}', 'A-1', '{ids[0]}', 'paid', 'soon', {stamps})"
        )
        for number, sku in enumerate(("x", "y")):
            self.sql(
                "INSERT INTO order_lines (id, order_id, position, sku, quantity)"
                f" VALUES ('{ids[2 + number]}', '{ids[1]}', {number}, '{sku}', {number + 1})"
            )


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    """A project with rows."""
    if request.param == "sqlite":
        made = Project(tmp_path / "shop", f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
        made.fill()
        yield made
        return
    request.getfixturevalue("postgresql")
    with postgresql_database(embedded=True) as url:
        made = Project(tmp_path / "shop", url)
        made.fill()
        yield made


def test_rows_live_through_the_changes_of_a_spec(project: Project) -> None:
    """Renamed, added, required, converted and dropped; the tables stay those of the models."""
    (renamed,) = project.edit(
        "      name: str(1..80)\n",
        "      full_name: { type: str(1..80), renamed_from: name }\n      vip: bool = false\n",
    )
    project.alembic("upgrade", "head")
    project.alembic("check")
    changes = project.edit(
        "      note: text?\n", "      total: { type: int, backfill: 0 }\n", accept="Order.note"
    )
    project.alembic("upgrade", "head")
    project.alembic("check")

    assert renamed.endswith("_change_customers.py")
    assert len(changes) == 2
    assert project.sql("SELECT full_name, email FROM customers") == [("Ada", "ada@example.org")]
    assert project.sql("SELECT number, state, total FROM orders") == [("A-1", "paid", 0)]
    project.alembic("downgrade", "base")
    project.alembic("upgrade", "head")
    project.alembic("check")


def test_a_renamed_entity_takes_its_children_and_rows_along(project: Project) -> None:
    (made,) = project.edit("  Order:\n", "  Purchase:\n    renamed_from: Order\n")
    project.alembic("upgrade", "head")

    assert "purchases" in made or "tables" in made
    project.alembic("check")
    query = "SELECT number, sku FROM purchases JOIN purchase_lines ON purchase_id = purchases.id"
    assert sorted(project.sql(query)) == [("A-1", "x"), ("A-1", "y")]
    project.alembic("downgrade", "-1")
    query = "SELECT number, sku FROM orders JOIN order_lines ON order_id = orders.id"
    assert sorted(project.sql(query)) == [("A-1", "x"), ("A-1", "y")]
    project.alembic("upgrade", "head")


def test_what_an_owner_wrote_by_hand_stays_and_is_built_on(project: Project) -> None:
    """A hand-written revision, and hand edits of apigen's own."""
    versions = project.folder / "migrations" / "versions"
    (first,) = project.revisions()
    edited = (versions / first).read_text().replace("Make all tables.", "Make them all.")
    (versions / first).write_text(edited)
    (versions / "mine.py").write_text(
        '"""By hand."""\n\nfrom alembic import op\n\nrevision = "mine"\n'
        f'down_revision = "{first.partition("_")[0]}"\n\n\n'
        "def upgrade() -> None:\n"
        "    op.execute(\"UPDATE customers SET name = 'Ada Lovelace'\")\n\n\n"
        "def downgrade() -> None:\n    pass\n"
    )

    (added,) = project.edit("      note: text?\n", "      note: text?\n      due: date?\n")
    project.alembic("upgrade", "head")

    assert 'down_revision = "mine"' in (versions / added).read_text()
    assert (versions / first).read_text() == edited
    assert project.sql("SELECT name FROM customers") == [("Ada Lovelace",)]
    project.alembic("check")
    there = project.revisions()
    again = regenerate(project.folder)
    assert again.judgement is None, "nothing to do is known without a look at the spec"
    assert project.revisions() == there


def test_a_branch_of_revisions_written_by_hand_is_joined(tmp_path: Path) -> None:
    """It is in no manifest: what went into the last run is not all that counts."""
    project = Project(tmp_path / "shop", f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
    (first,) = project.revisions()
    project.edit("      note: text?\n", "      note: text?\n      due: date?\n")
    (project.folder / "migrations/versions/mine.py").write_text(
        'from alembic import op\n\nrevision = "mine"\n'
        f'down_revision = "{first.partition("_")[0]}"\n\n\n'
        "def upgrade() -> None:\n    pass\n\n\ndef downgrade() -> None:\n    pass\n"
    )

    regenerate(project.folder)

    assert [one for one in project.revisions() if one.endswith("_join.py")]
    project.alembic("upgrade", "head")


READY = """\
import asyncio
from shop.core.settings import Settings
from shop.infrastructure.persistence.session import create_database, health_checks
from shop.support.core.settings import load_settings


async def ask() -> None:
    engine = create_database(load_settings(Settings))
    await health_checks(engine)["migrations"]()
    await engine.dispose()


asyncio.run(ask())
"""


def test_both_versions_are_ready_between_expand_and_contract(tmp_path: Path) -> None:
    """Expand, replace one version by the next, contract: neither waits for the other."""
    project = Project(tmp_path / "shop", f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
    project.edit("app: shop\n", "app: shop\ndatabase: {migrations: {zero_downtime: true}}\n")
    before = tmp_path / "before"
    shutil.copytree(project.folder, before)
    added = project.edit("      note: text?\n", "      note: text?\n      vip: bool = false\n")
    expand = next(one for one in added if one.endswith("_add_vip_to_orders.py"))

    not_yet = ready(project, project.folder)
    project.alembic("upgrade", expand.partition("_")[0])

    assert "PendingMigrationsError" in not_yet
    assert ready(project, project.folder) == ""
    assert ready(project, before) == ""
    project.alembic("upgrade", "head")
    assert ready(project, project.folder) == ""


def ready(project: Project, version: Path) -> str:
    """Return why a version of the project does not serve, nothing when it does."""
    done = run(
        sys.executable,
        "-c",
        READY,
        cwd=version,
        DATABASE_URL=project.url,
        PYTHONPATH=str(version / "src"),
    )
    return done.stderr
