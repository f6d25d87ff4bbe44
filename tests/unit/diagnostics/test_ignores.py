"""Comments that silence warnings."""

from apigen.diagnostics import Diagnostic, Severity, Span
from apigen.diagnostics.ignores import silence


def _found(code: str, line: int, severity: Severity = Severity.WARNING) -> Diagnostic:
    span = Span(file="a.yaml", line=line, column=1, end_line=line, end_column=2)
    return Diagnostic(code=code, message="m", span=span, severity=severity)


def _codes(text: str, *found: Diagnostic) -> list[str]:
    return [one.code for one in silence(found, {"a.yaml": text})]


def test_a_warning_on_the_line_is_silenced() -> None:
    assert _codes("price: float # apigen: ignore[AG215] demo", _found("AG215", 1)) == []


def test_several_codes_in_one_comment() -> None:
    text = "x # apigen: ignore[AG215, AG106] demo"

    assert _codes(text, _found("AG215", 1), _found("AG106", 1)) == []


def test_another_line_or_code_is_kept_and_the_comment_reported() -> None:
    text = "x # apigen: ignore[AG215] demo\ny"

    assert _codes(text, _found("AG215", 2)) == ["AG903", "AG215"]
    assert _codes(text, _found("AG106", 1)) == ["AG106", "AG903"]


def test_errors_are_never_silenced() -> None:
    text = "x # apigen: ignore[AG201] demo"

    assert _codes(text, _found("AG201", 1, Severity.ERROR)) == ["AG201", "AG903"]
