"""The real pipeline: a spec that is only ever edited by commands, and the project with it."""

from pathlib import Path

import pytest

from tests.cli.test_process import apigen

ONE = """\
# The shop of the README.
apigen: 1
app: shop
entities:
  Customer:
    fields: { name: str(1..120) search, email: email unique }  # who buys
  Order:
    fields:
      customer: ref(Customer) inverse=orders
      total: decimal := sum(line.price * line.quantity for line in lines)
    children:
      lines: { fields: { product: str(1..80), price: decimal(0..), quantity: int(1..) = 1 } }
"""
PARTS = {
    "apigen.yaml": "apigen: 1\napp: shop\ninclude: ['contexts/*.yaml']\n",
    "contexts/people.yaml": """\
apigen: 1
context: people
entities:
  Customer:
    fields: { name: str(1..120) search, email: email unique }  # who buys
""",
    "contexts/sales.yaml": """\
apigen: 1
context: sales
entities:
  Order:
    fields:
      total: decimal := sum(line.price * line.quantity for line in lines)
    children:
      lines: { fields: { product: str(1..80), price: decimal(0..), quantity: int(1..) = 1 } }
""",
}
STEPS = (
    ("add-entity", "Note", "--field", "text: str(1..500)", "--field", "pinned: bool = false"),
    ("add-field", "Note", "author: str(1..80)?"),
    ("add-field", "Order.OrderLine", "note: text?"),
    ("rename-field", "Note", "text", "body"),
    ("rename-field", "OrderLine", "quantity", "number"),
    ("remove-field", "Note", "pinned", "--accept-data-loss", "Note.pinned"),
    ("rename-entity", "Note", "Memo"),
    ("rename-entity", "Customer", "Client"),
    ("remove-entity", "Memo", "--accept-data-loss", "Memo"),
)
LINES = "lines: { fields: { product: str(1..80), price: decimal(0..), "


def _live(folder: Path, *, context: tuple[str, ...]) -> Path:
    """Make a project and take every step; each leaves a project that is what its spec says."""
    done = apigen("init", "shop", "--spec", "apigen.yaml", cwd=folder)
    assert done.returncode == 0, done.stderr
    project = folder / "shop"
    for step in STEPS:
        more = context if step[0] == "add-entity" else ()
        done = apigen(*step, *more, "--dir", str(project), cwd=folder)
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
        done = apigen("check", "--dir", str(project), cwd=folder)
        assert done.returncode == 0, f"{step}\n{done.stdout}{done.stderr}"
    return project


def _later(text: str) -> str:
    """Return a spec of this page after all steps."""
    return (
        text.replace("  Customer:\n", "  Client:\n    renamed_from: Customer\n")
        .replace("ref(Customer)", "ref(Client)")
        .replace("line.quantity", "line.number")
        .replace(
            f"{LINES}quantity: int(1..) = 1 }} }}",
            f"{LINES}number: int(1..) renamed_from=quantity = 1, note: text? }} }}",
        )
    )


@pytest.mark.slow
def test_a_spec_in_one_file_lives_by_commands(tmp_path: Path) -> None:
    (tmp_path / "apigen.yaml").write_text(ONE)

    project = _live(tmp_path, context=())

    text = (project / "apigen.yaml").read_text().partition("\n")[2]
    assert text == _later(ONE)
    names = sorted(place.name for place in (project / "src/shop/interface/api/v1").glob("*s.py"))
    assert names == ["clients.py", "orders.py"]


@pytest.mark.slow
def test_a_spec_in_several_files_lives_by_commands(tmp_path: Path) -> None:
    for name, text in PARTS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    project = _live(tmp_path, context=("--context", "sales"))

    for name in ("contexts/people.yaml", "contexts/sales.yaml"):
        assert (project / name).read_text() == _later(PARTS[name])
