"""However a spec is mangled, the front end reports and never raises."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from apigen.diagnostics.render import Format, render
from apigen.source.edits import mended
from tests.diagnostics.pipeline import diagnose

SPECS = Path(__file__).parents[2] / "specs"
ORIGINAL = (SPECS / "chinook.yaml").read_text(encoding="utf-8").partition("\nseeds:")[0] + "\n"
FORMATS: tuple[Format, ...] = ("full", "concise", "json", "github", "sarif")
PIECES = st.sampled_from(
    [
        *(
            "[",
            "]",
            "{",
            "}",
            ": ",
            "- ",
            "'",
            '"',
            "?",
            "!",
            "|",
            "(",
            ")",
            "..",
            "=",
            " = ",
            " := ",
        ),
        *(
            "#",
            "&a ",
            "*a",
            "<<: ",
            "\n",
            "  ",
            "\t",
            "null",
            "true",
            "1.5",
            "9" * 30,
            "1e999",
            "-",
        ),
        *("ref(", "many(", "enum(", "list(", "id:", "str", "int", "decimal", "composite(a|b)"),
        *("natural(name)", "é", "\u2028", "\U0001f600", "2026-01-01", "env:X", "%", "{}", "~"),
    ]
)
MUTATIONS = st.lists(
    st.tuples(st.integers(0, len(ORIGINAL)), st.integers(0, 8), PIECES), min_size=1, max_size=6
)


@given(MUTATIONS)
def test_a_mangled_spec_is_reported_on(mutations: list[tuple[int, int, str]]) -> None:
    text = ORIGINAL
    for at, removed, piece in mutations:
        text = text[:at] + piece + text[at + removed :]

    with TemporaryDirectory() as folder:
        spec = Path(folder) / "spec.yaml"
        spec.write_text(text, encoding="utf-8")
        diagnosis = diagnose(spec)

    for notation in FORMATS:
        render(diagnosis.diagnostics, format=notation, sources=diagnosis.sources)
    mended(diagnosis.diagnostics, diagnosis.sources)
    for found in diagnosis.diagnostics:
        span = found.span
        assert (1, 1) <= (span.line, span.column) <= (span.end_line, span.end_column)
