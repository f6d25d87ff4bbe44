"""What is said about a run: the list, the remarks, the sentence, the same as JSON."""

import json
from dataclasses import replace

import pytest

from apigen.cli.change_text import blocked_report, kind, listing, remark_line, sentence
from apigen.cli.notation import Notation
from apigen.cli.report_json import run_as_json
from apigen.cli.run_report import print_report
from apigen.disk.conflicts import OpenConflict
from apigen.merge.changes import (
    Blocked,
    Change,
    Delete,
    Keep,
    Kept,
    Move,
    Reason,
    Rewrite,
    Update,
)
from apigen.merge.manifest import ManifestEntry
from apigen.merge.merged import Happened, Remark
from apigen.merge.worktree import digest
from apigen.plan.file import FileClass
from apigen.typecheck.report import Finding, Misfit, TypeReport
from tests.cli.reports import (
    NOTE_IS_NEW,
    SPAN,
    conflict,
    create,
    evolution,
    merge,
    rendered,
    report,
    update,
)

MINE = merge("src/shop/b.py", "x = 1\n\n\ndef mine() -> int:\n    return 2\n")
TORN = merge("src/shop/c.py", "x = 1\n", conflicts=(conflict("Task.rename", 12), conflict("", 30)))
MOVED = Move(path="src/shop/e.py", source="src/shop/d.py", change=update("src/shop/e.py"))
KEPT = Keep(path="src/shop/f.py", kept=Kept.EDITED, file=rendered("src/shop/f.py"))
ORPHAN = Keep(path="src/shop/g.py", kept=Kept.ORPHANED, file=None)
OUT = Keep(path="src/shop/h.py", kept=Kept.DELETED, file=rendered("src/shop/h.py"))
SAME = Keep(path="src/shop/i.py", kept=Kept.UNCHANGED, file=rendered("src/shop/i.py"))
REWRITTEN = Rewrite(path="src/shop/own.py", before="", content=b"", lines=(3, 7))
VENDORED = Blocked(
    path="src/shop/support/a.py",
    reason=Reason.VENDORED,
    file=rendered("src/shop/support/a.py"),
)
ALL: tuple[Change, ...] = (
    create("src/shop/a.py"),
    MINE,
    TORN,
    MOVED,
    KEPT,
    ORPHAN,
    OUT,
    SAME,
    update("src/shop/j.py"),
    REWRITTEN,
    Delete(path="src/shop/k.py", before=""),
)


def test_every_change_but_an_unchanged_file_has_a_line() -> None:
    assert list(listing(ALL)) == [
        "  create    src/shop/a.py",
        "  merge     src/shop/b.py (with mine of yours)",
        "  conflict  src/shop/c.py:12: Task.rename",
        "  conflict  src/shop/c.py:30",
        "  move      src/shop/d.py -> src/shop/e.py",
        "  kept      src/shop/f.py (your edits)",
        "  orphan    src/shop/g.py (the spec has no use for it, but you edited it)",
        "  kept out  src/shop/h.py (you deleted it; `apigen regenerate --restore src/shop/h.py`)",
        "  update    src/shop/j.py",
        "  rewrite   src/shop/own.py (lines 3, 7)",
        "  delete    src/shop/k.py",
    ]


def test_the_sentence_counts_what_happened() -> None:
    assert sentence(ALL, planned=False) == (
        "Created 1 file, updated 1, merged 1, left 1 in conflict, moved 1, rewrote 1, "
        "kept 3 of yours, removed 1."
    )


def test_the_sentence_counts_what_would_happen() -> None:
    assert sentence(ALL, planned=True) == (
        "Would create 1 file, update 1, merge 1, leave 1 in conflict, move 1, rewrite 1, "
        "keep 3 of yours, remove 1."
    )


def test_nothing_to_do_is_one_sentence() -> None:
    assert sentence((SAME,), planned=False) == "Everything is up to date."


def test_a_merge_that_changes_no_byte_is_a_kept_file() -> None:
    same = replace(MINE, before=digest(MINE.content))

    assert kind(same) == "keep"
    assert list(listing([same])) == ["  kept      src/shop/b.py (your edits)"]


def test_of_many_symbols_three_are_named() -> None:
    text = "x = 1\n" + "".join(f"def f{number}() -> None: ...\n" for number in range(5))

    assert list(listing([merge("a.py", text)])) == [
        "  merge     a.py (with f0, f1, f2 and 2 symbols more of yours)"
    ]


def test_of_a_text_the_lines_are_counted() -> None:
    torn = merge("Makefile", "a:\n\techo a\nb:\n", theirs="a:\n")

    assert list(listing([torn])) == ["  merge     Makefile (with 2 lines of yours)"]


def test_a_merged_file_says_what_its_owner_left_out() -> None:
    """No symbol is different then, and no line end is."""
    left_out = merge("a.py", "x = 1\n", theirs="import b\n\nx = 1\n\n\ndef f(): ...\n")
    lines = merge("Makefile", "a:\n", theirs="a:\nb:\n")

    assert list(listing([left_out, lines])) == [
        "  merge     a.py (with import b, f left out by you)",
        "  merge     Makefile (with 1 line left out by you)",
    ]


def test_a_merge_below_a_move_is_told_with_it() -> None:
    move = Move(path="b.py", source="a.py", change=replace(MINE, path="b.py"))
    torn = Move(path="b.py", source="a.py", change=replace(TORN, path="b.py"))

    assert list(listing([move])) == ["  move      a.py -> b.py (with mine of yours)"]
    assert list(listing([torn]))[:2] == [
        "  move      a.py -> b.py",
        "  conflict  b.py:12: Task.rename",
    ]


@pytest.mark.parametrize(
    ("remark", "said"),
    [
        (
            Remark(happened=Happened.STAYS_DELETED, symbol="Task.rename"),
            (
                "a.py::Task.rename stays deleted; for the new one: "
                "`apigen regenerate --restore a.py::Task.rename`"
            ),
        ),
        (
            Remark(happened=Happened.MOVED, symbol="handle", detail="b.py::handle"),
            "a.py::handle looks moved to b.py::handle: `apigen adopt b.py::handle`",
        ),
        (
            Remark(happened=Happened.RENAMED, symbol="handle", detail="process"),
            "a.py::handle was renamed to process by you; it is kept up to date there",
        ),
        (
            Remark(happened=Happened.ORPHANED, symbol="old"),
            (
                "a.py::old is kept without use, because you edited it: delete it, or "
                "`apigen adopt a.py::old`"
            ),
        ),
        (Remark(happened=Happened.RESTORED, symbol=""), "a.py is back"),
    ],
    ids=lambda value: value.happened.name if isinstance(value, Remark) else "",
)
def test_a_remark_names_the_symbol_and_the_command(remark: Remark, said: str) -> None:
    assert remark_line("a.py", remark) == said


def test_what_stops_a_run_is_named_with_its_way_out() -> None:
    dirty = Blocked(path="b.py", reason=Reason.DIRTY, file=None)
    torn = Blocked(path="c.py", reason=Reason.UNREADABLE, file=None, detail="line 3: (")

    assert blocked_report([VENDORED, dirty, torn]).splitlines() == [
        "3 files stop this run:",
        "  src/shop/support/a.py",
        "    = vendored code that was edited by hand",
        (
            "    = help: `apigen eject src/shop/support/a.py` makes the file yours, "
            "and it is merged from then on"
        ),
        "  c.py: line 3: (",
        "    = does not parse, so nothing can be merged into it",
        "    = help: mend the file, then run it again",
        "  b.py",
        "    = has edits that are not committed",
        "    = help: commit them, or run it with --allow-dirty",
    ]


def test_every_reason_to_stop_has_a_way_out() -> None:
    for reason in Reason:
        assert "help: " in blocked_report([Blocked(path="a.py", reason=reason, file=None)])


MISFIT = Misfit(
    finding=Finding(
        path="src/shop/own.py",
        line=9,
        column=12,
        message='"Product" has no attribute "price"',
        code="attr-defined",
    ),
    text="return product.price",
    cause="field `Product.price` is gone",
    symbol="shop.Product.price",
    span=SPAN,
)


def test_a_run_is_told_on_both_streams(capsys: pytest.CaptureFixture[str]) -> None:
    orphaned = Remark(happened=Happened.ORPHANED, symbol="old")
    done = report(
        merge("src/shop/b.py", "x = 1\n\nold = 2\n", remarks=(orphaned,)),
        evolution=evolution(NOTE_IS_NEW),
        orphans=("src/shop/b.py::old",),
        types=TypeReport(misfits=(MISFIT,), others=2, checked=1),
    )

    print_report(done, planned=False)

    said = capsys.readouterr()
    assert said.out == "  merge     src/shop/b.py (with old of yours)\n"
    lines = said.err.splitlines()
    assert lines[0] == (
        "  src/shop/b.py::old is kept without use, because you edited it: delete it, or "
        "`apigen adopt src/shop/b.py::old`"
    )
    assert any("field `Product.note` is new" in line for line in lines)
    assert lines[-6:] == [
        "1 line of yours no longer fits:",
        "  src/shop/own.py:9: return product.price",
        '    "Product" has no attribute "price"  [attr-defined]',
        "    = because: field `Product.price` is gone (apigen.yaml:7)",
        "  mypy has 2 findings more that this run has no part in",
        "Merged 1 file.",
    ]


def test_the_entry_for_the_changelog_follows_the_summary(
    capsys: pytest.CaptureFixture[str],
) -> None:
    changed = replace(
        evolution(NOTE_IS_NEW),
        changelog="## [0.2.0] - Unreleased\n\n### Added\n\n- Field `Product.note` is new.\n",
    )

    print_report(report(update("a.py"), evolution=changed), planned=False)

    assert capsys.readouterr().err.splitlines()[-5:] == [
        "For the changelog of the API:",
        "  ## [0.2.0] - Unreleased",
        "  ### Added",
        "  - Field `Product.note` is new.",
        "Updated 1 file.",
    ]


def test_a_check_that_could_not_be_made_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(report(types=TypeReport(note="types were not checked: no mypy")), planned=False)

    assert capsys.readouterr().err.splitlines()[0] == "Types were not checked: no mypy"


def test_a_run_that_is_stopped_names_only_what_stops_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_report(report(update("a.py"), VENDORED, written=False), planned=True)

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("1 file stops this run:\n")
    assert said.err.endswith("Nothing would be written.\n")


def test_the_json_of_a_run_has_everything(capsys: pytest.CaptureFixture[str]) -> None:
    entry = ManifestEntry(
        path="src/shop/c.py", file_class=FileClass.MERGED, sha256="", elements=("shop.Product",)
    )
    stays = Remark(happened=Happened.STAYS_DELETED, symbol="Task.old")
    done = report(
        replace(TORN, merged=replace(TORN.merged, remarks=(stays,))),
        SAME,
        ORPHAN,
        REWRITTEN,
        evolution=evolution(NOTE_IS_NEW),
        open_conflicts=(OpenConflict(entry=entry, symbols=("Task.rename", "")),),
        orphans=("src/shop/g.py",),
        types=TypeReport(misfits=(MISFIT,), checked=1),
    )

    print_report(done, planned=False, notation=Notation.JSON)

    told = json.loads(capsys.readouterr().out)
    assert (told["planned"], told["written"]) == (False, True)
    assert told["counts"] == {"conflict": 1, "orphan": 1, "rewrite": 1}
    assert told["files"][0] == {
        "path": "src/shop/c.py",
        "kind": "conflict",
        "class": "merged",
        "elements": ["shop.Product"],
        "detail": "",
        "conflicts": [{"symbol": "Task.rename", "line": 12}, {"symbol": "", "line": 30}],
        "remarks": [
            {
                "happened": "stays deleted",
                "symbol": "Task.old",
                "detail": "",
                "command": "apigen regenerate --restore src/shop/c.py::Task.old",
            }
        ],
    }
    assert told["files"][1]["reason"] == "orphaned"
    assert told["files"][2]["lines"] == [3, 7]
    assert told["conflicts"] == [{"path": "src/shop/c.py", "symbols": ["Task.rename", ""]}]
    assert told["orphans"] == ["src/shop/g.py"]
    assert told["evolution"]["changes"][0]["symbol"] == "shop.Product.note"
    assert told["types"]["misfits"][0]["spec"] == {"file": "apigen.yaml", "line": 7, "column": 7}


def test_the_json_of_a_move_has_both_places() -> None:
    (told,) = json.loads(run_as_json(report(MOVED), planned=True))["files"]

    assert (told["source"], told["path"], told["kind"]) == (
        "src/shop/d.py",
        "src/shop/e.py",
        "move",
    )
    assert isinstance(MOVED.change, Update)
