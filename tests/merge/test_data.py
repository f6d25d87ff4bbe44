"""What only calls show: which merger a file gets, restoring, texts that are no data."""

import subprocess
import sys

import pytest

from apigen.merge.conflict_text import mine_alone
from apigen.merge.data.json import merge_json
from apigen.merge.data.toml import merge_toml
from apigen.merge.data.yaml import merge_yaml, read_yaml
from apigen.merge.files import merge_file
from apigen.merge.merged import Happened, Unmergeable

GITIGNORE = "__pycache__/\n.venv/\n*.db\n"


def test_both_sides_add_to_a_gitignore_and_neither_is_asked() -> None:
    mine = GITIGNORE + "# ours\nsecrets/\n"
    theirs = GITIGNORE.replace("*.db\n", "*.db\n*.db-wal\n")

    merged = merge_file("deep/.gitignore", GITIGNORE, mine, theirs)

    assert merged.conflicts == ()
    assert merged.text == "__pycache__/\n.venv/\n*.db\n*.db-wal\n# ours\nsecrets/\n"


def test_a_line_that_apigen_drops_leaves_a_gitignore_and_one_the_owner_dropped_stays_away() -> None:
    mine = GITIGNORE.replace(".venv/\n", "")
    theirs = GITIGNORE.replace("*.db\n", "")

    assert merge_file(".gitignore", GITIGNORE, mine, theirs).text == "__pycache__/\n"


def test_other_files_are_merged_by_lines() -> None:
    merged = merge_file("Dockerfile", "FROM a\nRUN x\n", "FROM b\nRUN x\n", "FROM c\nRUN x\n")

    assert merged.text == (
        "<<<<<<< yours\nFROM b\n||||||| last generated\nFROM a\n=======\nFROM c\n"
        ">>>>>>> newly generated\nRUN x\n"
    )
    assert [(c.line, c.mine, c.base, c.theirs) for c in merged.conflicts] == [
        (1, "FROM b\n", "FROM a\n", "FROM c\n")
    ]


def test_what_both_sides_wrote_alike_is_no_conflict() -> None:
    merged = merge_file("Makefile", "a\nb\n", "a\nx\nb\n", "a\nx\nb\nc\n")

    assert (merged.text, merged.conflicts) == ("a\nx\nb\nc\n", ())


def test_restore_brings_back_a_key_the_owner_deleted() -> None:
    base = "[a]\nx = 1\n\n[b]\ny = 2\n"
    mine = "[a]\nx = 1\nmine = true\n"
    theirs = base.replace("y = 2", "y = 3")

    stays = merge_file("pyproject.toml", base, mine, theirs)
    back = merge_file("pyproject.toml", base, mine, theirs, restore=frozenset({"b"}))

    assert stays.text == mine
    assert [(r.happened, r.symbol) for r in stays.remarks] == [(Happened.STAYS_DELETED, "b")]
    assert back.text == "[a]\nx = 1\nmine = true\n\n[b]\ny = 3\n"
    assert [(r.happened, r.symbol) for r in back.remarks] == [(Happened.RESTORED, "b")]


def test_only_the_other_side_reorders_a_sequence_and_its_order_is_taken() -> None:
    base = 'layers = [\n  "a",\n  "b",\n  "c",\n]\nx = 1\n'
    mine = base.replace('  "c",\n', '  "c", # last\n  "mine",\n')
    theirs = 'layers = [\n  "c",\n  "a",\n  "b",\n]\nx = 1\n'

    merged = merge_toml(base, mine, theirs)

    assert merged.text == 'layers = [\n  "c", # last\n  "mine",\n  "a",\n  "b",\n]\nx = 1\n'


def test_both_sides_replace_an_item_differently_and_the_owner_is_asked() -> None:
    merged = merge_yaml("on: [main, dev]\n", "on: [main, own]\n", "on: [main, next]\n")

    assert [conflict.symbol for conflict in merged.conflicts] == ["on"]


def test_words_that_both_sides_add_to_a_command_at_one_place_are_a_conflict() -> None:
    merged = merge_yaml(
        "command: [run]\nports: [1]\n",
        "command: [run, --fast]\nports: [1, 2]\n",
        "command: [run, --safe]\nports: [1, 3]\n",
    )

    assert [conflict.symbol for conflict in merged.conflicts] == ["command"]
    assert merged.text.endswith("ports: [1, 3, 2]\n")


def test_an_anchor_that_is_used_by_the_owner_is_not_dropped_under_them() -> None:
    base = "x: &x\n  a: 1\ny:\n  <<: *x\n"
    mine = "x: &x\n  a: 1\ny:\n  <<: *x\nz:\n  <<: *x\n"
    theirs = "y:\n  a: 1\n"

    merged = merge_yaml(base, mine, theirs)

    assert [conflict.symbol for conflict in merged.conflicts] == [""]
    assert read_yaml(mine_alone(merged.text)).root == read_yaml(mine).root


def test_what_has_no_place_in_the_layout_is_merged_by_lines() -> None:
    theirs = 'c:\n  - name: "b"\n    v: 2\nd: 1\n'

    merged = merge_yaml("c: []\nd: 1\n", "c: [19]\nd: 1\n", theirs)

    assert merged.text == (
        "<<<<<<< yours\nc: [19]\n||||||| last generated\nc: []\n=======\n"
        'c:\n  - name: "b"\n    v: 2\n>>>>>>> newly generated\nd: 1\n'
    )


@pytest.mark.parametrize(
    ("path", "broken"),
    [
        ("pyproject.toml", "[a\n"),
        ("pyproject.toml", "a = 1\na = 2\n"),
        ("compose.yaml", "a: [\n"),
        ("compose.yaml", "a: 1\na: 2\n"),
        ("compose.yml", "a: 1\n---\nb: 2\n"),
        ("compose.yml", "? a\n: 1\n"),
        ("seeds/a.json", "{,}\n"),
        ("seeds/a.json", '{"a": 1, "a": 2}\n'),
    ],
)
def test_a_text_that_is_no_plain_data_is_not_merged_by_key(path: str, broken: str) -> None:
    good = '{"a": 1}\n' if path.endswith("json") else "a = 1\n" if "toml" in path else "a: 1\n"

    with pytest.raises(Unmergeable):
        merge_file(path, good, broken, good.replace("1", "2"))


def test_json_without_a_line_end_stays_without_one() -> None:
    merged = merge_json('{\n  "a": 1,\n  "b": 2\n}', '{\n  "a": 3,\n  "b": 2\n}', '{\n  "a": 1\n}')

    assert merged.text == '{\n  "a": 3\n}'


def test_a_text_that_only_one_side_changed_loads_no_library() -> None:
    program = (
        "import sys\n"
        "from apigen.merge.files import merge_file\n"
        "assert merge_file('Makefile', 'a', 'a', 'b').text == 'b'\n"
        "assert merge_file('a.toml', 'a=1', 'a=1', 'a=2').text == 'a=2'\n"
        "print([name for name in ('merge3', 'ruamel', 'libcst', 'tomlkit') if name in sys.modules])"
    )

    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ran.stdout == "[]\n"
