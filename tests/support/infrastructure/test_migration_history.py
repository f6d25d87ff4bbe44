"""What is recorded of revisions, what `verify` finds, and how runs keep out of each other's way."""

import asyncio
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError

from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.migration_environment import URL_OPTION
from apigen.support.infrastructure.migration_history import Direction, FileState
from apigen.support.infrastructure.migrations import MigrationManager
from apigen.support.testing.databases import database

ENVIRONMENT = """
import sqlalchemy as sa

from apigen.support.infrastructure.migration_environment import run_environment

metadata = sa.MetaData()
sa.Table("notes", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.Text))
run_environment(metadata, engine=lambda: None, OPTIONS)
"""
REVISION = '''"""{revision}"""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down!r}


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''
MAKE_NOTES = 'op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True))'
ADD_B = 'op.add_column("notes", sa.Column("b", sa.Text))'


class Project:
    """A folder of revisions and a database."""

    def __init__(self, url: str, directory: Path, options: str = "") -> None:
        """Write the environment and two revisions."""
        self.url = url
        self.directory = directory
        (directory / "versions").mkdir(parents=True)
        (directory / "env.py").write_text(ENVIRONMENT.replace("OPTIONS", options))
        (directory / "script.py.mako").write_text("")
        self.write("aaa", None, MAKE_NOTES, 'op.drop_table("notes")')
        self.write("bbb", "aaa", ADD_B, 'op.drop_column("notes", "b")')

    @property
    def manager(self) -> MigrationManager:
        """What the commands of a project use."""
        return MigrationManager(self.url, directory=self.directory)

    def path(self, revision: str) -> Path:
        """Return the file of a revision."""
        return self.directory / f"versions/{revision}_change.py"

    def write(self, revision: str, down: str | None, upgrade: str, downgrade: str = "pass") -> None:
        """Write a revision."""
        text = REVISION.format(revision=revision, down=down, upgrade=upgrade, downgrade=downgrade)
        self.path(revision).write_text(text)

    def steps(self) -> list[tuple[str, str]]:
        """Return revision and direction of everything that was done."""
        return [(entry.revision, entry.direction.value) for entry in self.manager.history()]

    def execute(self, statement: str) -> None:
        """Run a statement on the database."""

        async def run() -> None:
            engine = create_engine(self.url)
            async with engine.begin() as connection:
                await connection.execute(sa.text(statement))
            await engine.dispose()

        asyncio.run(run())

    def upgraded_by_processes(self, count: int) -> list[tuple[int, str]]:
        """Upgrade in several processes at once; return their exit codes and what they said."""
        program = (
            "import sys; from pathlib import Path; "
            "from apigen.support.infrastructure.migrations import MigrationManager; "
            "MigrationManager(sys.argv[1], directory=Path(sys.argv[2])).upgrade()"
        )
        running = [
            subprocess.Popen(
                [sys.executable, "-c", program, self.url, str(self.directory)],
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(count)
        ]
        said = [process.communicate(timeout=120)[1] for process in running]
        return [(p.returncode, text) for p, text in zip(running, said, strict=True)]

    def tables(self) -> set[str]:
        """Return the names of all tables."""

        async def run() -> set[str]:
            engine = create_engine(self.url)
            async with engine.connect() as connection:
                found = await connection.run_sync(lambda c: set(sa.inspect(c).get_table_names()))
            await engine.dispose()
            return found

        return asyncio.run(run())


@pytest.fixture
def url(dialect: str) -> Iterator[str]:
    """An empty database of the test's own."""
    with database(dialect) as made:
        yield made


@pytest.fixture
def project(url: str, tmp_path: Path) -> Project:
    """Two revisions, none applied."""
    return Project(url, tmp_path / "migrations")


@pytest.mark.criterion("R68.4")
def test_every_step_is_recorded_with_its_time_and_the_checksum_of_its_file(
    project: Project,
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)

    project.manager.upgrade()
    project.manager.downgrade("aaa")

    history = project.manager.history()
    first = hashlib.sha256(project.path("aaa").read_bytes()).hexdigest()
    second = hashlib.sha256(project.path("bbb").read_bytes()).hexdigest()
    assert [(e.revision, e.direction, e.checksum, e.state) for e in history] == [
        ("aaa", Direction.UP, first, FileState.SAME),
        ("bbb", Direction.UP, second, FileState.SAME),
        ("bbb", Direction.DOWN, second, FileState.SAME),
    ]
    assert all(before <= e.applied_at <= datetime.now(UTC) for e in history)
    assert all(0 <= e.duration_s < 60 and "@" in e.applied_by for e in history)
    assert project.manager.verify() == ()


@pytest.mark.criterion("R68.4")
def test_a_file_that_was_changed_after_it_was_applied_is_named(project: Project) -> None:
    project.manager.upgrade()
    when = project.manager.history()[0].applied_at

    project.write("aaa", None, MAKE_NOTES + "  # edited", 'op.drop_table("notes")')

    assert project.manager.verify() == (
        f"aaa: aaa_change.py was changed after it was applied at {when:%Y-%m-%d %H:%M:%SZ}",
    )
    assert [e.state for e in project.manager.history()] == [FileState.CHANGED, FileState.SAME]


@pytest.mark.criterion("R68.4")
def test_a_revision_whose_file_is_gone_is_named(project: Project) -> None:
    project.manager.upgrade()
    when = project.manager.history()[1].applied_at

    project.path("bbb").unlink()

    assert project.manager.verify() == (
        f"bbb: was applied at {when:%Y-%m-%d %H:%M:%SZ}, and its file is gone",
    )


def test_a_revision_in_the_middle_may_be_gone_too(project: Project) -> None:
    project.manager.upgrade()

    project.path("aaa").unlink()

    (found,) = project.manager.verify()
    assert found.startswith("aaa: was applied at ")


def test_a_revision_that_no_file_ever_had_is_named(project: Project) -> None:
    project.manager.upgrade()

    project.execute("UPDATE alembic_version SET version_num = 'zzz'")

    assert project.manager.verify() == (
        "zzz: the database is there, and no file has this revision",
    )


def test_a_revision_that_was_undone_may_change(project: Project) -> None:
    project.manager.upgrade()
    project.manager.downgrade("aaa")

    project.write("bbb", "aaa", "pass")

    assert project.manager.verify() == ()


def test_line_ends_are_no_change(project: Project) -> None:
    project.manager.upgrade()

    content = project.path("aaa").read_bytes()
    project.path("aaa").write_bytes(content.replace(b"\n", b"\r\n"))

    assert project.manager.verify() == ()


def test_what_was_applied_before_there_was_a_history_is_not_judged(project: Project) -> None:
    project.manager.upgrade("aaa")
    project.execute("DROP TABLE migration_history")

    assert project.manager.verify() == ()
    project.manager.upgrade()
    assert project.steps() == [("bbb", "up")]
    assert project.manager.verify() == ()


def test_a_database_that_was_never_migrated_has_no_history(project: Project) -> None:
    assert project.manager.history() == ()
    assert project.manager.verify() == ()
    assert project.tables() == set()


def test_a_failed_revision_leaves_no_record(project: Project) -> None:
    project.manager.upgrade("aaa")
    project.write(
        "bbb",
        "aaa",
        'op.create_table("half", sa.Column("id", sa.Integer)); raise RuntimeError("stop")',
    )

    with pytest.raises(RuntimeError, match="stop"):
        project.manager.upgrade()

    assert project.steps() == [("aaa", "up")]
    assert "half" not in project.tables()
    assert project.manager.current() == "aaa"


def test_the_history_is_no_difference_to_the_models(project: Project) -> None:
    project.manager.upgrade()

    assert project.manager.check() == ()


def test_a_stamp_is_recorded_as_one(project: Project) -> None:
    config = Config()
    config.set_main_option("script_location", str(project.directory))
    config.attributes[URL_OPTION] = project.url

    command.stamp(config, "head")

    (entry,) = project.manager.history()
    assert (entry.revision, entry.direction, entry.is_stamp) == ("bbb", Direction.UP, True)
    assert project.manager.verify() == ()


def test_without_checksums_a_change_is_not_noticed_and_a_lost_file_is(
    url: str, tmp_path: Path
) -> None:
    project = Project(url, tmp_path / "migrations", "has_checksums=False")
    project.manager.upgrade()

    project.write("aaa", None, "pass")
    changed = project.manager.verify()
    project.path("bbb").unlink()

    assert {entry.checksum for entry in project.manager.history()} == {None}
    assert changed == ()
    assert len(project.manager.verify()) == 1


@pytest.mark.criterion("R68.3")
def test_two_processes_that_migrate_at_once_apply_every_revision_once(project: Project) -> None:
    assert project.upgraded_by_processes(2) == [(0, ""), (0, "")]
    assert project.steps() == [("aaa", "up"), ("bbb", "up")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Project]:
    """Two revisions on PostgreSQL, which may wait 0.3 s for a table."""
    with database("postgresql") as url:
        yield Project(url, tmp_path / "migrations", "lock_timeout_s=0.3")


@pytest.mark.criterion("R68.3")
def test_a_revision_gives_up_on_a_table_in_use_and_nothing_queues_behind_it(
    server: Project,
) -> None:
    server.manager.upgrade("aaa")

    async def migrate_while_in_use() -> tuple[str, int]:
        engine = create_engine(server.url)
        try:
            async with engine.connect() as reader, engine.connect() as other:
                await reader.execute(sa.text("SELECT count(*) FROM notes"))
                with pytest.raises(CommandError) as raised:
                    await asyncio.to_thread(server.manager.upgrade)
                # A statement that came later is not kept waiting by the one that gave up.
                await other.execute(sa.text("SET lock_timeout = '100ms'"))
                rows = await other.scalar(sa.text("SELECT count(*) FROM notes"))
                return str(raised.value), int(rows)
        finally:
            await engine.dispose()

    message, rows = asyncio.run(migrate_while_in_use())

    assert "in use for longer than the lock timeout of 0.3 s" in message
    assert rows == 0
    assert server.steps() == [("aaa", "up")]
    server.manager.upgrade()
    assert server.steps() == [("aaa", "up"), ("bbb", "up")]


@pytest.mark.criterion("R68.3")
def test_an_index_is_made_without_stopping_writers_and_is_in_the_history(server: Project) -> None:
    server.write(
        "ccc",
        "bbb",
        "with op.get_context().autocommit_block(): "
        'op.create_index("ix", "notes", ["b"], postgresql_concurrently=True)',
        "with op.get_context().autocommit_block(): "
        'op.drop_index("ix", "notes", postgresql_concurrently=True)',
    )

    # The second process waits for the first, which must not wait for it in turn.
    ended = server.upgraded_by_processes(2)
    server.manager.downgrade("bbb")

    assert ended == [(0, ""), (0, "")]
    assert server.steps() == [("aaa", "up"), ("bbb", "up"), ("ccc", "up"), ("ccc", "down")]


def test_looking_waits_for_nobody(server: Project) -> None:
    server.manager.upgrade("aaa")

    async def look_while_migrating() -> str | None:
        engine = create_engine(server.url)
        try:
            async with engine.connect() as migrating:
                await migrating.execute(sa.text("SELECT pg_advisory_lock(4827301)"))
                looking = asyncio.to_thread(lambda: server.manager.current())
                return await asyncio.wait_for(looking, timeout=30)
        finally:
            await engine.dispose()

    assert asyncio.run(look_while_migrating()) == "aaa"


def test_an_extension_that_can_not_be_installed_is_said_in_a_sentence(server: Project) -> None:
    server.write(
        "ccc",
        "bbb",
        'op.add_column("notes", sa.Column("c", sa.Integer())); '
        'op.execute("CREATE EXTENSION IF NOT EXISTS no_such_extension")',
        "pass",
    )

    with pytest.raises(CommandError) as raised:
        server.manager.upgrade()

    message = str(raised.value)
    assert message.startswith("this revision needs PostgreSQL's extension no_such_extension, which")
    assert 'extension "no_such_extension" is not available' in message
    assert "run `CREATE EXTENSION no_such_extension`" in message
    assert server.steps() == [("aaa", "up"), ("bbb", "up")]
