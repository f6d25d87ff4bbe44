"""`apigen check`: what is found, how it is written, how it ends."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import apigen
from apigen import driver
from apigen.cli.change_text import way_out
from apigen.cli.exits import Check
from apigen.cli.finding_text import as_github, as_json, as_text, diagnostic_exit
from apigen.cli.project_findings import project_findings
from apigen.diagnostics import Diagnostic, Severity
from apigen.diagnostics.machine import as_sarif
from apigen.diagnostics.project_finding import ProjectFinding
from apigen.disk.conflicts import OpenConflict
from apigen.merge.changes import Blocked, Change, Delete, Keep, Kept, Move, Reason, Rewrite
from apigen.merge.manifest import Manifest, ManifestEntry
from apigen.plan.file import FileClass
from tests.cli.conftest import Run, add_field
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

MODULE = "src/shop/product.py"
ENTRY = ManifestEntry(
    path="src/shop/c.py", file_class=FileClass.MERGED, sha256="", elements=("shop.Product",)
)


def _found(project: Path, *changes: Change, **more: object) -> tuple[ProjectFinding, ...]:
    return project_findings(project, report(*changes, written=False, **more))


def _told(found: ProjectFinding) -> tuple[str, str, int, str]:
    return found.kind.id, found.file, found.kind.exit, found.command


@pytest.mark.parametrize(
    ("change", "kind", "exit", "command"),
    [
        (create("a.py"), "spec-ahead", 1, "apigen regenerate"),
        (update("a.py"), "spec-ahead", 1, "apigen regenerate"),
        (merge("a.py", "y = 1\n"), "spec-ahead", 1, "apigen regenerate"),
        (Delete(path="a.py", before=""), "spec-ahead", 1, "apigen regenerate"),
        (
            Rewrite(path="a.py", before="", content=b"", lines=(4,)),
            "spec-ahead",
            1,
            "apigen regenerate",
        ),
        (
            Move(path="b.py", source="a.py", change=update("b.py")),
            "spec-ahead",
            1,
            "apigen regenerate",
        ),
        (
            Blocked(path="a.py", reason=Reason.VENDORED, file=None),
            "vendored-edited",
            2,
            "apigen eject a.py",
        ),
        (merge("a.py", "", conflicts=(conflict("Task", 3),)), "conflict", 3, "apigen regenerate"),
        (
            Blocked(path="a.py", reason=Reason.MARKERS, file=None),
            "in-the-way",
            3,
            "apigen resolve a.py",
        ),
        (
            Blocked(path="a.py", reason=Reason.FOREIGN, file=None),
            "in-the-way",
            3,
            "",
        ),
        (Keep(path="a.py", kept=Kept.ORPHANED, file=None), "orphan", 3, "apigen adopt a.py"),
    ],
)
def test_each_change_is_a_finding_with_its_command(
    tmp_path: Path, change: Change, kind: str, exit: int, command: str
) -> None:
    (found,) = _found(tmp_path, change)

    assert _told(found) == (kind, "a.py", exit, command)


@pytest.mark.parametrize("reason", list(Reason))
def test_the_way_out_is_what_a_run_that_stops_there_says(tmp_path: Path, reason: Reason) -> None:
    (found,) = _found(tmp_path, Blocked(path="a.py", reason=reason, file=None))

    assert list(as_text([found])) == [f"a.py: {reason.value}\n  = help: {way_out(reason, 'a.py')}"]
    assert way_out(reason, "a.py") in next(as_github([found]))
    (row,) = json.loads(as_json([found], ()))
    assert row["command"] in way_out(reason, "a.py")
    assert row["command"]


def test_nothing_is_advised_that_can_not_be_done(tmp_path: Path) -> None:
    """A file of the owner's own is nothing that apigen could give away."""
    (found,) = _found(tmp_path, Blocked(path="a.py", reason=Reason.FOREIGN, file=None))

    assert list(as_text([found])) == [
        "a.py: in the way: apigen did not write it\n  = help: rename or remove it"
    ]


@pytest.mark.parametrize("kept", [Kept.UNCHANGED, Kept.EDITED, Kept.SEED, Kept.DELETED])
def test_what_its_owner_did_alone_is_no_finding(tmp_path: Path, kept: Kept) -> None:
    assert _found(tmp_path, Keep(path="a.py", kept=kept, file=rendered("a.py"))) == ()


def test_a_finding_names_the_symbols_and_the_changed_elements(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("class Product:\n    name: str\n")
    change = replace(
        update("a.py"),
        file=rendered(
            "a.py", "class Product:\n    name: str\n    note: str\n", of=("shop.Product", "shop.A")
        ),
    )

    (found,) = _found(tmp_path, change, evolution=evolution(NOTE_IS_NEW))

    assert found.symbols == ("Product.note",)
    assert found.elements == ("shop.Product.note",)
    assert list(as_text([found])) == [
        (
            "a.py: not what the spec says: Product.note (shop.Product.note)\n"
            "  = help: `apigen regenerate`"
        )
    ]


def test_an_open_conflict_is_found_at_its_markers(tmp_path: Path) -> None:
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "src/shop/c.py").write_text(
        "a = 1\n<<<<<<< yours\n=======\n>>>>>>> newly generated\n\n<<<<<<< yours\n"
    )
    open_conflict = OpenConflict(entry=ENTRY, symbols=("Task.rename", "Task.title"))

    found = _found(tmp_path, open_conflicts=(open_conflict,))

    assert [(one.line, one.symbols, one.command) for one in found] == [
        (2, ("Task.rename",), "apigen resolve src/shop/c.py"),
        (6, ("Task.title",), "apigen resolve src/shop/c.py"),
    ]


def test_an_orphan_of_the_record_and_of_the_run_is_one(tmp_path: Path) -> None:
    gone = Keep(path="a.py", kept=Kept.ORPHANED, file=None)

    found = _found(tmp_path, gone, orphans=("a.py", "b.py::Task.old"))

    assert [(one.file, one.symbols, one.command) for one in found] == [
        ("a.py", (), "apigen adopt a.py"),
        ("b.py", ("Task.old",), "apigen adopt b.py::Task.old"),
    ]


@pytest.mark.parametrize("version", ["9.9.9", None])
def test_a_project_of_another_version_is_to_be_upgraded(
    tmp_path: Path, version: str | None
) -> None:
    manifest = Manifest(entries={ENTRY.path: ENTRY}, version=version)

    (found,) = _found(tmp_path, manifest=manifest)

    assert _told(found) == ("other-version", ".apigen/manifest.json", 4, "apigen upgrade")


def test_a_project_of_this_version_is_fine(tmp_path: Path) -> None:
    manifest = Manifest(entries={ENTRY.path: ENTRY}, version=apigen.__version__)

    assert _found(tmp_path, manifest=manifest) == ()


@pytest.mark.parametrize(
    ("code", "severity", "exit"),
    [
        ("AG201", Severity.ERROR, Check.AHEAD),
        ("AG105", Severity.WARNING, 0),
        ("AG801", Severity.WARNING, Check.UNACKNOWLEDGED),
        ("AG803", Severity.ERROR, Check.UNACKNOWLEDGED),
        ("AG804", Severity.ERROR, Check.UNACKNOWLEDGED),
    ],
)
def test_what_nobody_agreed_to_ends_with_five(code: str, severity: Severity, exit: int) -> None:
    assert diagnostic_exit(Diagnostic(code=code, message="m", span=SPAN, severity=severity)) == exit


def test_json_lists_the_spec_first_then_the_project(tmp_path: Path) -> None:
    wrong = Diagnostic(code="AG201", message="unknown type `x`", span=SPAN, help="did you mean?")

    rows = json.loads(as_json(_found(tmp_path, create("a.py")), [wrong]))

    assert rows == [
        {
            "kind": "AG201",
            "file": "apigen.yaml",
            "line": 7,
            "symbols": [],
            "elements": [],
            "problem": "unknown type `x`",
            "command": "did you mean?",
            "exit": 1,
        },
        {
            "kind": "spec-ahead",
            "file": "a.py",
            "line": 0,
            "symbols": [],
            "elements": [],
            "problem": "missing",
            "command": "apigen regenerate",
            "exit": 1,
        },
    ]


_TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
    "additionalProperties": False,
}
_LOCATION = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "minimum": -1},
        "message": _TEXT,
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "properties": {"uri": {"type": "string", "format": "uri-reference"}},
                    "additionalProperties": False,
                },
                "region": {
                    "type": "object",
                    "required": ["startLine"],
                    "properties": {
                        name: {"type": "integer", "minimum": 1}
                        for name in ("startLine", "startColumn", "endLine", "endColumn")
                    },
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
        "logicalLocations": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "object",
                "properties": {
                    "fullyQualifiedName": {"type": "string"},
                    "kind": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": _TEXT,
                                                "fullDescription": _TEXT,
                                            },
                                            "additionalProperties": False,
                                        },
                                    },
                                },
                                "additionalProperties": False,
                            }
                        },
                        "additionalProperties": False,
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": -1},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": _TEXT,
                                "locations": {"type": "array", "items": _LOCATION},
                                "relatedLocations": {"type": "array", "items": _LOCATION},
                            },
                            "additionalProperties": False,
                        },
                    },
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
"""What SARIF 2.1.0 (OASIS, appendix of the standard) says of the parts that are used here."""


def test_sarif_has_rules_and_results_of_the_spec_and_of_the_project(tmp_path: Path) -> None:
    wrong = Diagnostic(code="AG201", message="unknown type", span=SPAN)
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "src/shop/c.py").write_text("<<<<<<< yours\n")
    found = _found(
        tmp_path,
        update("a b.py", of=("shop.Product",)),
        create("b.py"),
        open_conflicts=(OpenConflict(entry=ENTRY, symbols=("Task",)),),
    )

    log = json.loads(as_sarif([wrong], found))

    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["AG201", "conflict", "spec-ahead"]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    places = [result["locations"][0] for result in run["results"]]
    assert [place["physicalLocation"]["artifactLocation"]["uri"] for place in places] == [
        "apigen.yaml",
        "a%20b.py",
        "b.py",
        "src/shop/c.py",
    ]
    assert places[3]["physicalLocation"]["region"] == {"startLine": 1}
    assert places[1]["logicalLocations"] == [
        {"fullyQualifiedName": "x", "kind": "member"},
        {"fullyQualifiedName": "shop.Product", "kind": "member"},
    ]


def test_the_command_writes_sarif_of_a_project_that_is_behind(run: Run, project: Path) -> None:
    add_field(project)

    done = run("check", "--dir", "shop", "--format", "sarif")

    assert done.exit_code == 1
    log = json.loads(done.stdout)
    jsonschema.validate(log, SARIF)
    results = log["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["spec-ahead", "spec-ahead"]
    assert [result["message"]["text"] for result in results] == [
        "a migration is missing: adds column products.note. Help: apigen regenerate",
        "not what the spec says. Help: apigen regenerate",
    ]


@pytest.mark.parametrize("notation", ["json", "sarif"])
def test_of_a_clean_project_programs_get_an_empty_document(
    run: Run, project: Path, notation: str
) -> None:
    done = run("check", "--dir", str(project), "--format", notation)

    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert (document if notation == "json" else document["runs"][0]["results"]) == []
    assert done.stderr == ""


def test_github_commands_can_not_be_broken_out_of(run: Run, project: Path) -> None:
    (project / "src/shop/support/a.py").write_text("mine\n")

    done = run("check", "--dir", str(project), "--format", "github")

    assert done.exit_code == 2
    assert done.stdout == (
        "::error file=src/shop/support/a.py::vendored code that was edited by hand: "
        "`apigen eject src/shop/support/a.py` makes the file yours, and it is merged from then on\n"
    )


def test_the_highest_exit_code_counts(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        driver,
        "preview",
        lambda *_, **__: report(
            update("a.py"), Blocked(path="b.py", reason=Reason.VENDORED, file=None)
        ),
    )

    assert run("check", "--dir", str(project)).exit_code == 2


def test_a_wrong_spec_ends_with_one_and_json_has_it(run: Run, project: Path) -> None:
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text().replace("str(", "strng("))

    done = run("check", "--dir", str(project), "--format", "json")

    assert done.exit_code == 1
    (row,) = json.loads(done.stdout)
    assert (row["kind"], row["file"]) == ("AG201", "apigen.yaml")


def test_check_writes_nothing(run: Run, project: Path) -> None:
    add_field(project)
    before = (project / MODULE).read_bytes()

    run("check", "--dir", str(project))

    assert (project / MODULE).read_bytes() == before
