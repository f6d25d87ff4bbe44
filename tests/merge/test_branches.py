"""Two branches of a project, both regenerated, brought together by git and one more run."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from apigen import driver
from apigen.disk.git import unmerged_paths
from apigen.disk.manifest import read_manifest
from apigen.disk.revisions import read_heads
from apigen.driver import RunOptions
from apigen.merge.changes import Keep
from tests.merge.conftest import TODO
from tests.merge.renderings import contents

type Edit = Callable[[Path, str, str], None]

ENTITY = "  {name}:\n    fields:\n      label: str(1..9)\n"
OPTIONS = RunOptions(check_types=False)
AGGREGATES = "src/todo/domain/todo/aggregates.py"
HANDLERS = "src/todo/application/todo/handlers.py"


def git(root: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run git in a project, whatever the configuration of the machine."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=root, check=check, capture_output=True, text=True
    )


def regenerated(project: Path) -> driver.Report:
    """Regenerate, and make sure that it was not stopped."""
    report = driver.regenerate(project, OPTIONS)
    assert report.judgement is None or report.judgement.diagnostics == ()
    assert report.blocked == ()
    assert report.conflicted == ()
    return report


def branch(project: Path, name: str, *, method: str, at: str) -> None:
    """Add an entity and a line of code on a branch of its own, regenerate, commit."""
    git(project, "checkout", "-q", "-b", name, "main")
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text() + ENTITY.format(name=name.title()))
    regenerated(project)
    place = project / at
    place.write_text(f"{place.read_text().rstrip()}\n\n\n{method}")
    git(project, "add", ".")
    git(project, "commit", "-qm", name)


@pytest.fixture
def merging(project: Path) -> Path:
    """A project in the middle of a git merge of two branches that each added an entity."""
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    branch(project, "alpha", at=AGGREGATES, method='def mine_alpha() -> str:\n    return "a"\n')
    branch(project, "beta", at=HANDLERS, method='def mine_beta() -> str:\n    return "b"\n')
    git(project, "merge", "-q", "alpha", check=False)
    return project


def keep_both(project: Path) -> None:
    """Resolve the spec as a person does: both entities."""
    head = "# yaml-language-server: $schema=.apigen/spec-1.schema.json\n"
    entities = ENTITY.format(name="Beta") + ENTITY.format(name="Alpha")
    (project / "apigen.yaml").write_text(f"{head}{TODO}{entities}")


def test_both_entities_and_both_edits_are_there(merging: Path) -> None:
    """Case 37."""
    conflicted = unmerged_paths(merging)
    keep_both(merging)

    report = regenerated(merging)

    assert {"apigen.yaml", AGGREGATES, HANDLERS} <= conflicted
    assert report.written
    aggregates, handlers = (merging / AGGREGATES).read_text(), (merging / HANDLERS).read_text()
    for name in ("class Alpha(", "class Beta(", "class Task(", "def mine_alpha()"):
        assert aggregates.count(name) == 1, name
    assert handlers.count("def mine_beta()") == 1
    marked = [
        path
        for path, (content, _) in contents(merging).items()
        if b"\n<<<<<<< " in content and not path.startswith(".apigen/")
    ]
    assert marked == []
    for path in contents(merging):
        if path.endswith(".py") and not path.startswith(".apigen/"):
            compile((merging / path).read_text(), path, "exec")


def test_there_is_one_head_of_the_migrations(merging: Path) -> None:
    keep_both(merging)

    regenerated(merging)

    (head,) = read_heads(merging)
    (joining,) = (merging / "migrations/versions").glob(f"{head}_*.py")
    assert len(list((merging / "migrations/versions").glob("*.py"))) == 4
    for name in ("create_alphas", "create_betas"):
        (one,) = (merging / "migrations/versions").glob(f"*_{name}.py")
        assert one.name.partition("_")[0] in joining.read_text()


def test_the_run_after_the_merge_commit_writes_nothing(merging: Path) -> None:
    keep_both(merging)
    regenerated(merging)
    git(merging, "add", ".")
    git(merging, "commit", "-qm", "merged")
    before = contents(merging)
    (merging / ".apigen/cache/fingerprint.json").unlink()

    report = driver.regenerate(merging, OPTIONS)

    assert all(isinstance(change, Keep) for change in report.changes)
    assert contents(merging) == before
    assert git(merging, "status", "--porcelain").stdout == ""


def test_the_order_of_merging_makes_no_difference_to_the_records(merging: Path) -> None:
    keep_both(merging)
    regenerated(merging)
    entries = read_manifest(merging).entries
    git(merging, "reset", "-q", "--hard")
    git(merging, "clean", "-qfd")
    git(merging, "checkout", "-q", "alpha")
    git(merging, "merge", "-q", "beta", check=False)
    keep_both(merging)

    regenerated(merging)

    assert read_manifest(merging).entries == entries


def test_a_merge_that_was_committed_by_hand_is_brought_right(merging: Path) -> None:
    """A person takes one side of all generated files, commits, and then regenerates."""
    for path in sorted(unmerged_paths(merging) - {AGGREGATES, HANDLERS}):
        git(merging, "checkout", "-q", "--ours", "--", path)
    for path in (AGGREGATES, HANDLERS):
        place = merging / path
        lines = place.read_text().split("\n")
        markers = ("<<<<<<<", "=======", ">>>>>>>")
        place.write_text("\n".join(line for line in lines if not line.startswith(markers)))
    keep_both(merging)
    git(merging, "add", ".")
    git(merging, "commit", "-qm", "merged by hand")

    report = driver.regenerate(merging, OPTIONS)

    assert report.blocked == ()
    assert report.conflicted == ()
    aggregates, handlers = (merging / AGGREGATES).read_text(), (merging / HANDLERS).read_text()
    for name in ("class Alpha(", "class Beta(", "class Task(", "def mine_alpha()"):
        assert aggregates.count(name) == 1, name
    assert handlers.count("def mine_beta()") == 1
    assert "alphas" in (merging / "src/todo/interface/api/versioning.py").read_text()


def test_uncommitted_edits_are_refused_and_named(project: Path, edit: Edit) -> None:
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    edit(project / AGGREGATES, '"""A task."""', '"""A task of mine."""')
    edit(project / "apigen.yaml", "done: bool = false\n", "done: bool = false\n      note: text?\n")
    before = contents(project)

    refused = driver.regenerate(project, OPTIONS)
    untouched = contents(project)
    allowed = driver.regenerate(project, RunOptions(check_types=False, allow_dirty=True))

    assert [change.path for change in refused.blocked] == [AGGREGATES]
    assert refused.blocked[0].reason.value == "has edits that are not committed"
    assert untouched == before
    assert allowed.written
    text = (project / AGGREGATES).read_text()
    assert '"""A task of mine."""' in text
    assert "note" in text


def test_committed_edits_are_no_reason_to_refuse(project: Path, edit: Edit) -> None:
    git(project, "init", "-q", "-b", "main")
    edit(project / AGGREGATES, '"""A task."""', '"""A task of mine."""')
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    edit(project / "apigen.yaml", "done: bool = false\n", "done: bool = false\n      note: text?\n")

    report = driver.regenerate(project, OPTIONS)

    assert report.blocked == ()
    assert report.written


def test_two_runs_in_a_row_need_no_commit_in_between(project: Path, edit: Edit) -> None:
    """What a run merged is no edit by hand; what its owner writes afterwards is one again."""
    git(project, "init", "-q", "-b", "main")
    edit(project / AGGREGATES, '"""A task."""', '"""A task of mine."""')
    git(project, "add", ".")
    git(project, "commit", "-qm", "first")
    edit(project / "apigen.yaml", "done: bool = false\n", "done: bool = false\n      note: text?\n")
    driver.regenerate(project, OPTIONS)
    edit(project / "apigen.yaml", "note: text?\n", "note: text?\n      place: text?\n")

    second = driver.regenerate(project, OPTIONS)
    edit(project / AGGREGATES, "of mine", "of ours")
    edit(project / "apigen.yaml", "place: text?\n", "place: text?\n      hours: int = 1\n")
    third = driver.regenerate(project, OPTIONS)

    assert second.written
    assert [change.path for change in third.blocked] == [AGGREGATES]
