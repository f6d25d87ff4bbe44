"""Revisions on disk: which are the newest, and what two branches have in common."""

from pathlib import Path

import pytest

from apigen.disk.paths import ProjectError
from apigen.disk.revisions import read_heads
from apigen.evolve.migration import revisions
from apigen.ir.schema import Schema
from apigen.views.migrations.schema import schema
from tests.migrations.history import system_of


def write(folder: Path, name: str, down: str, body: str = "pass") -> None:
    """Write a revision by hand."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    (versions / f"{name}_x.py").write_text(
        f'revision: str = "{name}"\ndown_revision = {down}\n\n\ndef upgrade():\n    {body}\n'
    )


def test_a_project_without_revisions_has_no_head(tmp_path: Path) -> None:
    assert read_heads(tmp_path) == ()


def test_the_head_is_what_nothing_stands_on(tmp_path: Path) -> None:
    write(tmp_path, "b", '"a"')
    write(tmp_path, "a", "None")
    write(tmp_path, "c", '("b",)')
    (tmp_path / "migrations/versions/helper.py").write_text("VALUE = 1\n")

    assert read_heads(tmp_path) == ("c",)


def test_branches_that_change_different_columns_have_two_heads(tmp_path: Path) -> None:
    write(tmp_path, "a", "None", 'op.create_table("t", sa.Column("x"))')
    write(tmp_path, "b", '"a"', 'op.add_column("t", sa.Column("one", sa.Text()))')
    write(tmp_path, "c", '"a"', 'op.add_column("t", sa.Column("two", sa.Text()))')

    assert read_heads(tmp_path) == ("b", "c")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("t", sa.Column("one", sa.Text()))',
        'op.alter_column("t", "one", nullable=True)',
        'with op.batch_alter_table("t") as batch: batch.drop_column("one")',
        'op.rename_table("t", "u")',
    ],
)
def test_branches_that_change_the_same_column_are_refused(tmp_path: Path, body: str) -> None:
    write(tmp_path, "a", "None")
    write(tmp_path, "b", '"a"', 'op.add_column("t", sa.Column("one", sa.Text()))')
    write(tmp_path, "c", '"a"', body)

    with pytest.raises(ProjectError, match=r"b_x.py and .*c_x.py .* both change t\.one"):
        read_heads(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("revision = ", "is not Python, see line 1"),
        ("revision = name()", "have to be texts"),
    ],
)
def test_an_unreadable_revision_is_named(tmp_path: Path, text: str, problem: str) -> None:
    write(tmp_path, "a", "None")
    (tmp_path / "migrations/versions/bad.py").write_text(text)

    with pytest.raises(ProjectError, match=rf"migrations/versions/bad\.py.*{problem}"):
        read_heads(tmp_path)


def test_two_files_of_one_revision_are_named(tmp_path: Path) -> None:
    write(tmp_path, "a", "None")
    (tmp_path / "migrations/versions/copy.py").write_text('revision = "a"\ndown_revision = None\n')

    with pytest.raises(ProjectError, match=r"a_x\.py and .*copy\.py|copy\.py and .*a_x\.py"):
        read_heads(tmp_path)


SPEC = "entities:\n  Task: {fields: {title: str}}\n"


def made(text: str, folder: Path) -> Schema:
    """Return the tables of a spec."""
    return schema(system_of(text, folder))


def test_two_heads_are_joined_below_what_comes_next(tmp_path: Path) -> None:
    old = made(SPEC, tmp_path)
    new = made(SPEC.replace("str}", "str, note: text?}"), tmp_path)

    found = revisions(old, new, heads=("bb", "aa"), spans={}).value or ()

    joining, adding = found
    assert (joining.down, joining.operations, joining.undo) == (("aa", "bb"), (), ())
    assert adding.down == (joining.id,)
    assert revisions(old, old, heads=("aa", "bb"), spans={}).value == (joining,)


def test_ids_depend_on_the_schemas_and_on_what_they_stand_on(tmp_path: Path) -> None:
    old = made(SPEC, tmp_path)
    new = made(SPEC.replace("str}", "str, note: text?}"), tmp_path)

    one = revisions(old, new, heads=("aa",), spans={}).value
    same = revisions(old, new, heads=("aa",), spans={}).value
    later = revisions(old, new, heads=("bb",), spans={}).value

    assert one is not None
    assert later is not None
    assert one == same
    assert one[0].id != later[0].id


def test_without_any_revision_the_whole_schema_is_made(tmp_path: Path) -> None:
    old = made(SPEC, tmp_path)

    (first,) = revisions(old, old, heads=(), spans={}).value or ()

    assert first.slug == "initial"
    assert first.down == ()
