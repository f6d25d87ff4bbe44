"""Two branches change one spec, git merges them, and a run finds one project."""

import subprocess
from pathlib import Path

import pytest

from apigen.disk.last_run import read_lock
from tests.cli.conftest import Run

ATTRIBUTES = "".join(
    f".apigen/{path} merge=union\n" for path in ("manifest.json", "lock.json", "base/**", "spec/**")
)
SPEC = """apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..200)
      note: text?
      size: int?
      weight: int?
  Shelf:
    fields:
      place: str
      level: int?
      width: int?
"""


def git(*arguments: str) -> None:
    """Run git in the working folder."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a repository; the working folder."""
    (tmp_path / "shop.yaml").write_text(SPEC)
    assert run("init", "shop", "--spec", "shop.yaml").exit_code == 0
    monkeypatch.chdir(tmp_path / "shop")
    Path(".gitattributes").write_text(ATTRIBUTES)
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "first")
    return tmp_path / "shop"


def on_branch(run: Run, name: str, *edits: tuple[str, str]) -> None:
    """Make a branch of `main` with a spec that was edited and a run."""
    git("checkout", "-q", "-b", name, "main")
    spec = Path("apigen.yaml")
    for before, after in edits:
        text = spec.read_text()
        assert before in text
        spec.write_text(text.replace(before, after))
    done = run("regenerate", "--allow-dirty", "--no-types")
    assert done.exit_code == 0, done.output
    git("add", "-A")
    git("commit", "-qm", name)


def ids() -> dict[str, str]:
    """Return the id of every live symbol of the lock."""
    lock = read_lock(Path())
    assert lock is not None
    return {one.qname: one.id for one in lock.symbols if not one.removed}


def merged(run: Run) -> str:
    """Merge `right` into `left` and run; return what the run said."""
    git("checkout", "-q", "left")
    git("merge", "-q", "-m", "merged", "right")
    done = run("regenerate", "--allow-dirty", "--no-types")
    assert done.exit_code == 0, done.output
    return done.output


def test_both_add_an_entity(run: Run, repository: Path) -> None:
    on_branch(run, "left", ("  Product:", "  Apple:\n    fields: { x: str }\n  Product:"))
    on_branch(run, "right", ("  Shelf:", "  Room:\n    fields: { y: str }\n  Shelf:"))

    merged(run)

    assert {"shop.Apple", "shop.Room", "shop.Product", "shop.Shelf"} <= set(ids())
    assert "Everything is up to date." in run("regenerate", "--allow-dirty").output


def test_one_renames_a_field_and_the_other_adds_one_elsewhere(run: Run, repository: Path) -> None:
    note = ids()["shop.Product.note"]
    on_branch(run, "left", ("      note: text?", "      remark: text? renamed_from=note"))
    on_branch(run, "right", ("      width: int?", "      width: int?\n      depth: int?"))

    said = merged(run)

    assert ids()["shop.Product.remark"] == note
    assert "shop.Shelf.depth" in ids()
    # What both did is in their own revisions: one more only joins them.
    assert [line for line in said.splitlines() if "column" in line] == []


def test_one_removes_a_field_and_the_other_adds_one(run: Run, repository: Path) -> None:
    git("checkout", "-q", "-b", "left", "main")
    spec = Path("apigen.yaml")
    spec.write_text(spec.read_text().replace("      size: int?\n", ""))
    agreed = ("--accept-data-loss", "Product.size", "--no-types")
    assert run("regenerate", "--allow-dirty", *agreed).exit_code == 0
    git("add", "-A")
    git("commit", "-qm", "left")
    on_branch(run, "right", ("      width: int?", "      width: int?\n      depth: int?"))

    merged(run)

    assert "shop.Product.size" not in ids()
    assert "shop.Shelf.depth" in ids()


def test_both_make_the_same_change(run: Run, repository: Path) -> None:
    edit = ("      width: int?", "      width: int?\n      depth: int?")
    on_branch(run, "left", edit)
    on_branch(run, "right", edit)
    right = ids()

    merged(run)

    assert ids() == right
