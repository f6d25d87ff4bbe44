"""The lock tells a change of meaning from a move."""

from pathlib import Path

from apigen.disk.symbols import Symbol, print_symbols, symbols
from apigen.driver import judge

SPEC = """apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..200)
      price: decimal
      double: decimal := price * 2
"""


def locked(folder: Path, text: str) -> dict[str, Symbol]:
    """Return the symbols of a spec by qualified name."""
    (folder / "apigen.yaml").write_text(text)
    system = judge(folder / "apigen.yaml").system
    assert system is not None
    return {symbol.qname: symbol for symbol in symbols(system)}


def test_a_line_holds_id_kind_name_place_and_hash(tmp_path: Path) -> None:
    found = locked(tmp_path, SPEC)

    assert found["shop.Product"].storage == "products"
    assert found["shop.Product.name"].storage == "products.name"
    assert found["shop.Product.double"].storage == "-"
    symbol = found["shop.Product.name"]
    assert symbol.line() == f"{symbol.id} field shop.Product.name products.name {symbol.hash}"


def test_a_move_in_the_file_changes_nothing(tmp_path: Path) -> None:
    assert locked(tmp_path, SPEC) == locked(tmp_path, f"# a comment\n\n{SPEC}")


def test_a_change_of_a_field_changes_its_line_only(tmp_path: Path) -> None:
    before = locked(tmp_path, SPEC)

    after = locked(tmp_path, SPEC.replace("1..200", "1..100"))

    assert [name for name in before if before[name] != after[name]] == ["shop.Product.name"]


def test_the_text_has_a_line_a_symbol_sorted_by_id(tmp_path: Path) -> None:
    found = locked(tmp_path, SPEC)

    lines = print_symbols(tuple(found.values())).decode().splitlines()

    ids = [line.strip().strip('"').split()[0] for line in lines[1:-1]]
    assert ids == sorted(ids)
    assert len(ids) == len(found)
