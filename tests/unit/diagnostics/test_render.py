"""Reports: each notation escapes what a spec may put into it."""

import json

from apigen.diagnostics import Diagnostic, Edit, Fix, Label, Severity, Span
from apigen.diagnostics.render import render

SOURCES = {"shop.yaml": "apigen: 1\nname: strng(1..120) search\n"}


def _span(line: int, start: int, end: int, file: str = "shop.yaml") -> Span:
    return Span(file=file, line=line, column=start, end_line=line, end_column=end)


FOUND = Diagnostic(
    code="AG201",
    message="unknown type `strng`",
    span=_span(2, 7, 12),
    label="did you mean `str`?",
    help="built-in types: `apigen explain types`",
    fix=Fix(title="write `str`", edits=(Edit(span=_span(2, 7, 12), text="str"),)),
)
HOSTILE = Diagnostic(
    code="AG201",
    message="unknown type `a\x1b[31m%\n::error::x`",
    span=_span(2, 7, 12, "a,b:c%.yaml"),
    severity=Severity.WARNING,
    labels=(Label(span=_span(1, 1, 3), text="here\r\n::stop"),),
    help="100 %",
)


def test_full_shows_the_line_and_marks_the_place() -> None:
    assert render([FOUND], format="full", sources=SOURCES) == (
        "error[AG201]: unknown type `strng`\n"
        " --> shop.yaml:2:7\n"
        "  |\n"
        "2 | name: strng(1..120) search\n"
        "  |       ^^^^^ did you mean `str`?\n"
        "  = help: built-in types: `apigen explain types`\n"
    )


def test_full_does_without_a_missing_file() -> None:
    assert render([FOUND], format="full", sources={}) == (
        "error[AG201]: unknown type `strng`\n"
        " --> shop.yaml:2:7\n"
        "  = note: did you mean `str`?\n"
        "  = help: built-in types: `apigen explain types`\n"
    )


def test_colour_adds_nothing_but_colour() -> None:
    plain = render([FOUND], format="full", sources=SOURCES)
    coloured = render([FOUND], format="full", sources=SOURCES, colour=True)

    import re

    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_concise_is_one_line_each() -> None:
    assert render([FOUND], format="concise", sources=SOURCES) == (
        "shop.yaml:2:7: error[AG201]: unknown type `strng`"
        " (built-in types: `apigen explain types`)\n"
    )


def test_no_control_character_reaches_a_terminal() -> None:
    sources = {"shop.yaml": "a: \x1b]0;title\x07\n"}
    for format in ("full", "concise"):
        text = render([HOSTILE], format=format, sources=sources)

        assert all(letter.isprintable() or letter == "\n" for letter in text)


def test_a_long_line_is_cut_around_the_place() -> None:
    sources = {"shop.yaml": f"{'x' * 500}BAD{'y' * 500}"}
    found = Diagnostic(code="AG003", message="m", span=_span(1, 501, 504))

    lines = render([found], format="full", sources=sources).splitlines()

    at = lines[4].index("^")
    assert lines[4].strip("| ") == "^^^"
    assert lines[3][at : at + 3] == "BAD"
    assert max(len(line) for line in lines) < 130


def test_json_has_all_there_is() -> None:
    (found,) = json.loads(render([FOUND], format="json", sources=SOURCES))

    assert found["code"] == "AG201"
    assert found["severity"] == "error"
    assert found["spans"] == [
        {
            "file": "shop.yaml",
            "line": 2,
            "col": 7,
            "end_line": 2,
            "end_col": 12,
            "label": "did you mean `str`?",
            "primary": True,
        }
    ]
    assert found["fix"]["edits"][0]["text"] == "str"
    assert found["fix"]["applicability"] == "safe"
    assert found["url"].endswith("AG201")


def test_github_escapes_what_would_end_a_command() -> None:
    text = render([HOSTILE], format="github", sources=SOURCES)

    assert text == (
        "::warning file=a%2Cb%3Ac%25.yaml,line=2,col=7,endLine=2,endColumn=12,title=AG201"
        "::unknown type `a\x1b[31m%25%0A::error::x`%0A100 %25\n"
    )


def test_sarif_names_its_rules_and_places() -> None:
    log = json.loads(render([FOUND, HOSTILE], format="sarif", sources=SOURCES))

    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["AG201"]
    first, second = run["results"]
    assert first["level"] == "error"
    assert second["level"] == "warning"
    assert first["ruleIndex"] == 0
    region = first["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 12}
    uri = second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "a%2Cb%3Ac%25.yaml"
    assert second["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert first["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {
        "text": "str"
    }


def test_nothing_found_is_an_empty_report() -> None:
    assert render([], format="full", sources={}) == ""
    assert json.loads(render([], format="json", sources={})) == []
    assert json.loads(render([], format="sarif", sources={}))["runs"][0]["results"] == []
