"""Safe fixes keep everything else of a file: comments, blanks, line ends, the byte order mark."""

from pathlib import Path

from apigen.diagnostics import Diagnostic, Edit, Fix, Span
from apigen.diagnostics.fixes import apply
from apigen.source.edits import apply_fixes, mended
from tests.diagnostics.pipeline import diagnose


def _edit(line: int, start: int, end: int, text: str) -> Edit:
    span = Span(file="a.yaml", line=line, column=start, end_line=line, end_column=end)
    return Edit(span=span, text=text)


def test_edits_are_applied_wherever_they_stand() -> None:
    text = "a: one\r\nb: two\r\n"

    assert apply(text, [_edit(2, 4, 7, "2"), _edit(1, 4, 7, "1")]) == "a: 1\r\nb: 2\r\n"


def test_of_overlapping_edits_the_first_wins() -> None:
    assert apply("abcdef", [_edit(1, 3, 6, "Y"), _edit(1, 1, 4, "X")]) == "Xdef"


def test_equal_edits_are_applied_once() -> None:
    assert apply("ab", [_edit(1, 2, 2, "!"), _edit(1, 2, 2, "!")]) == "a!b"


def test_a_place_after_the_end_is_the_end() -> None:
    assert apply("ab", [_edit(9, 1, 1, "!")]) == "ab!"


def test_unsafe_fixes_are_left_alone() -> None:
    edit = _edit(1, 1, 2, "X")
    found = Diagnostic(
        code="AG005",
        message="m",
        span=edit.span,
        fix=Fix(title="t", edits=(edit,), applicability="unsafe"),
    )

    assert mended([found], {"a.yaml": "abc"}) == {}


def test_a_mended_spec_keeps_its_comments(tmp_path: Path) -> None:
    spec = tmp_path / "apigen.yaml"
    text = (
        "# the shop\r\napigen: 1\r\napp: { name: shop, version: 1.10 } # two digits\r\n"
        "entities:\r\n  A:\r\n    # what it is\r\n    fields:\r\n"
        "      x: string(1..3)!   # wide\r\n"
    )
    spec.write_bytes(b"\xef\xbb\xbf" + text.encode())
    diagnosis = diagnose(spec)

    changed = apply_fixes(tmp_path, diagnosis.diagnostics, diagnosis.sources)

    assert changed == ("apigen.yaml",)
    expected = text.replace("1.10", '"1.10"').replace("string(1..3)!", "str(1..3)")
    assert spec.read_bytes() == b"\xef\xbb\xbf" + expected.encode()
    assert diagnose(spec).diagnostics == ()
