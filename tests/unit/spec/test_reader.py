"""Reading a spec from files: includes, and what may stand in them."""

from pathlib import Path

from apigen.spec.reader import read

ROOT = "apigen: 1\napp: shop\ninclude: parts/*.yaml\nentities:\n  A: { fields: { x: int } }\n"


def _write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "apigen.yaml"


def test_included_files_are_read_in_order_of_name(tmp_path: Path) -> None:
    part = "apigen: 1\nentities:\n  {}: {{ fields: {{ x: int }} }}\n"
    spec = _write(tmp_path, apigen=ROOT, parts__b=part.format("B"), parts__a=part.format("C"))

    outcome = read(spec)

    assert outcome.diagnostics == ()
    assert outcome.value is not None
    assert [file.name for file in outcome.value.files] == [
        "apigen.yaml",
        "parts/a.yaml",
        "parts/b.yaml",
    ]
    assert set(outcome.value.sources) == {"apigen.yaml", "parts/a.yaml", "parts/b.yaml"}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("apigen: 1\n", encoding="utf-8")
    spec = _write(tmp_path / "project", apigen=ROOT)
    (spec.parent / "parts").mkdir()
    (spec.parent / "parts" / "link.yaml").symlink_to(outside)

    outcome = read(spec)

    assert [found.code for found in outcome.diagnostics] == ["AG010"]


def test_a_file_included_twice_is_read_once(tmp_path: Path) -> None:
    root = ROOT.replace("parts/*.yaml", "[parts/a.yaml, parts/*.yaml]")
    spec = _write(tmp_path, apigen=root, parts__a="apigen: 1\n")

    outcome = read(spec)

    assert outcome.diagnostics == ()


def test_a_missing_root_is_reported(tmp_path: Path) -> None:
    outcome = read(tmp_path / "none.yaml")

    assert outcome.value is None
    assert [found.code for found in outcome.diagnostics] == ["AG010"]


def test_what_is_wrong_is_all_found_in_one_run(tmp_path: Path) -> None:
    spec = _write(
        tmp_path,
        apigen="apigen: 1\napp: shop\nfrob: 1\nentities:\n  A:\n    grpc: true\n    fields:\n"
        "      x: str!\n      y: { type: int, minn: 3 }\n      z: str =\n",
    )

    outcome = read(spec)

    assert [found.code for found in outcome.diagnostics] == [
        "AG005",
        "AG014",
        "AG205",
        "AG005",
        "AG209",
    ]
