"""Texts that match a pattern."""

import re

import pytest

from apigen.python.pattern_samples import pattern_text

PATTERNS = [
    "[0-9]{13}",
    r"[A-Z]{2,3}-\d+",
    "(red|green|blue)-[a-f]",
    r"\w+@\w+\.(com|org)",
    "a?b*c+",
    "[^a-z]{4}",
    r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])",
    "x{3}",
    r"\S{2} \S{2}",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_guesses_match_the_pattern(pattern: str) -> None:
    """For ordinary patterns every guess is right."""
    for n in range(8):
        text = pattern_text(pattern, n)

        assert text is not None
        assert re.fullmatch(pattern, text), f"{text!r} of {pattern}"


def test_numbers_choose_different_texts() -> None:
    """A pattern with room for eight texts has eight for the first eight numbers."""
    assert len({pattern_text("[A-Z]{2}[0-9]{3}", n) for n in range(8)}) == 8


def test_stretch_makes_texts_longer() -> None:
    """Repeated parts repeat more often."""
    assert pattern_text("a+", 0) == "a"
    assert pattern_text("a+", 0, stretch=3) == "aaaa"


def test_what_is_no_pattern_has_no_text() -> None:
    """A pattern that cannot be parsed is not an exception here."""
    assert pattern_text("(", 0) is None
