"""Words of values, found where they are written."""

import pytest

from apigen.diagnostics import Span
from apigen.source.positions import Positions, Word


def _found(text: str, span: tuple[int, int, int, int], value: str, word: str) -> str | None:
    """Return what stands before the word that is found, with a bar where it begins."""
    line, column, end_line, end_column = span
    whole = Span(file="a.yaml", line=line, column=column, end_line=end_line, end_column=end_column)
    start = value.index(word)
    place = Positions(text).find(Word(span=whole, text=value, start=start, end=start + len(word)))
    return None if place is None else f"{text[: place[0]]}|{text[place[0] : place[1]]}"


def test_a_plain_value_maps_letter_by_letter() -> None:
    assert _found("a: x.yy\n", (1, 4, 1, 8), "x.yy", "yy") == "a: x.|yy"


def test_a_folded_value_is_found_word_by_word() -> None:
    text = "a: >-\n  one two\n  two three\n"

    assert _found(text, (1, 4, 4, 1), "one two two three", "three") == (
        "a: >-\n  one two\n  two |three"
    )


def test_a_word_beside_an_escape_is_found() -> None:
    text = 'a: "size\\u0020> 2 and size"\n'

    assert _found(text, (1, 4, 1, 28), "size > 2 and size", "size") == 'a: "|size'


def test_a_word_spelt_by_an_escape_is_not_found() -> None:
    assert _found('a: "si\\u007ae"\n', (1, 4, 1, 15), "size", "size") is None


def test_an_alias_leads_to_its_anchor() -> None:
    assert _found("x: &t ref(A) # c\na: *t\n", (2, 4, 2, 6), "ref(A)", "A") == "x: &t ref(|A"


def test_a_word_that_stands_twice_in_a_larger_value_is_not_guessed() -> None:
    assert _found('a: "b\\tb"\n', (1, 4, 1, 10), "b", "b") is None


@pytest.mark.parametrize("broken", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_end_as_in_yaml(broken: str) -> None:
    positions = Positions(f"one{broken}two")

    assert positions.place(positions.offset(2, 2)) == (2, 2)
    assert positions.text[positions.offset(2, 1) :] == "two"
    assert positions.line_break(0) == broken
