"""A spec read from texts is the spec read from the disk."""

from pathlib import Path

import pytest

from apigen.spec.reader import matches, read, read_texts

ROOT = "apigen: 1\napp: shop\ninclude: ['parts/*.yaml']\nseeds: { dev: { Item: rows.json } }\n"
PART = "apigen: 1\nentities: { Item: { fields: { name: str(1..9) } } }\n"


def test_texts_read_as_files_do(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "apigen.yaml").write_text(ROOT)
    (tmp_path / "parts/item.yaml").write_text(PART)
    (tmp_path / "rows.json").write_text("[]")

    from_disk = read(tmp_path / "apigen.yaml")
    from_texts = read_texts({"apigen.yaml": ROOT, "parts/item.yaml": PART, "other.yaml": "x"})

    assert from_disk.diagnostics == ()
    assert from_texts == from_disk


def test_a_pattern_without_a_text_is_told() -> None:
    found = read_texts({"apigen.yaml": ROOT}).diagnostics

    assert [(one.code, one.message) for one in found] == [
        ("AG010", "`parts/*.yaml` matches no file")
    ]


def test_texts_that_include_each_other_are_told() -> None:
    texts = {
        "apigen.yaml": "apigen: 1\napp: shop\ninclude: [a.yaml]\n",
        "a.yaml": "apigen: 1\ninclude: [b.yaml]\n",
        "b.yaml": "apigen: 1\ninclude: [a.yaml]\n",
    }

    found = read_texts(texts).diagnostics

    assert [one.message for one in found] == [
        "`a.yaml` includes itself through a.yaml → b.yaml → a.yaml"
    ]


@pytest.mark.parametrize(
    ("pattern", "name", "base", "wanted"),
    [
        ("*.yaml", "a.yaml", "", True),
        ("*.yaml", "b/a.yaml", "", False),
        ("**/*.yaml", "a.yaml", "", True),
        ("**/*.yaml", "b/c/a.yaml", "", True),
        ("b/**/a.yaml", "b/a.yaml", "", True),
        ("[ab].yaml", "b.yaml", "", True),
        ("?.yaml", "bb.yaml", "", False),
        ("*.yaml", "b/a.yaml", "b", True),
        ("a.yaml", "bc/a.yaml", "b", False),
    ],
)
def test_patterns_match_names_as_they_match_files(
    pattern: str, name: str, base: str, wanted: bool, tmp_path: Path
) -> None:
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()

    assert matches(pattern, name, base=base) is wanted
    assert (place in (tmp_path / base).glob(pattern)) is wanted
