"""Every folder `<NN-slug>` holds base, mine, theirs and expected: what becomes of three versions.

NN is the number of the case in the design of merging. `report.json`, where there is one, lists the
symbols in conflict, the remarks (what happened, symbol, detail) and the symbols to restore.
`APIGEN_UPDATE=1 pytest tests/merge/test_cases.py` writes the expectations anew: then read the
difference.
"""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from apigen.merge.conflict_text import MINE
from apigen.merge.files import merge_file
from apigen.merge.invariant import lost_words
from apigen.merge.merged import Merged
from apigen.merge.python.module import merge_symbols

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("[0-9][0-9]-*/base.*"))
UPDATE = os.environ.get("APIGEN_UPDATE") == "1"


class _Case:
    """A folder, read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.suffix = next(folder.glob("base.*")).suffix
        self.base, self.mine, self.theirs = (
            (folder / f"{side}{self.suffix}").read_text(encoding="utf-8")
            for side in ("base", "mine", "theirs")
        )
        report = folder / "report.json"
        self.report = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        self.restore = frozenset(self.report.get("restore", ()))

    def merged(self, base: str, mine: str, theirs: str) -> Merged:
        """Merge; Python without the net that turns a broken promise into a conflict."""
        if self.suffix == ".py":
            return merge_symbols(base, mine, theirs, restore=self.restore)
        return merge_file(f"file{self.suffix}", base, mine, theirs, restore=self.restore)


def _read(case: Path) -> _Case:
    return _Case(case)


def _said(merged: Merged) -> dict[str, list[object]]:
    remarks = [
        [each.happened.value, each.symbol, *([each.detail] if each.detail else [])]
        for each in merged.remarks
    ]
    said: dict[str, list[object]] = {
        "conflicts": [conflict.symbol for conflict in merged.conflicts],
        "remarks": list(remarks),
    }
    return {key: value for key, value in said.items() if value}


def _write(case: _Case, merged: Merged) -> None:
    (case.folder / f"expected{case.suffix}").write_text(merged.text, encoding="utf-8")
    report = _said(merged) | ({"restore": sorted(case.restore)} if case.restore else {})
    path = case.folder / "report.json"
    if report:
        path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    else:
        path.unlink(missing_ok=True)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_merge_is_as_expected(folder: Path) -> None:
    """Text, conflicts and remarks are those of the folder, and nothing of the owner's is lost."""
    case = _read(folder)

    merged = case.merged(case.base, case.mine, case.theirs)

    if UPDATE:
        _write(case, merged)
    assert merged.text == (folder / f"expected{case.suffix}").read_text(encoding="utf-8")
    said = _said(merged)
    assert said.get("conflicts", []) == case.report.get("conflicts", []) or UPDATE
    expected = case.report.get("remarks", [])
    remarks = said.get("remarks", [])
    assert UPDATE or len(remarks) == len(expected)
    for remark, wanted in zip(remarks, expected, strict=False):
        assert UPDATE or remark[: len(wanted)] == wanted  # type: ignore[index] # a list
    lines = merged.text.split("\n")
    assert [lines[each.line - 1] for each in merged.conflicts] == [MINE] * len(merged.conflicts)
    if case.suffix == ".py":
        assert lost_words(case.base, case.mine, case.theirs, merged.text) == ()


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_one_side_alone_is_kept_byte_for_byte(folder: Path) -> None:
    """Merging with an unchanged side gives the other one, and a side with itself gives it back."""
    case = _read(folder)
    case.restore = frozenset()

    assert case.merged(case.base, case.mine, case.base).text == case.mine
    assert case.merged(case.base, case.base, case.theirs).text == case.theirs
    assert case.merged(case.base, case.theirs, case.theirs).text == case.theirs


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_second_merge_changes_nothing(folder: Path) -> None:
    """The next run, whose base is what was generated, leaves the result; and it is Python."""
    case = _read(folder)
    expected = (folder / f"expected{case.suffix}").read_text(encoding="utf-8")
    if MINE in expected:
        assert case.report["conflicts"]
        return

    assert case.merged(case.theirs, expected, case.theirs).text == expected
    if case.suffix == ".py":
        ast.parse(expected)


def _complaints(command: list[str], paths: list[str]) -> set[str]:
    """Give the files that ruff names."""
    run = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length=100", *paths],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE,
    )
    return {path for path in paths if path in run.stdout}


@pytest.mark.parametrize(
    "command",
    [
        ["check", "--select=I", "--config=lint.isort.known-first-party=['todo', 'chinook']"],
        ["format", "--check"],
    ],
    ids=["sorted imports", "formatted"],
)
def test_what_is_tidy_on_both_sides_is_tidy_when_merged(command: list[str]) -> None:
    """Owners whose linter was content with their file have nothing to do after a merge."""
    folders = [
        folder
        for folder in CASES
        if (folder / "expected.py").exists() and MINE not in (folder / "expected.py").read_text()
    ]
    names = ("mine.py", "theirs.py", "expected.py")

    untidy = _complaints(command, [f"{each.name}/{name}" for each in folders for name in names])

    tidy = [
        folder.name
        for folder in folders
        if not {f"{folder.name}/mine.py", f"{folder.name}/theirs.py"} & untidy
    ]
    assert 40 < len(tidy) < len(folders)
    assert [name for name in tidy if f"{name}/expected.py" in untidy] == []


def test_there_are_cases() -> None:
    """The glob above finds the folders."""
    assert len(CASES) > 50
